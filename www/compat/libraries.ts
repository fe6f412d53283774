/**
 * The libraries of others that plugins for converse.js 4 find in `converse.env`. They are part of the script, and run when
 * somebody touches them.
 */
import { addBrowserStorage } from './browser-storage.ts';
import { makeNativeView } from './native-view.ts';
import { makeOrderedListView, makeOverview } from './overview.ts';
import { makeVDOMView } from './vdom-view.ts';

/** What esbuild makes of a `require`: a function around the library that runs it once. */
declare function require(name: string): any;

/** Makes each of them, by its name in `converse.env`. */
export const libraries: Readonly<Record<string, () => any>> = {
  _: lodash,
  f: functional,
  Backbone: () => (backbone ??= makeBackbone()),
  moment: () => require('moment'),
  dayjs: () => require('dayjs'),
  sizzle: () => require('sizzle'),
};

let backbone: any;

/** lodash's functions with the data last, made of a copy of lodash: it is changed by that. */
function functional(): any {
  const copy = lodash().runInContext();
  return require('lodash/fp/_baseConvert')(copy, copy);
}

function lodash(): any {
  // What it ships minified is smaller than what is made of its source here.
  return require('lodash/lodash.min.js');
}

/** Backbone with what converse.js 4 adds. */
function makeBackbone(): any {
  const Backbone = require('backbone');
  // Without jQuery, its own views cannot be made.
  Backbone.$ ??= (globalThis as { jQuery?: unknown }).jQuery;
  Backbone.NativeView = makeNativeView(Backbone);
  Backbone.VDOMView = makeVDOMView(Backbone.NativeView);
  Backbone.Overview = makeOverview(Backbone.NativeView, lodash());
  Backbone.OrderedListView = makeOrderedListView(Backbone.Overview, lodash());
  addBrowserStorage(Backbone);
  return Backbone;
}
