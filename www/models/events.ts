/** `Backbone.Events`, by which models, collections and views tell what happens. */
import { extend } from '../compat/extend.ts';

/** What a handler is called with. */
export type Handler = (...args: any[]) => unknown;

interface Listener {
  readonly name: string;
  readonly callback: Handler;
  readonly context: unknown;
  readonly once: boolean;
  /** Who listens, if it was `listenTo` that made this. */
  readonly listener: Events | undefined;
}

/** A name, several separated by spaces, or a map from names to handlers. */
export type Names = string | Record<string, Handler>;

/**
 * Events as plugins know them from Backbone: `on`, `once`, `off`, `trigger`, and `listenTo` for those who must not
 * forget to stop. One who throws keeps nobody else from hearing it.
 */
export class Events {
  /** Makes a class of this one, as Backbone does. */
  static readonly extend = extend;

  #listeners: Listener[] = [];
  #listensTo = new Set<Events>();

  /** Calls `callback` whenever the event happens; `all` stands for every event and gets its name first. */
  on(names: Names, callback?: Handler | unknown, context?: unknown): this {
    return this.#add(names, callback, context, false, undefined);
  }

  bind(names: Names, callback?: Handler | unknown, context?: unknown): this {
    return this.on(names, callback, context);
  }

  /** Calls `callback` the next time only. */
  once(names: Names, callback?: Handler | unknown, context?: unknown): this {
    return this.#add(names, callback, context, true, undefined);
  }

  /** Calls no longer what these arguments say; without any, nobody. */
  off(names?: Names | null, callback?: Handler | null, context?: unknown): this {
    const wanted = typeof names === 'object' && names ? Object.entries(names) : [[names, callback] as const];
    for (const [given, handler] of wanted) {
      for (const name of given ? split(given) : [undefined]) {
        this.#remove(
          (listener) =>
            (name === undefined || listener.name === name) &&
            (!handler || listener.callback === handler) &&
            (context === undefined || listener.context === context),
        );
      }
    }
    return this;
  }

  unbind(names?: Names | null, callback?: Handler | null, context?: unknown): this {
    return this.off(names, callback, context);
  }

  /** Tells everybody who listens for one of the events. */
  trigger(names: string, ...args: unknown[]): this {
    for (const name of split(names)) {
      // Copied: a handler may take itself or others out, which is for the next time.
      const due = this.#listeners.filter((listener) => listener.name === name);
      const forAll = name === 'all' ? [] : this.#listeners.filter((listener) => listener.name === 'all');
      this.#remove((listener) => listener.once && (due.includes(listener) || forAll.includes(listener)));
      due.forEach((listener) => call(listener, this, args));
      forAll.forEach((listener) => call(listener, this, [name, ...args]));
    }
    return this;
  }

  /** Listens to another object; {@link stopListening} ends it. */
  listenTo(other: Events, names: Names, callback?: Handler): this {
    return this.#listen(other, names, callback, false);
  }

  listenToOnce(other: Events, names: Names, callback?: Handler): this {
    return this.#listen(other, names, callback, true);
  }

  /** Listens no longer to what these arguments say; without any, to nobody. */
  stopListening(other?: Events | null, names?: Names | null, callback?: Handler): this {
    for (const heard of other ? [other] : [...this.#listensTo]) {
      if (names) {
        const pairs = typeof names === 'object' ? Object.entries(names) : [[names, callback] as const];
        for (const [given, handler] of pairs) {
          for (const name of split(given)) {
            heard.#remove((one) => one.listener === this && one.name === name && (!handler || one.callback === handler));
          }
        }
      } else {
        heard.#remove((one) => one.listener === this && (!callback || one.callback === callback));
      }
      if (!heard.#listeners.some((one) => one.listener === this)) {
        this.#listensTo.delete(heard);
      }
    }
    return this;
  }

  /** Whether anybody listens at all. */
  protected get heard(): boolean {
    return this.#listeners.length > 0;
  }

  /** Called when the first handler came or the last one went. */
  protected heardChanged(): void {}

  #listen(other: Events, names: Names, callback: Handler | undefined, once: boolean): this {
    if (!(other instanceof Events)) {
      // A `_converse`, or an object of another library: it can be told, but not asked who listens.
      const foreign = other as { on(names: Names, callback: unknown, context: unknown): void } | undefined;
      foreign?.on(names, callback, this);
      return this;
    }
    this.#listensTo.add(other);
    other.#add(names, callback, this, once, this);
    return this;
  }

  #add(names: Names, callback: unknown, context: unknown, once: boolean, listener: Events | undefined): this {
    if (typeof names === 'object') {
      // With a map, what follows it is the context.
      for (const [name, handler] of Object.entries(names)) {
        this.#add(name, handler, context ?? callback, once, listener);
      }
      return this;
    }
    if (typeof callback !== 'function') {
      return this;
    }
    const before = this.heard;
    for (const name of split(names)) {
      this.#listeners.push({ name, callback: callback as Handler, context, once, listener });
    }
    if (!before && this.heard) {
      this.heardChanged();
    }
    return this;
  }

  #remove(unwanted: (listener: Listener) => boolean): void {
    const before = this.heard;
    this.#listeners = this.#listeners.filter((listener) => !unwanted(listener));
    if (before && !this.heard) {
      this.heardChanged();
    }
  }
}

function call(listener: Listener, self: Events, args: unknown[]): void {
  try {
    listener.callback.apply(listener.context ?? self, args);
  } catch (exception) {
    reportError(exception);
  }
}

function split(names: string): string[] {
  return names.split(/\s+/).filter((name) => name !== '');
}
