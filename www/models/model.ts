/** Models, with Backbone's surface. */
import { Events } from './events.ts';
import type { Collection } from './collection.ts';
import type { Kind } from './kinds.ts';
import { core } from './core.ts';

export type Attributes = Record<string, any>;
export interface Options {
  silent?: boolean;
  unset?: boolean;
  success?: (model: Model) => void;
  [extra: string]: unknown;
}

/** Where an entity of the core is found. */
export interface Place {
  readonly kind: Kind;
  readonly of: string;
  readonly id: string;
}

/**
 * A model as plugins know it from Backbone. Most are handles: their state lives in the core, and what is here is a copy
 * that follows it. One that a plugin makes itself, without a place, keeps its own.
 */
export class Model extends Events {
  /** Defaults for a model that a plugin makes. */
  declare defaults?: Attributes | (() => Attributes);
  declare idAttribute: string;

  readonly cid: string;
  attributes: Attributes = {};
  /** What the last change changed. */
  changed: Attributes = {};
  validationError: unknown = null;
  collection: Collection | undefined;

  readonly #place: Place | undefined;
  #previous: Attributes = {};
  /** What JSON could not hold: it stays here, and goes before what the core says. */
  #local: Attributes = {};
  #removed = false;

  constructor(attributes?: Attributes | null, options: Options & { place?: Place; collection?: Collection } = {}) {
    super();
    this.cid = `c${(cids += 1)}`;
    this.collection = options.collection;
    this.#place = options.place;
    if (this.#place) {
      this.attributes = this.read(this.#place) ?? {};
      this.#removed = !('id' in this.attributes) && Object.keys(this.attributes).length === 0;
    } else {
      const defaults = typeof this.defaults === 'function' ? this.defaults() : this.defaults;
      this.attributes = { ...defaults, ...attributes };
    }
    this.#previous = { ...this.attributes };
    this.initialize(attributes, options);
  }

  /** For subclasses. */
  initialize(..._args: any[]): void {}

  get id(): any {
    return this.#place && !('id' in this.attributes) ? this.#place.id : this.attributes[this.idAttribute];
  }

  /** Where the core keeps the entity; undefined for a model of a plugin's. */
  get place(): Place | undefined {
    return this.#place;
  }

  /** Whether the entity is gone. What the handle knew of it last can still be read. */
  get removed(): boolean {
    return this.#removed;
  }

  get(name: string): any {
    return this.attributes[name];
  }

  escape(name: string): string {
    const value: unknown = this.get(name);
    return value == null ? '' : String(value).replace(/[&<>"'`]/g, (char) => `&#${char.charCodeAt(0)};`);
  }

  has(name: string): boolean {
    return this.get(name) != null;
  }

  toJSON(): Attributes {
    return { ...this.attributes };
  }

  isNew(): boolean {
    return !this.has(this.idAttribute);
  }

  isValid(): boolean {
    return !this.#validate({});
  }

  /** Gives one attribute a value, or several. */
  set(name: string | Attributes | null, value?: unknown, options?: Options): this | false {
    if (name == null) {
      return this;
    }
    const [given, how] = typeof name === 'object' ? [name, (value ?? {}) as Options] : [{ [name]: value }, options ?? {}];
    const wanted = how.unset ? Object.fromEntries(Object.keys(given).map((key) => [key, undefined])) : given;
    if (how['validate'] && this.#validate(wanted)) {
      return false;
    }
    const news = Object.entries(wanted).filter(([key, value]) => !isEqual(this.attributes[key], value));
    if (news.length === 0) {
      return this;
    }
    for (const [key, value] of news) {
      if (value === undefined || isPlain(value)) {
        delete this.#local[key];
      } else {
        this.#local[key] = value;
      }
    }
    this.#apply(news, how);
    if (this.#place) {
      const plain = news.filter(([, value]) => value === undefined || isPlain(value));
      core().write(this.#place.kind, this.#place.of, this.#place.id, Object.fromEntries(plain));
    }
    return this;
  }

  /** The same; the core keeps everything anyway. */
  save(name?: string | Attributes | null, value?: unknown, options?: Options): this | false {
    const how = (typeof name === 'string' ? options : (value as Options | undefined)) ?? {};
    if (this.set(name ?? {}, value, options) === false) {
      return false;
    }
    how.success?.(this);
    return this;
  }

  unset(name: string, options?: Options): this {
    this.set(name, undefined, { ...options, unset: true });
    return this;
  }

  clear(options?: Options): this {
    this.set({ ...this.attributes }, { ...options, unset: true });
    return this;
  }

  /** Nothing is to be fetched: the attributes follow the core by themselves. */
  fetch(options?: Options): this {
    options?.success?.(this);
    return this;
  }

  /** Takes the entity out of its collection. */
  destroy(options?: Options): unknown {
    this.trigger('destroy', this, this.collection, options ?? {});
    this.collection?.remove(this);
    return false;
  }

  hasChanged(name?: string): boolean {
    return name === undefined ? Object.keys(this.changed).length > 0 : name in this.changed;
  }

  changedAttributes(): Attributes | false {
    return this.hasChanged() ? { ...this.changed } : false;
  }

  /** The value that the attribute had before the last change. */
  previous(name: string): any {
    return this.#previous[name];
  }

  previousAttributes(): Attributes {
    return { ...this.#previous };
  }

  clone(): Model {
    return new (this.constructor as typeof Model)(this.toJSON());
  }

  validate(_attributes: Attributes, _options?: Options): unknown {
    return undefined;
  }

  /** Takes over what the core says now. */
  refresh(): void {
    const place = this.#place!;
    const fresh = this.read(place);
    if (!fresh) {
      this.#removed = true;
      return;
    }
    this.#removed = false;
    const next: Attributes = { ...fresh, ...this.#local };
    const names = new Set([...Object.keys(this.attributes), ...Object.keys(next)]);
    const news = [...names]
      .filter((name) => !isEqual(this.attributes[name], next[name]))
      .map((name) => [name, next[name]] as [string, unknown]);
    if (news.length > 0) {
      this.#apply(news, {});
    }
  }

  /** Says that the entity is gone. */
  markRemoved(): void {
    this.#removed = true;
  }

  /** What the core says of the entity; for subclasses that have something to add. */
  protected read({ kind, of, id }: Place): Attributes | undefined {
    return core().attributes(kind, of, id);
  }

  protected override heardChanged(): void {
    if (this.#place) {
      pinned[this.heard ? 'add' : 'delete'](this);
    }
  }

  #apply(news: [string, unknown][], options: Options): void {
    this.#previous = { ...this.attributes };
    this.changed = {};
    for (const [name, value] of news) {
      this.changed[name] = value;
      if (value === undefined) {
        delete this.attributes[name];
      } else {
        this.attributes[name] = value;
      }
    }
    if (!options.silent) {
      for (const [name, value] of news) {
        this.#tell(`change:${name}`, value, options);
      }
      this.#tell('change', options);
    }
  }

  #tell(event: string, ...args: unknown[]): void {
    this.trigger(event, this, ...args);
    this.collection?.trigger(event, this, ...args);
  }

  #validate(more: Attributes): unknown {
    this.validationError = this.validate({ ...this.attributes, ...more }) ?? null;
    if (this.validationError) {
      this.trigger('invalid', this, this.validationError);
    }
    return this.validationError;
  }
}

Model.prototype.idAttribute = 'id';

/** Handles that somebody listens to: they must live, though nobody may hold them. */
const pinned = new Set<Model>();
let cids = 0;

function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) {
    return typeof value !== 'function' && typeof value !== 'symbol' && typeof value !== 'bigint';
  }
  if (Array.isArray(value)) {
    return value.every(isPlain);
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === null || prototype === Object.prototype) && Object.values(value).every(isPlain);
}

function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) {
    return true;
  }
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b || !isPlain(a) || !isPlain(b)) {
    return false;
  }
  return JSON.stringify(a) === JSON.stringify(b);
}
