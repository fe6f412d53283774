/** From an element to XML text. */
import { checkText, namespaceOf } from './xml.ts';

/** Something that has a tree: a builder. */
interface Tree {
  tree(): Element;
}

/**
 * XML text as XMPP wants it: every namespace is declared exactly once where it begins, no comments, no processing
 * instructions, CDATA as plain text. Throws when the element was filled with characters that XML does not allow.
 */
export function serialize(what: Element | Tree | null | undefined): string | null {
  if (!what) {
    return null;
  }
  return write('tree' in what && typeof what.tree === 'function' ? what.tree() : (what as Element), null, new Map());
}

export function xmlescape(text: string): string {
  return String(text).replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char);
}

export function xmlunescape(text: string): string {
  return String(text).replace(/&(amp|lt|gt|quot|apos);/g, (entity) => UNESCAPES[entity] ?? entity);
}

function write(element: Element, inherited: string | null, outer: ReadonlyMap<string, string>): string {
  const name = element.prefix ? element.nodeName : element.localName;
  const namespace = element.prefix ? inherited : namespaceOf(element, inherited);
  const prefixes = new Map(outer);
  const declarations: string[] = [];

  const need = (prefix: string | null, uri: string | null): void => {
    if (prefix && prefix !== 'xml' && prefix !== 'xmlns' && uri && prefixes.get(prefix) !== uri) {
      prefixes.set(prefix, uri);
      declarations.push(attribute(`xmlns:${prefix}`, uri));
    }
  };

  let own = '';
  let scope = namespace;
  let declared = false;
  for (const { name: key, value, prefix, namespaceURI } of element.attributes) {
    if (key === 'xmlns') {
      declared = true;
      scope = element.prefix ? value || null : namespace;
      own += attribute('xmlns', scope ?? '');
    } else if (key.startsWith('xmlns:')) {
      prefixes.set(key.slice(6), value);
      own += attribute(key, value);
    } else {
      own += attribute(key, value);
      if (prefix && !element.hasAttribute(`xmlns:${prefix}`)) {
        need(prefix, namespaceURI);
      }
    }
  }
  if (!element.hasAttribute(`xmlns:${element.prefix}`)) {
    need(element.prefix, element.namespaceURI);
  }
  if (!declared && scope !== inherited) {
    declarations.unshift(attribute('xmlns', scope ?? ''));
  }

  let content = '';
  for (const child of element.childNodes) {
    if (child instanceof Element) {
      content += write(child, scope, prefixes);
    } else if (child instanceof Text) {
      checkText(child.data, 'text');
      content += xmlescape(child.data).replaceAll('\r', '&#13;');
    }
  }
  const head = `<${name}${own}${declarations.join('')}`;
  return content ? `${head}>${content}</${name}>` : `${head}/>`;
}

/** White space is written by number: a reader turns it into plain spaces otherwise (XML 1.0 §3.3.3). */
function attribute(name: string, value: string): string {
  checkText(value, `the attribute "${name}"`);
  const escaped = xmlescape(value).replace(/[\t\n\r]/g, (char) => `&#${char.charCodeAt(0)};`);
  return ` ${name}="${escaped}"`;
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
const UNESCAPES = Object.fromEntries(Object.entries(ESCAPES).map(([char, entity]) => [entity, char]));
