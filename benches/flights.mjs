// Counts flights: groups of frames that the client sends without awaiting the server, from the moment the socket is open.
// Two figures for each way in:
//
//   bound  until the session is bound, or resumed: from then on stanzas can be exchanged. FAST with Bind 2 needs two,
//          `<open/>` and `<authenticate/>`; SASL2 with Bind 2 and SCRAM three, for there is a `<response/>` besides.
//   ready  until the roster's request and the first presence have gone too: the later of the two that the server answers.
//          A session that was resumed has its presence; the roster counts if the page asks for it.
//
// The goals are for the first, and the exit code says whether this library meets them. Each way is taken once, against a
// real Prosody on this machine; beside this library two versions of converse.js, from npm.

import { chromium } from '@playwright/test';

import { fromNpm } from '../tests/support/npm.mjs';
import { startProsody } from '../tests/support/prosody.mjs';
import { startStaticServer } from '../tests/support/static-server.mjs';
import { ROOT } from './support.mjs';

const TARGET = process.env.FLIGHTS_DIR ?? `${ROOT}target/flights`;
const OTHERS = ['4.2.0', '14.0.0'];
const PATIENCE_MS = 20_000;
// Until nothing more comes, and whatever a reload needs is stored.
const SETTLE_MS = 500;
const SASL2 = ['sasl2', 'sasl2_bind2', 'sasl2_sm', 'mend_sm'];
const FAST = [...SASL2, 'sasl2_fast', 'mend_fast'];
const GOALS = { 'SASL2, Bind 2, SCRAM': 3, 'FAST, Bind 2': 2, 'FAST, resumption after a reload': 2 };

const head = '<!doctype html><meta charset="utf-8"><title>flights</title>';
const initialise = (settings) => `converse.plugins.add('probe', { initialize() {} }); converse.initialize(${settings})`;

/** The page of a client, which takes its settings from the address. */
const pages = {
  '/ours': `${head}<script src="/pkg/converse.headless.js"></script><script>${initialise('JSON.parse(decodeURIComponent(location.hash.slice(1)))')}</script>`,
  '/4.2.0': `${head}<link rel="stylesheet" href="/4.2.0/css/converse.css"><body><script src="/4.2.0/dist/converse.js"></script><script>${initialise('JSON.parse(decodeURIComponent(location.hash.slice(1)))')}</script>`,
  '/14.0.0': `${head}<link rel="stylesheet" href="/14.0.0/dist/converse.min.css"><body><script type="module">import '/14.0.0/dist/converse.min.js'; ${initialise('JSON.parse(decodeURIComponent(location.hash.slice(1)))')}</script>`,
  '/favicon.ico': '',
};

const fetchOthers = () => Object.fromEntries(OTHERS.map((version) => [`/${version}/`, fromNpm(`${TARGET}/${version}`, 'converse.js', version)]));

/** The flights of one log-in, each a list of the names of what was sent, and how many had left when it was bound, and ready. */
async function fly(page, url, settings, { reload = false } = {}) {
  let flight;
  const listen = (socket) => {
    const seen = { flights: [], bound: undefined, ready: undefined, resumed: false, roster: undefined, left: 0 };
    const missing = new Set(['roster', 'presence']);
    let turn = true;
    flight = seen;
    socket.on('framesent', ({ payload }) => {
      if (turn) seen.flights.push([]);
      turn = false;
      seen.flights.at(-1).push(/^<([\w:]+)/.exec(payload)?.[1] ?? '?');
      if (payload.includes('jabber:iq:roster')) seen.roster = attribute(payload, 'id');
      if (payload.includes('jabber:iq:roster') || /^<presence\b/.test(payload)) {
        if (seen.ready === undefined) seen.left = seen.flights.length;
      }
    });
    socket.on('framereceived', ({ payload }) => {
      turn = true;
      seen.resumed ||= /<resumed\b/.test(payload);
      const bound = /<bound\b/.test(payload) || (/^<iq\b/.test(payload) && payload.includes('xmpp-bind') && payload.includes('<jid>'));
      if (bound || seen.resumed) seen.bound ??= seen.flights.length;
      if (seen.roster && /^<iq\b/.test(payload) && attribute(payload, 'id') === seen.roster) missing.delete('roster');
      // The server's own copy of what this client said.
      if (/^<presence\b/.test(payload) && attribute(payload, 'from')?.startsWith(`${settings.jid}/`) || seen.resumed) missing.delete('presence');
      if (missing.size === 0) seen.ready ??= Math.max(seen.left, seen.bound ?? 0);
    });
  };
  page.on('websocket', listen);
  const address = `${url}#${encodeURIComponent(JSON.stringify(settings))}`;
  if (reload) await page.reload();
  else await page.goto(address);
  const late = Date.now() + PATIENCE_MS;
  while (flight?.ready === undefined && !(flight?.resumed && flight.roster === undefined) && Date.now() < late) {
    await page.waitForTimeout(50);
  }
  await page.waitForTimeout(SETTLE_MS);
  page.off('websocket', listen);
  if (flight?.resumed && flight.roster === undefined) flight.ready = flight.bound;
  return flight;
}

