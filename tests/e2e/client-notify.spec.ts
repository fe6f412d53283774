/** What reaches the user who looks at something else, and how an address of the page leads to a conversation. */
import type { Page } from '@playwright/test';

import { expect, test, type Chat } from './support/chat.ts';

interface Noted {
  shown: { title: string; body: string; icon?: string; closed: boolean; click(): void }[];
  asked: number;
  notes: number;
}

declare const noted: Noted;

/** Notes what would reach the desktop and the loudspeaker of a browser with a permission like this. */
async function note(page: Page, permission: string): Promise<void> {
  await page.evaluate((permission) => {
    const noted: Noted = { shown: [], asked: 0, notes: 0 };
    class Noting {
      static permission = permission;
      static requestPermission(): Promise<string> {
        noted.asked += 1;
        Noting.permission = 'granted';
        return Promise.resolve('granted');
      }
      onclick: () => void = () => {};
      constructor(title: string, options: { body: string; icon?: string }) {
        noted.shown.push(Object.assign(this, { title, body: options.body, icon: options.icon, closed: false, click: () => this.onclick() }) as any);
      }
      close(): void {
        Object.assign(this, { closed: true });
      }
    }
    const node = { frequency: {}, gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} }, stop() {}, connect: () => node };
    class Loudspeaker {
      currentTime = 0;
      resume = (): Promise<void> => Promise.resolve();
      createGain = (): object => node;
      createOscillator = (): object => ({ ...node, start: () => (noted.notes += 1) });
    }
    Object.assign(window, { noted, Notification: Noting, AudioContext: Loudspeaker });
  }, permission);
}

/** Has the page seen, or not. */
async function see(page: Page, seen: boolean): Promise<void> {
  await page.evaluate((seen) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => !seen });
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => (seen ? 'visible' : 'hidden') });
    document.dispatchEvent(new Event('visibilitychange'));
  }, seen);
}

/** What is sent from now on comes at once: the server has answered after it had the presence, which goes out with this event. */
async function arrived(chat: Chat): Promise<void> {
  await chat.event('rosterContactsFetched');
  await chat.page.evaluate(() => _converse.api.sendIQ(converse.env.$iq({ type: 'get', to: converse.env.Strophe.getDomainFromJid(_converse.bare_jid) }).c('ping', { xmlns: 'urn:xmpp:ping' })));
}

function headline(chat: Chat, to: string, body: string): Promise<void> {
  return chat.page.evaluate(([to, body]) => _converse.api.send(converse.env.$msg({ to, type: 'headline' }).c('body').t(body)), [to, body] as const);
}

test('a message to a page out of sight is shown on the desktop, heard, and counted in the title', async ({ newAccount, openPage, logIn, loginSettings }) => {
  const juliet = await newAccount();
  const romeo = await newAccount([{ jid: juliet.jid }], 'romeo');
  const other = await logIn(romeo);
  const chat = await openPage({ client: {} });
  const { page } = chat;
  await note(page, 'granted');
  await chat.initialize({ ...loginSettings(juliet), play_sounds: true, notification_icon: '/icon.png', notification_delay: 0 });
  await arrived(chat);
  await other.send(juliet.jid, 'seen');
  await expect(page.locator('.chat-msg__text')).toHaveText('seen');
  expect(await page.evaluate(() => noted)).toMatchObject({ shown: [], notes: 0 });

  await page.getByRole('button', { name: 'Minimise' }).click();
  await see(page, false);
  await other.send(juliet.jid, 'Shall I hear more?');
  await chat.event('messageNotification');
  await other.send(juliet.jid, 'Or shall I speak at this?');
  await chat.event('messageNotification', 2);
  expect(await page.evaluate(() => noted)).toMatchObject({
    shown: [{ title: romeo.jid, body: 'Shall I hear more?', icon: '/icon.png', closed: false }, { body: 'Or shall I speak at this?' }],
    notes: 4,
  });
  expect(await chat.events()).toContain('messageNotification');
  expect(await page.title()).toBe('(2) A site');
  await see(page, true);
  expect(await page.title()).toBe('A site');
  // Who follows it finds the conversation.
  await page.evaluate(() => noted.shown[0]!.click());
  await expect(page.locator('converse-chat').getByText('Shall I hear more?')).toBeVisible();
  expect(await page.evaluate(() => noted.shown[0]!.closed)).toBe(true);
  expect(chat.warnings).toEqual([]);
});

