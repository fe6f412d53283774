// `_converse`, besides the API.
import type { Connection } from './connection.js';
import type { ResolvablePromise } from './env.js';

/** What stands on `_converse` besides the API: words, numbers and small helpers of converse.js 4. */
export interface ConverseHelpers {
  /** The version of converse.js whose plugins are understood. */
  readonly VERSION_NAME: string;
  readonly ACTIVE: 'active';
  readonly COMPOSING: 'composing';
  readonly PAUSED: 'paused';
  readonly INACTIVE: 'inactive';
  readonly GONE: 'gone';
  readonly ANONYMOUS: 'anonymous';
  readonly EXTERNAL: 'external';
  readonly LOGIN: 'login';
  readonly LOGOUT: 'logout';
  readonly PREBIND: 'prebind';
  readonly OPENED: 'opened';
  readonly CLOSED: 'closed';
  readonly SUCCESS: 'success';
  readonly FAILURE: 'failure';
  readonly PRIVATE_CHAT_TYPE: 'chatbox';
  readonly CHATROOMS_TYPE: 'chatroom';
  readonly HEADLINES_TYPE: 'headline';
  readonly CONTROLBOX_TYPE: 'controlbox';
  /** How much one wants to see somebody with this status at the top. */
  readonly STATUS_WEIGHTS: Readonly<Record<string, number>>;
  /** The name of each state of the connection. */
  readonly CONNECTION_STATUS: Readonly<Record<number, string>>;
  /** Milliseconds without a key until typing has paused, and until the user is inactive. */
  readonly TIMEOUTS: { readonly PAUSED: number; readonly INACTIVE: number };
  /** Milliseconds until a request is given up. */
  readonly IQ_TIMEOUT: number;
  /** The promises that `waitUntil` gives, by name. */
  readonly promises: Readonly<Record<string, ResolvablePromise<undefined>>>;
  /** Whether the page can be seen. */
  readonly windowState: 'visible' | 'hidden';
  /** For plugins that count messages; nothing here does. */
  msg_counter: number;
  /**
   * Logs a text, an error or an element. `level` is one of `Strophe.LogLevel`: ERROR and FATAL are always logged, anything
   * else only where the setting `debug` is on.
   */
  log: Log;
  /**
   * The text, with `%1$s`, `%2$s`, … and `%s` in it replaced by the values. It is not translated.
   *
   * @example
   * _converse.__('%1$s is typing', 'Romeo');
   */
  __(text: string, ...values: unknown[]): string;
  /** Views to extend, as Backbone's. Only in `converse.compat.js`: elsewhere `extend` throws, and says so. */
  readonly NativeView: any;
  readonly VDOMView: any;
  readonly ViewWithAvatar: any;
  readonly VDOMViewWithAvatar: any;
  /** The same for what stands above everything else: `toHTML` says how it looks, `show` shows it, `modal.hide` hides it. */
  readonly BootstrapModal: any;
  /** What plugins share, where plugins of converse.js 7 and later look for classes, and for what there is. */
  readonly exports: Record<string, any>;
  readonly state: Record<string, any>;
  /** The plugins: `plugins`, `allowed_plugins` and `initialized_plugins`, by their names. */
  readonly pluggable: { readonly plugins: object; readonly allowed_plugins: object; readonly initialized_plugins: readonly string[] };
  /** Only one conversation is seen at a time: `view_mode` is `mobile`, `fullscreen` or `embedded`. */
  isUniView(): boolean;
  /** Whom the address in the setting `credentials_url` says that the user is. A plugin may say so in its place. */
  fetchLoginCredentials(): Promise<{ jid: string; password: string }>;
  /** Called with each state of the connection, a `Strophe.Status`. */
  onConnectStatusChanged(status: number, message?: string): void;
  /** Why the connection ended: a `Strophe.Status`, or `logout`; undefined while there is one. */
  readonly disconnection_cause?: unknown;
  readonly disconnection_reason?: unknown;
  /** Says that the user does something, where the page cannot see it. */
  onUserActivity(): void;
  /** Whether the user is told of a message that they did not see. Of groups, the second one says so. Not in `converse.headless.js`. */
  shouldNotifyOfMessage?(message: Element): boolean;
  shouldNotifyOfGroupMessage?(message: Element): boolean;
  /** Show on the desktop that there is this message, that somebody asks to become a contact, or how a contact can be reached now. */
  showMessageNotification?(message: Element): void;
  showContactRequestNotification?(contact: unknown): void;
  showChatStateNotification?(contact: unknown): void;
  playSoundNotification?(): void;
  /** Stanzas can be exchanged: tells everybody. A plugin that replaces it calls what it has replaced. */
  onConnected(reconnecting?: boolean): void;
  /** The picture of somebody of whom there is none, as base64. */
  readonly DEFAULT_IMAGE: string;
  readonly DEFAULT_IMAGE_TYPE: string;
  /** The language of the words that people read (BCP 47). */
  readonly locale: string;
  readonly connection: Connection;
  /** Does not let somebody see the user's presence, and says why. */
  rejectPresenceSubscription(jid: string, message?: string): void;
  /** Asks whether an entity, or else the server, is there (XEP-0199). False if nothing can be sent now. */
  ping(jid?: string | null, success?: (iq: Element) => unknown, error?: (reason: unknown) => unknown, timeout?: number): boolean;
}

/** A function, and by the names of the levels five more. */
export interface Log extends Record<'debug' | 'info' | 'warn' | 'error' | 'fatal', (message: unknown, style?: string) => void> {
  (message: unknown, level?: number, style?: string): void;
}

/** The **alert** grouping: words to the user. */
export interface AlertApi {
  /**
   * Tells the user something. Without a page to show it on, as here, that is a line in the browser's console. The type may
   * also be one of `Strophe.LogLevel`.
   */
  show(type: 'info' | 'warn' | 'error' | number, title: string, messages?: string | readonly string[]): void;
}