const attribute = (frame, name) => new RegExp(`^<[^>]*\\s${name}=(['"])(.*?)\\1`).exec(frame)?.[2];

async function measure(browser, site, prosody, client, ways) {
  const account = { jid: `${client.replace(/\W/g, '')}-${ways[0].replace(/\W/g, '').toLowerCase()}@${prosody.domain}`, password: 'secret' };
  await prosody.addUser(account);
  const context = await browser.newContext();
  const page = await context.newPage();
  const settings = { websocket_url: prosody.websocketUrl, auto_login: true, ...account, view_mode: 'overlayed', whitelisted_plugins: ['probe'], discover_connection_methods: false };
  if (client !== 'ours') Object.assign(settings, { allow_registration: false, show_controlbox_by_default: false, play_sounds: false });
  const results = [];
  for (const [index, way] of ways.entries()) {
    const reloads = way.includes('reload');
    if (index > 0 && !reloads) {
      // Only the token is left of the session before: a resumption would need less.
      await page.evaluate(() => sessionStorage.removeItem('converse-wasm/session'));
      await page.goto('about:blank');
    }
    const flight = await fly(page, `${site.url}${client}`, settings, { reload: reloads });
    results.push({ client, way, ...flight });
  }
  await context.close();
  return results;
}

const folders = { '/pkg/': `${ROOT}pkg/`, ...fetchOthers() };
const site = await startStaticServer({ folders, documents: pages });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const results = [];
let failed = false;
try {
  const plans = [
    [[], ['classic SCRAM', 'resumption after a reload']],
    [SASL2, ['SASL2, Bind 2, SCRAM']],
    [FAST, ['first log-in with FAST', 'FAST, Bind 2', 'FAST, resumption after a reload']],
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
const of = (way, client) => results.find((result) => result.way === way && result.client === client);
const figures = (found) => `${found?.bound ?? '-'} / ${found?.ready ?? '-'}`;
console.log(`${'flights until bound / ready'.padEnd(36)}${['converse-wasm', ...OTHERS.map((version) => `converse.js ${version}`)].map((name) => name.padStart(20)).join('')}`);
for (const way of ways) {
  console.log(`${way.padEnd(36)}${clients.map((client) => figures(of(way, client)).padStart(20)).join('')}`);
}
console.log('\nbound: the session is bound or resumed, stanzas can be exchanged; the goals are for this figure');
console.log("ready: the roster's request and the first presence have gone too, and were answered");
console.log('\nwhat converse-wasm sends in each:');
for (const way of ways) {
  const found = of(way, 'ours');
  console.log(`${way.padEnd(36)}${found?.flights?.slice(0, found.ready).map((flight) => flight.join(' ')).join(' | ') ?? 'nothing'}`);
}
console.log('');
for (const [way, goal] of Object.entries(GOALS)) {
  const bound = of(way, 'ours')?.bound ?? Infinity;
  console.log(`${way}: ${bound}, the goal is ${goal}: ${bound <= goal ? 'met' : 'missed'}`);
  if (bound > goal) failed = true;
}
process.exitCode = failed ? 1 : 0;
