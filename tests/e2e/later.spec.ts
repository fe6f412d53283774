/** The wasm comes in two halves, the client in two scripts, and the first are enough to log in. */
import type { Page, Route } from '@playwright/test';

import { expect, test, type Account, type Contact } from './support/chat.ts';

const LATER = '**/converse_wasm_later.wasm';
const SCRIPT = '**/converse.later.js';

/** Opens the client's page, where `answer` has what is asked for the second half, or what else `file` names. */
async function visit(page: Page, url: string, answer: (route: Route, count: number) => unknown, file = LATER): Promise<string[]> {
  const said: string[] = [];
  page.on('console', (message) => message.type() === 'error' && said.push(message.text()));
  let count = 0;
  await page.route(file, (route) => answer(route, (count += 1)));
  await page.goto(`${url}client`);
  await page.evaluate(() => {
    const heard: (string | null | undefined)[] = [];
    converse.plugins.add('alone', {
      initialize() {
        Object.assign(globalThis, { _converse: this._converse, heard });
        this._converse.api.listen.on('message', ({ stanza }: { stanza: Element }) => heard.push(stanza.querySelector('body')?.textContent));
      },
    });
  });
  return said;
}

/** Of whoever is on the list of the page's user. */
const romeo = async (newAccount: (contacts?: Contact[], name?: string) => Promise<Account>) => [{ jid: (await newAccount([], 'romeo')).jid, name: 'Romeo' }];

async function logIn(page: Page, settings: object): Promise<void> {
  const alone = { whitelisted_plugins: ['alone'], blacklisted_plugins: ['probe'], show_controlbox_by_default: true };
  await page.evaluate((settings) => void converse.initialize(settings), { ...settings, ...alone });
}

const contact = (page: Page) => page.getByRole('button', { name: /^Romeo/ });

test('who logs in sees the contacts before the second half has come, and what was sent meanwhile after that', async ({ page, site, newAccount, loginSettings, logIn: logInElsewhere }) => {
  const romeo = await newAccount([], 'romeo');
  const friend = await logInElsewhere(romeo);
  const asked: Route[] = [];
  await page.clock.install();
  // The clock's timers have numbers that no browser has: those are 32 bits long (HTML §8.6). That what is late is waited for no
  // longer than half a minute shall not depend on how long the test takes.
  await page.addInitScript(() => {
    const { setTimeout: start, clearTimeout: stop } = window;
    Object.assign(window, {
      setTimeout: (then: () => void, delay: number) => (delay === 30_000 ? 0 : Number(start(then, delay)) - 1e12),
      clearTimeout: (id: number) => stop(id + 1e12),
    });
  });
  await visit(page, site.url, (route) => asked.push(route));
  const juliet = await newAccount([{ jid: romeo.jid, name: 'Romeo' }]);
  const brought = page.waitForEvent('websocket').then((socket) => socket.waitForEvent('framereceived', ({ payload }) => String(payload).includes('Hello!')));
  await logIn(page, loginSettings(juliet));
  await expect(contact(page)).toBeVisible();
  await friend.send(juliet.jid, 'Hello!');
  await brought;
  // The page is not waiting for it, and has fetched nothing else; nor is late what waits for it.
  await page.clock.fastForward(25_000);
  await contact(page).focus();
  expect(asked).toHaveLength(1);
  await asked[0]?.continue();
  await expect.poll(() => page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard)).toEqual(['Hello!']);
  expect(asked).toHaveLength(1);
});

test('what needs the second half fetches it at once', async ({ page, site, newAccount, loginSettings }) => {
  const asked: Route[] = [];
  const said = await visit(page, site.url, (route, count) => (count === 1 ? asked.push(route) : route.continue()));
  await logIn(page, loginSettings(await newAccount(await romeo(newAccount))));
  await expect(contact(page)).toBeVisible();
  await expect.poll(() => asked.length).toBe(1);
  await contact(page).click();
  await page.getByRole('textbox', { name: /message/i }).fill('Hello!');
  await page.keyboard.press('Enter');
  await expect(page.locator('.chat-msg')).toContainText('Hello!');
  // It comes once more, to where it is already.
  const response = page.waitForResponse(LATER);
  await asked[0]?.continue();
  await (await response).finished();
  await expect(page.locator('.chat-msg')).toContainText('Hello!');
  expect(said).toEqual([]);
});

