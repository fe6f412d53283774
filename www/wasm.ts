/** The WebAssembly: where it lies, and how it comes to run. */
import init, { awaitLater } from '../pkg/converse_wasm.js';

import { ConverseError } from './errors.ts';
import { compilesNow, expectFrom, join, refuse } from './later.ts';
import { runSecond, type Second } from './script.ts';
import { useModule } from './trap.ts';

/** What wasm-pack calls the file, and what is cut out of it in release builds. */
const NAME = 'converse_wasm_bg.wasm';
const LATER = 'converse_wasm_later.wasm';

/** After so many milliseconds what did not come is tried again, and then after twice as long each time. */
const WAIT = 1_000;
/** So many milliseconds what the server sends waits for what is to come. */
const PATIENCE = 30_000;

/** Where the two halves are. */
export interface Place {
  readonly first: URL;
  readonly later: URL;
}

/**
 * The way from an address to a running wasm. The download begins with `start`, so that it runs beside whatever the page
 * still does; it is awaited by the first `initialize`. A failed attempt is not final: the next call tries again.
 */
export class WasmLoader {
  readonly #place: Place | null;
  readonly #second: Second | undefined;
  #running: Promise<void> | undefined;
  #whole: Promise<void> | undefined;
  #wait = WAIT;

  /**
   * `place` is where the wasm is if it lies beside its script, null when that could not tell where it came from. A client
   * has a second script, which comes with the second half.
   */
  constructor(place: Place | null, second?: Second) {
    this.#place = place;
    this.#second = second;
  }

  start(): void {
    // Whoever calls `ready` hears of a failure. Until then it is nobody's unhandled rejection.
    this.ready().catch(() => {});
  }

  /**
   * Resolves when the glue can be called; rejects with a `ConverseError` that says what to do about it. The wasm that is
   * not beside the script is looked for in `folder`.
   */
  ready(folder?: URL): Promise<void> {
    const running = (this.#running ??= this.#attempt(this.#place));
    return folder ? running.catch(() => (this.#running ??= this.#attempt(placeIn(folder)))) : running;
  }

  /** Resolves, after `ready` has done so, when nothing is missing; rejects as that does. */
  whole(): Promise<void> {
    return this.#whole ?? Promise.resolve();
  }

  async #attempt(place: Place | null): Promise<void> {
    try {
      await load(place);
      const { later } = place!;
      const second = this.#second;
      const isHalf = expectFrom(later);
      const missing = new Set([...(isHalf ? [() => loadLater(later)] : []), ...(second ? [() => runSecond(second, later)] : [])]);
      awaitLater(missing.size > 0);
      if (missing.size > 0) {
        this.#complete(missing, setTimeout(awaitLater, PATIENCE, false));
      }
      if (isHalf && !compilesNow()) {
        await this.whole();
      }
    } catch (error) {
      this.#running = undefined;
      throw error;
    }
  }

  /** Brings what is missing; when that is there, nothing waits for `patience` any more. */
  #complete(missing: Set<Part>, patience: number): void {
    this.#whole = bring(missing).then(() => {
      clearTimeout(patience);
      awaitLater(false);
    });
    this.#whole.catch((error: unknown) => {
      console.error('converse:', error);
      setTimeout(() => this.#complete(missing, patience), this.#wait);
      this.#wait *= 2;
    });
  }
}

/** Loads something that a page can begin without. */
type Part = () => Promise<void>;

/** Loads all of them, and takes away those that are there. */
async function bring(missing: Set<Part>): Promise<void> {
  const outcomes = await Promise.allSettled([...missing].map((part) => part().then(() => missing.delete(part))));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) {
    throw failed.reason;
  }
}

/** Where the wasm is when it lies beside the script that runs; null when something else than a script tag runs it. */
export function wasmBeside(script: HTMLOrSVGScriptElement | null): Place | null {
  return script instanceof HTMLScriptElement && script.src ? placeIn(new URL(script.src)) : null;
}

function placeIn(folder: URL): Place {
  return { first: new URL(NAME, folder), later: new URL(LATER, folder) };
}

async function loadLater(url: URL): Promise<void> {
  await join(await compile(url, await download(url)));
}

async function load(place: Place | null): Promise<void> {
  if (typeof WebAssembly !== 'object') {
    throw new ConverseError('wasm-unsupported', 'This browser has no WebAssembly, or it is switched off.');
  }
  if (!place) {
    throw new ConverseError(
      'wasm-location-unknown',
      'converse.js does not know where it was loaded from. Include it with <script src="…/converse.js">, or say with ' +
        'the setting assets_path in which folder converse_wasm_bg.wasm is.',
    );
  }
  const { first } = place;
  const module = await compile(first, await download(first));
  useModule(module);
  await init({ module_or_path: module }).catch((cause: unknown) => refuse(first, cause));
}

async function download(url: URL): Promise<Response> {
  if (url.protocol === 'file:') {
    throw new ConverseError(
      'wasm-unreachable',
      'A page that is opened as a file cannot load WebAssembly. Serve its folder over http, for example with ' +
        '`python3 -m http.server`, and open http://localhost:8000/ there.',
    );
  }
  const response = await fetch(url).catch((cause: unknown) => {
    throw new ConverseError(
      'wasm-unreachable',
      `${url} could not be fetched: the network, the page's Content-Security-Policy (connect-src), or CORS is in the way. ` +
        'From another origin the file must come with the header Access-Control-Allow-Origin.',
      { cause },
    );
  });
  if (!response.ok) {
    throw new ConverseError(
      'wasm-not-found',
      `${url} answered ${response.status}. The file must be served beside the script, or in the folder that the setting ` +
        'assets_path names.',
    );
  }
  return response;
}

async function compile(url: URL, response: Response): Promise<WebAssembly.Module> {
  const type = response.headers.get('content-type')?.split(';')[0]?.trim() ?? '';
  try {
    if (type === 'application/wasm' && 'compileStreaming' in WebAssembly) {
      return await WebAssembly.compileStreaming(response);
    }
    // Streaming insists on the MIME type. Many servers do not know it yet; it is slower, and works.
    return await WebAssembly.compile(await response.arrayBuffer());
  } catch (cause) {
    if (/content.security|unsafe-eval|\bCSP\b/i.test(String(cause))) {
      throw new ConverseError(
        'wasm-blocked',
        "The Content-Security-Policy of this page forbids WebAssembly: add 'wasm-unsafe-eval' to its script-src.",
        { cause },
      );
    }
    if (cause instanceof WebAssembly.CompileError) {
      const found = type && type !== 'application/wasm' ? `, the server sent "${type}"` : '';
      throw new ConverseError('wasm-invalid', `${url} is not a WebAssembly file${found}.`, { cause });
    }
    throw new ConverseError('wasm-unreachable', `The download of ${url} broke off.`, { cause });
  }
}
