/** Collections of handles, with Backbone's surface. */
import { core } from './core.ts';
import { Events } from './events.ts';
import { byCid, handle } from './handles.ts';
import type { Kind } from './kinds.ts';
import { Model, type Attributes, type Options } from './model.ts';

type Test<R = unknown> = (model: any, index: number, models: any[]) => R;

/**
 * A collection as plugins know it from Backbone, of what the core keeps. Nothing is made for an entity before somebody
 * asks for it, or listens here to what becomes of it.
 */
export class Collection<M extends Model = Model> extends Events {
  /** What the models are sorted by; unless it says otherwise, they stand as the core has them. */
  declare comparator?: string | ((model: any) => any) | ((a: any, b: any) => number);

  readonly kind: Kind;
  /** What the entities belong to; empty where there is nothing. */
  readonly of: string;

  constructor(kind: Kind, of = '') {
    super();
    this.kind = kind;
    this.of = of;
  }

  get models(): M[] {
    const models = this.ids().map((id) => this.model(id));
    return this.comparator ? sorted(models, this.comparator) : models;
  }

  get length(): number {
    return this.kinds.reduce<number>((length, kind) => length + core().count(kind, this.of), 0);
  }

  /** The model with this id, or this cid. */
  get(id: unknown): M | undefined {
    if (id == null) {
      return undefined;
    }
    const wanted = String(typeof id === 'object' ? (id as Attributes)['id'] : id);
    if (this.holds(wanted)) {
      return this.model(wanted);
    }
    const named = byCid(wanted);
    return named && this.holds(named.place?.id ?? '') && this.model(named.place!.id) === named ? (named as M) : undefined;
  }

  at(index: number): M | undefined {
    if (this.comparator) {
      return this.models.at(index);
    }
    // There may be very many others.
    const id = this.ids().at(index);
    return id === undefined ? undefined : this.model(id);
  }

  /** Adds what the core does not keep by itself; subclasses say how. */
  create(_attributes: Attributes, _options?: Options): any {
    throw new TypeError('This collection is filled by the library alone.');
  }

  add(attributes: Attributes | Attributes[], options?: Options): any {
    if (Array.isArray(attributes)) {
      return attributes.map((one) => this.add(one, options));
    }
    return attributes instanceof Model ? attributes : this.create(attributes, options);
  }

  push(attributes: Attributes, options?: Options): any {
    return this.add(attributes, options);
  }

  /** Takes models out; subclasses say how. */
  remove(models: unknown, options?: Options): any {
    for (const model of Array.isArray(models) ? models : [models]) {
      const found = this.get(model);
      if (found) {
        this.removeModel(found, options);
      }
    }
    return models;
  }

  reset(): this {
    this.models.forEach((model) => this.removeModel(model));
    this.trigger('reset', this, {});
    return this;
  }

  sort(options?: Options): this {
    this.trigger('sort', this, options ?? {});
    return this;
  }

  fetch(options?: Options & { success?: (...args: any[]) => void }): this {
    (options?.success as ((collection: unknown) => void) | undefined)?.(this);
    return this;
  }

  each(callback: Test): M[] {
    const { models } = this;
    models.forEach(callback);
    return models;
  }

  forEach(callback: Test): M[] {
    return this.each(callback);
  }

  map<R>(callback: Test<R> | string): R[] {
    return typeof callback === 'string' ? this.pluck(callback) : this.models.map(callback);
  }

  filter(test: Test | Attributes): M[] {
    return this.models.filter(matcher(test));
  }

  reject(test: Test | Attributes): M[] {
    const matches = matcher(test);
    return this.models.filter((model, index, models) => !matches(model, index, models));
  }

  find(test: Test | Attributes): M | undefined {
    return this.models.find(matcher(test));
  }

  some(test: Test | Attributes): boolean {
    return this.models.some(matcher(test));
  }

  any(test: Test | Attributes): boolean {
    return this.some(test);
  }

  every(test: Test | Attributes): boolean {
    return this.models.every(matcher(test));
  }

  includes(model: unknown): boolean {
    return this.models.includes(model as M);
  }

  contains(model: unknown): boolean {
    return this.includes(model);
  }

  indexOf(model: unknown): number {
    return this.models.indexOf(model as M);
  }

  findIndex(test: Test | Attributes): number {
    return this.models.findIndex(matcher(test));
  }

  findLastIndex(test: Test | Attributes): number {
    const matches = matcher(test);
    const { models } = this;
    for (let index = models.length - 1; index >= 0; index -= 1) {
      if (matches(models[index], index, models)) {
        return index;
      }
    }
    return -1;
  }

  findWhere(attributes: Attributes): M | undefined {
    return this.find(attributes);
  }

  where(attributes: Attributes): M[] {
    return this.filter(attributes);
  }

