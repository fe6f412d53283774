// Counts flights: groups of frames that the client sends without awaiting the server, from the first frame to the one
// that makes it usable, which is the later of the roster's request and the first presence. Each way in is taken once,
// against a real Prosody on this machine; beside this library two versions of converse.js, from npm.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { chromium } from '@playwright/test';

import { startProsody } from '../tests/support/prosody.mjs';
import { startStaticServer } from '../tests/support/static-server.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TARGET = process.env.FLIGHTS_DIR ?? `${ROOT}/target/flights`;
const OTHERS = ['4.2.0', '14.0.0'];
const PATIENCE_MS = 20_000;
// Not sasl2_sm: it wants a newer mod_smacks than Prosody 0.12 has.
const SASL2 = ['sasl2', 'sasl2_bind2'];
const FAST = [...SASL2, 'sasl2_fast', 'mend_fast'];
const GOALS = { 'SASL2, Bind 2, SCRAM': 3, 'FAST, Bind 2': 2 };

const head = '<!doctype html><meta charset="utf-8"><title>flights</title>';
const initialise = (settings) => `converse.plugins.add('probe', { initialize() {} }); converse.initialize(${settings})`;

/** The page of a client, which takes its settings from the address. */
const pages = {
  '/ours': `${head}<script src="/pkg/converse.js"></script><script>${initialise('JSON.parse(decodeURIComponent(location.hash.slice(1)))')}</script>`,
  '/4.2.0': `${head}<link rel="stylesheet" href="/4.2.0/css/converse.css"><body><script src="/4.2.0/dist/converse.js"></script><script>${initialise('JSON.parse(decodeURIComponent(location.hash.slice(1)))')}</script>`,
  '/14.0.0': `${head}<link rel="stylesheet" href="/14.0.0/dist/converse.min.css"><body><script type="module">import '/14.0.0/dist/converse.min.js'; ${initialise('JSON.parse(decodeURIComponent(location.hash.slice(1)))')}</script>`,
  '/favicon.ico': '',
};

function fetchOthers() {
  const folders = {};
  for (const version of OTHERS) {
    const folder = `${TARGET}/${version}`;
    const found = `${folder}/node_modules/converse.js/`;
    if (!existsSync(`${found}package.json`)) {
      mkdirSync(folder, { recursive: true });
      execFileSync('npm', ['install', '--prefix', folder, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--legacy-peer-deps', `converse.js@${version}`], { stdio: 'ignore' });
    }
    folders[`/${version}/`] = found;
  }
  return folders;
}

/** The flights of one log-in, each a list of the names of what was sent. */
async function fly(page, url, settings, { reload = false } = {}) {
  const flights = [];
  let turn = true;
  let done;
  const usable = new Promise((resolve) => { done = resolve; });
  const missing = new Set(['roster', 'presence']);
  const listen = (socket) => {
    flights.length = 0;
    turn = true;
    socket.on('framesent', ({ payload }) => {
      if (missing.size === 0) return;
      if (turn) flights.push([]);
      turn = false;
      flights.at(-1).push(/^<([\w:]+)/.exec(payload)?.[1] ?? '?');
      if (payload.includes('jabber:iq:roster')) missing.delete('roster');
      if (payload.startsWith('<presence')) missing.delete('presence');
    });
    socket.on('framereceived', ({ payload }) => {
      turn = true;
      // A stream that was resumed has all that already.
      if (/<resumed\b/.test(payload)) { missing.clear(); done(); }
    });
  };
  page.on('websocket', listen);
  const address = `${url}#${encodeURIComponent(JSON.stringify(settings))}`;
  if (reload) await page.reload();
  else await page.goto(address);
  const poll = setInterval(() => { if (missing.size === 0) done(); }, 50);
  const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE_MS, 'late').unref(); });
  const outcome = await Promise.race([usable, late]);
  // Until the session is settled, and whatever a reload needs is stored.
  await page.waitForTimeout(500);
  clearInterval(poll);
  page.off('websocket', listen);
  return outcome === 'late' ? undefined : flights;
}

async function measure(browser, site, prosody, client, ways) {
  const account = { jid: `${client.replace(/\W/g, '')}-${ways[0].replace(/\W/g, '').toLowerCase()}@${prosody.domain}`, password: 'secret' };
  await prosody.addUser(account);
  const context = await browser.newContext();
  const page = await context.newPage();
  const settings = { websocket_url: prosody.websocketUrl, auto_login: true, ...account, view_mode: 'overlayed', whitelisted_plugins: ['probe'], discover_connection_methods: false };
  if (client !== 'ours') Object.assign(settings, { allow_registration: false, show_controlbox_by_default: false, play_sounds: false });
  const results = [];
  for (const [index, way] of ways.entries()) {
    if (way.startsWith('FAST')) {
      // Only the token is left of the session before: a resumption would need less.
      await page.evaluate(() => sessionStorage.removeItem('converse-wasm/session'));
      await page.goto('about:blank');
    }
    const flights = await fly(page, `${site.url}${client}`, settings, { reload: index > 0 && !way.startsWith('FAST') });
    results.push({ client, way, flights });
  }
  await context.close();
  return results;
}

const folders = { '/pkg/': `${ROOT}/pkg/`, ...fetchOthers() };
const site = await startStaticServer({ folders, documents: pages });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const results = [];
let failed = false;
try {
  const plans = [
    [[], ['classic SCRAM', 'resumption after a reload']],
    [SASL2, ['SASL2, Bind 2, SCRAM']],
    [FAST, ['first log-in with FAST', 'FAST, Bind 2']],
  ];
  for (const [modules, ways] of plans) {
    const prosody = await startProsody({ domain: 'capulet.lit', modules });
    try {
      for (const client of ['ours', ...OTHERS]) {
        results.push(...(await measure(browser, site, prosody, client, ways)));
      }
    } finally {
      await prosody.stop();
    }
  }
} finally {
  await browser.close();
  await site.close();
}

const ways = [...new Set(results.map(({ way }) => way))];
const clients = ['ours', ...OTHERS];
const of = (way, client) => results.find((result) => result.way === way && result.client === client)?.flights;
console.log(`${'flights until usable'.padEnd(36)}${['converse-wasm', ...OTHERS.map((version) => `converse.js ${version}`)].map((name) => name.padStart(20)).join('')}`);
for (const way of ways) {
  console.log(`${way.padEnd(36)}${clients.map((client) => String(of(way, client)?.length ?? '-').padStart(20)).join('')}`);
}
console.log('\nwhat converse-wasm sends in each:');
for (const way of ways) {
  console.log(`${way.padEnd(36)}${of(way, 'ours')?.map((flight) => flight.join(' ')).join(' | ') ?? 'never usable'}`);
}
for (const [way, goal] of Object.entries(GOALS)) {
  const flights = of(way, 'ours')?.length ?? Infinity;
  if (flights > goal) {
    console.error(`\n${way}: ${flights} flights, the goal is ${goal}`);
    failed = true;
  }
}
process.exitCode = failed ? 1 : 0;
