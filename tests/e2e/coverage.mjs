/**
 * Writes docs/api-coverage.md: which section of the API's documentation has which tests, and what came of them in the
 * last run of the end-to-end tests. `cargo xtask coverage` calls it.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';

/** The sections in the order of the documentation, each with the spec that is named after it. */
const SECTIONS = [
  ['initialize', 'initialize'],
  ['plugins: add', 'plugins'],
  ['emit', 'emit'],
  ['send', 'send'],
  ['waitUntil', 'wait-until'],
  ['archive: query', 'archive'],
  ['connection: connected, disconnect', 'connection'],
  ['disco: own.features, own.identities, getIdentity, supports', 'disco'],
  ['user: jid, login, logout, status', 'user'],
  ['contacts: get, add', 'contacts'],
  ['chats: get, open', 'chats'],
  ['chatviews: get', 'chatviews'],
  ['listen: on, once, not', 'listen'],
  ['rooms: get, open, close', 'rooms'],
  ['promises: add', 'promises'],
  ['settings: update, get, set', 'settings'],
  ['tokens: get', 'tokens'],
  ['vcard: get, set, update', 'vcard'],
];

const report = JSON.parse(await readFile(new URL('../../test-results/e2e.json', import.meta.url), 'utf8'));
const results = new Map();
for (const suite of report.suites) {
  results.set(basename(suite.file, '.spec.ts'), [...specs(suite)]);
}

const lines = [
  '# What of the API is tested',
  '',
  'Written by `cargo xtask coverage` from the last run of the end-to-end tests, in the order of the documentation.',
  'Each test runs in Chromium against real servers; the last column says which, and what came of it.',
];
for (const [title, name] of SECTIONS) {
  lines.push('', `## ${title}`, '', ...table(results.get(name) ?? []));
}
const others = [...results.keys()].filter((name) => !SECTIONS.some(([, spec]) => spec === name)).sort();
lines.push('', '## Beside the documentation', '');
lines.push('| Spec | Tests | Result |', '|---|---|---|');
for (const name of others) {
  const tests = results.get(name);
  const failed = tests.filter(({ outcome }) => outcome.includes('failed')).length;
  lines.push(`| \`${name}\` | ${tests.length} | ${failed ? `${failed} failed` : 'passed'} |`);
}
await writeFile(new URL('../../docs/api-coverage.md', import.meta.url), `${lines.join('\n')}\n`);

function table(tests) {
  if (tests.length === 0) {
    return ['No test has this section’s name.'];
  }
  return ['| Test | Result |', '|---|---|', ...tests.map(({ title, outcome }) => `| ${title} | ${outcome} |`)];
}

/** The tests of a suite and of those inside it, each with what came of it in which project. */
function* specs(suite, above = []) {
  const byTitle = new Map();
  for (const spec of suite.specs ?? []) {
    const title = [...above, spec.title].join(' › ').replaceAll('|', '\\|');
    const outcomes = spec.tests.map((test) => [test.projectName, spec.ok ? 'passed' : 'failed'].filter(Boolean).join(': '));
    byTitle.set(title, [...(byTitle.get(title) ?? []), ...outcomes]);
  }
  for (const [title, outcomes] of byTitle) {
    yield { title, outcome: outcomes.join(', ') };
  }
  for (const inner of suite.suites ?? []) {
    yield* specs(inner, [...above, inner.title]);
  }
}
