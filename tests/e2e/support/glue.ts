/**
 * Stands in for the wasm-bindgen glue: it takes the same calls, notes them and the plugins that there are in
 * `window.glueCalls`, and has no core behind it. `window.glueFails` makes `initialize` reject.
 */
interface Recorder {
  glueCalls?: { settings: object; host: Host; plugins: string[] }[];
  glueFails?: string;
}

interface Host {
  startPlugins(_converse: object): void;
  env: object;
  api: object;
}

const recorder = globalThis as Recorder;

export default async function init({ module_or_path }: { module_or_path: WebAssembly.Module }): Promise<void> {
  await WebAssembly.instantiate(module_or_path);
}

export async function initialize(settings: object, host: Host): Promise<void> {
  const _converse = { api: { settings: {} }, connfeedback: { on: nothing }, pluggable: { plugins: {} } };
  host.startPlugins(_converse);
  // Those that are registered, without those that are part of the library.
  const plugins = Object.keys(_converse.pluggable.plugins).filter((name) => !name.startsWith('converse-'));
  (recorder.glueCalls ??= []).push({ settings, host, plugins });
  if (recorder.glueFails) {
    throw new Error(recorder.glueFails);
  }
}

const nothing = (): void => {};
const own = { add: nothing, clear: nothing };
/** What of it the loader looks at, besides what plugins call. */
export const api = {
  send: nothing,
  emit: nothing,
  listen: { on: nothing, once: nothing, stanza: nothing },
  contacts: { add: nothing },
  vcard: { get: nothing },
  disco: { own: { features: own, identities: own } },
};

export const core = {};

// What the build adds to the glue, for instances that fail.
export const hooks = {};
export const awaitLater = (): void => {};
export const imports = (): object => ({});
export const bury = nothing;
export const initSync = nothing;
export const initAgain = nothing;
