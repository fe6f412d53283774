// `_converse.connection`.
import type { Stanza } from './api.js';

/** What `addHandler` and `addTimedHandler` return. */
export interface HandlerReference {
  readonly active: boolean;
}

/**
 * `_converse.connection`: what plugins use of Strophe's Connection. The library has the connection; this asks and sends by
 * it. It is there from the event `connectionInitialized` on.
 */
export interface Connection {
  /** The user's address with its resource; empty before the log-in. */
  readonly jid: string;
  readonly domain: string | null;
  readonly authcid: string | null;
  readonly connected: boolean;
  readonly authenticated: boolean;
  /** The password that the user has logged in with through `user.login`. */
  pass: string | undefined;
  /** Sends stanzas. The event `send` does not tell of them. */
  send(stanza: Stanza | readonly Stanza[] | null): void;
  /** Asks, and calls one of the two with the answer, or with null if there was none within `timeout` milliseconds. */
  sendIQ(stanza: Stanza, callback?: ((answer: Element) => unknown) | null, errback?: ((answer: Element | null) => unknown) | null, timeout?: number): string;
  sendPresence(stanza: Stanza, callback?: ((answer: Element) => unknown) | null, errback?: ((answer: Element | null) => unknown) | null, timeout?: number): string;
  /**
   * Calls `handler` with each stanza that fits, as long as it returns something true. Unlike `listen.stanza`, it is gone
   * when the connection is lost.
   */
  addHandler(
    handler: (stanza: Element) => unknown,
    ns?: string | null,
    name?: string | null,
    type?: string | readonly string[] | null,
    id?: string | null,
    from?: string | null,
    options?: { matchBareFromJid?: boolean; matchBare?: boolean } | null,
  ): HandlerReference;
  deleteHandler(reference: HandlerReference): void;
  /** Calls `handler` every `period` milliseconds, as long as it returns something true. */
  addTimedHandler(period: number, handler: () => unknown): HandlerReference;
  deleteTimedHandler(reference: HandlerReference): void;
  getUniqueId(suffix?: string | number): string;
  disconnect(reason?: string): void;
  flush(): void;
  /** Functions of a plugin's that are shown each stanza. What leads into the account is left out of it. */
  xmlInput: (stanza: Element) => void;
  xmlOutput: (stanza: Element) => void;
}
