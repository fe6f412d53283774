/** The client for everybody: by the keyboard alone, with what reads pages aloud, from right to left, and without motion. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type { Locator, Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';

import { expect, service, test } from './support/chat.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const ROOM = 'balcony@rooms.capulet.lit';

/** What axe-core finds wrong with the client as it is shown now. */
async function violations(page: Page, root = '.conversejs'): Promise<string[]> {
  // The browser's inspector runs it: the page's policy, which stays as it is, would not.
  await page.evaluate(AXE);
  const results = (await page.evaluate(`axe.run(document.querySelector('${root}'), { resultTypes: ['violations'] })`)) as AxeResults;
  return results.violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`));
}

/** Presses Tab until `wanted` has the keyboard. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let steps = 0; steps < 40; steps += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) {
      return;
    }
    await page.keyboard.press('Tab');
  }
  await expect(wanted).toBeFocused();
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe-core finds nothing in any view, ${colorScheme}`, async ({ newAccount, openPage, logIn, server }) => {
    test.slow();
    const romeo = await newAccount([], 'romeo');
    const juliet = await newAccount([{ jid: romeo.jid, name: 'Romeo', subscription: 'both' }]);
    const settings = { ...service(server, 'websocket'), show_controlbox_by_default: true };
    const stranger = await openPage({ client: { colorScheme }, settings });
    await expect(stranger.page.getByLabel('Password')).toBeVisible();
    expect(await violations(stranger.page), 'log-in').toEqual([]);
    await stranger.page.getByRole('button', { name: 'Create one' }).click();
    await expect(stranger.page.getByLabel('Where do you want')).toBeVisible();
    expect(await violations(stranger.page), 'registration').toEqual([]);
    await stranger.page.context().close();

    for (const [view_mode, viewport] of [
      ['overlayed', { width: 1280, height: 720 }],
      ['fullscreen', { width: 1280, height: 720 }],
      ['mobile', { width: 360, height: 640 }],
    ] as const) {
      const { page } = await logIn(juliet, { client: { colorScheme, viewport }, settings: { show_controlbox_by_default: true, view_mode } });
      const look = async (what: string): Promise<void> => expect(await violations(page), `${view_mode}: ${what}`).toEqual([]);
      await expect(page.locator('.roster-contact')).toBeVisible();
      await look('control box');
      for (const [opener, dialog] of [
        [page.locator('.change-status'), 'Your status'],
        [page.locator('.show-profile'), 'Your profile'],
        [page.getByRole('button', { name: 'Add a contact' }), 'Add a contact'],
        [page.getByRole('button', { name: 'Enter a room' }), 'Enter a room'],
        [page.locator('.remove-xmpp-contact'), 'Remove Romeo'],
      ] as const) {
        await opener.click();
        await expect(page.getByRole('dialog', { name: dialog })).toBeVisible();
        await look(dialog);
        await page.keyboard.press('Escape');
        await expect(page.getByRole('dialog')).toHaveCount(0);
      }
      await page.locator('.open-chat').click();
      const write = page.getByRole('textbox', { name: 'Write a message' });
      await write.fill('Art thou not Romeo?');
      await write.press('Enter');
      await expect(page.locator('.chat-msg')).not.toHaveCount(0);
      await look('chat');
      await page.evaluate(([room, nick]) => _converse.api.rooms.open(room, { nick }), [ROOM, juliet.jid.split('@')[0]!] as const);
      await page.evaluate((room) => (_converse.api as any).chatviews.get(room).show(), ROOM);
      await expect(page.locator('.chatroom textarea:not([disabled])')).toBeVisible();
      await look('room');
      await page.context().close();
    }
  });
}

