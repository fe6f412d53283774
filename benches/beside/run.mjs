// One row with one client: a browser page of its own, and what it cost.

import { writeFileSync } from 'node:fs';

import { memoryOf, noteMemories } from '../support.mjs';
import { ME } from './server.mjs';

// The page is quiet when its main thread has worked less than this, of this, so many times in a row.
const WORK_MS = 10;
const WINDOW_MS = 250;
const WINDOWS = 4;
// What takes longer is told as that, and counts as that long.
export const PATIENCE_MS = Number(process.env.PATIENCE ?? 240) * 1000;

function noteTasks() {
  window.__longest = 0;
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) window.__longest = Math.max(window.__longest, task.duration);
  }).observe({ type: 'longtask', buffered: true });
}

class Late extends Error {}

function inTime(promise, deadline) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Late('took too long')), Math.max(0, deadline - Date.now()));
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/**
 * @typedef {object} Cost
 * @property {number} cpu ms of the main thread
 * @property {number} wall ms until it can be seen
 * @property {number} longest ms of the longest task by the clock; 0 if none had 50
 * @property {number} memory bytes after collection, of JavaScript and WebAssembly
 * @property {number} elements
 * @property {number} bytes fetched
 * @property {boolean} late whether it was given up
 */

/**
 * With `profile`, what the browser's profiler saw goes to the file of that name.
 * @returns {Promise<Cost>}
 */
export async function run(browser, site, server, client, row, profile) {
  const { url, session } = server.session({ ...row.world });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const deadline = Date.now() + PATIENCE_MS;
  try {
    const page = await context.newPage();
    await page.addInitScript(noteTasks);
    await page.addInitScript(noteMemories);
    const devtools = await context.newCDPSession(page);
    await devtools.send('Performance.enable');
    await devtools.send('Network.enable');
    let bytes = 0;
    devtools.on('Network.loadingFinished', ({ encodedDataLength }) => { bytes += encodedDataLength; });
    let total = 0;
    let last = 0;
    // A page that is loaded again may get another process, whose thread has worked for nobody else.
    const worked = async () => {
      const { metrics } = await devtools.send('Performance.getMetrics');
      const now = metrics.find(({ name }) => name === 'ThreadTime').value * 1000;
      total += now < last ? now : now - last;
      last = now;
      return total;
    };
    const quiet = async () => {
      let before = await worked();
      for (let calm = 0; calm < WINDOWS;) {
        await new Promise((passed) => setTimeout(passed, WINDOW_MS));
        const now = await worked();
        calm = now - before < WORK_MS ? calm + 1 : 0;
        before = now;
      }
    };
    const settings = { websocket_url: url, jid: ME, password: 'secret', ...row.settings };
    const address = `${site.url}${client.name}#${encodeURIComponent(JSON.stringify(settings))}`;
    // The same process goes on: what the thread has worked before is known.
    await page.goto(`${site.url}blank`);
    const cost = { late: false };
    const steps = async () => {
      if (!row.cold) {
        const asked = row.world.holdRoster ? session.asked(/jabber:iq:roster/) : undefined;
        await page.goto(address);
        await asked;
        await row.prepare?.(page, client, { session });
      }
      await quiet();
      await page.evaluate(() => { window.__longest = 0; });
      if (profile) {
        await devtools.send('Profiler.enable');
        await devtools.send('Profiler.start');
      }
      const before = await worked();
      const since = performance.now();
      await row.act({ page, client, session, go: () => page.goto(address, { waitUntil: 'commit' }) });
      await row.shown(page, client);
      cost.wall = performance.now() - since;
      // Whoever waits for a database in between is quiet before it is done.
      do {
        await quiet();
        cost.cpu = (await worked()) - before;
      } while (!(await row.done(page)));
      if (profile) writeFileSync(profile, JSON.stringify((await devtools.send('Profiler.stop')).profile));
      cost.longest = await page.evaluate(() => window.__longest);
      cost.bytes = bytes;
      cost.elements = await page.evaluate(() => document.querySelectorAll('*').length);
      cost.memory = (await memoryOf(page, devtools)).all;
    };
    try {
      await inTime(steps(), deadline);
    } catch (error) {
      if (!(error instanceof Late)) throw error;
      cost.late = true;
      cost.cpu = PATIENCE_MS;
    }
    return cost;
  } finally {
    await context.close();
  }
}
