/** `window.converse`: what the page and plugins call before there is a core, and what leads to one. */
import * as glue from '../pkg/converse_wasm.js';

import { ask } from './ask.ts';
import { connection } from './connection.ts';
import { followConnection, GROUPINGS } from './closured.ts';
import { serialize } from './compat/serialize.ts';
import { settingsOf, type Connection } from './compat/connection.ts';
import { env, furnish, furnishViews } from './env.ts';
import { addIdioms } from './idioms.ts';
import { modelsFor } from './models/index.ts';
import { MUC_NICK_CHANGED_CODE, ROOMSTATUS, ROOM_FEATURES } from './models/room.ts';
import type { ClosuredConverse, Converse, Settings } from './types/index.d.ts';
import { PluginRegistry } from './plugins.ts';
import type { Second } from './script.ts';
import { startPlugins } from './start.ts';
import { initialize } from './trap.ts';
import { WasmLoader, type Place } from './wasm.ts';
import { showWire } from './wire-log.ts';

/** What shows everything, where something is to be seen. */
export interface Client {
  /** Is called by every `initialize`, before the connection begins. What else it loads lies in the folder of `base`. */
  show(converse: ClosuredConverse, base: URL | null): void;
  /** Its groupings of `_converse.api`. */
  readonly groupings: object;
  /** What of it stands on `_converse` before any plugin. */
  readonly closured: object;
  /** What it adds to `converse.env`, made when it is touched, and to `converse.env.utils`. */
  readonly env: Readonly<Record<string, () => unknown>>;
  readonly utils: object;
}

/** What only plugins for converse.js 4 want, made when it is touched. */
interface DropIn {
  readonly env: Readonly<Record<string, () => unknown>>;
  /** Classes on `_converse`. */
  views(_converse: ClosuredConverse): Readonly<Record<string, () => unknown>>;
}

/**
 * The page's one `converse` object: made, announced and downloading its wasm when this returns. When the page has one
 * already, because the script was included twice or as script and module both, that one stays: plugins are registered
 * with it and a session may be running.
 */
export function install(wasm: Place | null, client?: Client & Second, dropIn?: DropIn): Converse {
  const page: { converse?: Converse } = globalThis as never;
  const present = page.converse;
  if (isConverse(present)) {
    if (!warned.has(present)) {
      warned.add(present);
      console.warn('converse: the script is included more than once on this page; the first one counts.');
    }
    return present;
  }

  const loader = new WasmLoader(wasm, client);
  Object.assign(env.utils, client?.utils);
  furnish({ ...client?.env, ...dropIn?.env });
  const converse = create(loader, wasm, client, dropIn);
  if (typeof document !== 'undefined') {
    page.converse = converse;
    loader.start();
    window.dispatchEvent(new CustomEvent('converse-loaded'));
  }
  return converse;
}

function create(loader: WasmLoader, wasm: Place | null, client?: Client, dropIn?: DropIn): Converse {
  const plugins = new PluginRegistry();
  let current: Record<string, any>;
  return {
    // A second argument, a callback, is accepted and never called, as in converse.js 4: the promise is there for that.
    async initialize(settings: Settings = {}): Promise<void> {
      if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) {
        throw new TypeError('converse.initialize: the settings must be an object.');
      }
      // Taken now: what the page does to its objects while the wasm is on its way is for the next call.
      const own = { ...(settings['connection'] ? settingsOf(settings['connection'] as Connection) : {}), ...settings };
      const registered = plugins.snapshot();
      const folder = folderOf(own['assets_path']);
      await loader.ready(folder);
      if (takesAll(own)) {
        await loader.whole();
      }
      await initialize(own, {
        startPlugins: (_converse: ClosuredConverse): void => {
          Object.assign(_converse, client?.closured);
          furnishViews(_converse, dropIn?.views(_converse));
          followConnection(_converse);
          addIdioms(_converse);
          current = _converse;
          startPlugins(_converse, registered);
        },
        env,
        api: Object.assign(glue.api, GROUPINGS, client?.groupings),
        serialize,
        // Who the user is, plugins may know better.
        ask: (url: string, accept: string, foreign: boolean, done: (text?: string) => void): unknown =>
          foreign || url !== current['credentials_url'] ? ask(url, accept, foreign, done) : askPlugins(current, done),
        showWire: (sent: boolean, text: string, debug: boolean) => {
          connection.showWire(sent, text);
          if (debug) {
            showWire(sent, text);
          }
        },
        models: modelsFor(glue.core, glue.api),
        client: client && ((_converse: ClosuredConverse): void => client.show(_converse, folder ?? wasm?.first ?? null)),
      });
    },

    plugins: {
      add: (name, plugin) => plugins.add(name, plugin),
    },

    env,
    MUC_NICK_CHANGED_CODE,
    ROOMSTATUS,
    ROOM_FEATURES,
  };
}

/** Whether to log in takes more than the first half of the wasm, which is made for doing so by password, over WebSocket. */
function takesAll({ authentication = 'login', auto_login, websocket_url }: Settings): boolean {
  return authentication !== 'login' || Boolean(auto_login && !websocket_url) || goesOn();
}

/** Whether this tab has had a session before. */
function goesOn(): boolean {
  try {
    return sessionStorage.getItem('converse-wasm/session') !== null;
  } catch {
    // The browser keeps nothing.
    return false;
  }
}

/** The folder that the setting names; undefined if it names none. */
function folderOf(path: unknown): URL | undefined {
  if (typeof path !== 'string' || path === '') {
    return undefined;
  }
  const folder = path.endsWith('/') ? path : `${path}/`;
  if (!URL.canParse(folder, document.baseURI)) {
    throw new TypeError('converse.initialize: assets_path must be the address of a folder.');
  }
  return new URL(folder, document.baseURI);
}

async function askPlugins(_converse: Record<string, any>, done: (text?: string) => void): Promise<void> {
  let given: string | undefined;
  try {
    given = JSON.stringify(await _converse['fetchLoginCredentials']());
  } catch {}
  done(given);
}

function isConverse(candidate: unknown): candidate is Converse {
  const { initialize, plugins } = (candidate ?? {}) as Partial<Converse>;
  return typeof initialize === 'function' && typeof plugins?.add === 'function';
}

/** Which objects were warned about, shared by every copy of this code on the page. */
const shared: Record<symbol, WeakSet<object> | undefined> = globalThis as never;
const WARNED = Symbol.for('converse-wasm.warned');
const warned = (shared[WARNED] ??= new WeakSet());
