/** The page's chat: `window.converse` after the script tag, or `import converse from 'converse-wasm'`. */
export interface Converse {
  /**
   * Starts the library: initialises the plugins that are registered by now, connects and logs in.
   *
   * Resolves after the first login. Rejects when the settings contradict each other, when a plugin throws, and with a
   * {@link ConverseError} when the WebAssembly file cannot be loaded.
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

  /** Pages and plugins put things of their own here. */
  [extra: string]: unknown;
}

/** The configuration settings by their names. Unknown ones are kept for the plugins that know them. */
export interface Settings {
  /** The address of the server's WebSocket service. It goes before `bosh_service_url` where both are given. */
  websocket_url?: string;
  /** The address of the server's BOSH service. */
  bosh_service_url?: string;
  /** Log in at once, with `jid` and `password`. */
  auto_login?: boolean;
  /** The address to log in as; for anonymous log-ins, the domain. */
  jid?: string;
  password?: string;
  authentication?: 'login' | 'anonymous' | 'external' | 'prebind';
  /** An address that answers with `jid` and `password` as JSON, to be logged in with. */
  credentials_url?: string;
  /** With prebind: an address that answers with `jid`, `sid` and `rid` of a BOSH session as JSON. */
  prebind_url?: string;
  /** With prebind: the BOSH session itself; `jid` must have a resource then. */
  sid?: string;
  rid?: number | string;
  /** Lets plugins read the ids of the BOSH session. */
  expose_rid_and_sid?: boolean;
  /** Without `websocket_url` and `bosh_service_url`, ask the user's domain for them over https (XEP-0156). On unless you say otherwise. */
  discover_connection_methods?: boolean;
  /** Send passwords readably over connections that are not encrypted, where the server knows no better way. */
  allow_plaintext_authentication?: boolean;
  /** Go on with the session when the page is reloaded. On unless you say otherwise; works over BOSH. */
  keepalive?: boolean;
  /** Names of the plugins that may be used. */
  whitelisted_plugins?: readonly string[];
  /** Names of plugins that must not be used, whatever the whitelist says. */
  blacklisted_plugins?: readonly string[];
  /** Whether a dependency that is missing is an error; otherwise it is a warning. */
  strict_plugin_dependencies?: boolean;
  [name: string]: unknown;
}

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

/** An error of the loading, or of a stanza that could not be built. */
export declare class ConverseError extends Error {
  readonly name: 'ConverseError';
  /** What happened, for programs: `wasm-not-found`, `wasm-blocked`, `illegal-xml-character`, … */
  readonly code: string;
}

// ── converse.env ─────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Env {
  /** Any element. */
  $build(name: string, attrs?: Attributes | null): Builder;
  /** `<iq xmlns="jabber:client">` */
  $iq(attrs?: Attributes | null): Builder;
  /** `<message xmlns="jabber:client">` */
  $msg(attrs?: Attributes | null): Builder;
  /** `<presence xmlns="jabber:client">` */
  $pres(attrs?: Attributes | null): Builder;

  Promise: PromiseConstructor;
  /** SHA-1 in base64. Each UTF-16 unit counts with its low byte; encode text that is not Latin-1 first. */
  b64_sha1(text: string): string;
  SHA1: { b64_sha1(text: string): string; str_sha1(text: string): string };
  Strophe: Strophe;
  utils: Utils;

  [extra: string]: unknown;
}

/** Undefined and null are left out; everything else is written as text. */
export type Attributes = Readonly<Record<string, unknown>>;

/**
 * Builds a stanza from the outside in. Every method that adds throws a {@link ConverseError} for characters and names
 * that XML does not allow.
 *
 * @example
 * const { $msg } = converse.env;
 * $msg({ to: 'juliet@example.org', type: 'chat' }).c('body').t('Good night').up().c('active', { xmlns: '…' });
 */
export interface Builder {
  /** The outermost element. */
  nodeTree: Element;
  /** The element that the next call adds to. */
  node: Element | null;
  /** Adds a child and goes into it, unless it is filled with `text`. A string in the place of `attrs` becomes text. */
  c(name: string, attrs?: Attributes | string | number | null, text?: string | number | null): this;
  /** Adds text. */
  t(text: unknown): this;
  /** Adds a copy of an element and goes into it. */
  cnode(node: Element | Text | Builder): this;
  /** Sets attributes of the current element; undefined removes one. */
  attrs(more: Attributes): this;
  up(): this;
  root(): this;
  tree(): Element;
  toString(): string;
}

