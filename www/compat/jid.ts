/**
 * The JID functions of `Strophe`: they cut text and check nothing, as plugins expect. The core's `Jid` is the real one.
 */

/** `node@domain` of a JID; null for nothing. */
export function getBareJidFromJid(jid: string): string;
export function getBareJidFromJid(jid: string | null | undefined): string | null;
export function getBareJidFromJid(jid: string | null | undefined): string | null {
  return jid ? (split(jid)[0] ?? '') : null;
}

/** What stands before the @; null when there is none. */
export function getNodeFromJid(jid: string | null | undefined): string | null {
  const bare = getBareJidFromJid(jid);
  const at = bare?.indexOf('@') ?? -1;
  return bare === null || at < 0 ? null : bare.slice(0, at);
}

export function getDomainFromJid(jid: string): string;
export function getDomainFromJid(jid: string | null | undefined): string | null;
export function getDomainFromJid(jid: string | null | undefined): string | null {
  const bare = getBareJidFromJid(jid);
  return bare === null ? null : bare.slice(bare.indexOf('@') + 1);
}

/** What stands after the first slash, further slashes included; null when there is none. */
export function getResourceFromJid(jid: string | null | undefined): string | null {
  return jid ? (split(jid)[1] ?? null) : null;
}

/** XEP-0106: JID Escaping (version 1.1.1). Leading and trailing spaces, which no node may have, are dropped. */
export function escapeNode<T>(node: T): T | string {
  if (typeof node !== 'string') {
    return node;
  }
  return node.trim().replace(/[ \\"&'/:<>@]/g, (char) => `\\${char.charCodeAt(0).toString(16)}`);
}

/** The inverse of `escapeNode`. Other sequences that look alike stay as they are. */
export function unescapeNode<T>(node: T): T | string {
  if (typeof node !== 'string') {
    return node;
  }
  return node.replace(/\\(20|22|26|27|2f|3a|3c|3e|40|5c)/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function split(jid: string): [string, string?] {
  const slash = jid.indexOf('/');
  return slash < 0 ? [jid] : [jid.slice(0, slash), jid.slice(slash + 1)];
}
