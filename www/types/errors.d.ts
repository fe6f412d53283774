/** An error of the loading, or of a stanza that could not be built. */
export declare class ConverseError extends Error {
  readonly name: 'ConverseError';
  /** What happened, for programs: `wasm-not-found`, `wasm-blocked`, `illegal-xml-character`, … */
  readonly code: string;
}

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
  | 'missing-override'
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
  | 'unknown-authentication'
  /** The address is of another domain than `locked_domain`. */
  | 'wrong-domain';

/** Nobody answered a request in time. */
export interface TimeoutError extends Error {
  name: 'TimeoutError';
  code: 'timed-out';
}

/** A stanza was not sent. */
export interface SendError extends Error {
  name: 'SendError';
  code: 'malformed-stanza' | 'not-connected' | 'too-many-requests' | 'too-much-waiting' | 'unwritable-stanza';
}

/** A conversation cannot be opened with whom the user may not write to, or who is not there. */
export interface ChatError extends Error {
  name: 'ChatError';
  code: 'not-in-roster' | 'not-in-room';
}

/** An archive cannot be asked. */
export interface ArchiveError extends Error {
  name: 'ArchiveError';
  code: 'not-connected' | 'not-supported';
}
