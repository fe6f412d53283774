// `converse.env`.
import type { Model } from './models.js';

export interface Env {
  /** Any element. */
  $build(name: string, attrs?: Attributes | null): Builder;
  /** `<iq xmlns="jabber:client">` */
  $iq(attrs?: Attributes | null): Builder;
  /** `<message xmlns="jabber:client">` */
  $msg(attrs?: Attributes | null): Builder;
  /** `<presence xmlns="jabber:client">` */
  $pres(attrs?: Attributes | null): Builder;

  Promise: PromiseConstructor;
  /** SHA-1 in base64. Each UTF-16 unit counts with its low byte; encode text that is not Latin-1 first. */
  b64_sha1(text: string): string;
  SHA1: { b64_sha1(text: string): string; str_sha1(text: string): string };
  Strophe: Strophe;
  utils: Utils;
  /** The same. */
  u: Utils;
  /** A model that a plugin makes for itself; `extend` makes a class of it. */
  Model: ModelClass;

  /** Lit's, for templates that the client shows. Not in `converse.headless.js`. */
  html?: (strings: TemplateStringsArray, ...values: unknown[]) => unknown;

  /** Lit's, which puts such a template into an element. */
  render?: (what: unknown, where: HTMLElement) => unknown;

  /** lodash 4. This and what follows is in `converse.compat.js` only; elsewhere it is undefined, which the console says once. */
  _?: any;
  /** lodash's functions with the data last. */
  f?: any;
  /** Backbone 1.4, and `Backbone.NativeView` and `Backbone.VDOMView` of converse.js. */
  Backbone?: any;
  /** Moment.js 2. */
  moment?: any;
  /** Day.js 1. */
  dayjs?: any;
  /** Sizzle 2, which finds elements by CSS selectors, `:contains("…")` among them. */
  sizzle?: any;
  /** The same as `_converse.BootstrapModal`. */
  BootstrapModal?: any;

  [extra: string]: unknown;
}

/** A class of models. */
export interface ModelClass {
  new (attributes?: Record<string, any> | null, options?: any): Model;
  /** A class with these methods and attributes, and static ones, as Backbone makes it. */
  extend(members?: object, statics?: object): any;
}

/** Undefined and null are left out; everything else is written as text. */
export type Attributes = Readonly<Record<string, unknown>>;

/**
 * Builds a stanza from the outside in. Every method that adds throws a {@link ConverseError} for characters and names
 * that XML does not allow.
 *
 * @example
 * const { $msg } = converse.env;
 * $msg({ to: 'juliet@example.org', type: 'chat' }).c('body').t('Good night').up().c('active', { xmlns: '…' });
 */
export interface Builder {
  /** The outermost element. */
  nodeTree: Element;
  /** The element that the next call adds to. */
  node: Element | null;
  /** Adds a child and goes into it, unless it is filled with `text`. A string in the place of `attrs` becomes text. */
  c(name: string, attrs?: Attributes | string | number | null, text?: string | number | null): this;
  /** Adds text. */
  t(text: unknown): this;
  /** Adds a copy of an element and goes into it. */
  cnode(node: Element | Text | Builder): this;
  /** Sets attributes of the current element; undefined removes one. */
  attrs(more: Attributes): this;
  up(): this;
  root(): this;
  tree(): Element;
  toString(): string;
}

export interface Strophe {
  Builder: new (name: string, attrs?: Attributes | null) => Builder;
  RSM: new (options?: RsmOptions) => RSM;
  /**
   * For pages that make a connection of their own and pass it to `initialize` as `connection`: its address is connected to,
   * with what its `connect` or `attach` was called with.
   */
  Connection: new (service: string, options?: Record<string, unknown>) => StropheConnection;
  /** Has each connection get an object of its own with this prototype, whose `init` is called with the connection. */
  addConnectionPlugin(name: string, prototype: object): void;
  /** Namespaces by their names; `addNamespace` adds one. */
  NS: Record<string, string>;
  addNamespace(name: string, uri: string): void;
  Status: Record<string, number>;
  ErrorCondition: Record<string, string>;
  LogLevel: Record<'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL', number>;
  ElementType: Record<'NORMAL' | 'TEXT' | 'CDATA' | 'FRAGMENT', number>;

