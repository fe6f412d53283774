/** An event handler, as models and collections call it. */
export type ModelHandler = (...args: any[]) => unknown;

/** Events on an object, with the methods that Backbone gives them. */
export interface Observable {
  /** Calls `callback` whenever the event happens; several names are separated by spaces, `all` stands for every event. */
  on(names: string | Record<string, ModelHandler>, callback?: ModelHandler, context?: unknown): this;
  once(names: string | Record<string, ModelHandler>, callback?: ModelHandler, context?: unknown): this;
  off(names?: string | Record<string, ModelHandler> | null, callback?: ModelHandler | null, context?: unknown): this;
  trigger(names: string, ...args: unknown[]): this;
  listenTo(other: Observable, names: string, callback: ModelHandler): this;
  listenToOnce(other: Observable, names: string, callback: ModelHandler): this;
  stopListening(other?: Observable | null, names?: string | null, callback?: ModelHandler): this;
}

/**
 * What the library knows of something, as a model with the methods of Backbone's. It follows what happens by itself:
 * `change:…` events say so. Attributes of your own may be added; they are kept over a reload like the others.
 */
export interface Model<A extends object = Record<string, any>> extends Observable {
  readonly id: any;
  /** Tells models apart, those without an id too. */
  readonly cid: string;
  /** The attributes; change them by {@link set}. */
  readonly attributes: A & Record<string, any>;
  /** What the last change changed. */
  readonly changed: Partial<A> & Record<string, any>;
  readonly collection: Collection<any> | undefined;
  get<K extends keyof A & string>(name: K): A[K];
  get(name: string): any;
  /** Whether the attribute has a value. */
  has(name: string): boolean;
  set(name: string, value: unknown, options?: object): this | false;
  set(attributes: Partial<A> & Record<string, unknown>, options?: object): this | false;
  /** The same as {@link set}: everything is kept anyway. */
  save(name: string, value: unknown, options?: object): this | false;
  save(attributes?: (Partial<A> & Record<string, unknown>) | null, options?: object): this | false;
  unset(name: string, options?: object): this;
  /** A copy of all attributes. */
  toJSON(): A & Record<string, any>;
  /** The value before the last change. */
  previous(name: string): any;
  hasChanged(name?: string): boolean;
  destroy(options?: object): unknown;
}

/** Models of one kind, with the methods of Backbone's collections. */
export interface Collection<M extends Model<any> = Model> extends Observable, Iterable<M> {
  readonly models: M[];
  readonly length: number;
  /** The model with this id or cid. */
  get(id: unknown): M | undefined;
  at(index: number): M | undefined;
  first(): M | undefined;
  last(): M | undefined;
  each(callback: (model: M, index: number) => unknown): M[];
  map<R>(callback: (model: M, index: number) => R): R[];
  filter(test: ((model: M, index: number) => unknown) | object): M[];
  reject(test: ((model: M, index: number) => unknown) | object): M[];
  find(test: ((model: M, index: number) => unknown) | object): M | undefined;
  findWhere(attributes: object): M | undefined;
  where(attributes: object): M[];
  pluck(name: string): any[];
  sortBy(by: string | ((model: M) => any)): M[];
  toJSON(): Record<string, any>[];
  remove(models: unknown, options?: object): unknown;
  reset(): this;
  fetch(options?: object): this;
}
