/**
 * `pkg/converse.headless.js`, the classic script without anything to see: `window.converse` is there when its tag has
 * run, for plugins that show things in their own way, or not at all.
 */
import { install } from './loader.ts';
import { wasmBeside } from './wasm.ts';

install(wasmBeside(document.currentScript));
