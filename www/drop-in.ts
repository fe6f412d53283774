/**
 * `pkg/converse.compat.js`, the classic script for pages that had converse.js 4: what `converse.js` has, and the libraries
 * that plugins for that expect.
 */
import { libraries } from './compat/libraries.ts';
import { bootstrapModal, pluginViews } from './compat/plugin-views.ts';
import { client } from './elements/index.ts';
import { install } from './loader.ts';
import { loadBeside } from './script.ts';
import { wasmBeside } from './wasm.ts';

// The others say so themselves.
/*!
 * Contains Backbone, (c) Jeremy Ashkenas and DocumentCloud, Day.js, (c) iamkun, and Moment.js, (c) JS Foundation and other
 * contributors: MIT licence, https://opensource.org/license/mit
 */
const backbone = libraries['Backbone']!;

install(wasmBeside(document.currentScript), { ...client, load: loadBeside }, {
  env: { ...libraries, BootstrapModal: () => bootstrapModal(backbone) },
  views: (_converse) => pluginViews(_converse, backbone),
});
