/** The client as a visitor meets it, on a page with a strict Content-Security-Policy. */
import type { Page } from '@playwright/test';

import { expect, service, test } from './support/chat.ts';
import { newRoom } from './support/rooms.ts';

/** Logs in as a person would. */
async function logInByHand(page: Page, { jid, password }: { jid: string; password: string }): Promise<void> {
  await page.getByLabel('XMPP address').fill(jid);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
}

test('two people find each other and talk', async ({ newAccount, openPage, server }) => {
  const juliet = await newAccount();
  const romeo = await newAccount([{ jid: juliet.jid, name: 'Juliet', subscription: 'both' }], 'romeo');
  await server.addUser({ ...juliet, contacts: [{ jid: romeo.jid, name: 'Romeo', subscription: 'both' }] });
  const settings = { ...service(server, 'websocket'), show_controlbox_by_default: true };
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
  await one.page.evaluate(() => _converse.api.user.status.set('away', 'On the balcony'));
  await expect(other.page.locator('.chat-desc')).toHaveText('On the balcony');
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
  // Which program that is, is said beside.
  await page.getByRole('button', { name: 'About this program' }).press('Enter');
  await expect(page.getByRole('dialog', { name: 'About this program' })).toHaveText(/converse-wasm\s*Version\s*\d+\.\d+\.\d+/);
});

test('plugins find the views of conversations, of rooms and of the control box, and what they show', async ({ newAccount, logIn }) => {
  const room = newRoom();
  const { page } = await logIn(await newAccount([{ jid: 'romeo@example.com' }]), { client: { viewport: { width: 1400, height: 800 } }, settings: { show_controlbox_by_default: true } });
  const found = await page.evaluate(async (room) => {
    const { chats, chatviews, controlbox, rooms, roomviews, waitUntil } = _converse.api as any;
    const before = [chatviews.get('romeo@example.com'), roomviews.get(room)];
    const model = await chats.open('romeo@example.com');
    const view = chatviews.get('romeo@example.com');
    const both = chatviews.get(['romeo@example.com', 'nobody@example.com']);
    const group = await rooms.open(room, { nick: 'juliet' });
    await Promise.all(['controlboxInitialized', 'minimizedChatsInitialized', 'roomsListInitialized', 'rosterViewInitialized'].map((name) => waitUntil(name)));
    const control = controlbox.get();
    const surface = ['show', 'hide', 'close', 'focus', 'scrollDown', 'showHelpMessages'];
    const has = (view: any, names: string[]) => names.every((name) => typeof view[name] === 'function') && view.el instanceof HTMLElement;
    return {
      before,
      chat: [view.model === model, both[0] === view, both[1], view.id, has(view, surface)],
      room: [roomviews.get(room).model === group, roomviews.get([room, 'romeo@example.com']).map((one: any) => one?.id), roomviews.get().length, chatviews.get(room) === roomviews.get(room), has(roomviews.get(room), surface)],
      control: [control === controlbox.get(), control === chatviews.get('controlbox'), control.el.id, control.model.get('type'), has(control, ['show', 'hide', 'close', 'focus'])],
    };
  }, room);
  expect(found).toEqual({
    before: [undefined, undefined],
    chat: [true, true, undefined, 'romeo@example.com', true],
    room: [true, [room, undefined], 1, true, true],
    control: [true, true, 'controlbox', 'controlbox', true],
  });
  const box = page.locator('converse-chat[data-jid="romeo@example.com"]');
  await expect(box).toBeVisible();
  await page.evaluate(() => {
    const view = (_converse.api as any).chatviews.get('romeo@example.com');
    view.focus();
    view.showHelpMessages(['One line', 'Another']);
  });
  await expect(box.locator('textarea.chat-textarea')).toBeFocused();
  await expect(box.getByText('Another')).toBeVisible();
  for (const button of [box.getByRole('button', { name: 'Details' }), page.getByRole('button', { name: 'Your profile' })]) {
    await button.click();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  }
  await page.evaluate((room) => {
    const { chatviews, controlbox, roomviews } = _converse.api as any;
    chatviews.get('romeo@example.com').close();
    controlbox.get().close();
    roomviews.close(room);
  }, room);
  await expect(page.locator('converse-chat, #controlbox')).toHaveCount(0);
  expect(await page.evaluate(() => (_converse.api as any).chatviews.get('romeo@example.com'))).toBe(undefined);
  const seen = await page.evaluate(() => probe.seen.map(({ name }) => name));
  for (const name of ['chatBoxInitialized', 'chatBoxOpened', 'controlboxInitialized', 'controlBoxOpened', 'controlBoxClosed', 'chatBoxFocused', 'userDetailsModalInitialized', 'profileModalInitialized']) {
    expect(seen, name).toContain(name);
  }
});

test('it leaves nothing else on window but what Lit notes there', async ({ openPage }) => {
  const { page } = await openPage({ client: {} });
  const keys = await page.evaluate(() => {
    const frame = document.body.appendChild(document.createElement('iframe'));
    const bare = new Set(Object.keys(frame.contentWindow!));
    frame.remove();
    return Object.keys(window).filter((key) => !bare.has(key) && key !== 'probe' && key !== '0');
  });
  expect(keys.sort()).toEqual(['converse', 'litElementVersions', 'litHtmlVersions', 'litPropertyMetadata', 'reactiveElementVersions']);
});

test('it speaks the language of the setting, or else of the browser, and reads from the right where one does', async ({ openPage, server }) => {
  const settings = { ...service(server, 'websocket'), show_controlbox_by_default: true };
  const german = await openPage({ client: {}, settings: { ...settings, i18n: 'de' } as never });
  await expect(german.page.getByRole('button', { name: 'Anmelden' })).toBeVisible();
  await expect(german.page.locator('#conversejs')).toHaveAttribute('lang', 'de');
  const arabic = await openPage({ client: { locale: 'ar-EG' }, settings });
  await expect(arabic.page.locator('#conversejs')).toHaveAttribute('dir', 'rtl');
  await expect(arabic.page.getByRole('button', { name: 'Log in' })).toHaveCount(0);
});
