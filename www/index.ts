/**
 * The ESM entry: `import converse from 'converse-wasm'`, with a whole chat client.
 *
 * It sets `window.converse` as well, as npm's converse.js does: plugins come as scripts of their own, written against the
 * global, and must meet the object that the module's importer initialises.
 */
import { client } from './elements/index.ts';
import { install } from './loader.ts';

// Written out like this, bundlers find the files and copy them.
const wasm = {
  first: new URL('converse_wasm_bg.wasm', import.meta.url),
  later: new URL('converse_wasm_later.wasm', import.meta.url),
};
const converse = install(wasm, { ...client, load: () => import('./converse.later.js') });

export default converse;
export { converse };
export { ConverseError } from './errors.ts';
