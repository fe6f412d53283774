/** What was said before, and what has not been seen yet. */
import type { Page } from '@playwright/test';

import { expect, test, type Chat } from './support/chat.ts';

const CLIENT = { client: { viewport: { width: 1000, height: 700 } } };

/** Sends messages numbered from 1, and waits until the server has them all. */
async function say(chat: Chat, to: string, count: number, type = 'chat'): Promise<void> {
  await chat.page.evaluate(
    async ([to, count, type]) => {
      const { $msg, $iq } = converse.env;
      for (let n = 1; n <= count; n += 1) {
        const id = `m${n}-${Math.random()}`;
        _converse.api.send($msg({ to, type, id }).c('body').t(`Message ${n}`).up().c('store', { xmlns: 'urn:xmpp:hints' }));
      }
      await (_converse.api as any).sendIQ($iq({ type: 'get' }).c('ping', { xmlns: 'urn:xmpp:ping' })).catch(() => {});
    },
    [to, count, type] as const,
  );
}

function texts(page: Page): Promise<string[]> {
  return page.locator('.chat-msg__text').allTextContents();
}

/** Scrolls up by pages of the wheel until `text` is in the document; what it saw on the way. */
async function scrollUpTo(page: Page, text: string): Promise<Set<string>> {
  const seen = new Set(await texts(page));
  await page.locator('converse-messages').hover();
  await expect(async () => {
    await page.mouse.wheel(0, -1500);
    (await texts(page)).forEach((text) => seen.add(text));
    expect(seen.has(text)).toBe(true);
  }).toPass({ intervals: [20] });
  return seen;
}

test('a conversation of 300 messages is scrolled to its beginning', async ({ newAccount, logIn }) => {
  const juliet = await newAccount();
  const romeo = await newAccount([{ jid: juliet.jid }], 'romeo');
  const other = await logIn(romeo);
  await say(other, juliet.jid, 300);
  const chat = await logIn(juliet, { ...CLIENT, settings: { archived_messages_page_size: 40 } });
  await chat.page.evaluate((jid) => (_converse.api as any).chats.open(jid), romeo.jid);
  await expect(chat.page.getByText('Message 300', { exact: true })).toBeVisible();

  const seen = await scrollUpTo(chat.page, 'Message 1');
  expect([...seen].sort()).toEqual(Array.from({ length: 300 }, (_, n) => `Message ${n + 1}`).sort());
  const count = await chat.page.evaluate((jid) => (_converse.api as any).chats.get(jid).messages.map((m: any) => m.get('message')), romeo.jid);
  expect(count).toEqual(Array.from({ length: 300 }, (_, n) => `Message ${n + 1}`));
  // Of all that a part is in the document, and nothing is asked any more.
  expect(await chat.page.locator('.chat-msg').count()).toBeLessThanOrEqual(100);
  const asked = chat.wire.filter((frame) => frame.startsWith('>') && frame.includes('<max') && frame.includes('before'));
  expect(asked.filter((frame) => frame.includes('>40<')).length).toBeGreaterThanOrEqual(8);
  expect(chat.warnings).toEqual([]);
});

test('what one sees keeps its place while older messages come', async ({ newAccount, logIn }) => {
  const juliet = await newAccount();
  const romeo = await newAccount([{ jid: juliet.jid }], 'romeo');
  await say(await logIn(romeo), juliet.jid, 60);
  const { page } = await logIn(juliet, { ...CLIENT, settings: { archived_messages_page_size: 30 } });
  await page.evaluate((jid) => (_converse.api as any).chats.open(jid), romeo.jid);
  await expect(page.getByText('Message 60', { exact: true })).toBeVisible();
  // The archive is asked when one is near the top, and the top is where one is then.
  const place = await page.evaluate(async () => {
    const list = document.querySelector('converse-messages')!;
    const first = [...list.querySelectorAll('.chat-msg')].find((one) => one.textContent!.includes('Message 31'))!;
    const frame = (): Promise<unknown> => new Promise((done) => requestAnimationFrame(done));
    list.scrollTop = 0;
    await frame();
    const before = first.getBoundingClientRect().top;
    while (!list.textContent!.includes('Message 1\n') && list.querySelectorAll('.chat-msg').length < 60) {
      await frame();
    }
    await frame();
    return [before, first.getBoundingClientRect().top];
  });
  expect(Math.abs(place[1]! - place[0]!)).toBeLessThan(2);
  expect(await texts(page)).toEqual(Array.from({ length: 60 }, (_, n) => `Message ${n + 1}`));
});

