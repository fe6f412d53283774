// What this client costs beside converse.js 3.3.0, 4.2.0 and 14.0.0, taking turns, in one run: see docs/benchmarks.md. The
// server answers at once (beside/server.mjs), the browser is headless Chromium. Options: part of a row's name, to run those
// rows only; RUNS, how often (3); PATIENCE, seconds after which a run is given up (240); BESIDE, the versions of converse.js to
// be measured, with commas (all); LINEAR=1 for the same work in four sizes; PROFILE, a folder for what the browser's profiler
// saw in each row with this client alone, to be opened in its developer tools.

import { chromium } from '@playwright/test';

import { CLIENTS as ALL, folders } from './beside/clients.mjs';
import { PATIENCE_MS, run } from './beside/run.mjs';
import { startServer } from './beside/server.mjs';
import { LINEAR, ROWS } from './beside/works.mjs';
import { heading, median } from './support.mjs';
import { startStaticServer } from '../tests/support/static-server.mjs';

const RUNS = Number(process.env.RUNS ?? 3);
const SMOOTH_MS = 50;
const RISE = 1.15;
const only = process.argv[2];
const CLIENTS = ALL.filter(({ name }, place) => place === 0 || !process.env.BESIDE || process.env.BESIDE.split(',').includes(name));

const documents = { '/favicon.ico': '', '/blank': '<!doctype html><title>blank</title>' };
for (const { name, page } of CLIENTS) documents[`/${name}`] = page;
const site = await startStaticServer({ folders: folders(CLIENTS), documents });
const server = await startServer();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--js-flags=--expose-gc', '--disable-background-networking'],
});

const figure = (row) => (row.memory ? 'memory' : 'cpu');
const megabytes = (bytes) => `${(bytes / 1024 / 1024).toFixed(1)} MB`;
const task = (ms) => (ms > 0 ? `${ms.toFixed(0)} ms` : 'under 50 ms');
const written = (row, value) => (row.memory ? megabytes(value) : `${value.toFixed(0)} ms`);

/** The medians of what the runs of one client cost. */
function medians(costs) {
  const found = { late: costs.some(({ late }) => late) };
  for (const name of ['cpu', 'wall', 'longest', 'memory', 'elements', 'bytes']) {
    const values = costs.map((cost) => cost[name]).filter((value) => value !== undefined);
    if (values.length) found[name] = median(values);
  }
  return found;
}

async function beside() {
  const [ours, ...others] = CLIENTS;
  console.log(`| work | ${CLIENTS.map(({ name }) => name).join(' | ')} | of the best | goal | wall | longest task |`);
  console.log(`|---|${CLIENTS.map(() => '---').join('|')}|---|---|---|---|`);
  let missed = 0;
  const besides = [];
  for (const row of ROWS.filter(({ name }) => !only || name.includes(only))) {
    const costs = new Map(CLIENTS.map((client) => [client, []]));
    for (let n = 0; n < RUNS; n += 1) {
      for (const client of CLIENTS) {
        // What was given up once is not waited for again.
        if (costs.get(client).some(({ late }) => late)) continue;
        costs.get(client).push(await run(browser, site, server, client, row));
      }
    }
    const found = new Map(CLIENTS.map((client) => [client, medians(costs.get(client))]));
    const mine = found.get(ours)[figure(row)];
    // Who was given up has worked as long at least. What it would have taken in memory is not known.
    const best = Math.min(...others.map((client) => found.get(client)[figure(row)] ?? Infinity));
    const share = mine / best;
    const smooth = !row.smooth || found.get(ours).longest <= SMOOTH_MS;
    if (share > row.goal || !smooth) missed += 1;
    const cells = CLIENTS.map((client) => {
      const { late, ...cost } = found.get(client);
      return late ? `over ${PATIENCE_MS / 1000} s` : written(row, cost[figure(row)]);
    });
    const part = (value) => (value >= 0.5 ? value.toFixed(2) : `1/${(1 / value).toFixed(0)}`);
    const reached = share > 0 ? part(share) : 'not known';
    const met = share > row.goal ? '**missed**' : share > 0 ? 'met' : '';
    console.log(`| ${row.name} | ${cells.join(' | ')} | ${reached} | ${part(row.goal)} ${met} | ${found.get(ours).wall.toFixed(0)} ms | ${task(found.get(ours).longest)}${smooth ? '' : ' **missed**'} |`);
    for (const client of CLIENTS) {
      const { late, wall, longest, memory, elements, bytes } = found.get(client);
      if (!late) besides.push(`| ${row.name} | ${client.name} | ${wall.toFixed(0)} ms | ${task(longest)} | ${megabytes(memory)} | ${elements} | ${megabytes(bytes)} |`);
    }
  }
  console.log('\n| work | client | wall | longest task | memory | elements | fetched, not compressed |\n|---|---|---|---|---|---|---|');
  besides.forEach((line) => console.log(line));
  return missed;
}

async function profiled(folder) {
  for (const row of ROWS.filter(({ name }) => !only || name.includes(only))) {
    const { cpu } = await run(browser, site, server, CLIENTS[0], row, `${folder}/${row.name.replaceAll(/\W+/g, '-')}.cpuprofile`);
    console.log(`${row.name}: ${cpu.toFixed(0)} ms`);
  }
  return 0;
}

async function linear() {
  let missed = 0;
  for (const [name, rows] of Object.entries(LINEAR)) {
    const each = [];
    for (const row of rows) {
      const costs = [];
      for (let n = 0; n < RUNS; n += 1) costs.push(await run(browser, site, server, CLIENTS[0], row));
      each.push((medians(costs).cpu * 1000) / row.items);
    }
    const rise = each.at(-1) / each[0];
    if (rise > RISE) missed += 1;
    console.log(`| ${name} | ${rows.map(({ items }, n) => `${items}: ${each[n].toFixed(1)} µs`).join(' | ')} | ${rise.toFixed(2)} ${rise <= RISE ? 'met' : '**missed**'} |`);
  }
  return missed;
}

try {
  console.log(`${heading(browser)}, medians of ${RUNS}`);
  console.log('CPU time of the page\'s main thread until it is quiet; memory of JavaScript and WebAssembly after collection\n');
  const { LINEAR: sizes, PROFILE: folder } = process.env;
  process.exitCode = (folder ? await profiled(folder) : sizes ? await linear() : await beside()) > 0 ? 1 : 0;
} finally {
  await browser.close();
  await site.close();
  await server.close();
}
