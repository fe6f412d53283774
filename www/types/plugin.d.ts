import type { ClosuredConverse } from './api.js';

/**
 * An object that is given `_converse`, the only way to a session's data. Its `initialize` is called once for each
 * `converse.initialize`.
 *
 * @example
 * converse.plugins.add('my-plugin', {
 *   initialize() {
 *     this._converse.api.listen.on('message', (stanza) => console.log(stanza));
 *   },
 * });
 */
export type Plugin = PluginObject & ThisType<PluginObject & { _converse: ClosuredConverse }>;

export interface PluginObject {
  /** Called with `this` as the plugin, which has `_converse` by then. A promise that it returns is not awaited. */
  initialize?(socket: unknown): unknown;
  /** Plugins to initialise before this one. */
  dependencies?: readonly string[];
  /** Methods and attributes to put in the place of converse's own; the old ones are in `this.__super__`. */
  overrides?: object;
  /** Whether to initialise it at all. */
  enabled?: boolean | ((_converse: ClosuredConverse) => boolean);
  /** Whatever else the plugin wants to have at hand. */
  [extra: string]: any;
}
