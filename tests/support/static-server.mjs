// Serves folders, and objects as JSON, on 127.0.0.1: what a web page's own server would do.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * @param {object} options
 * @param {Record<string, string>} [options.folders] a path that starts and ends with `/`, and the folder behind it;
 *   the longest path that fits counts
 * @param {Record<string, unknown>} [options.documents] a path, and what it answers: a string as HTML, all else as JSON
 * @param {number} [options.port] any free one if not said
 * @returns {Promise<{ url: string, port: number, close(): Promise<void> }>}
 */
export async function startStaticServer({ folders = {}, documents = {}, port = 0 }) {
  const prefixes = Object.keys(folders).sort((a, b) => b.length - a.length);
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(String(error));
    });
  });

  async function answer(request, response) {
    const path = decoded(new URL(request.url, 'http://localhost').pathname);
    if (path === undefined) return refuse(response, 400);
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405);
    if (Object.hasOwn(documents, path)) return sendDocument(response, documents[path]);
    const prefix = prefixes.find((prefix) => path.startsWith(prefix));
    if (prefix === undefined) return refuse(response, 404);
    // Normalised below a root, so that `..` cannot lead out of the folder.
    const file = join(folders[prefix], normalize(sep + path.slice(prefix.length)));
    return sendFile(request, response, path.endsWith('/') ? join(file, 'index.html') : file);
  }

  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    port: server.address().port,
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

async function sendFile(request, response, file) {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) return refuse(response, 404);
  response.writeHead(200, {
    'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
    'Content-Length': found.size,
    'Cache-Control': 'no-cache',
  });
  if (request.method === 'HEAD') return response.end();
  createReadStream(file).on('error', () => response.destroy()).pipe(response);
}

function sendDocument(response, content) {
  const html = typeof content === 'string';
  response.writeHead(200, { 'Content-Type': html ? TYPES['.html'] : TYPES['.json'], 'Cache-Control': 'no-cache' });
  response.end(html ? content : JSON.stringify(content));
}

function refuse(response, status) {
  response.writeHead(status, { 'Content-Type': TYPES['.txt'] });
  response.end(`${status}\n`);
}

function decoded(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
