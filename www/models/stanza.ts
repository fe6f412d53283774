/** What the handles of conversations read of a message's element. The core reads messages by itself, and not with this. */
import { NS } from '../compat/namespaces.ts';
import type { Attributes } from './model.ts';

/** The ids in a message: `origin_id`, and under `stanza_id` and an address what that entity calls it (XEP-0359). */
export function readIds(stanza: Element): Attributes {
  const ids: Attributes = {};
  for (const child of stanza.children) {
    const id = child.namespaceURI === NS['SID'] && child.getAttribute('id');
    if (id && child.localName === 'stanza-id') {
      ids[`stanza_id ${child.getAttribute('by')}`] = id;
    } else if (id && child.localName === 'origin-id') {
      ids['origin_id'] = id;
    }
  }
  return ids;
}

/** The references in a message. */
export function readReferences(stanza: Element): Attributes[] {
  // Places count code points (XEP-0372 §3.2).
  const body = [...(stanza.querySelector('body')?.textContent ?? '')];
  const found = [...stanza.children].filter((child) => child.localName === 'reference' && child.namespaceURI === NS['REFERENCE']);
  return found.map((reference) => ({
    begin: reference.getAttribute('begin'),
    end: reference.getAttribute('end'),
    type: reference.getAttribute('type'),
    uri: reference.getAttribute('uri'),
    value: body.slice(Number(reference.getAttribute('begin')), Number(reference.getAttribute('end'))).join(''),
  }));
}

/** What a message says, under the names of a message's attributes; `original` is what it came in, from an archive say. */
export function readMessage(stanza: Element, original: Element): Attributes {
  const child = (name: string, namespace = 'jabber:client'): Element | undefined =>
    [...stanza.children].find((child) => child.localName === name && child.namespaceURI === namespace);
  const text = (name: string): string | undefined => child(name)?.textContent ?? undefined;
  const delay = [...original.getElementsByTagNameNS(NS['DELAY']!, 'delay')].pop();
  const [spoiler, oob] = [child('spoiler', NS['SPOILER']), child('x', NS['OUTOFBAND'])];
  const result = [...original.children].find((child) => child.localName === 'result' && child.namespaceURI === NS['MAM']);
  return {
    type: stanza.getAttribute('type') ?? 'normal',
    msgid: stanza.getAttribute('id') ?? undefined,
    message: text('body'),
    subject: text('subject'),
    thread: text('thread'),
    time: delay?.getAttribute('stamp') ?? new Date().toISOString(),
    is_delayed: Boolean(delay),
    is_archived: Boolean(result),
    archive_id: result?.getAttribute('id') ?? undefined,
    chat_state: [...stanza.children].find((child) => child.namespaceURI === NS['CHATSTATES'])?.localName,
    is_spoiler: Boolean(spoiler),
    spoiler_hint: spoiler?.textContent ?? undefined,
    oob_url: oob?.querySelector('url')?.textContent ?? undefined,
    oob_desc: oob?.querySelector('desc')?.textContent ?? undefined,
    references: readReferences(stanza),
    ...readIds(stanza),
  };
}
