/** `converse.env.Strophe`. */
import { Builder } from './builder.ts';
import { Connection, connectionPlugins } from './connection.ts';
import * as jid from './jid.ts';
import { NS } from './namespaces.ts';
import { parseXml } from './parse.ts';
import { RSM } from './rsm.ts';
import { serialize, xmlescape, xmlunescape } from './serialize.ts';
import { copyInto, makeElement, makeText, stanzaDocument, type Attributes } from './xml.ts';

class SASLMechanism {
  constructor(public name: string, public isClientFirst: boolean, public priority: number) {}

  test(_connection: unknown): boolean {
    return true;
  }
}

/** Classes by which plugins name mechanisms: what each is called, and whether the client begins. From the one that Strophe likes best. */
const MECHANISMS = Object.fromEntries(
  Object.entries({ SHA1: 'SCRAM-SHA-1', MD5: 'DIGEST-MD5', Plain: 'PLAIN', OAuthBearer: 'OAUTHBEARER', XOAuth2: 'X-OAUTH2', Anonymous: 'ANONYMOUS', External: 'EXTERNAL' }).map(
    ([name, mechanism], place) => [`SASL${name}`, Object.assign(function () {}, { prototype: new SASLMechanism(mechanism, /[^S5]$/.test(mechanism), 70 - 10 * place) })],
  ),
);

/**
 * `converse.env.Strophe`: what plugins use of Strophe 1.3 that needs no session. Left out for good are `createHtml`
 * (it makes live HTML of what strangers send) and the BOSH and WebSocket classes, whose work the core does. It logs in,
 * too: what says how is there for those who describe mechanisms of their own by it, and is asked by nobody.
 */
export const Strophe = {
  /** The version whose surface this is. */
  VERSION: '1.3.0',
  Builder,
  Connection,
  RSM,
  NS,
  SASLMechanism,
  ...MECHANISMS,

  Status: {
    ERROR: 0,
    CONNECTING: 1,
    CONNFAIL: 2,
    AUTHENTICATING: 3,
    AUTHFAIL: 4,
    CONNECTED: 5,
    DISCONNECTED: 6,
    DISCONNECTING: 7,
    ATTACHED: 8,
    REDIRECT: 9,
    CONNTIMEOUT: 10,
  },
  ErrorCondition: {
    BAD_FORMAT: 'bad-format',
    CONFLICT: 'conflict',
    MISSING_JID_NODE: 'x-strophe-bad-non-anon-jid',
    NO_AUTH_MECH: 'no-auth-mech',
    UNKNOWN_REASON: 'unknown',
  },
  LogLevel: { DEBUG: 0, INFO: 1, WARN: 2, ERROR: 3, FATAL: 4 },
  ElementType: { NORMAL: 1, TEXT: 3, CDATA: 4, FRAGMENT: 11 },

  addNamespace(name: string, uri: string): void {
    NS[name] = uri;
  },

  /** Has each connection get an object of its own with this prototype, and `init` called with the connection. */
  addConnectionPlugin(name: string, prototype: object): void {
    connectionPlugins[name] = prototype;
  },

  ...jid,

  xmlescape,
  xmlunescape,
  serialize,

  /** The document that stanzas belong to. */
  xmlGenerator: stanzaDocument,

  /** An element with attributes (a map, or pairs) and text, in either order. Null without a name. */
  xmlElement(name: string, ...parts: (Attributes | [string, unknown][] | string | number | null | undefined)[]): Element | null {
    if (!name) {
      return null;
    }
    const maps = parts.filter((part) => typeof part === 'object' && part !== null);
    const attrs = Object.assign({}, ...maps.map((part) => (Array.isArray(part) ? Object.fromEntries(part) : part)));
    const element = makeElement(name, attrs);
    for (const part of parts) {
      if (typeof part === 'string' || typeof part === 'number') {
        element.appendChild(makeText(String(part)));
      }
    }
    return element;
  },

  xmlTextNode(text: string): Text {
    return makeText(String(text));
  },

  /** A document made of well-formed XML. */
  xmlHtmlNode(xml: string): XMLDocument {
    return parseXml(xml).ownerDocument;
  },

  copyElement(node: Element | Text): Element | Text {
    return node instanceof Text ? makeText(node.data) : copyInto(null, node);
  },

  /** The text directly in an element, *escaped* for XML; `textContent` has it as it is. */
  getText(element: Element | null | undefined): string | null {
    if (!element) {
      return null;
    }
    const nodes = element.childNodes.length === 0 ? [element] : [...element.childNodes];
    const texts = nodes.filter((node): boolean => node.nodeType === Strophe.ElementType.TEXT);
    return xmlescape(texts.map((node) => node.nodeValue).join(''));
  },

  /** Calls back for each child element, or for those of one name. */
  forEachChild(element: Element, name: string | null | undefined, callback: (child: Element) => void): void {
    for (const child of [...element.children]) {
      if (!name || Strophe.isTagEqual(child, name)) {
        callback(child);
      }
    }
  },

  isTagEqual(element: Element, name: string): boolean {
    return element.tagName === name;
  },

  /** Nothing is logged before somebody replaces this. */
  log(_level: number, _message: string): void {},
  debug(message: string): void {
    this.log(this.LogLevel.DEBUG, message);
  },
  info(message: string): void {
    this.log(this.LogLevel.INFO, message);
  },
  warn(message: string): void {
    this.log(this.LogLevel.WARN, message);
  },
  error(message: string): void {
    this.log(this.LogLevel.ERROR, message);
  },
  fatal(message: string): void {
    this.log(this.LogLevel.FATAL, message);
  },
};
