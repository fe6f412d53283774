// Scrolls the lists of the client where they are longest: a roster of 10,000, a conversation of 50,000 messages. Of each walk
// the longest task of the page's main thread is printed, in milliseconds: as the clock has it, and what of that the thread
// worked. What is to be smooth has none above 50 after the first paint; the exit code says whether the second figure keeps
// that, for the first is also the machine's.
//
// The server is played here, in the place of the browser's WebSocket: it lets everybody in.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { chromium } from '@playwright/test';

import { startStaticServer } from '../tests/support/static-server.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CONTACTS = Number(process.env.CONTACTS ?? 10_000);
const MESSAGES = Number(process.env.MESSAGES ?? 50_000);
const GOAL_MS = 50;
const SOCKET = 'wss://capulet.lit/xmpp-websocket';
const ME = 'juliet@capulet.lit';
const FRIEND = 'friend0@capulet.lit';

const page = `<!doctype html><html lang="en"><meta charset="utf-8"><link rel="stylesheet" href="/pkg/converse.css">
<script src="/pkg/converse.js"></script><body><script>
converse.plugins.add('probe', { initialize() { window._converse = this._converse; } });
converse.initialize({ websocket_url: '${SOCKET}', authentication: 'anonymous', jid: 'capulet.lit', auto_login: true, view_mode: 'fullscreen',
  allow_non_roster_messaging: true, whitelisted_plugins: ['probe'], discover_connection_methods: false, auto_reconnect: false });
</script></body></html>`;

/** Plays the server of a page. `send` reaches the page. */
async function playServer(page) {
  const played = { send: undefined };
  await page.routeWebSocket(SOCKET, (socket) => {
    const send = (text) => socket.send(text);
    played.send = send;
    let streams = 0;
    socket.onMessage((frame) => {
      const text = String(frame);
      const id = /^<iq[^>]*\bid="([^"]*)"/.exec(text)?.[1];
      if (text.startsWith('<open')) {
        streams += 1;
        send('<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" from="capulet.lit" id="s" version="1.0"/>');
        send(`<stream:features xmlns:stream="http://etherx.jabber.org/streams">${streams === 1
          ? '<mechanisms xmlns="urn:ietf:params:xml:ns:xmpp-sasl"><mechanism>ANONYMOUS</mechanism></mechanisms>'
          : '<bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/>'}</stream:features>`);
      } else if (text.startsWith('<auth')) {
        send('<success xmlns="urn:ietf:params:xml:ns:xmpp-sasl"/>');
      } else if (text.includes('xmpp-bind')) {
        send(`<iq xmlns="jabber:client" type="result" id="${id}"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"><jid>${ME}/page</jid></bind></iq>`);
      } else if (text.includes('jabber:iq:roster')) {
        const items = Array.from({ length: CONTACTS }, (_, n) =>
          `<item jid="friend${n}@capulet.lit" name="Friend ${(n * 7919) % CONTACTS}" subscription="both"><group>Group ${n % 20}</group></item>`);
        send(`<iq xmlns="jabber:client" type="result" id="${id}"><query xmlns="jabber:iq:roster">${items.join('')}</query></iq>`);
      } else if (text.includes('vcard-temp')) {
        const to = /\bto="([^"]*)"/.exec(text)?.[1] ?? ME;
        send(`<iq xmlns="jabber:client" type="result" id="${id}" from="${to}"><vCard xmlns="vcard-temp"><FN>${to}</FN></vCard></iq>`);
      } else if (id) {
        send(`<iq xmlns="jabber:client" type="error" id="${id}"><error type="cancel"><service-unavailable xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>`);
      }
    });
  });
  return played;
}

const message = (n) =>
  `<message xmlns="jabber:client" from="${FRIEND}/phone" to="${ME}/page" type="chat" id="m${n}"><body>Message ${n}: ${'But soft, what light through yonder window breaks? '.repeat(1 + (n % 4))}</body></message>`;
const presence = (n, show) => `<presence xmlns="jabber:client" from="friend${n}@capulet.lit/phone" to="${ME}/page"><show>${show}</show></presence>`;