test('a second half that does not come, or is of another build, is told of and tried again', async ({ page, site, newAccount, loginSettings }) => {
  let settle: () => void;
  const settled = new Promise<void>((resolve) => { settle = resolve; });
  const said = await visit(page, site.url, async (route, count) => {
    const response = await route.fetch();
    if (count === 1) {
      await route.fulfill({ status: 404 });
    } else if (count === 2) {
      const body = (await response.body()).toString('latin1').replace(/(first.)[0-9a-f]{8}(\d)/g, '$1ffffffff$2');
      await route.fulfill({ body: Buffer.from(body, 'latin1'), contentType: 'application/wasm' });
    } else {
      await route.fulfill({ response });
      settle();
    }
  });
  await logIn(page, loginSettings(await newAccount(await romeo(newAccount))));
  await expect(contact(page)).toBeVisible();
  await settled;
  await contact(page).click();
  await expect(page.getByRole('textbox', { name: /message/i })).toBeVisible();
  expect(said.filter((text) => text.startsWith('converse:'))).toEqual([
    expect.stringMatching(/later\.wasm answered 404\. /),
    expect.stringMatching(/later\.wasm does not fit its script: /),
  ]);
});

test('a log-in that takes more than the first half waits for the second', async ({ page, site, newAccount, loginSettings, server }) => {
  const asked: Route[] = [];
  await visit(page, site.url, (route) => asked.push(route));
  let connected = 0;
  page.on('request', (request) => { connected += Number(request.url() === server.boshUrl); });
  await logIn(page, loginSettings(await newAccount(await romeo(newAccount)), 'bosh'));
  await expect.poll(() => asked.length).toBe(1);
  expect(connected).toBe(0);
  await asked[0]?.continue();
  await expect(contact(page)).toBeVisible();
  expect(connected).toBeGreaterThan(0);
  expect(asked).toHaveLength(1);
});

test('a conversation that is open before the second script has come is completed by it', async ({ page, site, newAccount, loginSettings, logIn: logInElsewhere }) => {
  const romeo = await newAccount([], 'romeo');
  const friend = await logInElsewhere(romeo);
  const asked: Route[] = [];
  const said = await visit(page, site.url, (route) => asked.push(route), SCRIPT);
  const juliet = await newAccount([{ jid: romeo.jid, name: 'Romeo' }]);
  const brought = page.waitForEvent('websocket').then((socket) => socket.waitForEvent('framereceived', ({ payload }) => String(payload).includes('Hello!')));
  await logIn(page, loginSettings(juliet));
  await contact(page).click();
  await expect(page.getByRole('heading', { name: 'Romeo' })).toBeVisible();
  await friend.send(juliet.jid, 'Hello!');
  await brought;
  await expect(page.getByRole('textbox', { name: /message/i })).toHaveCount(0);
  expect(await page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard)).toEqual([]);
  await asked[0]?.continue();
  await expect(page.locator('.chat-msg')).toContainText('Hello!');
  await page.getByRole('textbox', { name: /message/i }).fill('Hello yourself!');
  await page.keyboard.press('Enter');
  await expect(page.locator('.chat-msg').last()).toContainText('Hello yourself!');
  expect(said).toEqual([]);
});

test('a second script that does not come, or is of another build, is told of and tried again', async ({ page, site, newAccount, loginSettings }) => {
  const said = await visit(page, site.url, async (route, count) => {
    const response = await route.fetch();
    if (count === 1) {
      await route.fulfill({ status: 404 });
    } else if (count === 2) {
      await route.fulfill({ body: (await response.text()).replace(/(build ?= ?["'])\w+/, '$1other'), contentType: 'text/javascript' });
    } else {
      await route.fulfill({ response });
    }
  }, SCRIPT);
  await logIn(page, loginSettings(await newAccount(await romeo(newAccount))));
  await contact(page).click();
  await expect(page.getByRole('textbox', { name: /message/i })).toBeVisible();
  expect(said.filter((text) => text.startsWith('converse:'))).toEqual([
    expect.stringMatching(/converse\.later\.js could not be loaded\. /),
    expect.stringMatching(/converse\.later\.js does not fit its script: /),
  ]);
});

test('where a page cannot compile while it stands still, everything is there before a log-in begins', async ({ page, site, newAccount, loginSettings }) => {
  await page.addInitScript(() => {
    const refuse = { construct: () => { throw new RangeError('WebAssembly.Module is disallowed on the main thread'); } };
    WebAssembly.Module = new Proxy(WebAssembly.Module, refuse);
    WebAssembly.Instance = new Proxy(WebAssembly.Instance, refuse);
  });
  const asked: Route[] = [];
  const said = await visit(page, site.url, (route) => asked.push(route));
  let sockets = 0;
  page.on('websocket', () => { sockets += 1; });
  await logIn(page, loginSettings(await newAccount(await romeo(newAccount))));
  await expect.poll(() => asked.length).toBe(1);
  expect(sockets).toBe(0);
  await asked[0]?.continue();
  await contact(page).click();
  await expect(page.getByRole('textbox', { name: /message/i })).toBeVisible();
  expect(said).toEqual([]);
});
