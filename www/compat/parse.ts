/** From XML text to an element. */
import { ConverseError } from '../errors.ts';

/** The root element of well-formed XML text; nothing else is accepted, HTML neither. */
export function parseXml(text: string): Element {
  const parsed = new DOMParser().parseFromString(trusted(text), 'application/xml');
  const failure = parsed.getElementsByTagNameNS('*', 'parsererror')[0];
  if (failure) {
    const reason = failure.textContent?.match(/error on line[^\n]*?: ([^\n]*)/)?.[1] ?? 'not well-formed';
    throw new ConverseError('malformed-xml', `Not XML: ${reason.trim()}`);
  }
  return parsed.documentElement;
}

/**
 * Where a page sends `require-trusted-types-for 'script'`, DOMParser wants a TrustedHTML for XML too. The policy is
 * reachable from here only, and what it lets through is parsed as XML into a document that is never shown.
 */
function trusted(text: string): string {
  const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
  if (!types || unlisted) {
    return text;
  }
  try {
    policy ??= types.createPolicy('converse-wasm', { createHTML: (xml) => xml });
  } catch (cause) {
    // The page lists its policies, and not this one. That matters only where it also requires the types.
    requireNoTypes(cause);
    unlisted = true;
    return text;
  }
  return policy.createHTML(text) as string;
}

function requireNoTypes(cause: unknown): void {
  try {
    new DOMParser().parseFromString('<x/>', 'application/xml');
  } catch {
    throw new ConverseError(
      'trusted-types',
      'The Content-Security-Policy of this page forbids parsing XML: add "converse-wasm" to its trusted-types list.',
      { cause },
    );
  }
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createHTML(text: string): string }): { createHTML(text: string): unknown };
}

let policy: ReturnType<TrustedTypes['createPolicy']> | undefined;
let unlisted = false;
