// One idiom on one client: a page, a plugin, somebody to talk to, and what came of it.

import { logIn } from '../support/raw-client.mjs';
import { install } from './page.mjs';

/** Milliseconds until something that was waited for is given up, which the log then says. */
const PATIENCE = 10_000;
/** Milliseconds in which nothing more may come, before what came is taken for all. */
export const SETTLE = 400;

/**
 * Runs `idiom` and says what its plugin has noted, by name, and which stanzas its page has sent.
 * @param {object} idiom
 * @param {{ browser: import('@playwright/test').Browser, server: any, url: string, number: number, settle?: number }} place
 */
export async function run(idiom, { browser, server, url, number, settle = SETTLE }) {
  const jid = `juliet${number}@${server.domain}`;
  const peerJid = `romeo${number}@${server.domain}`;
  const room = `room${number}@${server.roomsDomain}`;
  const account = { jid, password: 'secret' };
  await server.add({
    accounts: [
      { ...account, contacts: [{ jid: peerJid, name: 'Romeo', groups: ['Montagues'] }] },
      { jid: peerJid, password: 'secret', contacts: [{ jid }] },
    ],
    // A room that somebody enters first is locked until they say how it is to be, and at other moments in each library.
    rooms: [{ jid: room }],
  });
  const peer = await logIn({ websocketUrl: server.websocketUrl, jid: peerJid, password: 'secret', resource: 'orchard' });
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 } });
  const page = await context.newPage();
  const sent = [];
  page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(String(payload))));
  if (process.env.VERBOSE) page.on('console', (message) => console.log(`${url}: ${message.text()}`));
  await page.addInitScript(install);
  await page.goto(url);
  const late = [];
  /** Waits until the plugin has noted `name` as often as that. */
  const until = async (name, times = 1) => {
    const noted = page.evaluate(([name, times]) => sideBySide.until(name, times), [name, times]).then(() => true, () => true);
    if (!(await inTime(noted))) late.push(`${name} ${times}`);
  };
  const scene = {
    page, peer, jid, peerJid, room, until,
    /** The stanzas that the page has sent so far are none of the idiom's. */
    begin: () => void (sent.length = 0),
    /** Waits until the peer has received what matches. */
    received: async (pattern) => {
      const frame = peer.next(pattern).catch(() => undefined);
      if (!(await inTime(frame))) late.push(`received ${pattern}`);
    },
    say: (xml) => peer.send(xml.replace(/^<(\w+)/, `<$1 xmlns='jabber:client' to='${jid}'`)),
    settle: () => page.waitForTimeout(settle),
    run: (body, ...given) => page.evaluate(`(${body})(...${JSON.stringify(given)})`),
    click: (selector) => page.locator(selector).first().click({ timeout: PATIENCE / 2, force: true }).catch(() => late.push(`click ${selector}`)),
    type: (text) => write(page, text).catch(() => late.push(`type ${text}`)),
  };
  try {
    const settings = {
      websocket_url: server.websocketUrl,
      view_mode: 'overlayed',
      play_sounds: false,
      show_desktop_notifications: false,
      allow_registration: false,
      allow_non_roster_messaging: true,
      message_carbons: false,
      nickname: 'juliet',
      i18n: 'en',
      jid,
      ...(idiom.login === false ? {} : { password: 'secret', auto_login: true }),
      whitelisted_plugins: ['harness', 'idiom', 'second', 'third'],
      ...idiom.settings,
    };
    const begin = async () => {
      // Classic scripts, in sloppy mode, as plugins are loaded.
      for (const script of [idiom.plugin].flat()) await page.evaluate(`(${asFunction(script)})(${JSON.stringify({ jid, peerJid, room })})`);
      await page.evaluate(HARNESS);
      await page.evaluate((settings) => void Promise.resolve(converse.initialize(settings)).catch((error) => note('initialize rejected', error)), settings);
      await until(idiom.login === false ? 'harness begun' : 'harness ready');
    };
    await begin();
    // What was noted goes over the reload, which takes it with it.
    scene.reload = async () => {
      const noted = await page.evaluate(() => sideBySide.log.filter(([name]) => !name.startsWith('harness')));
      await page.reload();
      await page.evaluate((noted) => sideBySide.log.push(...noted), noted);
      await begin();
    };
    await page.waitForTimeout(settle);
    if (!idiom.fromTheStart) scene.begin();
    // What the driver cannot do is a result, too.
    await idiom.drive?.(scene).catch((error) => late.push(String(error.message).split('\n')[0]));
    await page.waitForTimeout(settle);
    const seen = await page.evaluate(() => sideBySide.log.filter(([name]) => !name.startsWith('harness')));
    const wire = idiom.wire === undefined ? [] : await page.evaluate((texts) => sideBySide.canonical(texts), sent.filter((text) => !/urn:ietf:params:xml:ns:xmpp-(framing|sasl)/.test(text)));
    return {
      seen: byName(seen),
      ...(late.length > 0 ? { late } : {}),
      wire: wire.filter((stanza) => idiom.wire?.test(stanza)),
    };
  } finally {
    peer.close();
    await context.close();
  }
}

/** What was noted under each name, in order. What order different names came in is a note of its own, if it matters. */
function byName(seen) {
  const names = [...new Set(seen.map(([name]) => name))].sort();
  return Object.fromEntries(names.map((name) => [name, seen.filter((entry) => entry[0] === name).map(([, ...values]) => values)]));
}

async function inTime(promise) {
  let timer;
  const late = new Promise((done) => { timer = setTimeout(done, PATIENCE, false); });
  const result = await Promise.race([promise, late]);
  clearTimeout(timer);
  return result;
}

async function write(page, text) {
  const field = page.locator('.chatbox:not(.hidden) textarea.chat-textarea:visible').last();
  await field.fill(text, { timeout: PATIENCE / 2 });
  await field.press('Enter');
}

const HARNESS = `converse.plugins.add('harness', {
  initialize() {
    const { _converse } = this;
    setTimeout(() => note('harness begun'), 0);
    _converse.api.listen.on('rosterContactsFetched', () => setTimeout(() => note('harness ready'), 0));
  },
})`;

/** The text of a function; a method of an object is none by itself. */
function asFunction(given) {
  const text = String(given);
  return /^(async )?function|=>/.test(text.split('{')[0]) ? text : text.replace(/^(async )?/, '$1function ');
}
