// From the translators' catalogues, locales/*.po, to what a page loads, pkg/locales/*.json.
//
// A catalogue there is an object from English texts to their translations, one for each plural form; under the empty text
// stands which form a plural category of Intl.PluralRules takes. The formula of the .po file is evaluated here, so that
// no page has to: a Content-Security-Policy forbids that.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { po } from 'gettext-parser';

const from = 'locales';
const to = process.argv[2] ?? 'pkg/locales';

mkdirSync(to, { recursive: true });
for (const file of readdirSync(from).filter((name) => name.endsWith('.po'))) {
  const language = file.slice(0, -'.po'.length);
  writeFileSync(join(to, `${language}.json`), JSON.stringify(compile(language, readFileSync(join(from, file)))));
}

/** @param {string} language a BCP 47 tag @param {Buffer} source */
function compile(language, source) {
  const { headers, translations } = po.parse(source);
  /** @type {Record<string, unknown>} */
  const catalogue = { '': forms(language, headers['Plural-Forms'] ?? '') };
  for (const [id, { msgid_plural, msgstr }] of Object.entries(translations[''] ?? {})) {
    if (id !== '' && msgstr.every((text) => text !== '')) {
      // Also one form of a plural is a form: `plural` looks for a list.
      catalogue[id] = msgid_plural === undefined ? msgstr[0] : msgstr;
    }
  }
  return catalogue;
}

/** Which of the forms of `header` each plural category of the language takes. */
function forms(language, header) {
  const formula = /plural\s*=\s*([-+*/%?:()<>=!&|\s\dn]+)/.exec(header)?.[1] ?? 'n != 1';
  const form = new Function('n', `return Number(${formula})`);
  const rules = new Intl.PluralRules(language);
  /** @type {Record<string, number>} */
  const found = {};
  // Any number of a category is as good as another. Some languages have one for millions.
  for (const n of [...Array(1_000).keys(), 1_000_000]) {
    found[rules.select(n)] ??= form(n);
  }
  return found;
}