/** The longest task of the main thread while `walk` goes on: by the clock, and by the thread's own. */
async function longest(browser, page, walk) {
  // What the played server left behind is no part of the walk.
  await page.evaluate(() => globalThis.gc());
  await page.waitForTimeout(500);
  await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline', 'devtools.timeline'] });
  await walk();
  const { traceEvents } = JSON.parse(String(await browser.stopTracing()));
  const main = new Set(traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(({ pid, tid }) => `${pid}/${tid}`));
  const tasks = traceEvents.filter(({ name, pid, tid }) => /RunTask$/.test(name) && main.has(`${pid}/${tid}`));
  const most = (field) => tasks.reduce((most, task) => Math.max(most, (task[field] ?? 0) / 1000), 0);
  return { tasks: tasks.length, wall: most('dur'), cpu: most('tdur') };
}

/** Turns the wheel `times` times, and lets the page draw each time. */
async function wheel(page, selector, by, times) {
  await page.locator(selector).hover();
  for (let n = 0; n < times; n += 1) {
    await page.mouse.wheel(0, by);
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)));
  }
}

const site = await startStaticServer({ folders: { '/pkg/': `${ROOT}pkg/` }, documents: { '/': page, '/favicon.ico': '' } });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--js-flags=--expose-gc'] });
try {
  const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
  page.on('pageerror', (error) => console.error(error));
  const server = await playServer(page);
  await page.goto(site.url);
  await page.locator('.roster-contact').first().waitFor();
  const walks = [];
  const walk = async (name, steps) => walks.push({ name, ...(await longest(browser, page, steps)), rows: await page.locator('.roster-row, .chat-msg').count() });
  for (let n = 0; n < 300; n += 1) server.send(presence(n * 7, 'away'));

  await walk('roster: scroll', () => wheel(page, '.windowed', 900, 150));
  await walk('roster: jump to places far apart', async () => {
    for (let n = 0; n < 40; n += 1) {
      await page.evaluate((part) => {
        const list = document.querySelector('.windowed');
        list.scrollTop = list.scrollHeight * part;
        return new Promise((drawn) => requestAnimationFrame(drawn));
      }, ((n * 37) % 100) / 100);
    }
  });
  await walk('roster: 300 contacts come and go', async () => {
    for (let n = 0; n < 300; n += 1) server.send(presence(n * 11, n % 2 ? 'xa' : 'chat'));
    await page.waitForTimeout(1500);
  });
  await walk('roster: find by name', async () => {
    await page.locator('.roster-filter').pressSequentially('friend 77', { delay: 60 });
    await page.waitForTimeout(500);
    await page.locator('.roster-filter').fill('');
    await page.waitForTimeout(500);
  });

  for (let n = 0; n < MESSAGES; n += 1) {
    server.send(message(n));
    if (n % 1000 === 999) await page.evaluate(() => globalThis.gc());
  }
  await page.waitForFunction(([jid, count]) => window._converse.api.chats.get(jid)?.messages.length >= count, [FRIEND, MESSAGES], { timeout: 600_000, polling: 1000 });
  await page.evaluate((jid) => window._converse.api.chats.open(jid), FRIEND);
  await page.locator('.chat-msg').first().waitFor();
  await walk('history: scroll up', () => wheel(page, 'converse-messages', -700, 200));
  await walk('history: scroll down', () => wheel(page, 'converse-messages', 700, 200));
  await walk('history: 200 messages come', async () => {
    for (let n = 0; n < 200; n += 1) server.send(message(MESSAGES + n));
    await page.waitForTimeout(3000);
  });
  await walk('history: open another conversation, and return', async () => {
    for (const jid of ['friend1@capulet.lit', FRIEND, 'friend2@capulet.lit', FRIEND]) {
      await page.evaluate((jid) => window._converse.api.chats.open(jid), jid);
      await page.waitForTimeout(300);
    }
  });

  console.log(`scroll: ${CONTACTS} contacts, ${MESSAGES} messages, commit ${execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT }).toString().trim()}`);
  console.log('longest task, ms: by the clock / of work; tasks; rows in the document then');
  for (const { name, wall, cpu, tasks, rows } of walks) {
    console.log(`${name.padEnd(48)} ${wall.toFixed(1).padStart(7)} / ${cpu.toFixed(1).padStart(6)}  ${String(tasks).padStart(6)}  ${rows}`);
  }
  process.exitCode = walks.every(({ cpu }) => cpu <= GOAL_MS) ? 0 : 1;
} finally {
  await browser.close();
  await site.close();
}
