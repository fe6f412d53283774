/**
 * The wasm-bindgen glue as the loader needs it, so that TypeScript can check these files before a build has made the
 * real one. `src/api/` has the other side.
 */
declare module '*/pkg/converse_wasm.js' {
  export default function init(options: { module_or_path: WebAssembly.Module }): Promise<unknown>;

  /** Begins with another instance, where one is buried: at once if the browser does so, or later. */
  export function initSync(options: { module: WebAssembly.Module }): unknown;
  export function initAgain(options: { module_or_path: WebAssembly.Module }): Promise<unknown>;

  /** What makes of an instance's exports that by which everybody enters it. */
  /** And what is called when the first half of the wasm needs the second. */
  export const hooks: { wrap(exports: WebAssembly.Exports): object; later(): void };

  /** Says whether the second half of the wasm is on its way: what comes after the contacts waits for it. */
  export function awaitLater(awaited: boolean): void;

  /** What the wasm imports. */
  export function imports(): WebAssembly.Imports;

  /** Puts `tomb` in the place of an instance, which comes back. */
  export function bury(tomb: object): Record<string, unknown>;

  /**
   * Has the plugins started and logs in.
   * Resolves after the first login; rejects on mistakes in the settings and on an exception in a plugin.
   */
  export function initialize(settings: object, host: import('./trap.ts').Host): Promise<void>;

  /** The functions behind `_converse.api`, grouped. */
  export const api: object;

  /** What the handles of entities read and write. */
  export const core: import('./models/core.ts').Core;
}

/** The second script of the client: `xtask/src/build/later.mjs` makes it. */
declare module '*/converse.later.js' {
  export const build: string;
  export default function run(first: object): void;
}
