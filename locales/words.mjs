// The words in the client's source: the first argument of `__`, the first two of `plural`.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const TEXT = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/.source;
const CALL = new RegExp(`(?<![\\w.])(__|plural)\\(\\s*(${TEXT})?(?:\\s*,\\s*(${TEXT}))?`, 'g');

/**
 * @typedef {{ one: string, many?: string, file: string }} Word
 * @returns {Word[]} each English text once, with its plural where it has one, sorted
 */
export function words(folder = 'www') {
  /** @type {Map<string, Word>} */
  const found = new Map();
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => name.endsWith('.ts') && !name.startsWith('types') && name !== 'words.ts')) {
    for (const [call, kind, first, second] of readFileSync(join(folder, file), 'utf8').matchAll(CALL)) {
      if (!first || (kind === 'plural' && !second)) {
        throw new Error(`${file}: ${call}… is called with something that no catalogue can have`);
      }
      const one = text(first);
      found.set(one, kind === 'plural' ? { one, many: text(second), file } : (found.get(one) ?? { one, file }));
    }
  }
  return [...found.values()].sort((a, b) => (a.one < b.one ? -1 : 1));
}

/** @param {string} literal */
function text(literal) {
  return literal.slice(1, -1).replace(/\\(.)/g, '$1');
}
