// Makes pkg/emoji/: the emoji with their names and what one searches for, one file for each language that there are names in.
//
// node locales/emoji.mjs FOLDER

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Our languages, and the data's (Unicode CLDR has no names of emoji in Arabic there). */
const LANGUAGES = { en: 'en', de: 'de', es: 'es', fr: 'fr', pt: 'pt', 'zh-Hans': 'zh' };
const DATA = fileURLToPath(new URL('../node_modules/emoji-picker-element-data/', import.meta.url));

const folder = process.argv[2] ?? 'pkg/emoji';
mkdirSync(folder, { recursive: true });
for (const [language, source] of Object.entries(LANGUAGES)) {
  const all = JSON.parse(readFileSync(join(DATA, source, 'cldr/data.json'), 'utf8'));
  // Each is: the emoji, its name, its group, words to find it by, and the same in five colours of skin if it has them.
  const compact = all.map(({ emoji, annotation, group, tags = [], emoticon, skins = [] }) => {
    const words = [...tags, ...[emoticon ?? []].flat()].join(' ');
    const tones = skins.filter(({ tone }) => typeof tone === 'number').map((skin) => skin.emoji);
    return [emoji, annotation, group, words, ...(tones.length === 5 ? [tones] : [])];
  });
  writeFileSync(join(folder, `${language}.json`), JSON.stringify(compact));
}
