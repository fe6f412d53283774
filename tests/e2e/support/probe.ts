/** The page's half of `chat.ts`: a plugin that notes what happens, and lets a test wait for it. */
import type { ClosuredConverse, Converse, Settings } from '../../../www/types/index.d.ts';

export interface Seen {
  name: string;
  /** The arguments as JSON can have them: elements as XML, errors with name, code and message. */
  payload: unknown[];
}

export type Outcome = { ok: true } | Failure;
export interface Failure {
  ok: false;
  name: string;
  code?: string;
  message?: string;
}

export interface Probe {
  seen: Seen[];
  uncaught: string[];
  outcome: Promise<Outcome> | undefined;
  initialize(settings: Settings): void;
  settle(call: () => unknown): Promise<Outcome>;
  /** What the promise has come to by now: `pending`, or what it resolved with, as text. Null for no promise. */
  state(promise: Promise<unknown> | null | undefined): Promise<string | null>;
  event(name: string, times: number): Promise<unknown>;
  message(body: string): Promise<string>;
}

declare global {
  var probe: Probe;
  /** What the plugin `probe` was given. A page without it has none. */
  var _converse: ClosuredConverse;
  var converse: Converse;
}

function install(): void {
  const waiting: { name: string; wanted: (seen: Seen) => boolean; done: (payload: unknown) => void }[] = [];

  const plain = (value: unknown): unknown => {
    if (value instanceof Element) {
      return new XMLSerializer().serializeToString(value);
    }
    if (value instanceof Error) {
      return { name: value.name, code: (value as { code?: string }).code, message: value.message };
    }
    try {
      return JSON.parse(JSON.stringify(value) ?? 'null');
    } catch {
      return String(value);
    }
  };

  /** Resolves with the first event, past or to come, that `wanted` accepts. */
  const wait = (name: string, wanted: (seen: Seen) => boolean): Promise<unknown> => {
    for (const seen of probe.seen.filter((seen) => seen.name === name)) {
      if (wanted(seen)) {
        return Promise.resolve(seen.payload[0]);
      }
    }
    return new Promise((done) => waiting.push({ name, wanted, done }));
  };

  const probe: Probe = {
    seen: [],
    uncaught: [],
    outcome: undefined,

    initialize(settings) {
      const more = (settings['whitelisted_plugins'] ?? []) as string[];
      probe.outcome = probe.settle(() =>
        converse.initialize({ ...settings, whitelisted_plugins: ['probe', 'test', ...more] }),
      );
    },

    async settle(call) {
      try {
        await call();
        return { ok: true };
      } catch (thrown) {
        const { name, code, message } = (thrown ?? { name: 'nothing' }) as Failure;
        return { ok: false, name, message: message ?? String(thrown), ...(code ? { code } : {}) };
      }
    },

    async state(promise) {
      // A task of its own, so that whatever is settled comes first.
      const later = new Promise<string>((done) => setTimeout(done, 0, 'pending'));
      return promise ? Promise.race([promise.then((value) => `kept ${String(value)}`), later]) : null;
    },

    event(name, times) {
      let left = times;
      return wait(name, () => (left -= 1) <= 0);
    },

    async message(body) {
      let from = '';
      await wait('message', ({ payload }) => {
        const stanza = new DOMParser().parseFromString(String(payload[0]), 'text/xml').documentElement;
        from = stanza.getAttribute('from') ?? '';
        return stanza.querySelector('body')?.textContent === body;
      });
      return from;
    },
  };

  globalThis.probe = probe;
  addEventListener('error', (event) => probe.uncaught.push(event.message));
  addEventListener('unhandledrejection', (event) => probe.uncaught.push(`unhandled: ${String(event.reason)}`));
  addEventListener('converse-loaded', () => {
    converse.plugins.add('probe', {
      initialize() {
        globalThis._converse = this._converse;
        this._converse.api.listen.on('all', (name: string, ...payload: unknown[]) => {
          const seen = { name, payload: payload.map(plain) };
          probe.seen.push(seen);
          for (const waiter of [...waiting]) {
            if (waiter.name === name && waiter.wanted(seen)) {
              waiting.splice(waiting.indexOf(waiter), 1);
              waiter.done(seen.payload[0]);
            }
          }
        });
      },
    });
  });
}

/** The script to run in a page before anything else. */
export const PROBE = `(${install})()`;
