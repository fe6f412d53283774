// The types of the package, and `converse` itself.
import type { Env } from './env.js';
import type { Plugin } from './plugin.js';
import type { Settings } from './settings.js';

export * from './api.js';
export * from './bookmarks.js';
export * from './chats.js';
export * from './closured.js';
export * from './connection.js';
export * from './contacts.js';
export * from './disco.js';
export * from './env.js';
export * from './errors.js';
export * from './events.js';
export * from './models.js';
export * from './plugin.js';
export * from './pubsub.js';
export * from './rooms.js';
export * from './settings.js';
export * from './vcard.js';
export * from './views.js';
export * from './user.js';

/** The page's chat: `window.converse` after the script tag, or `import converse from 'converse-wasm'`. */
export interface Converse {
  /**
   * Starts the library: initialises the plugins that are registered by now, connects and logs in.
   *
   * Resolves after the first login. Rejects when the settings contradict each other, when a plugin throws, when no address of
   * a server is known, and with a {@link ConverseError} when the WebAssembly file cannot be loaded. A log-in that fails leaves
   * it pending, for the user may try again; the event `disconnected` brings the error.
   *
   * @example
   * await converse.initialize({
   *   websocket_url: 'wss://example.org/ws',
   *   auto_login: true,
   *   jid: 'romeo@example.org',
   *   password: 'secret',
   *   whitelisted_plugins: ['my-plugin'],
   * });
   */
  initialize(settings?: Settings, callback?: () => void): Promise<void>;

  readonly plugins: {
    /**
     * Registers a plugin. Do it before `initialize`; a plugin that comes later is initialised by the next call of it.
     * `initialize` must also list its name in `whitelisted_plugins`.
     *
     * @throws TypeError when the name is taken, by another plugin or by one that converse.js brings along.
     */
    add(name: string, plugin: Plugin): void;
  };

  /** Helpers for plugins. Usable at once, before `initialize` and before the WebAssembly is there. */
  readonly env: Env;

  /** The status code of a changed nickname in a room: `303`. */
  readonly MUC_NICK_CHANGED_CODE: string;
  /** How far the user is in a room: the values of its attribute `connection_status`. */
  readonly ROOMSTATUS: Readonly<
    Record<'CONNECTED' | 'CONNECTING' | 'NICKNAME_REQUIRED' | 'PASSWORD_REQUIRED' | 'DISCONNECTED' | 'ENTERED', number>
  >;
  /** What rooms can say they are. */
  readonly ROOM_FEATURES: readonly string[];

  /** Pages and plugins put things of their own here. */
  [extra: string]: unknown;
}

declare const converse: Converse;
export default converse;
export { converse };

declare global {
  interface Window {
    converse: Converse;
  }

  interface WindowEventMap {
    /** Dispatched once, when `window.converse` is there. */
    'converse-loaded': CustomEvent<null>;
  }
}
