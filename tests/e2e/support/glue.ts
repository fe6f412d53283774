/**
 * Stands in for the wasm-bindgen glue: it takes the same calls, notes them in `window.glueCalls` and has no core behind
 * it. `window.glueFails` makes `initialize` reject.
 */
interface Recorder {
  glueCalls?: { settings: object; host: { plugins: Map<string, object>; env: object; api: object } }[];
  glueFails?: string;
}

const recorder = globalThis as Recorder;

export default async function init({ module_or_path }: { module_or_path: WebAssembly.Module }): Promise<void> {
  await WebAssembly.instantiate(module_or_path);
}

export async function initialize(
  settings: object,
  host: { plugins: Map<string, object>; env: object; api: object },
): Promise<void> {
  (recorder.glueCalls ??= []).push({ settings, host });
  if (recorder.glueFails) {
    throw new Error(recorder.glueFails);
  }
}

export const api = { send(): void {} };

export const core = {};
