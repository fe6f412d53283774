/** The plugins that the page has registered, and the names that are taken. */
import type { Plugin } from './types/index.d.ts';

/** What `converse.plugins.add` fills. Order is kept: plugins are initialised as they came, dependencies first. */
export class PluginRegistry {
  readonly #plugins = new Map<string, Plugin>();

  add(name: string, plugin: Plugin): void {
    if (typeof name !== 'string' || name === '') {
      throw new TypeError('plugins.add: the first argument, the name, must be a string that is not empty.');
    }
    if (typeof plugin !== 'object' || plugin === null) {
      throw new TypeError(`plugins.add: the second argument, the plugin "${name}", must be an object.`);
    }
    // Does nothing, and does not throw, on a frozen object or a module namespace.
    Reflect.set(plugin, '__name__', name);
    if (this.#plugins.has(name) || BUILT_IN.has(name)) {
      throw new TypeError(`Error: plugin with name "${name}" has already been registered!`);
    }
    this.#plugins.set(name, plugin);
  }

  /** What is registered now. A plugin that comes later has to wait for the next `initialize`. */
  snapshot(): Map<string, Plugin> {
    return new Map(this.#plugins);
  }
}

/** The plugins that converse.js 4 brings along. Here the core does their work, the names stay taken. */
export const BUILT_IN: ReadonlySet<string> = new Set([
  'converse-autocomplete',
  'converse-bookmarks',
  'converse-caps',
  'converse-chatboxes',
  'converse-chatboxviews',
  'converse-chatview',
  'converse-controlbox',
  'converse-core',
  'converse-disco',
  'converse-dragresize',
  'converse-embedded',
  'converse-fullscreen',
  'converse-headline',
  'converse-mam',
  'converse-mam-views',
  'converse-message-view',
  'converse-minimize',
  'converse-modal',
  'converse-muc',
  'converse-muc-views',
  'converse-notification',
  'converse-omemo',
  'converse-ping',
  'converse-profile',
  'converse-pubsub',
  'converse-push',
  'converse-register',
  'converse-roomslist',
  'converse-roster',
  'converse-rosterview',
  'converse-singleton',
  'converse-vcard',
]);
