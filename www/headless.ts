/**
 * `pkg/converse.headless.js`, the classic script without anything to see: `window.converse` is there when its tag has
 * run, for plugins that show things in their own way, or not at all.
 */
import { install, wasmBeside } from './loader.ts';

install(wasmBeside(document.currentScript));