export interface Strophe {
  Builder: new (name: string, attrs?: Attributes | null) => Builder;
  RSM: new (options?: RsmOptions) => RSM;
  /** Namespaces by their names; `addNamespace` adds one. */
  NS: Record<string, string>;
  addNamespace(name: string, uri: string): void;
  Status: Record<string, number>;
  ErrorCondition: Record<string, string>;
  LogLevel: Record<'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL', number>;
  ElementType: Record<'NORMAL' | 'TEXT' | 'CDATA' | 'FRAGMENT', number>;

  getBareJidFromJid(jid: string): string;
  getBareJidFromJid(jid: string | null | undefined): string | null;
  getNodeFromJid(jid: string | null | undefined): string | null;
  getDomainFromJid(jid: string): string;
  getDomainFromJid(jid: string | null | undefined): string | null;
  getResourceFromJid(jid: string | null | undefined): string | null;
  /** JID Escaping (XEP-0106). */
  escapeNode(node: string): string;
  unescapeNode(node: string): string;

  xmlescape(text: string): string;
  xmlunescape(text: string): string;
  serialize(what: Element | Builder | null | undefined): string | null;
  xmlGenerator(): XMLDocument;
  xmlElement(
    name: string,
    ...parts: (Attributes | [string, unknown][] | string | number | null | undefined)[]
  ): Element | null;
  xmlTextNode(text: string): Text;
  xmlHtmlNode(xml: string): XMLDocument;
  copyElement(node: Element | Text): Element | Text;
  /** The text directly in an element, escaped for XML; `textContent` has it as it is. */
  getText(element: Element | null | undefined): string | null;
  forEachChild(element: Element, name: string | null | undefined, callback: (child: Element) => void): void;
  isTagEqual(element: Element, name: string): boolean;

  /** Yours to replace; it does nothing. */
  log(level: number, message: string): void;
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
  fatal(message: string): void;

  [extra: string]: unknown;
}

export interface RsmOptions {
  xml?: Element;
  max?: number | string;
  first?: string;
  last?: string;
  after?: string;
  /** An empty string asks for the last page. */
  before?: string;
  index?: number | string;
  count?: number | string;
  with?: string;
  start?: string | Date;
  end?: string | Date;
  groupchat?: boolean;
}

/** Paging through a set of results (XEP-0059). `next` and `previous` change the object and return it. */
export interface RSM {
  max: number | string | undefined;
  first: string | undefined;
  last: string | undefined;
  after: string | undefined;
  before: string | undefined;
  index: number | string | undefined;
  count: number | string | undefined;
  with?: string;
  start?: string | Date;
  end?: string | Date;
  groupchat?: boolean;
  next(max?: number | string): this;
  previous(max?: number | string): this;
  toXML(): Element;
  fromXMLElement(set: Element): void;
}

/** What is listed here has a type; the rest of the helpers is there too. */
export interface Utils {
  isValidJID(jid: unknown): boolean;
  isSameBareJID(a: unknown, b: unknown): boolean;
  /** A promise with `resolve` and `reject` methods. */
  getResolveablePromise<T>(): Promise<T> & { resolve(value: T | PromiseLike<T>): void; reject(reason?: unknown): void };
  /** The root element of XML text. @throws ConverseError when it is not well-formed. */
  toStanza(xml: string): Element;
  merge(target: Record<string, unknown>, more: Record<string, unknown> | null | undefined): void;
  getUniqueId(): string;
  [extra: string]: unknown;
}

// ── _converse ────────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * What a plugin gets as `this._converse`: the session, its settings, and the API. Every setting is an attribute of its
 * own as well, and plugins may put things of theirs here for each other.
 */
export interface ClosuredConverse {
  readonly api: Api;
  readonly env: Env;
  /** The setting; after the log-in the user's address with the resource of this client. */
  jid: string | undefined;
  /** The user's address. There after the log-in. */
  bare_jid?: string;
  /** What tells this client from the account's others. There after the log-in. */
  resource?: string;
  /** The domain of the user's address. There after the log-in. */
  domain?: string;
  /** How the connection is; undefined before there is anything to say. */
  connfeedback?: ConnectionFeedback;
  /** The defaults of all settings there are, those of plugins included. */
  readonly default_settings: Settings;
  /** What `initialize` was called with. */
  readonly user_settings: Settings;
  /** The same as {@link Api.emit}. */
  emit: Api['emit'];
  trigger: Api['emit'];
  /** The same as `api.listen`. */
  on: Api['listen']['on'];
  once: Api['listen']['once'];
  off: Api['listen']['not'];
  [name: string]: any;
}

