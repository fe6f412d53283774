// Makes the second script of the client: `node later.mjs BUILD [--minify]`. What it imports of the modules of the first
// script is not bundled again: the first hands over what www/elements/first.ts exports, when it runs the second.

import { build } from 'esbuild';

const FIRST = 'www/elements/first.ts';

const [, , id, minify] = process.argv;
const common = { bundle: true, target: 'es2022', charset: 'utf8', logLevel: 'warning', logOverride: { 'empty-import-meta': 'silent' } };

const [first, names] = await Promise.all([inputs('www/converse.ts'), exports(FIRST)]);

await build({
  ...common,
  entryPoints: ['www/elements/later.ts'],
  outfile: 'pkg/converse.later.js',
  // In a function, which has what the first script hands over.
  format: 'iife',
  banner: { js: `export const build = '${id}'; export default (first) => {` },
  footer: { js: '};' },
  sourcemap: true,
  minify: minify === '--minify',
  plugins: [{ name: 'first', setup: redirect }],
});

/** Has whatever is in the first script taken from there. */
function redirect({ onResolve, onLoad, resolve }) {
  onResolve({ filter: /./ }, async ({ path, pluginData, ...from }) => {
    if (pluginData === redirect || from.kind === 'entry-point') {
      return undefined;
    }
    const found = await resolve(path, { ...from, pluginData: redirect });
    return first.has(found.path) ? { path: FIRST, namespace: 'first' } : found;
  });
  onLoad({ filter: /./, namespace: 'first' }, () => ({ contents: names.map((name) => `export const ${name} = first.${name};`).join('\n') }));
}

/** The files that a script is made of. */
async function inputs(entry) {
  const { metafile } = await build({ ...common, entryPoints: [entry], format: 'iife', write: false, metafile: true });
  return new Set(Object.keys(metafile.inputs).map((file) => `${process.cwd()}/${file}`));
}

/** The names that a module exports. */
async function exports(entry) {
  const { metafile } = await build({ ...common, entryPoints: [entry], format: 'esm', write: false, metafile: true });
  return Object.values(metafile.outputs)[0].exports;
}
