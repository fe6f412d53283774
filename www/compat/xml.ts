/** Elements as stanzas have them, made one by one. */
import { ConverseError } from '../errors.ts';
import { XHTML, XML, XMLNS } from './namespaces.ts';

/** Names to values, as builders take them: undefined and null are left out, everything else is written as text. */
export type Attributes = Readonly<Record<string, unknown>>;

/** Makes an element, in `parent` and its namespace unless `attrs` says another one (`xmlns`). */
export function makeElement(name: string, attrs?: Attributes | null, parent?: Element | null): Element {
  const given = Object.entries(attrs ?? {}).filter(([, value]) => value !== undefined && value !== null);
  const declared = new Map(given.map(([key, value]) => [key, String(value)]));
  const inherited = scopeOf(parent);

  const prefix = prefixOf(name);
  const namespace = prefix
    ? (declared.get(`xmlns:${prefix}`) ?? parent?.lookupNamespaceURI(prefix))
    : (declared.get('xmlns') ?? inherited);
  if (prefix && !namespace) {
    throw undeclared(prefix, name);
  }

  const element = stanzaDocument().createElementNS(namespace || null, name);
  // Declarations first: another attribute of this element may use the prefix.
  const prefixes = given.filter(([key]) => key.startsWith('xmlns:'));
  for (const [key, value] of new Map([...prefixes, ...given])) {
    setAttribute(element, key, String(value), parent);
  }
  parent?.appendChild(element);
  return element;
}

/** Sets an attribute in the namespace its name says, so that `getAttribute`, `namespaceURI` and serialisers agree. */
export function setAttribute(element: Element, name: string, value: string, parent?: Element | null): void {
  checkText(value, `the attribute "${name}"`);
  const prefix = prefixOf(name);
  if (name === 'xmlns') {
    // In no namespace, where a parser would put it into that of XML namespaces: so the selector [xmlns="…"] finds it.
    // The element itself is in the namespace already, and serialisers write one declaration.
    element.setAttribute(name, value);
  } else if (prefix === 'xmlns') {
    element.setAttributeNS(XMLNS, name, value);
  } else if (prefix === 'xml') {
    element.setAttributeNS(XML, name, value);
  } else if (prefix) {
    const namespace = element.lookupNamespaceURI(prefix) ?? parent?.lookupNamespaceURI(prefix);
    if (!namespace) {
      throw undeclared(prefix, name);
    }
    element.setAttributeNS(namespace, name, value);
  } else {
    element.setAttributeNS(null, name, value);
  }
}

export function makeText(text: string): Text {
  checkText(text, 'text');
  return stanzaDocument().createTextNode(text);
}

/**
 * Copies `source` to the end of `parent`. Comments and processing instructions, which XMPP forbids, stay behind;
 * `namespace` puts the copy somewhere else than `namespaceOf` says.
 */
export function copyInto(parent: Element | null, source: Element, namespace?: string | null): Element {
  const inherited = scopeOf(parent);
  const target = namespace === undefined ? namespaceOf(source, inherited) : namespace;
  const name = isPageElement(source) ? source.localName : source.nodeName;
  prefixOf(name);

  const copy = stanzaDocument().createElementNS(target, name);
  for (const attribute of source.attributes) {
    if (attribute.name === 'xmlns' && source.prefix === null) {
      setAttribute(copy, 'xmlns', target ?? '');
    } else if (attribute.namespaceURI) {
      checkText(attribute.value, `the attribute "${attribute.name}"`);
      copy.setAttributeNS(attribute.namespaceURI, attribute.name, attribute.value);
    } else {
      setAttribute(copy, attribute.name, attribute.value, parent);
    }
  }
  if (target !== inherited && source.prefix === null && !copy.hasAttribute('xmlns')) {
    setAttribute(copy, 'xmlns', target ?? '');
  }
  parent?.appendChild(copy);

  for (const child of source.childNodes) {
    if (child instanceof Element) {
      // What stood in the namespace of its parent without saying so goes with it.
      const follows = child.prefix === null && !child.hasAttribute('xmlns') && child.namespaceURI === source.namespaceURI;
      copyInto(copy, child, follows ? target : undefined);
    } else if (child instanceof Text) {
      copy.appendChild(makeText(child.data));
    }
  }
  return copy;
}

/**
 * The namespace that the author of an element meant. Elements made with `document.createElement` are in no namespace
 * or in XHTML by accident: for them an `xmlns` attribute counts, else the place where they are put.
 */
export function namespaceOf(element: Element, inherited: string | null): string | null {
  if (element.namespaceURI !== null && !isPageElement(element)) {
    return element.namespaceURI;
  }
  const written = element.getAttribute('xmlns');
  return written === null ? inherited : written || null;
}

/** The namespace that a child of `element` is in when it says none. */
export function scopeOf(element: Element | null | undefined): string | null {
  if (!element) {
    return null;
  }
  if (element.prefix === null && element.namespaceURI !== null && !isPageElement(element)) {
    return element.namespaceURI;
  }
  const written = element.getAttribute('xmlns');
  return written === null ? scopeOf(element.parentElement) : written || null;
}

function isPageElement(element: Element): boolean {
  return element.namespaceURI === XHTML && element.ownerDocument.contentType === 'text/html';
}

/** The document that owns every stanza built here; it is never shown. */
export function stanzaDocument(): XMLDocument {
  return (owner ??= document.implementation.createDocument(null, 'stanzas', null));
}

/** Throws when `text` has a character that XML 1.0 has no way to write: a server closes the stream on it. */
export function checkText(text: string, where: string): void {
  const found = ILLEGAL.exec(text);
  if (found) {
    const point = found[0].codePointAt(0) ?? 0;
    const code = point.toString(16).toUpperCase().padStart(4, '0');
    throw new ConverseError(
      'illegal-xml-character',
      `U+${code} at position ${found.index} of ${where} cannot be sent: XML does not allow it. Remove it first.`,
    );
  }
}

/** The prefix of a qualified name; throws when it is not a name at all. */
function prefixOf(name: string): string | null {
  const parts = String(name).split(':');
  if (parts.length > 2 || !parts.every((part) => NAME.test(part))) {
    throw new ConverseError('illegal-xml-name', `"${name}" is not a name that XML allows for an element or attribute.`);
  }
  return parts.length === 2 ? (parts[0] ?? null) : null;
}

function undeclared(prefix: string, name: string): ConverseError {
  return new ConverseError(
    'undeclared-prefix',
    `"${name}" uses a prefix that nothing declares: add the attribute "xmlns:${prefix}" with its namespace.`,
  );
}

let owner: XMLDocument | undefined;

const NAME = /^[\p{L}_][\p{L}\p{M}\p{N}_.\-·]*$/u;
const ILLEGAL = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;