/** The functions that work on the session. They need no `this`: take them out of their grouping if you like. */
export interface Api {
  /**
   * Tells everybody who listens of the event `name`, and resolves the promise of that name if there is one.
   *
   * @example
   * _converse.api.emit('foo-completed');
   */
  emit<E extends string>(name: E, ...args: EventArguments<E>): void;

  /**
   * Sends one stanza, or an array of them: nothing is sent unless all can be read. The event `send` follows.
   *
   * @throws SendError when there is no session, or a stanza is not XML.
   * @example
   * const { $msg } = converse.env;
   * _converse.api.send($msg({ to: 'juliet@example.org', type: 'chat' }).c('body').t('Good night'));
   */
  send(stanza: Stanza | readonly Stanza[] | null | undefined): void;

  /**
   * The promise of that name. It resolves, always with undefined, when the event of that name has happened; a handler
   * that comes later still runs. Null for a name that nobody knows.
   *
   * After a log-out the promises that belong to a session are new ones, for the next session.
   *
   * @example
   * await _converse.api.waitUntil('rosterContactsFetched');
   */
  waitUntil(name: PromiseName): Promise<undefined>;
  waitUntil(name: string): Promise<undefined> | null;

  readonly connection: {
    /** Whether stanzas can be sent. An attribute, not a function. */
    readonly connected: boolean;
    /** Ends the connection. It stays ended until somebody logs in. */
    disconnect(): void;
  };

  readonly contacts: {
    /** All contacts. They are there when `rosterContactsFetched` has happened. */
    get(): Contact[];
    /** The contact with this address; null if there is none. @throws TypeError when it is no address. */
    get(jid: string): Contact | null;
    /** The contacts with these addresses, in that order. */
    get(jids: readonly string[]): (Contact | null)[];
  };

  readonly listen: {
    /**
     * Calls `callback` whenever the event happens. Several names are separated by spaces; `all` stands for every event
     * and gets its name first. A callback that throws harms nobody else; `window.onerror` hears of it.
     *
     * @param context What `this` is in `callback`; otherwise it is `_converse`.
     * @example
     * _converse.api.listen.on('message', (stanza) => console.log(stanza.querySelector('body')?.textContent));
     */
    on<E extends string>(name: E, callback: (...args: EventArguments<E>) => unknown, context?: unknown): ClosuredConverse;
    /** Calls `callback` the next time only. */
    once<E extends string>(name: E, callback: (...args: EventArguments<E>) => unknown, context?: unknown): ClosuredConverse;
    /** Calls `callback` no longer; without one, nobody any longer. */
    not<E extends string>(name: E, callback?: (...args: EventArguments<E>) => unknown): ClosuredConverse;
  };

  readonly promises: {
    /** Makes a promise of each name. `emit` resolves it, {@link Api.waitUntil} hands it out. */
    add(names: string | readonly string[]): void;
  };

  readonly settings: {
    /** Adds settings with their defaults. What the page passed to `initialize` goes before. */
    update(settings: Settings): void;
    /** The value of a setting; undefined if there is no such setting. */
    get<K extends keyof Settings & string>(key: K): Settings[K];
    get(key: string): unknown;
    /** Changes settings that exist; others are left out. */
    set(key: string, value: unknown): void;
    set(settings: Settings): void;
  };

  readonly tokens: {
    /**
     * The next request id or the session id of BOSH; undefined over WebSocket. Null unless the setting
     * `expose_rid_and_sid` is on and there is a session.
     */
    get(id: 'rid'): number | null | undefined;
    get(id: 'sid'): string | null | undefined;
    get(id: string): number | string | null | undefined;
  };

