/**
 * What becomes of the page if the core fails: a trap of the wasm, for whatever reason. Whatever enters it does so here. The
 * instance is given up, with its connections; another one takes up what the page's storage holds, as after a reload, and what
 * plugins have registered. Their handles are JavaScript, and read of the next instance what they read of the last.
 */
import * as glue from '../pkg/converse_wasm.js';

import type { ask } from './ask.ts';
import { ConverseError } from './errors.ts';
import { join, share } from './later.ts';
import { watchAgain } from './models/collection.ts';
import { holdAgain } from './models/handles.ts';
import type { ClosuredConverse } from './types/index.d.ts';

/** The loader's half of everything; `src/api/initialize.rs` says what is what. */
export interface Host {
  startPlugins: (_converse: ClosuredConverse) => void;
  env: object;
  api: object;
  serialize: (stanza: never) => string | null;
  ask: typeof ask;
  showWire: (sent: boolean, text: string, debug: boolean) => void;
  models: object;
  client: ((_converse: ClosuredConverse) => void) | undefined;
  /** What plugins have registered and wait for: how, and with what. */
  kept?: Set<Kept>;
  /** Rejects the log-in that is under way, or was. */
  login?: (error: Error) => void;
  /** If an instance has failed: the closured object that there is, and whether there was a session. */
  converse?: ClosuredConverse | undefined;
  online?: boolean;
}

type Kept = [how: string, ...args: any[]];
type Call = (...args: any[]) => any;

/** What the last `initialize` was called with, and what it has come to. */
interface Page {
  readonly settings: object;
  readonly host: Host;
  readonly settle: (promise: Promise<void>) => void;
}

/** An instance that fails within so many milliseconds after the last did so is the next in a row. */
const ROW = 60_000;
/** How long to wait for the next attempt, in milliseconds, by how many there were in a row; then no more. */
const WAITS = [0, 2_000];
/** What else is registered with the core, beside listeners: the last call for each first argument counts. */
const LASTING = ['onShown', 'onNotice', 'leave', 'watchWire', 'hookRoom'];

let module: WebAssembly.Module;
let page: Page | undefined;
let depth = 0;
let trap: { error: unknown } | undefined;
let failures = 0;
let failed = -ROW;
const lasting = new Map<string, () => void>();
const { on, once, stanza } = (glue.api as any).listen;
const { emit } = glue.api as any;
const register: Record<string, Call> = { on, once, stanza };

glue.hooks.wrap = (exports) => {
  share(exports);
  return Object.fromEntries(Object.entries(exports).map(([name, it]) => [name, typeof it === 'function' ? guarded(it as Call) : it]));
};
LASTING.forEach((name) => keep(glue.core, name));
['features', 'identities'].forEach((name) => keep((glue.api as any).disco.own[name], 'add', 'clear'));

/** Says what the instances are made of. */
export function useModule(compiled: WebAssembly.Module): void {
  module = compiled;
}

/** `initialize` of the core, and of each that takes its place. */
export function initialize(settings: object, host: Host): Promise<void> {
  lasting.clear();
  host.kept = new Set();
  const { startPlugins } = host;
  host.startPlugins = (_converse) => startPlugins((host.converse = _converse));
  return new Promise((resolve, reject) => {
    page = { settings, host, settle: (promise) => void promise.then(resolve, reject) };
    page.settle(glue.initialize(settings, { ...host, converse: undefined }));
  });
}

function guarded(enter: Call): Call {
  return (...args) => {
    depth++;
    try {
      return enter(...args);
    } catch (error) {
      // What the core wants to throw is thrown by the glue. This has torn it down in the middle of something.
      trap ??= { error };
      throw error;
    } finally {
      if (--depth === 0 && trap) {
        const { error } = trap;
        trap = undefined;
        recover(error);
      }
    }
  };
}

function recover(cause: unknown): void {
  const error = new ConverseError('core-failed', 'The core of the chat has failed.', { cause });
  const fail = (): never => {
    throw error;
  };
  const dead = glue.bury(new Proxy({}, { get: () => fail }));
  disconnect(dead['__wbindgen_externrefs'] as WebAssembly.Table);
  failures = performance.now() - failed < ROW ? failures + 1 : 0;
  failed = performance.now();
  const wait = WAITS[failures];
  if (wait === undefined) {
    giveUp(error);
  } else if (wait) {
    setTimeout(restart, wait, error);
  } else {
    restart(error);
  }
}

/** Closes what a dead instance held of connections: the server is not to wait for it. */
function disconnect(held: WebAssembly.Table): void {
  for (let at = 0; at < held.length; at++) {
    const it: unknown = held.get(at);
    if (it instanceof WebSocket) {
      it.close();
    } else if (it instanceof XMLHttpRequest) {
      it.abort();
    }
  }
}

function restart(error: Error): void {
  try {
    glue.initSync({ module });
  } catch {
    // Old browsers want to take their time.
    return void glue.initAgain({ module_or_path: module }).then(() => join()).then(() => revive(error));
  }
  revive(error);
}

function revive(error: Error): void {
  if (!page) {
    return;
  }
  const { settings, host, settle } = page;
  const kept = [...host.kept!];
  host.kept = new Set();
  const startPlugins = (): void => {
    reject(kept, error);
    kept.forEach(([how, ...args]) => register[how]?.(...args));
    holdAgain();
    watchAgain();
    [...lasting.values()].forEach((call) => call());
    emit('coreFailed', { error, restarts: true });
  };
  const { connfeedback } = host.converse ?? ({} as any);
  const online = ![undefined, 2, 4, 6, 7].includes(connfeedback?.get('connection_status'));
  settle(glue.initialize(settings, Object.assign(host, { startPlugins, online })));
}

/** Tells everybody that it is over. */
function giveUp(error: Error): void {
  if (!page?.host.converse) {
    return;
  }
  const { kept, converse } = page.host;
  reject([...kept!], error);
  page.settle(Promise.reject(error));
  (converse as any).connfeedback.tell(6);
  const tell = (event: string, payload: unknown): void => {
    for (const [, name, callback, context] of [...kept!]) {
      if (name === event || name === 'all') {
        try {
          callback.call(context ?? converse, ...(name === event ? [payload] : [event, payload]));
        } catch (exception) {
          reportError(exception);
        }
      }
    }
  };
  tell('coreFailed', { error, restarts: false });
  tell('connfeedback', (converse as any).connfeedback);
  tell('disconnected', error);
}

/** Nobody will answer what the dead instance has asked. */
function reject(kept: Kept[], error: Error): void {
  kept.forEach(([how, call]) => how === 'call' && call(error));
  page!.host.login?.(error);
}

/** Notes what is called of `object`, so that it can be called again; `clear` takes it back. */
function keep(object: any, name: string, clear?: string): void {
  const call: Call = object[name];
  object[name] = (...args: any[]) => {
    const of = name + (clear ? JSON.stringify(args) : args.length > 1 ? args[0] : '');
    lasting.set(of, () => call(...args));
    return call(...args);
  };
  if (clear) {
    const undo: Call = object[clear];
    object[clear] = () => {
      [...lasting.keys()].filter((of) => of.startsWith(name)).forEach((of) => lasting.delete(of));
      return undo();
    };
  }
}
