/**
 * `pkg/converse.js`, the classic script: `<script src="…/converse.js"></script>`, and `window.converse` is there with a
 * whole chat client.
 */
import { client } from './elements/index.ts';
import { install } from './loader.ts';
import { loadBeside } from './script.ts';
import { wasmBeside } from './wasm.ts';

install(wasmBeside(document.currentScript), { ...client, load: loadBeside });
