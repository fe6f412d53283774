// The documentation: pages that are made are as the sources are, links lead somewhere, and examples fit the types. That
// examples do what they say is in tests/e2e/documentation.spec.ts.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { pages, supported } from '../../xtask/src/docs.mjs';
import { blocks } from './blocks.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (path) => readFileSync(join(ROOT, path), 'utf8');
const documents = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...['benches', 'locales', 'tests', 'www', 'www/demo', 'xtask'].map((folder) => `${folder}/README.md`)],
  ...readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`),
];

test('what the documentation says of the sources is what they say now', () => {
  for (const [path, text] of Object.entries(pages())) {
    assert.equal(read(path), text, `${path} is old: run \`cargo xtask docs\``);
  }
});

test('every XEP that the code names is listed with its title and version', () => {
  const known = new Set(supported().map(({ number }) => number));
  // Formats that are read in the place of newer ones, and what a field is compared with.
  for (const number of ['0091', '0153']) known.add(number);
  const missing = [];
  for (const entry of readdirSync(join(ROOT, 'src'), { recursive: true })) {
    if (!entry.endsWith('.rs')) continue;
    for (const [, number] of read(join('src', entry)).matchAll(/XEP-(\d{4})/g)) {
      if (!known.has(number)) missing.push(`src/${entry}: XEP-${number}`);
    }
  }
  assert.deepEqual(missing, []);
});

test('every payload names its specification', () => {
  for (const entry of readdirSync(join(ROOT, 'src/stanza/payload'), { withFileTypes: true })) {
    const path = entry.isDirectory() ? `${entry.name}/mod.rs` : entry.name;
    if (path === 'mod.rs') continue;
    assert.match(read(`src/stanza/payload/${path}`), /^\/\/! (XEP-\d{4}: .* \(version [\w.]+\)|RFC \d{4})/, path);
  }
});

test('every event, setting and function of the API is described', () => {
  const { 'docs/events.md': events, 'docs/configuration.md': settings, 'docs/api.md': api } = pages();
  assert.ok(events.split('\n').filter((line) => line.startsWith('| `')).every((line) => !/\|\s*\|$/.test(line)), 'an event has no words');
  assert.ok(settings.split('\n').filter((line) => line.startsWith('| `')).length > 100);
  for (const name of ['send', 'contacts.add', 'rooms.open', 'archive.query', 'disco.own.features.add', 'user.status.message.set']) {
    assert.ok(api.includes(`### ${name}\n`), name);
  }
});

test('the book has every page', () => {
  const named = [...read('docs/SUMMARY.md').matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, name]) => `docs/${name}`);
  assert.deepEqual(named.sort(), documents.filter((path) => path.startsWith('docs/') && path !== 'docs/SUMMARY.md').sort());
});

test('every link leads to a file, and to a heading that it has', () => {
  const dead = [];
  for (const path of documents) {
    const text = read(path).replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, '');
    for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [file, anchor] = target.split('#');
      const there = file ? relative(ROOT, join(ROOT, dirname(path), file)) : path;
      if (!existsSync(join(ROOT, there))) dead.push(`${path}: ${target}`);
      else if (anchor && !headings(there).includes(anchor)) dead.push(`${path}: ${target}`);
    }
    for (const [, included] of read(path).matchAll(/\{\{#include (\S+)\}\}/g)) {
      if (!existsSync(join(ROOT, dirname(path), included))) dead.push(`${path}: ${included}`);
    }
  }
  assert.deepEqual(dead, []);
});

test('files that the documentation names in code are there', () => {
  const gone = [];
  for (const path of documents.filter((path) => path !== 'docs/api-coverage.md')) {
    const named = read(path).matchAll(/`((?:src|www|tests|xtask|docs|benches|locales)\/[\w./-]+?)\/?`/g);
    for (const [, name] of named) if (![ROOT, join(ROOT, dirname(path))].some((from) => existsSync(join(from, name)))) gone.push(`${path}: ${name}`);
  }
  assert.deepEqual(gone, []);
});

test('every folder explains itself, or is explained by one above it', () => {
  const silent = [];
  const visit = (folder, explained) => {
    const entries = readdirSync(join(ROOT, folder), { withFileTypes: true });
    const names = entries.map(({ name }) => name);
    const own = ['README.md', 'mod.rs', 'index.ts', 'main.rs'].filter((name) => names.includes(name));
    const texts = own.includes('README.md') ? [...explained, { at: folder, text: read(join(folder, 'README.md')) }] : explained;
    const said = texts.some(({ at, text }) => [relative(at, folder), basename(folder)].some((name) => text.includes(`\`${name}/`)));
    if (folder && own.length === 0 && !said && !existsSync(join(ROOT, `${folder}.rs`))) silent.push(folder);
    for (const entry of entries) if (entry.isDirectory() && !NOT_OURS.includes(entry.name)) visit(join(folder, entry.name), texts);
  };
  visit('', [{ at: '', text: read('docs/architecture.md') }]);
  assert.deepEqual(silent, []);
});

const NOT_OURS = ['node_modules', 'target', 'pkg', 'test-results', '.git'];

test('examples fit the types', () => {
  const folder = join(ROOT, 'test-results/docs');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  let count = 0;
  for (const path of documents) {
    for (const { language, words, text, line } of blocks(read(path))) {
      // The signatures of the API are cut out of the types.
      if (!['js', 'ts'].includes(language) || (language === 'ts' && path === 'docs/api.md')) continue;
      const whole = language === 'ts' || words.includes('module') || /^import /m.test(text);
      const name = `${path.replace(/\W/g, '-')}-${line}.ts`;
      writeFileSync(join(folder, name), whole ? text : `${SCOPE}async () => {\n${text}\n};\nexport {};\n`);
      count += 1;
    }
  }
  assert.ok(count > 20, `${count} examples`);
  writeFileSync(join(folder, 'css.d.ts'), "declare module '*.css';\n");
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({
    compilerOptions: {
      target: 'ES2022', lib: ['ES2022', 'DOM', 'DOM.Iterable'], module: 'ESNext', moduleResolution: 'Bundler', types: [], noEmit: true,
      strict: true, noImplicitAny: false, strictNullChecks: false, paths: { 'converse-wasm': ['../../www/types/index.d.ts'] },
    },
    include: ['*.ts'],
  }));
  try {
    execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder], { encoding: 'utf8' });
  } catch (error) {
    assert.fail(error.stdout || String(error));
  }
});

/** What an example that stands for a part of a plugin has around it. */
const SCOPE = `
import type { ClosuredConverse, Converse, RSM } from 'converse-wasm';
declare const _converse: ClosuredConverse;
declare const converse: Converse;
declare const callback: (messages: Element[], rsm: RSM) => void;
declare const errback: (refusal: Element | Error) => void;
declare const Strophe: any, _: any;
`;

/** The anchors of a page's headings, as mdBook and GitHub make them. */
function headings(path) {
  const lines = read(path).replace(/^```[\s\S]*?^```$/gm, '').split('\n').filter((line) => /^#{1,6} /.test(line));
  return lines.map((line) => line.replace(/^#+ /, '').toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').trim().replace(/\s/g, '-'));
}
