import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { expect, test, type Browser, type Page } from '@playwright/test';

// The demo as `cargo xtask demo` starts it, and a visitor with two tabs.

const DEMO = fileURLToPath(new URL('../support/demo.mjs', import.meta.url));
/** Where to put screenshots, if somebody wants to look at them. */
const SHOTS = process.env['DEMO_SHOTS'];

let demo: ChildProcess;
let url: string;

test.beforeAll(async () => {
  demo = spawn(process.execPath, [DEMO], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: demo.stdout! })) {
    const found = /^The demo is at (\S+)$/.exec(line);
    if (found) {
      url = found[1]!;
      break;
    }
  }
});

test.afterAll(async () => {
  if (demo.exitCode === null) {
    const ended = once(demo, 'exit');
    demo.kill('SIGINT');
    await ended;
  }
});

/** Two tabs of one browser. */
async function tabs(browser: Browser): Promise<[Page, Page]> {
  const context = await browser.newContext();
  return [await context.newPage(), await context.newPage()];
}

async function logIn(page: Page, name: string, transport: 'WebSocket' | 'BOSH'): Promise<void> {
  await page.goto(`${url}headless.html`);
  await page.getByLabel('Account').selectOption({ label: `${name} (${name.toLowerCase()}@capulet.lit)` });
  await page.getByLabel(transport).check();
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.locator('#state')).toHaveText('online');
  await expect(page.locator('#me')).toHaveText(`${name} (${name.toLowerCase()}@capulet.lit)`);
}

async function write(page: Page, to: string, text: string): Promise<void> {
  await page.locator('#contacts').getByRole('button', { name: to }).click();
  await page.getByPlaceholder('Write a message').fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByRole('log').getByText(text)).toBeVisible();
}

async function shoot(page: Page, name: string): Promise<void> {
  if (SHOTS) {
    await mkdir(SHOTS, { recursive: true });
    await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
  }
}

/** In both colour schemes, and on a phone. */
async function shootAll(page: Page, name: string): Promise<void> {
  if (SHOTS) {
    await shoot(page, `${name}-light`);
    await page.emulateMedia({ colorScheme: 'dark' });
    await shoot(page, `${name}-dark`);
    await page.setViewportSize({ width: 375, height: 740 });
    await shoot(page, `${name}-phone`);
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.emulateMedia({ colorScheme: 'light' });
  }
}

for (const [first, second] of [['WebSocket', 'BOSH'], ['BOSH', 'WebSocket']] as const) {
  test(`two tabs write to each other, ${first} to ${second}`, async ({ browser }) => {
    const [juliet, romeo] = await tabs(browser);
    await juliet.goto(`${url}headless.html`);
    await shoot(juliet, 'headless-entrance');
    await logIn(juliet, 'Juliet', first);
    await logIn(romeo, 'Romeo', second);
    await write(juliet, 'Romeo', 'Art thou not Romeo, <b>and</b> a Montague?');
    await expect(romeo.locator('#contacts').getByLabel('1 unread')).toBeVisible();
    await write(romeo, 'Juliet', 'Neither, fair saint, if either thee dislike.');
    await expect(romeo.getByRole('log').getByText('Art thou not Romeo, <b>and</b> a Montague?')).toBeVisible();
    await expect(juliet.getByRole('log').getByText('Neither, fair saint')).toBeVisible();
    if (first === 'WebSocket') {
      await write(juliet, 'Romeo', `A long line, ${'as he would say it, '.repeat(12)}and a long_word_${'o'.repeat(90)}.`);
      await shoot(juliet, 'light');
      await juliet.emulateMedia({ colorScheme: 'dark' });
      await shoot(juliet, 'dark');
      await juliet.setViewportSize({ width: 375, height: 740 });
      await shoot(juliet, 'phone-dark');
      await juliet.emulateMedia({ colorScheme: 'light' });
      await shoot(juliet, 'phone');
      expect(await juliet.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375);
    }

    await juliet.getByRole('button', { name: 'Log out' }).click();
    await expect(juliet.locator('#state')).toHaveText('offline');
    await expect(juliet.getByRole('log')).toBeHidden();
    // Reloaded, it stays logged out; and somebody else can be next.
    await juliet.reload();
    await expect(juliet.locator('#state')).toHaveText('offline');
    await logIn(juliet, 'Nurse', second);
    await write(juliet, 'Romeo', 'Madam!');
    await expect(romeo.locator('#contacts').getByLabel('1 unread')).toBeVisible();
    // Logged in, it stays so over a reload.
    await juliet.reload();
    await expect(juliet.locator('#state')).toHaveText('online');
    await romeo.context().close();
  });
}