  readonly user: {
    /** The user's address with the resource of this client; an empty text before the log-in. */
    jid(): string;
    /**
     * Logs in; without credentials, with those in the settings. A session that is there is ended.
     *
     * The promise is rejected with a {@link ConnectionError} when the server cannot be reached or says no, and with a
     * {@link ConfigurationError} when there is nothing to log in with. Nobody needs to handle the former: the event
     * `disconnected` tells it too.
     */
    login(credentials?: { jid?: string; password?: string; oauth_token?: string } | null): Promise<undefined>;
    /** Ends the session; `disconnected` follows. A reload of the page does not take it up again. */
    logout(): void;
  };

  [grouping: string]: any;
}

/** What {@link Api.send} takes; a text must be the XML of one stanza. */
export type Stanza = Builder | Element | string;

/**
 * A contact of the user. The object is a handle: its attributes are always those of now, and all undefined once the
 * contact is gone.
 */
export interface Contact {
  readonly id: string;
  /** A copy of all attributes. */
  readonly attributes: ContactAttributes;
  get<K extends keyof ContactAttributes>(name: K): ContactAttributes[K];
  get(name: string): unknown;
  /** Whether the attribute has a value. */
  has(name: string): boolean;
  /** A copy of all attributes. */
  toJSON(): ContactAttributes;
}

export interface ContactAttributes {
  id: string;
  jid: string;
  /** What stands before the @. */
  user_id: string | undefined;
  /** The name the user gave the contact. */
  nickname: string | undefined;
  fullname: string | undefined;
  /** Who sees whose presence: `to` the user sees the contact's, `from` the other way about. */
  subscription: 'none' | 'to' | 'from' | 'both';
  /** `subscribe` as long as the contact has not answered. */
  ask: 'subscribe' | null;
  groups: string[];
}

// ── events, promises and errors ──────────────────────────────────────────────────────────────────────────────────────

/**
 * What happens, by name, with what a callback is given. Plugins that have events of their own add them:
 *
 * @example
 * declare module 'converse-wasm' {
 *   interface Events {
 *     'foo-completed': [how: string];
 *   }
 * }
 */
export interface Events {
  /** All plugins are initialised. */
  pluginsInitialized: [];
  /** The settings suffice to connect. */
  connectionInitialized: [];
  /** The state of the connection changed. */
  connfeedback: [feedback: ConnectionFeedback];
  /** `_converse.jid` and its parts are those of the user. */
  setUserJID: [];
  sessionInitialized: [];
  streamFeaturesAdded: [];
  statusInitialized: [];
  rosterInitialized: [];
  chatBoxesFetched: [];
  /** Somebody is logged in, or the session of the page's last load goes on. */
  initialized: [];
  /** Stanzas can be sent. */
  connected: [];
  rosterGroupsFetched: [];
  /** The server sent the contacts. */
  roster: [iq: Element];
  /** The contacts are there, or could not be had. */
  rosterContactsFetched: [];
  /** The server told of a change of the contacts. */
  rosterPush: [iq: Element];
  /** Somebody wrote. */
  message: [message: MessageElement];
  /** A plugin sent a stanza, or several; as it passed them. */
  send: [stanza: Stanza | readonly Stanza[]];
  /** What became of a message: `pending` when it was taken, `sent` when the server has it, or `failed`. */
  stanzaDelivery: [delivery: StanzaDelivery];
  /** The connection is lost, and will be made again. */
  'will-reconnect': [error: ConnectionError];
  /** The same, by the name the documentation gives it. */
  reconnecting: [error: ConnectionError];
  /** In the place of `rosterInitialized` when the connection was made again. */
  rosterReadyAfterReconnection: [];
  /** The connection was lost and has been made again. */
  reconnected: [];
  /** `credentials_url` or `prebind_url` did not answer with what is needed. */
  noResumeableSession: [error: ConnectionError];
  /** What is known of the session is to be forgotten: at a log-out, or because that of an earlier page is gone. */
  clearSession: [];
  /** The user asked to be logged out. */
  logout: [];
  /** There is no session any more: without an error because somebody asked for that, otherwise for this reason. */
  disconnected: [error: ConnectionError | undefined];
  /** Every event. */
  all: [name: string, ...args: unknown[]];
}

/** What a callback for the event is given. Events that are not in {@link Events} can have anything. */
export type EventArguments<E extends string> = E extends keyof Events ? Events[E] : any[];

/** The message's element. `stanza` is the element itself, for plugins that expect an object with it. */
export type MessageElement = Element & { readonly stanza: Element };

