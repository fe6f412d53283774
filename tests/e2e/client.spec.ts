/** The client as a visitor meets it, on a page with a strict Content-Security-Policy. */
import type { Page } from '@playwright/test';

import { expect, service, test } from './support/chat.ts';

/** Logs in as a person would. */
async function logInByHand(page: Page, { jid, password }: { jid: string; password: string }): Promise<void> {
  await page.getByLabel('XMPP address').fill(jid);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
}

test('two people find each other and talk', async ({ newAccount, openPage, server }) => {
  const juliet = await newAccount();
  const romeo = await newAccount([{ jid: juliet.jid, name: 'Juliet', subscription: 'both' }], 'romeo');
  const settings = { ...service(server, 'websocket'), show_controlbox_by_default: true, allow_non_roster_messaging: true };
  const one = await openPage({ client: {}, settings });
  const other = await openPage({ client: { viewport: { width: 1200, height: 800 } }, settings: { ...settings, view_mode: 'fullscreen' } });
  await logInByHand(one.page, juliet);
  await logInByHand(other.page, romeo);

  await other.page.getByRole('button', { name: 'Juliet' }).first().click();
  const write = other.page.getByRole('textbox', { name: 'Write a message' });
  await write.fill('<b>Shall I hear more?</b>');
  await write.press('Enter');
  // The box opens by itself, and what others wrote is text.
  const box = one.page.locator('converse-chat');
  await expect(box.locator('.chat-msg.them .chat-msg__text')).toHaveText('<b>Shall I hear more?</b>');
  await box.getByRole('textbox').fill('What man art thou?');
  await expect(other.page.getByText('is typing')).toBeVisible();
  await box.getByRole('textbox').press('Enter');
  await expect(other.page.locator('.chat-msg.them .chat-msg__text')).toHaveText('What man art thou?');
  await expect(other.page.getByRole('img', { name: 'Delivered' })).toBeVisible();
  for (const { warnings } of [one, other]) {
    expect(warnings).toEqual([]);
  }
});

test('a wrong password is said, and the right one leads in', async ({ newAccount, openPage, server }) => {
  const account = await newAccount();
  const { page } = await openPage({ client: {}, settings: { ...service(server, 'websocket'), show_controlbox_by_default: true } });
  await logInByHand(page, { ...account, password: 'wrong' });
  await expect(page.getByRole('alert')).toHaveText('The address or the password is not right.');
  await logInByHand(page, account);
  await expect(page.getByText('Nobody is on your list yet.')).toBeVisible();
  await page.getByRole('button', { name: 'Log out' }).click();
  await expect(page.getByLabel('Password')).toBeVisible();
});

test('the status is changed in a dialog, by the keyboard alone', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount(), { client: {}, settings: { show_controlbox_by_default: true } });
  const { page } = chat;
  const opener = page.getByRole('button', { name: 'Online' });
  await opener.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Your status' });
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(opener).toBeFocused();
  await page.keyboard.press('Enter');
  await dialog.getByRole('radio', { name: 'Busy' }).check();
  await dialog.getByLabel('In your own words').fill('Asleep');
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Asleep' })).toBeVisible();
  expect(await page.evaluate(() => _converse.api.user.status.get())).toBe('dnd');
});
