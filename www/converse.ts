/**
 * `pkg/converse.js`, the classic script: `<script src="…/converse.js"></script>` and `window.converse` is there.
 */
import { install } from './loader.ts';

// Only set while this script runs for the first time; null when something else than a script tag runs it.
const script = document.currentScript;

install(script instanceof HTMLScriptElement && script.src ? new URL('converse_wasm_bg.wasm', script.src) : null);