test('a room is scrolled to its beginning', async ({ newAccount, logIn, server }) => {
  const account = await newAccount();
  const room = `past-${Date.now()}@rooms.${server.domain}`;
  const chat = await logIn(account, { ...CLIENT, settings: { archived_messages_page_size: 40 } });
  await chat.page.evaluate((jid) => (_converse.api as any).rooms.open(jid, { nick: 'juliet' }), room);
  await expect(chat.page.getByRole('textbox', { name: 'Write a message' })).toBeEnabled();
  await say(chat, room, 120, 'groupchat');
  await expect(chat.page.getByText('Message 120', { exact: true })).toBeVisible();
  const again = await logIn(account, { ...CLIENT, settings: { archived_messages_page_size: 40 } });
  await again.page.evaluate((jid) => (_converse.api as any).rooms.open(jid, { nick: 'juliet2' }), room);
  await expect(again.page.getByText('Message 120', { exact: true })).toBeVisible();
  const seen = await scrollUpTo(again.page, 'Message 1');
  expect([...seen].filter((text) => text.startsWith('Message')).length).toBe(120);
});

test('a line stands where the unread messages began, and reading them clears the count', async ({ newAccount, logIn }) => {
  const juliet = await newAccount();
  const romeo = await newAccount([{ jid: juliet.jid }], 'romeo');
  const other = await logIn(romeo);
  const { page } = await logIn(juliet, CLIENT);
  await other.send(juliet.jid, 'seen');
  const box = page.locator('converse-chat');
  await expect(box.getByText('seen')).toBeVisible();
  await expect(page.locator('.new-messages-line')).toHaveCount(0);
  await box.getByRole('button', { name: 'Minimise' }).click();
  await other.send(juliet.jid, 'one');
  await other.send(juliet.jid, 'two');
  await expect(page.locator('.minimized-chat .badge')).toHaveText('2');
  await page.locator('.minimized-chat').click();
  await expect(page.locator('.new-messages-line + .chat-msg .chat-msg__text')).toHaveText('one');
  const unread = (): Promise<number> => page.evaluate((jid) => (_converse.api as any).chats.get(jid).get('num_unread'), romeo.jid);
  await expect.poll(unread).toBe(0);

  // Who has scrolled up does not see what comes, until they scroll down.
  await say(other, juliet.jid, 30);
  await expect(box.getByText('Message 30', { exact: true })).toBeVisible();
  await page.locator('converse-messages').hover();
  await page.mouse.wheel(0, -600);
  await expect.poll(() => page.evaluate((jid) => (_converse.api as any).chats.get(jid).get('scrolled'), romeo.jid)).toBe(true);
  await other.send(juliet.jid, 'far below');
  await expect.poll(unread).toBe(1);
  await page.getByRole('button', { name: 'New messages' }).click();
  await expect(box.getByText('far below')).toBeVisible();
  await expect.poll(unread).toBe(0);
  expect(await page.evaluate(() => probe.seen.filter(({ name }) => name === 'chatBoxScrolledDown').length)).toBe(1);
});