test('the example of a plugin runs, and what the visitor makes of it', async ({ browser }) => {
  const [juliet, romeo] = await tabs(browser);
  await logIn(juliet, 'Juliet', 'WebSocket');
  await logIn(romeo, 'Romeo', 'BOSH');
  await juliet.getByRole('button', { name: 'Run' }).click();
  await expect(juliet.locator('#running')).toHaveText('Running: my-plugin');
  await expect(juliet.locator('#state')).toHaveText('online');
  await write(romeo, 'Juliet', 'ping');
  await expect(romeo.getByRole('log').getByText('pong')).toBeVisible();
  await juliet.getByLabel('Source').fill("converse.plugins.add('mine', { initialize() { nonsense(); } });");
  await juliet.getByRole('button', { name: 'Run' }).click();
  await expect(juliet.locator('#state')).toHaveText('failed');
  await expect(juliet.locator('#running')).toHaveText('');
  await expect(juliet.getByRole('alert')).toContainText('nonsense is not defined');
  await shoot(juliet, 'failed');
  await juliet.getByRole('button', { name: 'Discard my changes' }).click();
  await juliet.reload();
  await logIn(juliet, 'Juliet', 'WebSocket');
  await romeo.context().close();
});

test('a log-in that fails says why, and another one works', async ({ browser }) => {
  const [page] = await tabs(browser);
  await page.route('**/demo-config.json', async (route) => {
    const config = await (await route.fetch()).json();
    config.accounts[0].password = 'wrong';
    await route.fulfill({ json: config });
  });
  await page.goto(`${url}headless.html`);
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.locator('#state')).toHaveText('failed');
  await expect(page.getByRole('alert')).toContainText('refused');
  await logIn(page, 'Romeo', 'WebSocket');
  await expect(page.getByRole('alert')).toBeHidden();
  await page.context().close();
});

test('the front page leads to each use, and people meet there', async ({ browser }) => {
  // Seven pages are opened one after the other.
  test.slow();
  const [page] = await tabs(browser);
  await page.goto(url);
  await page.getByRole('cell', { name: 'juliet@capulet.lit' }).waitFor();
  await shootAll(page, 'front');
  const open = async (card: string, link: string) => {
    const opening = page.context().waitForEvent('page');
    await page.getByRole('listitem').filter({ hasText: card }).getByRole('link', { name: link }).click();
    return opening;
  };

  const fullscreen = await open('A page of its own', 'as Juliet');
  await fullscreen.getByRole('button', { name: /^Romeo, / }).click();
  const toRomeo = fullscreen.getByRole('textbox', { name: 'Write a message' });
  await toRomeo.fill('Good night, good night!');
  await toRomeo.press('Enter');

  const overlay = await open('Over your site', 'as Romeo');
  await overlay.getByRole('heading', { name: 'The Orchard' }).waitFor();
  await overlay.getByRole('button', { name: /^(Chat|Contacts)/ }).click();
  await overlay.getByRole('button', { name: /^Juliet, / }).click();
  await overlay.getByText('Good night, good night!').first().waitFor();
  // What the site says of its own headers, such as how wide they are, is not meant for the client's.
  const widths = await overlay.locator('#conversejs header').evaluateAll((all) => all.map((one) => one.clientWidth - one.parentElement!.clientWidth));
  expect(widths.length).toBeGreaterThan(1);
  expect(widths.every((difference) => difference === 0)).toBe(true);
  await shootAll(overlay, 'overlay');
  await shootAll(fullscreen, 'fullscreen');

  const room = await open('A room on a page', 'Open the room');
  await shootAll(room, 'room-entrance');
  await room.getByLabel('What do you want to be called?').fill('Balthasar');
  await room.getByRole('button', { name: 'Join the room' }).click();
  const toAll = room.getByRole('textbox', { name: 'Write a message' });
  await toAll.fill('I saw her laid low in her kindred’s vault.');
  await toAll.press('Enter');
  await room.getByText('I saw her laid low').first().waitFor();
  await shootAll(room, 'room');

  const headless = await open('Headless', 'Open the workshop');
  await headless.getByRole('button', { name: 'Log in' }).waitFor();
  const form = await open('Over your site', 'with the form to log in');
  await form.getByRole('button', { name: 'Chat' }).click();
  await form.getByLabel('Password').waitFor();
  await shootAll(form, 'overlay-form');
  for (const one of page.context().pages()) {
    expect(await one.evaluate(() => document.getElementById('error')?.textContent ?? '')).toBe('');
  }
  await page.context().close();
});

test('Ctrl-C ends all of it', async ({ browser }) => {
  const [page] = await tabs(browser);
  const config = await (await fetch(new URL('/demo-config.json', url))).json();
  await logIn(page, 'Juliet', 'WebSocket');
  const ended = once(demo, 'exit');
  demo.kill('SIGINT');
  expect(await ended).toEqual([0, null]);
  await expect(fetch(url)).rejects.toThrow();
  await expect(fetch(config.bosh_service_url)).rejects.toThrow();
  await expect(page.locator('#state')).toHaveText('connecting again');
  await page.context().close();
});
