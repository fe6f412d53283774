// Writes the licences of what is inside the shipped files and not ours: the npm packages that the source maps name, the
// emoji's data, and the crates that are compiled into the WebAssembly.
//
// node xtask/src/licences.mjs FILE

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Shipped without being bundled, as `locales/emoji.mjs` makes JSON of the one, or by another name, as the build prepares the other. */
const OTHERS = ['emoji-picker-element-data', 'moment'];
/** Of several licence files, that under which we take what may be had under either. */
const FILES = [/^licen[cs]e-mit/i, /^licen[cs]e(\.(md|txt))?$/i, /^licen[cs]e/i, /^copying/i];

const shipped = [...npmPackages(), ...crates()];
/** By text, as many have the same. */
const texts = new Map();
for (const { title, license, folder } of shipped) {
  const text = licenceIn(folder) ?? `${license}: the package has no file with the text.`;
  texts.set(text, [...(texts.get(text) ?? []), `${title} (${license})`]);
}
const parts = [...texts].map(([text, titles]) => `${titles.join('\n')}\n\n${text.trim()}\n`);
const intro =
  'What these files contain and others have written, with the licences. The WebAssembly also contains parts of the\n' +
  "standard library of Rust, (c) The Rust Project contributors, under the MIT licence.\n";
writeFileSync(process.argv[2], [intro, ...parts].join(`\n${'-'.repeat(80)}\n\n`));

function npmPackages() {
  const maps = readdirSync('pkg').filter((name) => name.endsWith('.js.map'));
  const sources = maps.flatMap((name) => JSON.parse(readFileSync(join('pkg', name), 'utf8')).sources);
  const found = sources.flatMap((source) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? []);
  return [...new Set([...found, ...OTHERS])].sort().map((name) => {
    const folder = join('node_modules', name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return { title: `${name} ${version}`, license, folder };
  });
}

function crates() {
  const options = ['metadata', '--locked', '--format-version', '1', '--filter-platform', 'wasm32-unknown-unknown'];
  const { packages, resolve } = JSON.parse(execFileSync('cargo', options, { encoding: 'utf8', maxBuffer: 1 << 28 }));
  const byId = new Map(packages.map((one) => [one.id, one]));
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
  const found = new Map();
  const visit = (id) => {
    for (const { pkg, dep_kinds } of nodes.get(id).deps) {
      const { name, version, license, manifest_path, targets } = byId.get(pkg);
      // Macros run when the others are compiled, and leave nothing of themselves.
      const macro = targets.some(({ kind }) => kind.includes('proc-macro'));
      if (found.has(pkg) || macro || !dep_kinds.some(({ kind }) => kind === null)) continue;
      found.set(pkg, { title: `${name} ${version}`, license, folder: dirname(manifest_path) });
      visit(pkg);
    }
  };
  visit(packages.find(({ name }) => name === 'converse-wasm').id);
  return [...found.values()].sort((a, b) => a.title.localeCompare(b.title));
}

function licenceIn(folder) {
  const names = readdirSync(folder);
  const name = FILES.map((pattern) => names.find((found) => pattern.test(found))).find(Boolean);
  return name && readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n');
}