test('notifications go away after their time, and there are none where the setting says so', async ({ newAccount, openPage, logIn, loginSettings }) => {
  const juliet = await newAccount();
  const other = await logIn(await newAccount([{ jid: juliet.jid }], 'romeo'));
  for (const [show_desktop_notifications, count] of [[true, 1], [false, 0]] as const) {
    const chat = await openPage({ client: {} });
    await note(chat.page, 'granted');
    await chat.initialize({ ...loginSettings(juliet), show_desktop_notifications, notification_delay: 10 });
    await arrived(chat);
    await see(chat.page, false);
    await other.send(juliet.jid, `hi ${count}`);
    await chat.event('messageNotification');
    await expect.poll(() => chat.page.evaluate(() => noted.shown.map(({ closed }) => closed))).toEqual(Array(count).fill(true));
    await chat.page.goto('about:blank');
  }
});

test('the browser is asked for permission when the user wants it, and not before', async ({ newAccount, openPage, loginSettings }) => {
  const chat = await openPage({ client: {} });
  const { page } = chat;
  await note(page, 'default');
  await chat.initialize({ ...loginSettings(await newAccount()), show_controlbox_by_default: true });
  const question = page.getByRole('group', { name: 'Notifications' });
  await expect(question).toBeVisible();
  expect(await page.evaluate(() => noted.asked)).toBe(0);
  await question.getByRole('button', { name: 'Allow' }).click();
  await expect(question).toHaveCount(0);
  expect(await page.evaluate(() => noted.asked)).toBe(1);
});

test('who asks to become a contact is shown on the desktop', async ({ newAccount, openPage, logIn, loginSettings }) => {
  const juliet = await newAccount();
  const other = await logIn(await newAccount([], 'romeo'));
  const chat = await openPage({ client: {} });
  await note(chat.page, 'granted');
  await chat.initialize(loginSettings(juliet));
  await arrived(chat);
  await see(chat.page, false);
  await other.page.evaluate((jid) => (_converse.api as any).contacts.add(jid), juliet.jid);
  await chat.event('contactRequest');
  expect(await chat.page.evaluate(() => noted.shown.map(({ body }) => body))).toEqual(['asks to become your contact']);
});

test('an address leads to a contact at once, to strangers and rooms after a click', async ({ newAccount, openPage, loginSettings, server }) => {
  const friend = await newAccount([], 'friend');
  const stranger = await newAccount([], 'stranger');
  const juliet = await newAccount([{ jid: friend.jid }]);
  const chat = await openPage({ client: {} });
  const { page } = chat;
  const go = (hash: string): Promise<string> => page.evaluate((hash) => (location.hash = hash), hash);
  await go(`#converse/chat?jid=${encodeURIComponent(friend.jid)}`);
  await chat.initialize(loginSettings(juliet));
  await expect(page.getByRole('heading', { name: friend.jid })).toBeVisible();

  await go(`#converse/chat?jid=${stranger.jid}`);
  const dialog = page.getByRole('dialog', { name: 'Write to this person?' });
  await expect(dialog).toContainText(stranger.jid);
  expect(chat.wire.filter((frame) => frame.startsWith('>') && frame.includes(stranger.jid))).toEqual([]);
  await dialog.getByRole('button', { name: 'Open' }).click();
  await expect(page.getByRole('heading', { name: stranger.jid })).toBeVisible();

  const room = `hall-${Date.now()}@rooms.${server.domain}`;
  await go(`#converse/room?jid=${room}`);
  const question = page.getByRole('dialog', { name: 'Enter this room?' });
  await expect(question).toContainText(room);
  expect(chat.wire.filter((frame) => frame.startsWith('>') && frame.includes(room))).toEqual([]);
  await question.getByRole('button', { name: 'Enter' }).click();
  await expect(page.locator('.chatroom').getByRole('textbox')).toBeEnabled();
  expect(chat.warnings).toEqual([]);

  await go('#converse/room?jid=a@@b');
  await expect.poll(() => chat.warnings).toEqual([expect.stringContaining('leads to no conversation')]);
  await go('#converse?loglevel=debug');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('headlines have a box in which nobody answers', async ({ newAccount, logIn }) => {
  const juliet = await newAccount();
  const romeo = await newAccount([], 'romeo');
  const other = await logIn(romeo);
  const chat = await logIn(juliet, { client: {} });
  const { page } = chat;
  // To this very client: the server drops headlines for somebody who has not said yet that they are there.
  await headline(other, await chat.jid(), 'The play is cancelled');
  const box = page.locator('converse-chat.headlines');
  await expect(box.getByText('The play is cancelled')).toBeVisible();
  await expect(box.getByRole('textbox')).toHaveCount(0);
});
