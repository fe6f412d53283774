// An hour in the life of a page that is never left alone: 50 stanzas a second, conversations that are opened and closed, a
// room that is left and entered again, and somebody who types. What it takes in memory is to be flat after the first ten
// minutes, and what is typed is to be answered within 50 ms throughout. MINUTES, how long (60). The server is scripted
// (beside/server.mjs), the browser is headless Chromium.

import { chromium } from '@playwright/test';

import { CLIENTS, folders } from './beside/clients.mjs';
import { DOMAIN, ME, ROOMS, startServer } from './beside/server.mjs';
import { heading, memoryOf, noteMemories } from './support.mjs';
import { startStaticServer } from '../tests/support/static-server.mjs';

const MINUTES = Number(process.env.MINUTES ?? 60);
const RATE = 50;
const CONTACTS = 500;
const TALKERS = 40;
const OCCUPANTS = 200;
/** So many conversations are open at once. */
const OPEN = 10;
const ANSWER_MS = 50;
/** Memory that grows by less than this after the first ten minutes counts as flat: its last third beside its first. */
const FLAT = 1.05;

const CLIENT = 'jabber:client';
const ROOM = `crowd@${ROOMS}`;
const contact = (n) => `contact${String(n).padStart(4, '0')}@${DOMAIN}`;
const roster = Array.from({ length: CONTACTS }, (_, n) => `<item jid='${contact(n)}' name='Contact ${n}' subscription='both'><group>Group ${n % 10}</group></item>`);
const seat = (n, more = '') => `<presence xmlns='${CLIENT}' from='${ROOM}/guest${n}' to='${ME}/page'${more}><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' role='participant'/></x></presence>`;
const WORDS = 'But soft, what light through yonder window breaks? It is the east, and Juliet is the sun.';

// The same hour each time.
let seed = 1;
const dice = (sides) => (seed = (seed * 48_271) % 2_147_483_647) % sides;

/** The next stanza: of ten, five messages of people, two of the room, two presences, and somebody who comes to the room or goes. */
function stanza(n) {
  const said = `${n}: ${WORDS.slice(0, 10 + dice(WORDS.length - 10))}`;
  switch (n % 10) {
    case 0: case 1: case 2: case 3: case 4: {
      // Some of them are corrected.
      const corrected = dice(20) === 0 ? `<replace xmlns='urn:xmpp:message-correct:0' id='m${n - 200}'/>` : '';
      return `<message xmlns='${CLIENT}' from='${contact(dice(TALKERS))}/phone' to='${ME}/page' type='chat' id='m${n}'><body>${said}</body><active xmlns='http://jabber.org/protocol/chatstates'/>${corrected}</message>`;
    }
    case 5: case 6:
      return `<message xmlns='${CLIENT}' from='${ROOM}/guest${dice(OCCUPANTS)}' to='${ME}/page' type='groupchat' id='g${n}'><body>${said}</body></message>`;
    case 7: case 8:
      return `<presence xmlns='${CLIENT}' from='${contact(dice(CONTACTS))}/phone' to='${ME}/page'><show>${['away', 'dnd', 'chat'][dice(3)]}</show><status>${said}</status></presence>`;
    default:
      return seat(dice(OCCUPANTS), dice(2) ? '' : " type='unavailable'");
  }
}

const site = await startStaticServer({ folders: folders([CLIENTS[0]]), documents: { '/favicon.ico': '', '/page': CLIENTS[0].page } });
const server = await startServer();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--js-flags=--expose-gc', '--disable-background-networking'],
});

const percentile = (values, part) => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))];
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const megabytes = (bytes) => (bytes / 1024 / 1024).toFixed(1);

