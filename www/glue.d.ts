/**
 * The wasm-bindgen glue as the loader needs it, so that TypeScript can check these files before a build has made the
 * real one. `src/api/` has the other side.
 */
declare module '*/pkg/converse_wasm.js' {
  export default function init(options: { module_or_path: WebAssembly.Module }): Promise<unknown>;

  /**
   * Has the plugins started and logs in.
   * Resolves after the first login; rejects on mistakes in the settings and on an exception in a plugin.
   */
  export function initialize(
    settings: object,
    host: {
      startPlugins: (_converse: import('./types/index.d.ts').ClosuredConverse) => void;
      env: object;
      api: object;
      serialize: (stanza: never) => string | null;
      ask: typeof import('./ask.ts').ask;
      showWire: (sent: boolean, text: string, debug: boolean) => void;
      models: object;
      client: ((_converse: import('./types/index.d.ts').ClosuredConverse) => void) | undefined;
    },
  ): Promise<void>;

  /** The functions behind `_converse.api`, grouped. */
  export const api: object;

  /** What the handles of entities read and write. */
  export const core: import('./models/core.ts').Core;
}
