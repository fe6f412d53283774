// What a plugin is.
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
  /** Plugins to initialise before this one. One that there is not is an error if `strict_plugin_dependencies` is set. */
  dependencies?: readonly string[];
  /** Plugins to initialise before this one, if they are there. */
  optional_dependencies?: readonly string[];
  /**
   * Methods to put in the place of the library's, before `initialize`: functions in the place of those of `_converse`,
   * objects into the classes that `_converse` has by that name. What was there is in `this.__super__`, bound to `this`, and
   * so is `_converse`. The last plugin that overrides a method is called first. Of `events`, those that were there stay.
   *
   * @example
   * converse.plugins.add('shout', {
   *   overrides: {
   *     ChatBox: {
   *       sendMessage(attributes) {
   *         return this.__super__.sendMessage({ ...attributes, message: attributes.message.toUpperCase() });
   *       },
   *     },
   *   },
   * });
   */
  overrides?: Readonly<Record<string, ((this: any, ...given: any[]) => unknown) | Override>>;
  /** Whether to initialise it at all. */
  enabled?: boolean | ((_converse: ClosuredConverse) => boolean);
  /** Whatever else the plugin wants to have at hand. */
  [extra: string]: any;
}

/** What is merged into a class: `this` is an object of that, with `_converse` and `__super__`. */
export type Override = Record<string, any> & ThisType<any>;