  pluck(name: string): any[] {
    return this.models.map((model) => model.get(name));
  }

  invoke(method: string, ...args: unknown[]): unknown[] {
    return this.models.map((model) => (model as Attributes)[method](...args));
  }

  reduce<R>(callback: (memo: R, model: any, index: number) => R, memo: R): R {
    return this.models.reduce((memo, model, index) => callback(memo, model, index), memo);
  }

  sortBy(by: string | ((model: any) => any)): M[] {
    return sorted(this.models, by);
  }

  groupBy(by: string | ((model: any) => any)): Record<string, M[]> {
    const groups: Record<string, M[]> = Object.create(null);
    for (const model of this.models) {
      const group = String(typeof by === 'string' ? model.get(by) : by(model));
      (groups[group] ??= []).push(model);
    }
    return groups;
  }

  first(count?: number): any {
    return count === undefined ? this.at(0) : this.models.slice(0, count);
  }

  last(count?: number): any {
    return count === undefined ? this.at(-1) : this.models.slice(Math.max(0, this.length - count));
  }

  slice(from?: number, to?: number): M[] {
    return this.models.slice(from, to);
  }

  isEmpty(): boolean {
    return this.length === 0;
  }

  size(): number {
    return this.length;
  }

  toArray(): M[] {
    return this.models;
  }

  toJSON(): Attributes[] {
    return this.models.map((model) => model.toJSON());
  }

  [Symbol.iterator](): Iterator<M> {
    return this.models[Symbol.iterator]();
  }

  /** Has the core forget an entity; for subclasses. */
  protected removeModel(_model: M, _options?: Options): void {}

  /** The ids of what is in here, in the core's order. */
  protected ids(): string[] {
    return this.kinds.flatMap((kind) => core().ids(kind, this.of));
  }

  /** What is in here; of most collections, all is of one kind. */
  protected get kinds(): readonly Kind[] {
    return [this.kind];
  }

  /** Whether an id is one of them. */
  protected holds(id: string): boolean {
    return this.kinds.some((kind) => core().has(kind, this.of, id));
  }

  protected override heardChanged(): void {
    for (const kind of this.kinds) {
      const name = key(kind, this.source);
      const all = (listened.get(name) ?? []).filter((other) => other !== this).concat(this.heard ? [this] : []);
      listened.set(name, all);
      core().watch(kind, this.source, '', all.length > 0);
    }
    // To tell what changes, one must know what was.
    this.#held = new Set(this.heard ? this.models : []);
  }

  /** Told by the core that one came. */
  handleAdded(model: Model): void {
    this.#held.add(model as M);
    this.trigger('add', model, this, {});
  }

  /** Told by the core that one is other than it was; for collections that only some belong to. */
  handleChanged(_model: Model): void {}

  /** Told by the core that one is gone. */
  handleRemoved(model: Model): void {
    this.#held.delete(model as M);
    this.trigger('remove', model, this, {});
  }

  /** Of which entities the core tells when somebody listens here. */
  protected get source(): string {
    return this.of;
  }

  /** Whether a model was in here when it was told of last. */
  protected held(model: Model): boolean {
    return this.#held.has(model as M);
  }

  /** Keeps the models of a collection that somebody listens to. */
  #held = new Set<M>();

  protected model(id: string): M {
    const [first, ...others] = this.kinds;
    const kind = others.find((other) => core().has(other, this.of, id)) ?? first!;
    const model = handle(kind, this.of, id) as M;
    model.collection ??= this;
    return model;
  }
}

/** The collections that somebody listens to. */
const listened = new Map<string, Collection<any>[]>();

export function listenedCollections(kind: Kind, of: string): readonly Collection<any>[] {
  return listened.get(key(kind, of)) ?? [];
}

/** Says to which of them to a core that does not know. */
export function watchAgain(): void {
  for (const [place, { length }] of listened) {
    const [kind, of] = place.split(/ (.*)/);
    core().watch(Number(kind), of!, '', length > 0);
  }
}

function key(kind: Kind, of: string): string {
  return `${kind} ${of}`;
}

function matcher(test: Test | Attributes): Test {
  if (typeof test === 'function') {
    return test as Test;
  }
  const wanted = Object.entries(test);
  return (model: Model) => wanted.every(([name, value]) => model.get(name) === value);
}

function sorted<M extends Model>(models: M[], by: string | Function): M[] {
  if (typeof by === 'function' && by.length === 2) {
    return [...models].sort(by as (a: M, b: M) => number);
  }
  const value = (model: M): any => (typeof by === 'string' ? model.get(by) : by(model));
  return models
    .map((model) => [value(model), model] as const)
    .sort(([a], [b]) => (a > b || a === undefined ? 1 : a < b || b === undefined ? -1 : 0))
    .map(([, model]) => model);
}
