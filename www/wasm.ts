/** The WebAssembly: where it lies, and how it comes to run. */
import init from '../pkg/converse_wasm.js';

import { ConverseError } from './errors.ts';
import { useModule } from './trap.ts';

/** What wasm-pack calls the file. */
const NAME = 'converse_wasm_bg.wasm';

/**
 * The way from an address to a running wasm. The download begins with `start`, so that it runs beside whatever the page
 * still does; it is awaited by the first `initialize`. A failed attempt is not final: the next call tries again.
 */
export class WasmLoader {
  readonly #url: URL | null;
  #running: Promise<void> | undefined;

  /** `url` is where the wasm is if it lies beside its script, null when that could not tell where it came from. */
  constructor(url: URL | null) {
    this.#url = url;
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
    const running = (this.#running ??= this.#attempt(this.#url));
    return folder ? running.catch(() => (this.#running ??= this.#attempt(new URL(NAME, folder)))) : running;
  }

  #attempt(url: URL | null): Promise<void> {
    return load(url).catch((error: unknown) => {
      this.#running = undefined;
      throw error;
    });
  }
}

/** Where the wasm is when it lies beside the script that runs; null when something else than a script tag runs it. */
export function wasmBeside(script: HTMLOrSVGScriptElement | null): URL | null {
  return script instanceof HTMLScriptElement && script.src ? new URL(NAME, script.src) : null;
}

async function load(url: URL | null): Promise<void> {
  if (typeof WebAssembly !== 'object') {
    throw new ConverseError('wasm-unsupported', 'This browser has no WebAssembly, or it is switched off.');
  }
  if (!url) {
    throw new ConverseError(
      'wasm-location-unknown',
      'converse.js does not know where it was loaded from. Include it with <script src="…/converse.js">, or say with ' +
        'the setting assets_path in which folder converse_wasm_bg.wasm is.',
    );
  }
  const module = await compile(url, await download(url));
  useModule(module);
  await init({ module_or_path: module }).catch((cause: unknown) => {
    throw new ConverseError('wasm-invalid', `${url} does not fit its script: take both from one release.`, { cause });
  });
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
