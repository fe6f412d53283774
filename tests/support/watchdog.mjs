// Ends a child process and removes its folder when this process dies without having done so itself.

import { spawn } from 'node:child_process';

// Reads a line that comes when the child has ended in order; the end of input instead means that we are dead.
const SCRIPT = 'read -r word; [ "$word" = dismissed ] || { kill -KILL "$1" 2>/dev/null; rm -rf "$2"; }';

/** Watches over `child` until it is dismissed. */
export function watch(child, directory) {
  if (child.pid === undefined) return { dismiss() {} };
  const watchdog = spawn('/bin/sh', ['-c', SCRIPT, 'watchdog', String(child.pid), directory], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // Its own process group: what a terminal sends to ours does not reach it.
    detached: true,
  });
  watchdog.unref();
  watchdog.stdin.unref?.();
  watchdog.stdin.on('error', () => {});
  return {
    dismiss() {
      watchdog.stdin.end('dismissed\n');
    },
  };
}