  getBareJidFromJid(jid: string): string;
  getBareJidFromJid(jid: string | null | undefined): string | null;
  getNodeFromJid(jid: string | null | undefined): string | null;
  getDomainFromJid(jid: string): string;
  getDomainFromJid(jid: string | null | undefined): string | null;
  getResourceFromJid(jid: string | null | undefined): string | null;
  /** JID Escaping (XEP-0106). */
  escapeNode(node: string): string;
  unescapeNode(node: string): string;

  xmlescape(text: string): string;
  xmlunescape(text: string): string;
  serialize(what: Element | Builder | null | undefined): string | null;
  xmlGenerator(): XMLDocument;
  xmlElement(
    name: string,
    ...parts: (Attributes | [string, unknown][] | string | number | null | undefined)[]
  ): Element | null;
  xmlTextNode(text: string): Text;
  xmlHtmlNode(xml: string): XMLDocument;
  copyElement(node: Element | Text): Element | Text;
  /** The text directly in an element, escaped for XML; `textContent` has it as it is. */
  getText(element: Element | null | undefined): string | null;
  forEachChild(element: Element, name: string | null | undefined, callback: (child: Element) => void): void;
  isTagEqual(element: Element, name: string): boolean;

  /** Yours to replace; it does nothing. */
  log(level: number, message: string): void;
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
  fatal(message: string): void;

  [extra: string]: unknown;
}

export interface StropheConnection {
  service: string;
  options: Record<string, unknown>;
  jid: string;
  connect(jid: string, pass: unknown, callback?: (status: number, condition: string | null) => unknown): void;
  /** A BOSH session to go on with. */
  attach(jid: string, sid: string, rid: string | number, callback?: (status: number, condition: string | null) => unknown): void;
  getUniqueId(suffix?: string | number): string;
  [extra: string]: any;
}

/** What to ask a result set for, and what an archive query is filtered by. */
export interface RsmOptions {
  /** A `<set>` element to read instead. */
  xml?: Element;
  max?: number | string;
  first?: string;
  last?: string;
  after?: string;
  /** An empty string asks for the last page. */
  before?: string;
  index?: number | string;
  count?: number | string;
  with?: string;
  start?: string | Date;
  end?: string | Date;
  groupchat?: boolean;
}

/** Paging through a set of results (XEP-0059). `next` and `previous` change the object and return it. */
export interface RSM {
  max: number | string | undefined;
  first: string | undefined;
  last: string | undefined;
  after: string | undefined;
  before: string | undefined;
  index: number | string | undefined;
  count: number | string | undefined;
  with?: string;
  start?: string | Date;
  end?: string | Date;
  groupchat?: boolean;
  next(max?: number | string): this;
  previous(max?: number | string): this;
  toXML(): Element;
  fromXMLElement(set: Element): void;
}

/** A promise that can be settled from outside, and asked how it stands. */
export interface ResolvablePromise<T> extends Promise<T> {
  readonly isPending: boolean;
  readonly isResolved: boolean;
  readonly isRejected: boolean;
  resolve(value?: T | PromiseLike<T>): void;
  reject(reason?: unknown): void;
}

/** What is listed here has a type; the rest of the helpers is there too. */
export interface Utils {
  isValidJID(jid: unknown): boolean;
  isSameBareJID(a: unknown, b: unknown): boolean;
  getResolveablePromise<T>(): ResolvablePromise<T>;
  /** The root element of XML text. @throws ConverseError when it is not well-formed. */
  toStanza(xml: string): Element;
  merge(target: Record<string, unknown>, more: Record<string, unknown> | null | undefined): void;
  getUniqueId(): string;
  [extra: string]: unknown;
}
