/** What plugins for converse.js 5 to 12 call and 4 did not have, where that costs little. */
import { log } from './closured.ts';
import { Strophe } from './compat/strophe.ts';
import { core } from './models/core.ts';

type Api = Record<string, any>;
type Handler = (...args: unknown[]) => unknown;

/** Puts it beside what is there. */
export function addIdioms(_converse: Record<string, any>): void {
  const { api } = _converse as { api: Api };
  Object.assign(api['settings'], { extend: api['settings'].update });
  Object.assign(api, { trigger, hook, elements });
  // 4 logs by `log(text, level)`, 6 and later by `log.info(text)`.
  Object.assign(_converse['log'] ?? {}, logs);
  // There the classes and the models hang on these.
  _converse['exports'] = Object.create(_converse);
  _converse['state'] = Object.create(_converse);

  /** `emit`, which waits for what the handlers promise if the last argument is `{ synchronous: true }`. */
  function trigger(name: string, ...args: unknown[]): unknown {
    const options = args.at(-1) as { synchronous?: boolean } | null | undefined;
    if (options?.synchronous !== true) {
      return api['emit'](name, ...args);
    }
    const given = args.slice(0, -1);
    // The handlers are called here. What is left for `emit` is the promise of that name, and who listens to all.
    const answers = handlersOf(name).map((handler) => attempt(handler, given));
    return Promise.all(answers).then(() => _converse['promises'][name]?.resolve());
  }
}

/**
 * Asks everybody who listens to `name` what they make of `data`, each of what the one before has made. With nobody to
 * ask, `data` itself comes back.
 */
export function hook<T>(name: string, context: unknown, data: T): T | Promise<T> {
  const handlers = handlersOf(name);
  return handlers.length === 0 ? data : answersOf(handlers, context, data);
}

export function answersOf<T>(handlers: readonly Handler[], context: unknown, data: T): Promise<T> {
  return handlers.reduce<Promise<T>>((before, handler) => before.then((data) => handler(context, data) as T | Promise<T>), Promise.resolve(data));
}

/** Who listens to an event. Those who wanted it once do not any more. */
export function handlersOf(name: string): Handler[] {
  return core().handlersOf(name).map(([handler, context]) => handler.bind(context));
}

async function attempt(handler: Handler, args: unknown[]): Promise<void> {
  try {
    await handler(...args);
  } catch (exception) {
    reportError(exception);
  }
}

const logs = Object.fromEntries(
  Object.entries(Strophe.LogLevel).map(([name, level]) => [name.toLowerCase(), (message: unknown, style?: string) => log(message, level, style)]),
);

/** Custom elements of plugins. */
const elements = {
  registry: {} as Record<string, CustomElementConstructor>,
  define(name: string, element: CustomElementConstructor): void {
    this.registry[name] = element;
    if (!customElements.get(name)) {
      customElements.define(name, element);
    }
  },
};