/**
 * What became of a message that was sent under `id`. One that the caller gave an id to is `pending` at first: before
 * `send` returns. In the end it is `sent` or `failed`, perhaps after the page was reloaded.
 */
export interface StanzaDelivery {
  readonly id: string;
  readonly state: 'pending' | 'sent' | 'failed';
  /** Of one that failed: it was certainly not sent, or the connection broke before the server said whether it has it. */
  readonly reason?: 'not-sent' | 'in-doubt' | undefined;
}

/** The promises that are there from the beginning. */
export type PromiseName =
  | 'cachedRoster'
  | 'chatBoxesFetched'
  | 'connectionInitialized'
  | 'initialized'
  | 'pluginsInitialized'
  | 'roomsPanelRendered'
  | 'roster'
  | 'rosterContactsFetched'
  | 'rosterGroupsFetched'
  | 'rosterInitialized'
  | 'statusInitialized';

export interface ConnectionFeedback {
  readonly connection_status: ConnectionStatus;
}

/**
 * 1 connecting, 2 not to be reached, 3 checking the credentials, 4 refused, 5 connected, 6 disconnected,
 * 7 disconnecting, 8 going on with the session of the page's last load, 10 waiting to connect again.
 */
export type ConnectionStatus = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 10;

/** There is no session: it did not come to be, or it ended. */
export interface ConnectionError extends Error {
  name: 'ConnectionError';
  code: ConnectionErrorCode;
  /** The condition that the server gave, as XMPP names it, such as `not-authorized` or `conflict`. */
  condition?: string;
}

export type ConnectionErrorCode =
  /** Somebody ended the connection before the log-in was done. */
  | 'aborted'
  /** The server refused the credentials. */
  | 'authentication-failed'
  /** The server refused the resource. */
  | 'bind-failed'
  /** The connection broke down. */
  | 'connection-lost'
  /** The server insists on encryption: its address must begin with `wss:` or `https:`. */
  | 'encryption-required'
  /** `credentials_url` did not answer with an address and a password. */
  | 'credentials-failed'
  /** No address to connect to was given, and the user's domain does not say where its server listens. */
  | 'discovery-failed'
  /** The server does not serve the domain of the address. */
  | 'host-unknown'
  /** The password could be read on the way: the server offers nothing better, and the connection is not encrypted. */
  | 'insecure-channel'
  /** The credentials cannot be used with what the server offers. */
  | 'invalid-credentials'
  /** The session that was to be gone on with is no more, and there is no password to begin another. */
  | 'no-credentials'
  /** The server offers no way to log in that this library knows. */
  | 'no-mechanism'
  /** The user's domain names addresses to connect to, but none that is encrypted. */
  | 'no-secure-endpoint'
  /** What answers at the address does not speak XMPP. */
  | 'not-xmpp'
  /** `prebind_url` did not answer with a full address and the ids of its session. */
  | 'prebind-failed'
  /** The server sent what it must not. */
  | 'protocol-error'
  /** Another client took this one's resource. */
  | 'replaced'
  /** The server did not prove that it knows the password: it may be an impostor. */
  | 'server-not-authentic'
  /** The server ended the stream; see `condition`. */
  | 'stream-error'
  /** The server took too long. */
  | 'timeout'
  /** Nothing answers at the address, or the page may not connect to it. Browsers do not say which. */
  | 'unreachable';

/** What was passed to `initialize` or `login` does not suffice, or contradicts itself. */
export interface ConfigurationError extends Error {
  name: 'ConfigurationError';
  code: ConfigurationErrorCode;
}

export type ConfigurationErrorCode =
  | 'circular-dependency'
  | 'invalid-jid'
  | 'invalid-service-url'
  | 'missing-dependency'
  | 'no-jid'
  | 'no-password'
  | 'no-prebind'
  | 'no-service-url'
  | 'no-user'
  /** `initialize` has not been called. */
  | 'not-initialized'
  | 'prebind-needs-bosh'
  /** Another log-in began before this one was done. */
  | 'superseded'
  | 'unknown-authentication';

/** A stanza was not sent. */
export interface SendError extends Error {
  name: 'SendError';
  code: 'malformed-stanza' | 'not-connected' | 'too-many-requests' | 'too-much-waiting' | 'unwritable-stanza';
}

// ── the page ─────────────────────────────────────────────────────────────────────────────────────────────────────────

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
