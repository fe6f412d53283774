/**
 * The ESM entry without anything to see: `import converse from 'converse-wasm/headless'`. What it does to the page is said
 * in `index.ts`.
 */
import { install } from './loader.ts';

// Written out like this, bundlers find the files and copy them.
const wasm = {
  first: new URL('converse_wasm_bg.wasm', import.meta.url),
  later: new URL('converse_wasm_later.wasm', import.meta.url),
};
const converse = install(wasm);

export default converse;
export { converse };
export { ConverseError } from './errors.ts';
