/** `converse.env.RSM`: paging through sets of results. */
import { NS } from './namespaces.ts';
import { makeElement, makeText } from './xml.ts';
import type { RsmOptions } from '../types/env.d.ts';

/**
 * XEP-0059: Result Set Management (version 1.0). One object goes through a whole paging: a query is made with it, its
 * answer filled in, and `next` or `previous` turns it into the query for the following page, with the same filter.
 */
export class RSM {
  // A request says these …
  max: number | string | undefined;
  after: string | undefined;
  /** An empty string asks for the last page. */
  before: string | undefined;
  index: number | string | undefined;
  // … a result says these (and where it begins, in `index`) …
  first: string | undefined;
  last: string | undefined;
  count: number | string | undefined;
  // … and these are the archive's: not part of the set, carried along.
  with?: string;
  start?: string | Date;
  end?: string | Date;
  groupchat?: boolean;

  constructor(options: RsmOptions = {}) {
    const { xml, ...given } = options;
    for (const key of [...SET, ...FILTER]) {
      const value = given[key];
      if (value !== undefined && value !== null) {
        Object.assign(this, { [key]: value });
      }
    }
    if (xml) {
      this.fromXMLElement(xml);
    }
  }

  toXML(): Element {
    const set = makeElement('set', { xmlns: NS['RSM'] });
    for (const key of SET) {
      const value = this[key];
      if (value !== undefined && value !== null) {
        makeElement(key, null, set).appendChild(makeText(String(value)));
      }
    }
    return set;
  }

  /** Turns this into the query for the page after the one it holds. Without `max` the page size stays. */
  next(max?: number | string): this {
    return this.#page(max, { after: this.last ?? this.after ?? (this.before || undefined) });
  }

  /** Turns this into the query for the page before the one it holds. */
  previous(max?: number | string): this {
    return this.#page(max, { before: this.first ?? this.before ?? this.after ?? '' });
  }

  /** Reads the `<set>` of a result. */
  fromXMLElement(set: Element): void {
    for (const key of SET) {
      const found = [...set.children].find((child) => child.localName === key);
      if (found) {
        Object.assign(this, { [key]: found.textContent ?? '' });
      }
      if (key === 'first') {
        this.index = found?.getAttribute('index') ?? this.index;
      }
    }
  }

  #page(max: number | string | undefined, { after, before }: { after?: string | undefined; before?: string }): this {
    this.max = max ?? this.max;
    this.after = after;
    this.before = before;
    this.first = this.last = this.count = this.index = undefined;
    return this;
  }
}

/** In the order in which they are written. */
const SET = ['max', 'first', 'last', 'after', 'before', 'index', 'count'] as const;
const FILTER = ['with', 'start', 'end', 'groupchat'] as const;
