// The soak: numbered messages in both directions through everything that can happen to a connection.
//
//   node tests/soak/soak.mjs [--short] [--seed N] [--only SERVER/TRANSPORT] [--in-turn]
//
// Prints a row for each server and transport and, last, `N sent, N arrived, N lost, N doubled, N out of order`.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { chromium } from '@playwright/test';

import { startEjabberd } from '../support/ejabberd.mjs';
import { startProsody } from '../support/prosody.mjs';
import { Conversation } from './conversation.mjs';
import { plan } from './plan.mjs';

// Not every step is a fault: of the full soak's, 205 are.
const FULL = { steps: 220, messages: 1000 };
const SHORT = { steps: 22, messages: 100 };
// Without an archive, because the server would leave there what it could not deliver, and nobody asks for it here; and
// told to keep for the account what a session that is gone did not acknowledge, which Prosody does by itself.
const SERVERS = {
  prosody: { start: () => startProsody({ modules: ['mend_resumption', 'mend_bosh'], disabledModules: ['mam'] }) },
  ejabberd: { start: () => startEjabberd({ disabledModules: ['mod_mam'], modules: { mod_stream_mgmt: { resend_on_timeout: true } } }) },
  // Neither resumption nor archive. What it sends into a link that is gone nobody ever hears of, so the peer is silent.
  bare: { start: () => startProsody({ disabledModules: ['mam', 'smacks'] }), transports: ['websocket'], silentPeer: true },
};
const TRANSPORTS = ['websocket', 'bosh'];
const COLUMNS = ['', 'faults', 'reloads', 'restarts', 'pauses', 'sent', 'arrived', 'failed', 'given up', 'lost', 'doubled', 'disordered', 'time'];
const WIDTHS = [20, 8, 8, 9, 8, 7, 8, 7, 9, 6, 8, 11, 8];

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TRACES = join(ROOT, 'test-results/soak');

const { values: options } = parseArgs({
  options: {
    short: { type: 'boolean' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    // One server after the other, on a machine that has other work too.
    'in-turn': { type: 'boolean' },
  },
});
const seed = Number(options.seed);
const totals = { sent: 0, arrived: 0, lost: 0, doubled: 0, disordered: 0 };
const remarks = [];
let broken = false;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-sync'],
});
console.log(`seed ${seed}`);
row(COLUMNS);
try {
  // Side by side, as most of the time is spent waiting; the transports of one server not, because it is restarted.
  const soaks = Object.entries(SERVERS).map(([name, server], index) => () => soakServer({ name, index, ...server }));
  if (options['in-turn']) for (const soak of soaks) await soak();
  else await Promise.all(soaks.map((soak) => soak()));
} finally {
  await browser.close();
}
for (const remark of remarks) console.log(remark);
const { sent, arrived, lost, doubled, disordered } = totals;
console.log(`${sent} sent, ${arrived} arrived, ${lost} lost, ${doubled} doubled, ${disordered} out of order`);
// Not left to the event loop: Node waits for ever for a socket that was reset while it was being shut down.
process.exit(broken || lost + doubled + disordered > 0 ? 1 : 0);

async function soakServer({ name, index, start, transports = TRANSPORTS, silentPeer = false }) {
  const wanted = transports.filter((transport) => `${name}/${transport}`.startsWith(options.only));
  if (!wanted.length) return;
  const server = await start();
  try {
    for (const transport of wanted) {
      await soak({ name, server, transport, silentPeer, seed: seed * 10 + index * 2 + TRANSPORTS.indexOf(transport) });
    }
  } finally {
    await server.stop();
  }
}

async function soak({ name, server, transport, silentPeer, seed }) {
  const steps = plan({ seed, transport, silentPeer, ...(options.short ? SHORT : FULL) });
  const conversation = new Conversation({ server, transport, steps, seed, browser, silentPeer, pkg: join(ROOT, 'pkg/') });
  const begin = Date.now();
  const title = `${name} ${transport}`;
  try {
    const outcome = await conversation.run();
    report(title, conversation.counts, outcome, Date.now() - begin);
    const file = await keepTrace(title, conversation);
    if (isFlawed(outcome)) {
      remarks.push(`${title}: what happened stands in ${file}`);
      await writeFile(file.replace('.log', '-server.log'), await server.log());
    }
  } catch (error) {
    broken = true;
    remarks.push(`${title}: did not come to its end: ${error.message.split('\n', 1)[0]}`);
    row([title, ...Object.values(conversation.counts), 'broken']);
    remarks.push(`${title}: what happened stands in ${await keepTrace(title, conversation)}`);
  }
}

function report(title, counts, outcome, ms) {
  const { toPeer, toPage, failed } = outcome;
  const both = (flaw) => toPeer[flaw].length + toPage[flaw].length;
  const found = { sent: outcome.sent, arrived: outcome.arrived, lost: both('lost'), doubled: both('doubled'), disordered: both('disordered') };
  for (const [key, value] of Object.entries(found)) totals[key] += value;
  // A reload has a fault too.
  const { fault, reload, restart, suspend } = counts;
  const { sent, arrived, lost, doubled, disordered } = found;
  row([title, fault + reload, reload, restart, suspend, sent, arrived, failed.length, outcome.givenUp.length, lost, doubled, disordered, `${Math.round(ms / 1000)} s`]);
  for (const [direction, flaws] of Object.entries({ 'to the peer': toPeer, 'to the page': toPage })) {
    for (const [flaw, numbers] of Object.entries(flaws)) {
      if (numbers.length) remarks.push(`${title}: ${flaw} on the way ${direction}: ${numbers.join(' ')}`);
    }
  }
  if (failed.length) {
    remarks.push(`${title}: reported failed to the page: ${failed.length}, of which ${outcome.failedButArrived.length} arrived all the same`);
  }
  if (outcome.returned.length) remarks.push(`${title}: returned by the server to the peer: ${outcome.returned.join(' ')}`);
  if (outcome.givenUp.length) remarks.push(`${title}: given up by the server with a session that it had: ${outcome.givenUp.join(' ')}`);
  if (outcome.untold.length) remarks.push(`${title}: the page was not told what became of ${outcome.untold.join(' ')}`);
  if (outcome.errors.length) remarks.push(`${title}: errors in the page: ${outcome.errors.join('; ')}`);
}

function isFlawed({ toPeer, toPage, untold, errors }) {
  return [...Object.values(toPeer), ...Object.values(toPage), untold, errors].some((list) => list.length);
}

async function keepTrace(title, { trace }) {
  await mkdir(TRACES, { recursive: true });
  const file = join(TRACES, `${title.replace(' ', '-')}-seed-${seed}.log`);
  await writeFile(file, `${trace.join('\n')}\n`);
  return file;
}

function row(cells) {
  console.log(cells.map((cell, index) => (index ? String(cell).padStart(WIDTHS[index]) : String(cell).padEnd(WIDTHS[index]))).join(''));
}