test('a long conversation that is opened comes by and by, but one sees at once what is new', async ({ newAccount, logIn }) => {
  const juliet = await newAccount();
  const romeo = await newAccount([{ jid: juliet.jid }], 'romeo');
  const other = await logIn(romeo);
  const { page } = await logIn(juliet, CLIENT);
  await say(other, juliet.jid, 120);
  const box = page.locator('converse-chat');
  await expect(box.getByText('Message 120', { exact: true })).toBeVisible();
  await box.getByRole('button', { name: 'Minimise' }).click();
  await expect(page.locator('.chat-msg')).toHaveCount(0);

  const perFrame = await page.evaluate(() => new Promise<number[]>((opened) => {
    const frames = new Map<unknown, number>();
    new MutationObserver((_, observer) => {
      const count = document.querySelectorAll('.chat-msg').length;
      frames.set(document.timeline.currentTime, count);
      if (count === 100) {
        observer.disconnect();
        opened([...frames.values()].map((count, at, all) => count - (all[at - 1] ?? 0)));
      }
    }).observe(document.body, { childList: true, subtree: true });
    document.querySelector<HTMLElement>('.minimized-chat')!.click();
  }));
  expect(Math.max(...perFrame)).toBe(30);
  await expect(box.getByText('Message 120', { exact: true })).toBeInViewport();

  await box.getByRole('button', { name: 'Minimise' }).click();
  await say(other, juliet.jid, 60);
  await expect(page.locator('.minimized-chat .badge')).toHaveText('60');
  await page.locator('.minimized-chat').click();
  await expect(page.locator('.new-messages-line')).toBeInViewport();
  await expect(page.locator('.new-messages-line + .chat-msg .chat-msg__text')).toHaveText('Message 1');
});

test('who sees one conversation at a time is told of others, and finds them', async ({ newAccount, logIn }) => {
  const juliet = await newAccount();
  const romeo = await newAccount([], 'romeo');
  const nurse = await newAccount([], 'nurse');
  const settings = { view_mode: 'fullscreen' } as const;
  const { page } = await logIn(juliet, { ...CLIENT, settings });
  const [one, two] = [await logIn(romeo), await logIn(nurse)];
  await page.evaluate((jid) => (_converse.api as any).chats.open(jid), romeo.jid);
  const box = page.locator('converse-chat');
  await expect(box.getByRole('heading', { name: romeo.jid })).toBeVisible();
  await two.send(juliet.jid, 'Madam!');
  const waits = page.getByRole('list', { name: 'Open chats' }).locator(`[data-jid="${nurse.jid}"]`);
  await expect(waits.getByLabel('1 unread message')).toBeVisible();
  await expect(box).toHaveCount(1);
  await expect(box.getByRole('heading', { name: romeo.jid })).toBeVisible();
  await waits.getByRole('button').first().click();
  await expect(box.getByText('Madam!')).toBeVisible();
  await expect(waits.getByLabel('1 unread message')).toHaveCount(0);
  await one.send(juliet.jid, 'Art thou gone so?');
  await expect(page.getByRole('list', { name: 'Open chats' }).locator(`[data-jid="${romeo.jid}"]`).getByLabel('1 unread message')).toBeVisible();
});

test('of a long list of contacts what is seen is in the document', async ({ newAccount, logIn }) => {
  const contacts = Array.from({ length: 400 }, (_, n) => ({ jid: `friend${n}@example.com`, name: `Friend ${String(n).padStart(3, '0')}` }));
  const { page } = await logIn(await newAccount(contacts), { ...CLIENT, settings: { show_controlbox_by_default: true } });
  const rows = page.locator('.roster-row');
  await expect(page.getByRole('button', { name: /^Friend 000/ })).toBeVisible();
  expect(await rows.count()).toBeLessThanOrEqual(60);
  await page.locator('.windowed').evaluate((list) => (list.scrollTop = list.scrollHeight));
  await expect(page.getByRole('button', { name: /^Friend 399/ })).toBeVisible();
  await expect(page.getByRole('button', { name: /^Friend 000/ })).toHaveCount(0);
  expect(await rows.count()).toBeLessThanOrEqual(60);
});
