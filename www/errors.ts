/** What went wrong, for programs; `message` says it for people. */
type ErrorCode =
  // the caller's: a stanza that no XMPP server would accept
  | 'illegal-xml-character'
  | 'illegal-xml-name'
  | 'undeclared-prefix'
  | 'no-open-element'
  | 'malformed-xml'
  | 'not-connected'
  | 'not-in-this-script'
  // the environment's: the page, its headers, the network
  | 'trusted-types'
  | 'wasm-unsupported'
  | 'wasm-location-unknown'
  | 'wasm-unreachable'
  | 'wasm-not-found'
  | 'wasm-blocked'
  | 'wasm-invalid'
  | 'script-unreachable'
  | 'script-invalid'
  // ours
  | 'core-failed';

/** The errors of the JavaScript half of the library. `cause` is the browser's own error, where there was one. */
export class ConverseError extends Error {
  override readonly name = 'ConverseError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What was passed to `initialize`, or is registered for it, does not go together. */
export function configurationError(code: string, message: string): Error {
  return Object.assign(new Error(message), { name: 'ConfigurationError', code });
}
