// Scrolls the lists of the client where they are longest: a roster of 10,000, a room of 10,000 occupants, a conversation of
// 50,000 messages, all on one page. Of each walk the longest task of the page's main thread is printed, in milliseconds: as
// the clock has it, and what of that the thread worked. What is to be smooth has none above 50 after the list was painted
// first; the exit code says whether the second figure keeps that, for the first is also the machine's. What happens until
// that first paint is printed beside.
//
// The server is played here, in the place of the browser's WebSocket: it lets everybody in.

import { chromium } from '@playwright/test';

import { startStaticServer } from '../tests/support/static-server.mjs';
import { ROOT, heading } from './support.mjs';

const CONTACTS = Number(process.env.CONTACTS ?? 10_000);
const OCCUPANTS = Number(process.env.OCCUPANTS ?? 10_000);
const MESSAGES = Number(process.env.MESSAGES ?? 50_000);
const GOAL_MS = 50;
const SOCKET = 'wss://capulet.lit/xmpp-websocket';
const ME = 'juliet@capulet.lit';
const FRIEND = 'friend0@capulet.lit';
const ROOM = 'orchard@rooms.capulet.lit';

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
      } else if (text.startsWith('<presence') && text.includes(`to="${ROOM}/`)) {
        for (let n = 0; n < OCCUPANTS; n += 1) send(occupant(n));
        send(`<presence xmlns="jabber:client" from="${ROOM}/juliet" to="${ME}/page"><x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="owner" role="moderator"/><status code="110"/></x></presence>`);
        send(`<message xmlns="jabber:client" from="${ROOM}" to="${ME}/page" type="groupchat"><subject/></message>`);
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
const occupant = (n, more = '') => {
  const standing = n % 50 === 0 ? 'affiliation="admin" role="moderator"' : n % 7 === 0 ? 'affiliation="member" role="participant"' : 'affiliation="none" role="participant"';
  return `<presence xmlns="jabber:client" from="${ROOM}/Guest ${(n * 7919) % OCCUPANTS}" to="${ME}/page"${more}><x xmlns="http://jabber.org/protocol/muc#user"><item ${standing}/></x></presence>`;
};

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

/** Goes to places far apart in a list, and lets the page draw each time. */
async function jump(page, selector) {
  for (let n = 0; n < 40; n += 1) {
    await page.evaluate(([selector, part]) => {
      const list = document.querySelector(selector);
      list.scrollTop = list.scrollHeight * part;
      return new Promise((drawn) => requestAnimationFrame(drawn));
    }, [selector, ((n * 37) % 100) / 100]);
  }
}

/** Narrows a list to what is typed, and ends that. */
async function find(page, selector, words) {
  await page.locator(selector).pressSequentially(words, { delay: 60 });
  await page.waitForTimeout(500);
  await page.locator(selector).fill('');
  await page.waitForTimeout(500);
}

const site = await startStaticServer({ folders: { '/pkg/': `${ROOT}pkg/` }, documents: { '/': page, '/nothing': '', '/favicon.ico': '' } });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--js-flags=--expose-gc'] });
try {
  const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
  page.on('pageerror', (error) => console.error(error));
  const server = await playServer(page);
  const walks = [];
  const walk = async (name, steps, judged = true) => walks.push({ name, judged, ...(await longest(browser, page, steps)), rows: await page.locator('.roster-row, .chat-msg').count() });
  const arrive = (name, steps) => walk(name, steps, false);

  await page.goto(`${site.url}nothing`);
  await arrive('roster: until it is there', async () => {
    await page.goto(site.url);
    await page.locator('.roster-contact').first().waitFor();
    await page.waitForTimeout(1000);
  });
  for (let n = 0; n < 300; n += 1) server.send(presence(n * 7, 'away'));
  await walk('roster: scroll', () => wheel(page, '#converse-roster .windowed', 900, 150));
  await walk('roster: jump to places far apart', () => jump(page, '#converse-roster .windowed'));
  await walk('roster: 300 contacts come and go', async () => {
    for (let n = 0; n < 300; n += 1) server.send(presence(n * 11, n % 2 ? 'xa' : 'chat'));
    await page.waitForTimeout(1500);
  });
  await walk('roster: find by name', () => find(page, '.roster-filter', 'friend 77'));

  await arrive('room: until its occupants are there', async () => {
    await page.evaluate((jid) => void window._converse.api.rooms.open(jid, { nick: 'juliet' }), ROOM);
    await page.waitForFunction(([jid, count]) => window._converse.api.rooms.get(jid)?.occupants.length > count, [ROOM, OCCUPANTS], { timeout: 120_000 });
    await page.locator('.occupant').first().waitFor();
    await page.waitForTimeout(1000);
  });
  await walk('room: scroll the occupants', () => wheel(page, '.occupants .windowed', 900, 150));
  await walk('room: jump to occupants far apart', () => jump(page, '.occupants .windowed'));
  await walk('room: 300 occupants come and go', async () => {
    for (let n = 0; n < 300; n += 1) server.send(occupant(n * 13, n % 2 ? ' type="unavailable"' : ''));
    await page.waitForTimeout(1500);
  });
  await walk('room: find an occupant', () => find(page, '.occupants-filter', 'guest 77'));
  await walk('room: 200 occupants say something', async () => {
    for (let n = 0; n < 200; n += 1) server.send(`<message xmlns="jabber:client" from="${ROOM}/Guest ${n * 2}" to="${ME}/page" type="groupchat" id="r${n}"><body>${n} of us here</body></message>`);
    await page.waitForTimeout(1500);
  });
  await walk('room: write, and complete a nickname', async () => {
    await page.locator('.chat-textarea').pressSequentially('I am here @gue', { delay: 60 });
    await page.waitForTimeout(500);
  });

  for (let n = 0; n < MESSAGES; n += 1) {
    server.send(message(n));
    if (n % 1000 === 999) await page.evaluate(() => globalThis.gc());
  }
  await page.waitForFunction(([jid, count]) => window._converse.api.chats.get(jid)?.messages.length >= count, [FRIEND, MESSAGES], { timeout: 600_000, polling: 1000 });
  await arrive('history: until it is there', async () => {
    await page.evaluate((jid) => void window._converse.api.chats.open(jid), FRIEND);
    await page.locator('.chat-msg').first().waitFor();
    await page.waitForTimeout(500);
  });
  await walk('history: scroll up', () => wheel(page, 'converse-messages', -700, 200));
  await walk('history: scroll down', () => wheel(page, 'converse-messages', 700, 200));
  await walk('history: 200 messages come', async () => {
    for (let n = 0; n < 200; n += 1) server.send(message(MESSAGES + n));
    await page.waitForTimeout(3000);
  });
  await walk('history: write, and change it', async () => {
    const field = page.locator('.chat-textarea');
    await field.pressSequentially('But soft', { delay: 60 });
    await field.press('Enter');
    await page.waitForTimeout(500);
    await field.press('ArrowUp');
    await field.pressSequentially('Hush! ', { delay: 60 });
    await field.press('Enter');
    await page.waitForTimeout(500);
  });
  await walk('history: open another conversation, and return', async () => {
    for (const jid of ['friend1@capulet.lit', FRIEND, 'friend2@capulet.lit', FRIEND]) {
      await page.evaluate((jid) => void window._converse.api.chats.open(jid), jid);
      await page.waitForTimeout(300);
    }
  });

  console.log(heading(browser));
  console.log(`${CONTACTS} contacts, ${OCCUPANTS} occupants, ${MESSAGES} messages`);
  console.log('longest task, ms: by the clock / of work; tasks; rows in the document then');
  for (const { name, judged, wall, cpu, tasks, rows } of walks) {
    const verdict = !judged ? '(first paint)' : cpu > GOAL_MS ? 'TOO LONG' : '';
    console.log(`${name.padEnd(48)} ${wall.toFixed(1).padStart(7)} / ${cpu.toFixed(1).padStart(6)}  ${String(tasks).padStart(6)}  ${String(rows).padStart(3)}  ${verdict}`.trimEnd());
  }
  process.exitCode = walks.every(({ judged, cpu }) => !judged || cpu <= GOAL_MS) ? 0 : 1;
} finally {
  await browser.close();
  await site.close();
}