test('the keyboard alone leads from the log-in to a message, and back', async ({ newAccount, openPage, server }) => {
  const romeo = await newAccount([], 'romeo');
  const juliet = await newAccount([{ jid: romeo.jid, name: 'Romeo', subscription: 'both' }]);
  const { page } = await openPage({ client: {}, settings: { ...service(server, 'websocket'), show_controlbox_by_default: true } });
  await tabTo(page, page.getByLabel('XMPP address'));
  await page.keyboard.type(juliet.jid);
  await tabTo(page, page.getByLabel('Password'));
  await page.keyboard.type(juliet.password);
  await page.keyboard.press('Enter');
  const contact = page.getByRole('button', { name: 'Romeo, ' });
  await expect(contact).toBeVisible();
  await tabTo(page, contact);
  await page.keyboard.press('Enter');
  const write = page.getByRole('textbox', { name: 'Write a message' });
  await expect(write).toBeFocused();
  await page.keyboard.type('Good night, good night!');
  await page.keyboard.press('Enter');
  await expect(page.locator('.chat-msg.me')).toHaveText(/Good night/);
  await expect(write).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(write).toHaveCount(0);
  await expect(contact).toBeFocused();
  await tabTo(page, page.getByRole('button', { name: 'Log out' }));
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Password')).toBeVisible();
});

test('a dialog keeps the keyboard to itself, and gives it back', async ({ newAccount, logIn }) => {
  const { page } = await logIn(await newAccount(), { client: {}, settings: { show_controlbox_by_default: true } });
  const opener = page.getByRole('button', { name: 'Add a contact' });
  await tabTo(page, opener);
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('XMPP address')).toBeFocused();
  for (let steps = 0; steps < 12; steps += 1) {
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement === document.body || document.activeElement!.closest('dialog') !== null)).toBe(true);
  }
  await page.keyboard.press('Escape');
  await expect(opener).toBeFocused();
});

test('from right to left nothing sticks out', async ({ newAccount, openPage, loginSettings }) => {
  const account = await newAccount([{ jid: 'romeo@example.com', name: 'Romeo' }]);
  for (const [view_mode, viewport] of [
    ['overlayed', { width: 1280, height: 720 }],
    ['overlayed', { width: 320, height: 600 }],
    // Twice as large on an ordinary screen.
    ['overlayed', { width: 640, height: 360 }],
    ['fullscreen', { width: 320, height: 600 }],
    ['fullscreen', { width: 1280, height: 720 }],
  ] as const) {
    const chat = await openPage({ client: { viewport } });
    const { page } = chat;
    await page.route('**/locales/ar.json', (route) => route.fulfill({ json: { '': { one: 0, other: 1 } } }));
    await chat.initialize({ ...loginSettings(account), view_mode, show_controlbox_by_default: true, i18n: 'ar' });
    await expect(page.locator('.conversejs')).toHaveAttribute('dir', 'rtl');
    await expect(page.locator('.roster-contact')).toBeVisible();
    const sticksOut = (): Promise<string[]> =>
      page.evaluate(() => {
        const wide = [...document.querySelectorAll('.conversejs *')].filter((element) => {
          const { left, right, width } = element.getBoundingClientRect();
          return width > 1 && (left < -1 || right > innerWidth + 1);
        });
        const scrolls = document.documentElement.scrollWidth > innerWidth ? ['the page'] : [];
        return [...scrolls, ...wide.map(({ localName, className }) => `${localName}.${className}`)];
      });
    expect(await sticksOut()).toEqual([]);
    await page.locator('.open-chat').click();
    await expect(page.locator('converse-chat textarea')).toBeVisible();
    expect(await sticksOut()).toEqual([]);
    await page.context().close();
  }
});

test('nothing moves for those who want no motion', async ({ openPage }) => {
  const { page } = await openPage({
    client: { reducedMotion: 'reduce' },
    settings: { websocket_url: 'ws://127.0.0.1:1/', show_controlbox_by_default: true },
  });
  await page.routeWebSocket('ws://127.0.0.1:1/', () => {});
  await page.getByLabel('XMPP address').fill('juliet@capulet.lit');
  await page.getByLabel('Password').fill('secret');
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.locator('.spinner')).toBeVisible();
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
});
