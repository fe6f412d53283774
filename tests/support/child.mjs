// What a server that runs as a child process needs, whichever it is.

import { createServer } from 'node:net';

/** Resolves when the process has ended. */
export function ended(running) {
  if (running.exitCode !== null || running.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => running.once('exit', resolve));
}

/** A port of 127.0.0.1 that nobody has at the moment: `wanted`, unless somebody has that. */
export function freePort(wanted = 0) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => (wanted ? resolve(freePort()) : reject(error)));
    server.listen(wanted, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
