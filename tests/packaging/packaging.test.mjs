// The packed package in tiny projects, as somebody would begin one: each folder beside this file is one of them. Each is
// built by the tools that package-lock.json names, served, opened in Chromium, and logs in to a real Prosody. The
// documentation shows these files. `cargo xtask packaging` runs this after a build.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { chromium } from '@playwright/test';

import { startProsody } from '../support/prosody.mjs';
import { startStaticServer } from '../support/static-server.mjs';

const run = promisify(execFile);
const HERE = fileURLToPath(new URL('.', import.meta.url));
const PKG = fileURLToPath(new URL('../../pkg/', import.meta.url));
const OUT = fileURLToPath(new URL('../../test-results/packaging/', import.meta.url));
const PACKAGE = join(HERE, 'node_modules/converse-wasm');
const CONTENTS = join(HERE, 'contents.txt');
const DOMAIN = 'capulet.lit';
const PASSWORD = 'wherefore';
const JULIET = `juliet@${DOMAIN}`;

let prosody, browser, packed;

before(async () => {
  await rm(OUT, { recursive: true, force: true });
  await mkdir(OUT, { recursive: true });
  if (await modified('node_modules/.package-lock.json') < await modified('package-lock.json')) {
    await npm(HERE, 'ci', '--no-audit', '--no-fund');
  }
  [packed] = JSON.parse(await npm(PKG, 'pack', '--json', '--pack-destination', OUT));
  // As a user would, but for the name: nothing is published yet.
  await npm(HERE, 'install', '--no-save', '--no-audit', '--no-fund', join(OUT, packed.filename));
  const contacts = [{ jid: `romeo@${DOMAIN}`, name: 'Romeo' }];
  prosody = await startProsody({ domain: DOMAIN, accounts: [{ jid: JULIET, password: PASSWORD, contacts }] });
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
});

after(async () => {
  await browser?.close();
  await prosody?.stop();
});

test('the package has what contents.txt lists, and nothing else', async () => {
  const listed = (await readFile(CONTENTS, 'utf8')).trim().split('\n');
  assert.deepEqual(packed.files.map(({ path }) => path).sort(), listed.sort());
});

test('what package.json promises is there', async () => {
  const { exports, files, main, types, sideEffects } = JSON.parse(await readFile(join(PACKAGE, 'package.json'), 'utf8'));
  assert.equal(Object.keys(exports['.'])[0], 'types', 'TypeScript takes the first condition that fits');
  const targets = Object.values(exports).flatMap((target) => (typeof target === 'string' ? target : Object.values(target)));
  for (const path of [main, types, ...files, ...sideEffects, ...targets]) {
    await stat(join(PACKAGE, path.replace(/\/\*$/, '')));
  }
  // Whoever debugs a page sees the sources, without having them.
  for (const script of packed.files.map(({ path }) => path).filter((path) => /\.(js|css)$/.test(path))) {
    const map = JSON.parse(await readFile(join(PACKAGE, `${script}.map`), 'utf8'));
    assert.equal(map.sources.length, map.sourcesContent.length, script);
    assert.match(await readFile(join(PACKAGE, script), 'utf8'), new RegExp(`sourceMappingURL=${script.replaceAll('.', '\\.')}\\.map`));
  }
});

test('the licences of all that is bundled are in it', async () => {
  const licences = await readFile(join(PACKAGE, 'THIRD-PARTY-LICENSES.txt'), 'utf8');
  const { dependencies } = JSON.parse(await readFile(join(HERE, '../../package.json'), 'utf8'));
  // lit is a name for the packages that it is made of.
  const names = Object.keys(dependencies).map((name) => (name === 'lit' ? 'lit-html' : name));
  for (const name of [...names, 'emoji-picker-element-data', 'quick-xml', 'sha2', 'wasm-bindgen']) {
    assert.match(licences, new RegExp(`^${name} \\d`, 'm'));
  }
  assert.doesNotMatch(licences, /has no file with the text/);
});

test('a classic script from a plain server', () => seesRomeo({ '/': join(HERE, 'script/'), '/converse/': `${PACKAGE}/` }));

test('a module without a bundler', () => seesRomeo({ '/': join(HERE, 'module/'), '/converse/': `${PACKAGE}/` }));

test('headless', async () => {
  await logsIn({ '/': join(HERE, 'headless/'), '/converse/': `${PACKAGE}/` }, async (page) => {
    await page.getByRole('listitem').filter({ hasText: 'Romeo' }).waitFor();
  });
});

