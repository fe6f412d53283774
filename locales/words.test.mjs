// Every word that people read is in every catalogue, once, and nothing else is.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { po } from 'gettext-parser';

import { words } from './words.mjs';

const HERE = import.meta.dirname;
const wanted = words(join(HERE, '../www'));
const catalogues = readdirSync(HERE).filter((name) => name.endsWith('.po'));

/** The places in a text where something is filled in, in the order of what is filled in. */
const places = (/** @type {string} */ text) => [...text.matchAll(/%(?:\d+\$)?[sd]/g)].map(([place]) => place).sort();

test('there are words, and catalogues', () => {
  assert.ok(wanted.length > 50, `${wanted.length} words`);
  assert.deepEqual(catalogues.sort(), ['ar.po', 'de.po', 'es.po', 'fr.po', 'pt.po', 'zh-Hans.po']);
});

for (const file of catalogues) {
  test(`${file} is complete`, () => {
    const { translations, headers } = po.parse(readFileSync(join(HERE, file)));
    const entries = translations[''] ?? {};
    const known = Object.keys(entries).filter((id) => id !== '');
    const ids = wanted.map(({ one }) => one);
    assert.deepEqual(ids.filter((id) => !known.includes(id)), [], 'missing');
    assert.deepEqual(known.filter((id) => !ids.includes(id)), [], 'of no use any more');
    const forms = Number(/nplurals=(\d)/.exec(headers['Plural-Forms'] ?? '')?.[1]);
    for (const { one, many } of wanted) {
      const { msgid_plural, msgstr } = entries[one];
      assert.equal(msgid_plural, many, one);
      assert.equal(msgstr.length, many ? forms : 1, one);
      for (const text of msgstr) {
        assert.notEqual(text, '', one);
        // A form for exactly one, or two, may say so in a word.
        if (!many) assert.deepEqual(places(text), places(one), `${one} → ${text}`);
      }
    }
  });
}
