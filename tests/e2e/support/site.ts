import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { build } from 'esbuild';

/** What a path of the site answers: text, bytes, or whatever a function does. */
export type Answer =
  | string
  | { body?: string | Uint8Array; type?: string; status?: number; headers?: Record<string, string> }
  | ((request: IncomingMessage, response: ServerResponse) => void);

/** A web site out of a table, on a free port of this machine. */
export class Site {
  readonly pages: Map<string, Answer>;
  readonly requests: string[] = [];
  readonly #server: Server;

  private constructor(pages: Record<string, Answer>) {
    this.pages = new Map(Object.entries(pages));
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async open(pages: Record<string, Answer>): Promise<Site> {
    const site = new Site(pages);
    await new Promise<void>((ready) => site.#server.listen(0, '127.0.0.1', ready));
    return site;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = new URL(request.url ?? '/', 'http://site').pathname;
    this.requests.push(path);
    const answer = this.pages.get(path);
    if (typeof answer === 'function') {
      answer(request, response);
      return;
    }
    const { body = '', type = mime(path), status = 200, headers = {} } =
      typeof answer === 'string' ? { body: answer } : (answer ?? { status: 404 });
    response.writeHead(status, { 'content-type': type, ...headers });
    response.end(body);
  }
}

/** Bundles files of `www/` for a page. The glue that a build would make is replaced by `glue.ts`. */
export async function bundle(root: string, entry: string | { contents: string }, format: 'iife' | 'esm'): Promise<string> {
  const www = join(root, 'www');
  const result = await build({
    ...(typeof entry === 'string'
      ? { entryPoints: [join(www, entry)] }
      : { stdin: { contents: entry.contents, resolveDir: www, loader: 'ts' as const } }),
    bundle: true,
    write: false,
    format,
    target: 'es2022',
    logLevel: 'warning',
    plugins: [
      {
        name: 'glue',
        setup({ onResolve }) {
          onResolve({ filter: /\/pkg\/converse_wasm\.js$/ }, () => ({ path: join(root, 'tests/e2e/support/glue.ts') }));
        },
      },
    ],
  });
  return result.outputFiles[0]?.text ?? '';
}

/** The smallest WebAssembly module. */
export const EMPTY_WASM = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

function mime(path: string): string {
  return path.endsWith('.js') ? 'text/javascript' : path.endsWith('.wasm') ? 'application/wasm' : 'text/html;charset=utf-8';
}
