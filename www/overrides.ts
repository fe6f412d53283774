/** What plugins put in the place of methods, and how these call what they have replaced: as pluggable.js 2 does it. */
import type { Plugin } from './types/index.d.ts';

type Method = (this: any, ...args: any[]) => unknown;
type Fields = Record<string, any>;

/** Puts back what was there, newest first. Classes outlive the `initialize` whose plugins have changed them. */
let undo: (() => void)[] = [];

/** Has nothing overridden any more. */
export function forgetOverrides(): void {
  undo.reverse().forEach((step) => step());
  undo = [];
}

/**
 * Takes in the overrides of a plugin. A function takes the place of one of `_converse`; an object is merged into the
 * prototype of the class by that name. `missing` is told of classes that there are not.
 */
export function override(_converse: object, plugin: Plugin, missing: (name: string) => void): void {
  for (const [name, value] of Object.entries(plugin.overrides ?? {})) {
    const old: unknown = Reflect.get(_converse, name);
    if (typeof value !== 'object') {
      put(_converse, name, typeof value === 'function' ? wrapped(name, value as Method, old, _converse) : value);
    } else if (old === undefined || old === null) {
      missing(name);
    } else {
      extend((old as Fields)['prototype'] ?? old, (value ?? {}) as Fields, _converse);
    }
  }
}

function extend(prototype: Fields, news: Fields, _converse: object): void {
  supersOf(prototype, _converse);
  for (const [name, value] of Object.entries(news)) {
    const old: unknown = prototype[name];
    const before = Object.getOwnPropertyDescriptor(prototype, name);
    undo.push(() => (before ? Object.defineProperty(prototype, name, before) : delete prototype[name]));
    if (name === 'events') {
      // Who was there first stays.
      put(prototype, name, { ...value, ...(old as object | undefined) });
    } else {
      put(prototype, name, typeof value === 'function' ? wrapped(name, value, old, _converse) : value);
    }
  }
}

/** `method`, with `old` as `this.__super__[name]`, bound, while it runs and for what it leaves behind to run later. */
function wrapped(name: string, method: Method, old: unknown, _converse: object): Method {
  return function (this: unknown, ...args) {
    const self = this ?? _converse;
    const supers = supersOf(self, _converse);
    if (typeof old !== 'function') {
      return method.apply(self, args);
    }
    // Those who override the same method have one name for what they have replaced: when the inner one is done, it is
    // the outer one's again.
    const outer: unknown = supers[name];
    supers[name] = (old as Method).bind(self);
    try {
      return method.apply(self, args);
    } finally {
      if (outer) {
        supers[name] = outer;
      }
    }
  };
}

/** `__super__` of an object. Each has its own, so that one bound for one is not called for another. */
function supersOf(object: any, _converse: object): Fields {
  if (!Object.hasOwn(object, '__super__') || object.__super__._converse !== _converse) {
    Object.defineProperty(object, '__super__', { value: { _converse }, configurable: true, writable: true });
  }
  return object.__super__;
}

function put(object: object, name: string, value: unknown): void {
  // Not assigned: a getter of ours may stand there.
  Object.defineProperty(object, name, { value, configurable: true, enumerable: true, writable: true });
}
