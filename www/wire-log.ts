/** What the setting `debug` shows of the wire: every stanza, and nothing that leads into an account or a room. */

import { parseXml } from './compat/parse.ts';

/** Elements of which nothing is shown but their names: log-ins, tokens, what resumes a session. */
const SECRET_NAMESPACES = /^urn:ietf:params:xml:ns:xmpp-sasl$|^urn:xmpp:(sasl|fast|sm|bind):|^jabber:iq:(auth|register)$/;
/** Elements, fields and attributes that hold such a thing in a stanza. */
const SECRET_NAME = /pass(word|wd|phrase)|secret|token|^header$/i;
/** What leads into a BOSH session (XEP-0124 §15); Prosody says its id twice. */
const SECRET_ATTRIBUTES = ['sid', 'authid', 'rid', 'key', 'newkey'];

/** `text` as it may be shown. What is no XML may be anything, and is not shown. */
export function withoutSecrets(text: string): string {
  try {
    const root = parseXml(text);
    [root, ...root.querySelectorAll('*')].forEach(redact);
    return new XMLSerializer().serializeToString(root);
  } catch {
    return `(${text.length} characters that are no XML)`;
  }
}

function redact(element: Element): void {
  const { namespaceURI, localName } = element;
  const field = localName === 'field' ? (element.getAttribute('var') ?? '') : '';
  if (localName === 'mechanism') {
    return;
  }
  const secret = SECRET_NAMESPACES.test(namespaceURI ?? '') || SECRET_NAME.test(localName) || SECRET_NAME.test(field);
  if (secret && (element.children.length === 0 || field)) {
    element.textContent = element.textContent ? HIDDEN : '';
  } else if (secret) {
    [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).forEach((node) => (node.nodeValue = HIDDEN));
  }
  for (const { name } of [...element.attributes]) {
    const kept = name === 'xmlns' || name === 'var' || name === 'mechanism';
    const session = namespaceURI === 'http://jabber.org/protocol/httpbind' && SECRET_ATTRIBUTES.includes(name);
    if (session || (!kept && (secret || SECRET_NAME.test(name)))) {
      element.setAttribute(name, HIDDEN);
    }
  }
}

/** Logs what was sent or came. */
export function showWire(sent: boolean, text: string): void {
  console.debug(`converse: ${sent ? 'sent' : 'received'} ${withoutSecrets(text)}`);
}

const HIDDEN = '[hidden]';
