// Runs plugins, one for each idiom of plugins for converse.js 3 and 4, on converse.js and on this library, each with a
// Prosody of its own in which the same accounts are, and compares what the plugins saw and what went over the wire.
//
// A difference must be explained in docs/migrating.md, by a row of a table that begins with the idiom's name. The exit
// code says whether all are. `--recorded` takes what converse.js did from recorded.json, which a run without it writes;
// `--short` runs those idioms that are marked so; any other argument is part of the names of those to run.

import { readFile, readdir, writeFile } from 'node:fs/promises';

import { chromium } from '@playwright/test';

import { startProsody } from '../support/prosody.mjs';
import { startStaticServer } from '../support/static-server.mjs';
import { documents, folders, OTHER, ROOT } from './clients.mjs';
import { run, SETTLE } from './run.mjs';

const RECORD = new URL('recorded.json', import.meta.url);
const words = process.argv.slice(2);
const [recorded, short] = ['--recorded', '--short'].map((word) => words.includes(word));
const names = words.filter((word) => !word.startsWith('--'));

const all = [];
for (const file of (await readdir(new URL('idioms/', import.meta.url))).sort()) {
  all.push(...(await import(`./idioms/${file}`)).default);
}
const idioms = all.filter(({ name, inShort }) => (!short || inShort) && (names.length === 0 || names.some((part) => name.includes(part))));
const record = JSON.parse(await readFile(RECORD, 'utf8').catch(() => '{}'));
const explained = await explanations();

const site = await startStaticServer({
  folders: recorded ? { '/pkg/': `${ROOT}/pkg/` } : folders(process.env.COMPARE_DIR ?? `${ROOT}/target/side-by-side`),
  documents,
});
const clients = recorded ? ['ours'] : ['ours', 'theirs'];
// Most idioms are about what comes live, and an archive would tell it once more.
const start = (archive) => Promise.all(clients.map(() => startProsody({ domain: 'capulet.lit', disabledModules: archive ? [] : ['mam'] })));
const quiet = await start(false);
const archiving = idioms.some(({ archive }) => archive) ? await start(true) : [];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const results = [];
try {
  for (const [at, idiom] of idioms.entries()) {
    const servers = idiom.archive ? archiving : quiet;
    const compare = async (number, settle) => {
      const place = (server, client) => ({ browser, server, url: `${site.url}${client}`, number, settle });
      const [ours, theirs] = await Promise.all([
        run(idiom, place(servers[0], 'ours')),
        recorded ? record[idiom.name] : run(idiom, place(servers[1], 'theirs')),
      ]);
      // Where an idiom is one of many gives its accounts their names.
      const neutral = (result) => JSON.parse(JSON.stringify(result ?? null).replaceAll(new RegExp(`(juliet|romeo|room)${number}@`, 'g'), '$1@'));
      return { name: idiom.name, ours: neutral(ours), theirs: neutral(theirs) };
    };
    let result = await compare(at + 1, SETTLE);
    // On a slow machine not all may have come by then.
    if (verdict(result) === 'DIFFERENT') result = await compare(idioms.length + at + 1, 6 * SETTLE);
    record[idiom.name] = result.theirs;
    results.push(result);
    print(result);
  }
} finally {
  await browser.close();
  await Promise.all([...quiet, ...archiving].map((server) => server.stop()));
  await site.close();
}

const count = (wanted) => results.filter((result) => verdict(result) === wanted).length;
console.log(`\n${count('equal')} equal, ${count('explained')} different and explained, ${count('DIFFERENT')} different`);
const stale = results.filter(({ name, ours, theirs }) => isEqual(ours, theirs) && explained.has(name));
for (const { name } of stale) console.log(`docs/migrating.md explains a difference that is none: ${name}`);
if (!recorded) {
  const order = Object.fromEntries(all.flatMap(({ name }) => (record[name] ? [[name, record[name]]] : [])));
  await writeFile(RECORD, `${JSON.stringify(order, null, 1)}\n`);
}
process.exitCode = count('DIFFERENT') > 0 || stale.length > 0 ? 1 : 0;

function verdict({ name, ours, theirs }) {
  return isEqual(ours, theirs) ? 'equal' : explained.has(name) ? 'explained' : 'DIFFERENT';
}

function print(result) {
  const word = verdict(result);
  console.log(`${result.name.padEnd(80)}${word}`);
  if (word === 'equal' || (word === 'explained' && !process.env.VERBOSE)) return;
  const keys = new Set(['ours', 'theirs'].flatMap((side) => Object.keys(result[side]?.seen ?? {})));
  for (const key of keys) {
    const [ours, theirs] = [result.ours?.seen?.[key], result.theirs?.seen?.[key]];
    if (!isEqual(ours, theirs)) show(key, ours, theirs);
  }
  for (const part of ['wire', 'late']) {
    const [ours, theirs] = [result.ours?.[part], result.theirs?.[part]];
    if (!isEqual(ours, theirs)) show(part, ours, theirs);
  }
}

function show(what, ours, theirs) {
  console.log(`  ${what}`);
  console.log(`    here           ${JSON.stringify(ours)}`);
  console.log(`    converse.js    ${JSON.stringify(theirs)}`);
}

function isEqual(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The idioms that docs/migrating.md names in the first column of a table. */
async function explanations() {
  const text = await readFile(new URL('../../docs/migrating.md', import.meta.url), 'utf8').catch(() => '');
  return new Set([...text.matchAll(/^\| ([^|]+?) \|/gm)].map(([, name]) => name));
}
