// The two libraries, each on a page of its own.

import { fileURLToPath } from 'node:url';

import { fromNpm } from '../support/npm.mjs';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const OTHER = '4.2.0';

const head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>side by side</title>';
const SCRIPT = 'converse.compat.js';

export const documents = {
  '/ours': `${head}<link rel="stylesheet" href="/pkg/converse.css"><script src="/pkg/${SCRIPT}"></script><body></body></html>`,
  '/theirs': `${head}<link rel="stylesheet" href="/theirs/css/converse.css"><body><script src="/theirs/dist/converse.js"></script></body></html>`,
  '/favicon.ico': '',
};

/** Where the pages' files lie; converse.js comes from npm, into `folder`. */
export function folders(folder) {
  return { '/theirs/': fromNpm(folder, 'converse.js', OTHER), '/pkg/': `${ROOT}/pkg/` };
}
