import init from '../pkg/converse_wasm.js';

import { ConverseError } from './errors.ts';

/**
 * The way from an address to a running wasm. The download begins with `start`, so that it runs beside whatever the page
 * still does; it is awaited by the first `initialize`. A failed attempt is not final: the next call tries again.
 */
export class WasmLoader {
  readonly #url: URL | null;
  #running: Promise<void> | undefined;

  /** `url` is null when the script could not tell where it came from. */
  constructor(url: URL | null) {
    this.#url = url;
  }

  start(): void {
    // Whoever calls `ready` hears of a failure. Until then it is nobody's unhandled rejection.
    this.ready().catch(() => {});
  }

  /** Resolves when the glue can be called; rejects with a `ConverseError` that says what to do about it. */
  ready(): Promise<void> {
    this.#running ??= load(this.#url).catch((error: unknown) => {
      this.#running = undefined;
      throw error;
    });
    return this.#running;
  }
}

async function load(url: URL | null): Promise<void> {
  if (typeof WebAssembly !== 'object') {
    throw new ConverseError('wasm-unsupported', 'This browser has no WebAssembly, or it is switched off.');
  }
  if (!url) {
    throw new ConverseError(
      'wasm-location-unknown',
      'converse.js does not know where it was loaded from. Include it with <script src="…/converse.js">.',
    );
  }
  const module = await compile(url, await download(url));
  await init({ module_or_path: module }).catch((cause: unknown) => {
    throw new ConverseError('wasm-invalid', `${url} does not fit its script: take both from one release.`, { cause });
  });
}

async function download(url: URL): Promise<Response> {
  const response = await fetch(url).catch((cause: unknown) => {
    throw new ConverseError(
      'wasm-unreachable',
      `${url} could not be fetched: the network, CORS, or the page's Content-Security-Policy (connect-src) is in the way.`,
      { cause },
    );
  });
  if (!response.ok) {
    throw new ConverseError(
      'wasm-not-found',
      `${url} answered ${response.status}. The file must be served beside the script.`,
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
