// An https server for whatever host the browser takes 127.0.0.1 for: documents out of a table, and all other requests,
// WebSockets included, forwarded to a plain http server. Its certificate is worth nothing, and its key no secret.

import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { createServer } from 'node:https';
import { connect } from 'node:net';

const file = (name) => readFileSync(new URL(`./tls/${name}.pem`, import.meta.url));

/**
 * @param {object} options
 * @param {number} options.forward the port of the http server
 */
export async function startSecureSite({ forward }) {
  /** What an address without its scheme answers: a text, or whatever a function does. */
  const answers = new Map();
  /** Every request that was not forwarded. */
  const requests = [];
  const sockets = new Set();
  const server = createServer({ key: file('key'), cert: file('cert') }, (request, response) => {
    const address = `${request.headers.host}${request.url}`;
    const answer = answers.get(address);
    if (answer === undefined && !request.url.includes('/.well-known/')) {
      const { method, headers, url: path } = request;
      const onward = httpRequest({ host: '127.0.0.1', port: forward, method, path, headers }, (answered) => {
        response.writeHead(answered.statusCode, answered.headers);
        answered.pipe(response);
      });
      onward.on('error', () => response.destroy());
      response.on('close', () => onward.destroy());
      request.pipe(onward);
      return;
    }
    requests.push({ address, headers: request.headers });
    response.setHeader('Access-Control-Allow-Origin', '*');
    if (typeof answer === 'function') answer(request, response);
    else response.writeHead(answer === undefined ? 404 : 200).end(answer ?? '');
  });
  server.on('upgrade', (request, socket, head) => {
    const onward = connect(forward, '127.0.0.1', () => {
      const lines = [`GET ${request.url} HTTP/1.1`];
      for (let i = 0; i < request.rawHeaders.length; i += 2) lines.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`);
      onward.write(`${lines.join('\r\n')}\r\n\r\n`);
      onward.write(head);
      socket.pipe(onward).pipe(socket);
    });
    for (const side of [socket, onward]) side.on('error', () => { socket.destroy(); onward.destroy(); });
    sockets.add(socket).add(onward);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    port: server.address().port,
    answers,
    requests,
    close: () => new Promise((closed) => {
      sockets.forEach((socket) => socket.destroy());
      server.close(closed);
      server.closeAllConnections();
    }),
  };
}