async function hour() {
  const { url, session } = server.session({ roster, occupants: () => Array.from({ length: OCCUPANTS }, (_, n) => seat(n)) });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const failures = [];
  page.on('pageerror', (error) => failures.push(String(error)));
  // From the key until the page has handed over the frame after it, in milliseconds. What the browser then takes until it is on
  // the screen depends on what else the machine does: there is no GPU.
  await page.addInitScript(() => {
    window.answers = [];
    const channel = new MessageChannel();
    const pressed = [];
    channel.port1.onmessage = () => window.answers.push(...pressed.splice(0).map((time) => performance.now() - time));
    addEventListener('keydown', ({ timeStamp }) => requestAnimationFrame(() => {
      pressed.push(timeStamp);
      channel.port2.postMessage('');
    }), true);
  });
  await page.addInitScript(noteMemories);
  const devtools = await page.context().newCDPSession(page);
  const settings = { websocket_url: url, jid: ME, password: 'secret' };
  await page.goto(`${site.url}page#${encodeURIComponent(JSON.stringify(settings))}`);
  await page.locator(CLIENTS[0].contact).first().waitFor();
  const enter = () => page.evaluate((jid) => _converse.api.rooms.open(jid, { nick: 'juliet' }), ROOM);
  await enter();

  let sent = 0;
  const began = performance.now();
  const flow = setInterval(() => {
    const due = Math.floor(((performance.now() - began) / 1000) * RATE);
    for (; sent < due; sent += 1) session.send(stanza(sent));
  }, 20);

  const open = [];
  /** Goes on to the next conversation, and closes the oldest. */
  const turn = async (n) => {
    const next = contact((n * 7) % TALKERS);
    await page.evaluate((jid) => _converse.api.chats.open(jid, {}, true), next);
    const at = open.indexOf(next);
    if (at >= 0) open.splice(at, 1);
    open.push(next);
    if (open.length > OPEN) await page.evaluate(async (jid) => (await _converse.api.chats.get(jid))?.close(), open.shift());
  };

  console.log('| minute | stanzas | JavaScript, MB | WebAssembly, MB | elements | keys | median, ms | 99th percentile, ms | longest, ms |');
  console.log('|---:|---:|---:|---:|---:|---:|---:|---:|---:|');
  const memories = [];
  const all = [];
  for (let minute = 1, step = 0; minute <= MINUTES; minute += 1) {
    for (; performance.now() - began < minute * 60_000; step += 1) {
      if (step % 4 === 0) await turn(step / 4);
      if (step % 600 === 599) {
        await page.evaluate(async (jid) => (await _converse.api.rooms.get(jid)).close(), ROOM);
        await enter();
      }
      const field = page.locator('textarea.chat-textarea:visible').last();
      await field.press(step % 30 === 29 ? 'ControlOrMeta+a' : 'abcdefghijklmnopqrstuvwxyz'[step % 26]);
      await new Promise((passed) => setTimeout(passed, 500));
    }
    const answers = await page.evaluate(() => window.answers.splice(0));
    const now = await memoryOf(page, devtools);
    const elements = await page.evaluate(() => document.querySelectorAll('*').length);
    all.push(...answers);
    memories.push(now);
    const figures = [0.5, 0.99, 1].map((part) => percentile(answers, part).toFixed(0));
    console.log(`| ${minute} | ${sent} | ${megabytes(now.script)} | ${megabytes(now.wasm)} | ${elements} | ${answers.length} | ${figures.join(' | ')} |`);
  }
  clearInterval(flow);
  failures.push(...(await page.evaluate(() => _converse.connection.connected ? [] : ['the connection is gone'])));
  await page.close();
  return { memories, all, failures, sent };
}

try {
  console.log(`${heading(browser)}, ${MINUTES} minutes\n`);
  const { memories, all, failures, sent } = await hour();
  // From the eleventh minute on; in less than half an hour there is nothing to be told of it.
  const after = memories.slice(10);
  const third = Math.floor(after.length / 3);
  const part = (from, to) => mean(after.slice(from, to).map((taken) => taken.all));
  const grown = MINUTES >= 30 ? part(-third) / part(0, third) : undefined;
  const slow = all.filter((ms) => ms > ANSWER_MS).length;
  console.log(`\n${sent} stanzas; ${slow} of ${all.length} keys answered later than ${ANSWER_MS} ms`);
  if (grown) console.log(`memory from the eleventh minute to the end × ${grown.toFixed(3)} (flat: under ${FLAT})`);
  failures.forEach((failure) => console.log(`failed: ${failure}`));
  process.exitCode = !(grown >= FLAT) && slow === 0 && failures.length === 0 ? 0 : 1;
} finally {
  await browser.close();
  await site.close();
  await server.close();
}
