/** Stanzas that plugins build: `$build`, `$iq`, `$msg`, `$pres`. */
import { ConverseError } from '../errors.ts';
import { NS } from './namespaces.ts';
import { serialize } from './serialize.ts';
import { copyInto, makeElement, makeText, scopeOf, setAttribute, type Attributes } from './xml.ts';

/**
 * Builds a stanza from the outside in: `$msg({ to }).c('body').t('hi').up().c('active', { xmlns })`. The elements are
 * real DOM elements in the namespaces that their `xmlns` says, inherited as XML inherits them.
 */
export class Builder {
  /** The outermost element. */
  nodeTree: Element;
  /** The element that the next call adds to; null after one `up()` too many. */
  node: Element | null;

  constructor(name: string, attrs?: Attributes | null) {
    const client = STANZAS.has(name) && !attrs?.['xmlns'];
    this.nodeTree = makeElement(name, client ? { ...attrs, xmlns: NS['CLIENT'] } : attrs);
    this.node = this.nodeTree;
  }

  /** Adds a child and goes into it, unless `text` fills it. Text in the place of `attrs` goes in as text. */
  c(name: string, attrs?: Attributes | string | number | null, text?: string | number | null): this {
    const given = typeof attrs === 'object' ? attrs : null;
    const child = makeElement(name, given, this.#open());
    if (typeof attrs === 'string' || typeof attrs === 'number') {
      child.appendChild(makeText(String(attrs)));
    }
    if (typeof text === 'string' || typeof text === 'number') {
      if (text !== '') {
        child.appendChild(makeText(String(text)));
      }
    } else {
      this.node = child;
    }
    return this;
  }

  /** Adds text. */
  t(text: unknown): this {
    this.#open().appendChild(makeText(String(text)));
    return this;
  }

  /** Adds a copy of an element and goes into it; a text node is copied and stays outside. */
  cnode(node: Element | Text | Builder): this {
    if (node instanceof Text) {
      return this.t(node.data);
    }
    this.node = copyInto(this.#open(), node instanceof Builder ? node.tree() : node);
    return this;
  }

  /** Sets attributes of the current element; undefined removes one. */
  attrs(more: Attributes): this {
    for (const [name, value] of Object.entries(more)) {
      if (name === 'xmlns') {
        this.#rename(value === undefined ? undefined : String(value));
      } else if (value === undefined) {
        this.#open().removeAttribute(name);
      } else {
        setAttribute(this.#open(), name, String(value));
      }
    }
    return this;
  }

  up(): this {
    this.node = this.node === this.nodeTree ? null : this.#open().parentElement;
    return this;
  }

  root(): this {
    this.node = this.nodeTree;
    return this;
  }

  tree(): Element {
    return this.nodeTree;
  }

  toString(): string {
    return serialize(this.nodeTree) ?? '';
  }

  #open(): Element {
    if (!this.node) {
      throw new ConverseError('no-open-element', 'There is no element to add to: up() was called once too often.');
    }
    return this.node;
  }

  /** The DOM fixes an element's namespace for its life, so another one takes its place. */
  #rename(namespace: string | undefined): void {
    const old = this.#open();
    const parent = old === this.nodeTree ? null : old.parentElement;
    const target = namespace === undefined ? scopeOf(parent) : namespace || null;
    const renamed = copyInto(null, old, target);
    if (namespace === undefined) {
      renamed.removeAttribute('xmlns');
    }
    if (parent) {
      parent.replaceChild(renamed, old);
    } else {
      this.nodeTree = renamed;
    }
    this.node = renamed;
  }
}

export function $build(name: string, attrs?: Attributes | null): Builder {
  return new Builder(name, attrs);
}

export function $iq(attrs?: Attributes | null): Builder {
  return new Builder('iq', attrs);
}

export function $msg(attrs?: Attributes | null): Builder {
  return new Builder('message', attrs);
}

export function $pres(attrs?: Attributes | null): Builder {
  return new Builder('presence', attrs);
}

const STANZAS: ReadonlySet<string> = new Set(['iq', 'message', 'presence']);
