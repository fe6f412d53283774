/** What much at once must not cost: a text for each item to JavaScript, a write for each to the storage, a frame for each. */
import type { Page } from '@playwright/test';

import { expect, test, type Chat } from './support/chat.ts';

const COUNT = 1_000;
const FRIEND = 'nurse@capulet.lit';

interface Counts {
  texts: number;
  writes: number;
  frames: number;
}

/** Counts in the page what crosses into JavaScript as one text for an entity, what is written, and what is asked to be drawn. */
function count(): void {
  const counts: Counts = { texts: 0, writes: 0, frames: 0 };
  Object.assign(window, { counts });
  const { parse } = JSON;
  JSON.parse = (...given) => {
    counts.texts += 1;
    return parse(...given);
  };
  const { setItem } = Storage.prototype;
  Storage.prototype.setItem = function (...given) {
    counts.writes += 1;
    setItem.apply(this, given);
  };
  const { requestAnimationFrame } = window;
  window.requestAnimationFrame = (callback) => {
    counts.frames += 1;
    return requestAnimationFrame.call(window, callback);
  };
}

/** Lets the server's next answer bring many messages beside what it says; all are taken in then. */
async function bring({ page }: Chat): Promise<void> {
  const jid = await page.evaluate(() => _converse.bare_jid);
  const message = (n: number) => `<message xmlns='jabber:client' from='${FRIEND}/x' to='${jid}' type='chat' id='m${n}'><body>${n}</body></message>`;
  const stanzas = `${Array.from({ length: COUNT }, (_, n) => message(n)).join('')}<iq xmlns='jabber:client' type='get' from='capulet.lit' to='${jid}' id='end'><ping xmlns='urn:xmpp:ping'/></iq>`;
  let isBrought = false;
  let isTakenIn: () => void;
  const takenIn = new Promise<void>((resolve) => { isTakenIn = resolve; });
  await page.route(/http-bind/, async (route) => {
    if (route.request().postData()?.includes('"end"')) isTakenIn();
    const response = await route.fetch().catch(() => undefined);
    let body = await response?.text().catch(() => undefined);
    // The test is over, and the page gone.
    if (!response || body === undefined) return;
    if (!isBrought && response.ok() && !body.includes('terminate')) {
      isBrought = true;
      body = body.endsWith('/>') ? body.replace(/\/>$/, `>${stanzas}</body>`) : body.replace(/<\/body>$/, `${stanzas}</body>`);
      await reset(page);
    }
    await route.fulfill({ response, body });
  });
  // The first lets go the request that was open before; the answer to the next is the one.
  for (let n = 0; n < 2; n += 1) {
    await page.evaluate(() => _converse.api.sendIQ(converse.env.$iq({ type: 'get', to: 'capulet.lit' }).c('ping', { xmlns: 'urn:xmpp:ping' })));
  }
  await takenIn;
}

const counted = ({ page }: Chat) => page.evaluate(() => (window as unknown as { counts: Counts }).counts);
const reset = (page: Page) => page.evaluate(() => Object.assign((window as unknown as { counts: object }).counts, { texts: 0, writes: 0, frames: 0 }));
const kept = (page: Page) => page.evaluate(async (jid) => (await _converse.api.chats.get(jid))?.messages.length, FRIEND);
/** Whether the last of them is in the page's storage. */
const isStored = (page: Page) => page.evaluate((id) => Object.values(sessionStorage).some((value) => value.includes(id)), `m${COUNT - 1}`);

/** Logs in without the probe, which hears everything. */
async function logInAlone(chat: Chat, settings: object): Promise<void> {
  await chat.page.evaluate(async (settings) => {
    await new Promise<void>((resolve) => {
      converse.plugins.add('alone', {
        initialize() {
          globalThis._converse = this._converse;
          this._converse.api.listen.once('rosterContactsFetched', () => resolve());
        },
      });
      void converse.initialize({ ...settings, whitelisted_plugins: ['alone'], blacklisted_plugins: ['probe'] });
    });
  }, settings);
  await chat.page.evaluate(count);
}

test('what comes at once is stored at once, and crosses into JavaScript only if somebody listens @once', async ({ newAccount, openPage, loginSettings }) => {
  const settings = async () => ({ ...loginSettings(await newAccount(), 'bosh'), allow_non_roster_messaging: true });
  const alone = await openPage();
  await logInAlone(alone, await settings());
  await bring(alone);
  await expect.poll(() => isStored(alone.page)).toBe(true);
  const silent = await counted(alone);
  expect(silent.texts).toBeLessThan(20);
  expect(silent.writes).toBeGreaterThanOrEqual(1);
  expect(silent.writes).toBeLessThan(20);
  expect(await kept(alone.page)).toBe(COUNT);

  const heard = await openPage();
  await logInAlone(heard, await settings());
  await heard.page.evaluate(() => _converse.api.listen.on('messageAdded', () => {}));
  await bring(heard);
  expect((await counted(heard)).texts).toBeGreaterThanOrEqual(COUNT);
});

test('what comes at once is drawn at once @once', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount(), { transport: 'bosh', client: {}, settings: { allow_non_roster_messaging: true } });
  await chat.page.evaluate(count);
  await chat.page.evaluate((jid) => _converse.api.chats.open(jid), FRIEND);
  await bring(chat);
  await expect(chat.page.locator('.chat-msg').last()).toContainText(String(COUNT - 1));
  const { frames } = await counted(chat);
  expect(frames).toBeGreaterThanOrEqual(1);
  expect(frames).toBeLessThan(20);
});

test('while more and more comes, it is drawn ten times a second, and what came last is', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount(), { client: {}, settings: { allow_non_roster_messaging: true } });
  const unread = chat.page.locator('.minimized-chat .badge');
  const box = await chat.page.evaluateHandle(async (jid) => {
    const box = await _converse.api.chats.open(jid);
    box.set({ minimized: true, num_unread: 1 });
    return box;
  }, FRIEND);
  await expect(unread).toHaveText('1');
  const { passed, drawn, changes } = await chat.page.evaluate(async (box) => {
    const { requestAnimationFrame: ask } = window;
    let drawn = 0;
    window.requestAnimationFrame = (callback) => {
      drawn += 1;
      return ask.call(window, callback);
    };
    const since = performance.now();
    let changes = 1;
    do {
      changes += 1;
      box.set('num_unread', changes);
      await new Promise((resolve) => { ask.call(window, resolve); });
    } while (performance.now() - since < 1_000);
    return { passed: performance.now() - since, drawn, changes };
  }, box);
  expect(drawn).toBeGreaterThan(1);
  expect(drawn).toBeLessThanOrEqual(passed / 100 + 1);
  expect(changes).toBeGreaterThan(drawn);
  await expect(unread).toHaveText(String(changes));
});
