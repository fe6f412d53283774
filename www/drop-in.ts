/**
 * `pkg/converse.compat.js`, the classic script for pages that had converse.js 4: what `converse.js` has, and the libraries
 * that plugins for that expect.
 */
import { libraries } from './compat/libraries.ts';
import { bootstrapModal, pluginViews } from './compat/plugin-views.ts';
import { client } from './elements/index.ts';
import { install } from './loader.ts';
import { wasmBeside } from './wasm.ts';

/*!
 * Contains lodash, (c) OpenJS Foundation and other contributors; Backbone, (c) Jeremy Ashkenas and DocumentCloud; Moment.js,
 * (c) JS Foundation and other contributors; Day.js, (c) iamkun; Sizzle, (c) jQuery Foundation and other contributors. All
 * under the MIT licence: https://opensource.org/license/mit
 */
const backbone = libraries['Backbone']!;

install(wasmBeside(document.currentScript), client, {
  env: { ...libraries, BootstrapModal: () => bootstrapModal(backbone) },
  views: (_converse) => pluginViews(_converse, backbone),
});