test('Vite, built', async () => {
  const { build } = await import('vite');
  const outDir = join(OUT, 'vite');
  await build({ root: join(HERE, 'vite'), logLevel: 'warn', build: { outDir, emptyOutDir: true } });
  await copyAssets(outDir);
  await seesRomeo({ '/': `${outDir}/` });
});

test("Vite's development server", async () => {
  const { createServer } = await import('vite');
  const publicDir = join(OUT, 'vite-public');
  await copyAssets(publicDir);
  const server = await createServer({ root: join(HERE, 'vite'), logLevel: 'warn', publicDir, cacheDir: join(OUT, 'vite-cache'), server: { host: '127.0.0.1', port: 0 } });
  try {
    await server.listen();
    await seesRomeoAt(`http://127.0.0.1:${server.httpServer.address().port}/`);
  } finally {
    await server.close();
  }
});

test('webpack', async () => {
  const { default: webpack } = await import('webpack');
  const { default: config } = await import('./webpack/webpack.config.mjs');
  const path = join(OUT, 'webpack');
  const stats = await promisify(webpack)({ ...config, context: join(HERE, 'webpack'), output: { path } });
  assert.equal(stats.hasErrors() || stats.hasWarnings(), false, stats.toString());
  await cp(join(HERE, 'webpack/index.html'), join(path, 'index.html'));
  await copyAssets(path);
  await seesRomeo({ '/': `${path}/` });
});

test('esbuild', async () => {
  await bundle('esbuild', 'main.js');
});

test('TypeScript, as strict as it can be', async () => {
  for (const resolution of [['--module', 'esnext', '--moduleResolution', 'bundler'], ['--module', 'nodenext', '--moduleResolution', 'nodenext']]) {
    const words = [join(HERE, 'node_modules/typescript/bin/tsc'), '-p', join(HERE, 'typescript'), ...resolution];
    await run(process.execPath, words).catch((error) => assert.fail(error.stdout || String(error)));
  }
  await bundle('typescript', 'main.ts');
});

/** Bundles by esbuild, which leaves the WebAssembly to whoever calls it. */
async function bundle(project, entry) {
  const { build } = await import('esbuild');
  const outdir = join(OUT, project);
  const { warnings } = await build({ entryPoints: [join(HERE, project, entry)], bundle: true, format: 'esm', outdir, logLevel: 'silent' });
  assert.deepEqual(warnings, []);
  await cp(join(HERE, project, 'index.html'), join(outdir, 'index.html'));
  await copyAssets(outdir);
  for (const name of ['converse_wasm_bg.wasm', 'converse_wasm_later.wasm']) {
    await cp(join(PACKAGE, name), join(outdir, name));
  }
  await seesRomeo({ '/': `${outdir}/` });
}

/** What no bundler finds: it is loaded when a visitor wants it. */
async function copyAssets(folder) {
  for (const name of ['locales', 'emoji']) {
    await cp(join(PACKAGE, name), join(folder, 'converse', name), { recursive: true });
  }
}

async function seesRomeo(folders) {
  await logsIn(folders, contactIsShown);
}

async function logsIn(folders, check) {
  const site = await startStaticServer({ folders, documents: { '/favicon.ico': '' } });
  try {
    await visit(site.url, check);
  } finally {
    await site.close();
  }
}

async function seesRomeoAt(url) {
  await visit(url, contactIsShown);
}

/** In German: so the catalogue was found. */
async function contactIsShown(page) {
  await page.getByRole('button', { name: /^Romeo, / }).waitFor();
  await page.locator('#conversejs[lang^=de]').waitFor({ state: 'attached' });
}

/** Opens the page as Juliet. Nothing may be missing, and nothing may go wrong. */
async function visit(url, check) {
  const page = await browser.newPage({ locale: 'de-DE' });
  const wrong = [];
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && wrong.push(message.text()));
  page.on('response', (response) => response.status() >= 400 && wrong.push(`${response.status()} ${response.url()}`));
  const query = new URLSearchParams({ websocket_url: prosody.websocketUrl, jid: JULIET, password: PASSWORD });
  try {
    await page.goto(`${url}?${query}`);
    await check(page).catch((error) => assert.fail(`${error.message}\n${wrong.join('\n')}`));
    assert.deepEqual(wrong, []);
  } finally {
    await page.close();
  }
}

async function npm(folder, ...words) {
  const { stdout } = await run('npm', words, { cwd: folder, maxBuffer: 1 << 24 });
  return stdout;
}

async function modified(path) {
  return (await stat(join(HERE, path)).catch(() => ({ mtimeMs: 0 }))).mtimeMs;
}
