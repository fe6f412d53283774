/**
 * The ESM entry without anything to see: `import converse from 'converse-wasm/headless'`. What it does to the page is said
 * in `index.ts`.
 */
import { install } from './loader.ts';

// Written out like this, bundlers find the file and copy it.
const converse = install(new URL('converse_wasm_bg.wasm', import.meta.url));

export default converse;
export { converse };
export { ConverseError } from './errors.ts';
