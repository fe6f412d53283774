// `_converse.api`, but for the groupings that have files of their own.
import type { AlertApi, ConverseHelpers } from './closured.js';
import type { Bookmarks } from './bookmarks.js';
import type { Disco } from './disco.js';
import type { PubSub } from './pubsub.js';
import type { VCardApi } from './vcard.js';
import type { ArchiveApi, ChatBox, ChatsApi } from './chats.js';
import type { Builder, Env } from './env.js';
import type { ConnectionFeedback, EventArguments, PromiseName } from './events.js';
import type { Contact, Roster, RosterGroups } from './contacts.js';
import type { Collection } from './models.js';
import type { Rooms } from './rooms.js';
import type { Settings } from './settings.js';
import type { UserStatus, XMPPStatus } from './user.js';
import type { ChatViewsApi, ControlBoxApi, RoomViewsApi } from './views.js';

/**
 * What a plugin gets as `this._converse`: the session, its settings, and the API. Every setting is an attribute of its
 * own as well, and plugins may put things of theirs here for each other.
 */
export interface ClosuredConverse extends ConverseHelpers {
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
  /** The contacts. There after the log-in, or after a reload before it, as the event `rosterInitialized` says. */
  roster: Roster;
  rostergroups: RosterGroups;
  /** The open conversations. There after the log-in, or after a reload before it, as the event `chatBoxesFetched` says. */
  chatboxes: Collection<ChatBox>;
  /** How everybody can be reached who told it. */
  presences: Collection;
  /** What people say about themselves, as far as it was asked for. */
  vcards: Collection;
  /** The user's own status. There after the log-in. */
  xmppstatus: XMPPStatus;
  /** There after `bookmarksInitialized`, if the account keeps bookmarks. */
  readonly bookmarks?: Bookmarks;
  /** How the connection is, all the time. */
  readonly connfeedback: ConnectionFeedback;
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
  readonly archive: ArchiveApi;
  readonly chats: ChatsApi;
  readonly chatviews: ChatViewsApi;
  readonly roomviews: RoomViewsApi;
  readonly controlbox?: ControlBoxApi;

  /**
   * Tells everybody who listens of the event `name`, and resolves the promise of that name if there is one.
   *
   * @example
   * _converse.api.emit('foo-completed');
   */
  emit<E extends string>(name: E, ...args: EventArguments<E>): void;

  /** The same; with `{ synchronous: true }` at the end it resolves when everybody is done who listens. */
  trigger(name: string, ...args: unknown[]): Promise<void> | void;

  /**
   * Asks everybody who listens to `name` what they make of `data`: each gets `context` and what the one before has made. With
   * nobody to ask, `data` itself comes back. The client asks so: `getToolbarButtons`, `getHeadingButtons`,
   * `getMessageActionButtons` and `getOccupantActionButtons`.
   *
   * @example
   * _converse.api.listen.on('getHeadingButtons', (view, buttons) => [
   *   ...buttons,
   *   { i18n_text: 'Wave', handler: () => view.model.sendMessage({ message: '👋' }) },
   * ]);
   */
  hook<T>(name: string, context: unknown, data: T): T | Promise<T>;

  /** Custom elements of plugins. */
  readonly elements: {
    readonly registry: Readonly<Record<string, CustomElementConstructor>>;
    define(name: string, element: CustomElementConstructor): void;
  };

  /**
   * Sends one stanza, or an array of them: nothing is sent unless all can be read. The event `send` follows.
   *
   * Messages wait where there is no connection but will be one: while a lost one is made again, and before the first
   * log-in. The event `stanzaDelivery` says what became of them. Presence and requests make sense at once or not at all.
   *
   * @throws SendError when there is no session that could carry a stanza, or it is not XML.
   * @example
   * const { $msg } = converse.env;
   * _converse.api.send($msg({ to: 'juliet@example.org', type: 'chat' }).c('body').t('Good night'));
   */
  send(stanza: Stanza | readonly Stanza[] | null | undefined): void;

  /**
   * Sends a request, an `<iq/>` of type `get` or `set`, and promises its answer. It gets an id if it has none.
   *
   * Rejects with the answer if that is an error, with a {@link TimeoutError} if nobody answers within `timeout`
   * milliseconds, 20 000 unless you say otherwise, and with a {@link SendError} if it cannot be sent.
   *
   * @throws TypeError when it is no request.
   * @example
   * const { $iq } = converse.env;
   * await _converse.api.sendIQ($iq({ type: 'get', to: 'example.org' }).c('query', { xmlns: 'jabber:iq:version' }));
   */
  sendIQ(stanza: Stanza, timeout?: number): Promise<Element>;

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

  readonly alert: AlertApi;

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
    /**
     * Puts somebody into the roster, under `name` or else the address, and asks to see their presence. Resolves with the
     * contact; rejects with the error stanza if the server refuses.
     *
     * @throws TypeError when the address is none of a person.
     */
    add(jid: string, name?: string): Promise<Contact>;
  };

  readonly disco: Disco;

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
    /**
     * Calls `handler` with each stanza called `name` that fits `options`, as long as it returns something true. It stays
     * when a lost connection is made again.
     *
     * @example
     * _converse.api.listen.stanza('message', { ns: 'urn:xmpp:attention:0' }, (message) => {
     *   console.log(message.getAttribute('from'));
     *   return true;
     * });
     */
    stanza(name: string | null, handler: (stanza: Element) => unknown): void;
    stanza(name: string | null, options: StanzaFilter | null | undefined, handler: (stanza: Element) => unknown): void;
  };

  readonly rooms: Rooms;

  readonly promises: {
    /** Makes a promise of each name. `emit` resolves it, {@link Api.waitUntil} hands it out. */
    add(names: string | readonly string[]): void;
  };

  readonly pubsub: PubSub;

  readonly settings: {
    /** Adds settings with their defaults. What the page passed to `initialize` goes before. */
    update(settings: Settings): void;
    /** The same, by its later name. */
    extend(settings: Settings): void;
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
     * Logs in; without credentials, with those in the settings. A session that is there is ended. `trusted` takes the place
     * of the setting, and where it is false, nothing at all is kept on the device, not even for a reload.
     *
     * The promise is rejected with a {@link ConnectionError} when the server cannot be reached or says no, and with a
     * {@link ConfigurationError} when there is nothing to log in with. Nobody needs to handle the former: the event
     * `disconnected` tells it too.
     */
    login(credentials?: { jid?: string; password?: string; oauth_token?: string; trusted?: boolean } | null): Promise<undefined>;
    readonly status: UserStatus;
    /** Ends the session; `disconnected` follows. A reload of the page does not take it up again. */
    logout(): void;
  };

  readonly vcard: VCardApi;

  [grouping: string]: any;
}

/** What {@link Api.send} takes; a text must be the XML of one stanza. */
export type Stanza = Builder | Element | string;

/** Which stanzas a handler is for; what is left out does not matter. */
export interface StanzaFilter {
  /** The namespace of the stanza, or of one of its children. */
  ns?: string;
  type?: string | readonly string[];
  id?: string;
  /** The sender. */
  from?: string;
  /** Whether the sender's resource does not matter. */
  matchBareFromJid?: boolean;
}
