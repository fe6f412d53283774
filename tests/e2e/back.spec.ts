/**
 * A page that the browser kept when it was left, and shows again. Which pages Chromium keeps is up to it, and here it kept
 * about every second one: so the page is stopped and told so as the browser does it, and the next one is a tab beside it
 * that is given its storage.
 */
import type { CDPSession } from '@playwright/test';

import { TRANSPORTS, expect, test, type Chat } from './support/chat.ts';

type Stored = Record<string, string>;

for (const transport of TRANSPORTS) {
  test(`a page that comes back goes on where the page after it was, ${transport}`, async ({ newAccount, logIn, openPage, loginSettings }) => {
    const romeo = await logIn(await newAccount([], 'romeo'));
    const account = await newAccount();
    const juliet = await logIn(account, { transport });
    const jid = await juliet.jid();
    await talk(romeo, juliet, 'one');

    const kept = await leave(juliet);
    const next = await openPage({ beside: juliet });
    await store(next, kept.stored);
    await next.initialize(loginSettings(account, transport));
    expect(await next.outcome()).toEqual({ ok: true });
    expect(await next.jid()).toBe(jid);
    await talk(romeo, next, 'two');
    await comeBack(juliet, kept.browser, next);

    await juliet.event('connected', 2);
    expect(await juliet.jid()).toBe(jid);
    await talk(romeo, juliet, 'three');
    // The conversation is what both pages have seen, and the other side has each message once.
    expect(await said(juliet, await romeo.jid())).toEqual(['one', 'two', 'three']);
    expect(await arrived(romeo)).toEqual(['to one', 'to two', 'to three']);
    expect(await juliet.events()).not.toContain('disconnected');
    expect(await juliet.uncaught()).toEqual([]);
  });
}

test('who logs out on the next page is logged out on the page that comes back', async ({ newAccount, logIn, openPage, loginSettings }) => {
  const account = await newAccount();
  const juliet = await logIn(account);
  const kept = await leave(juliet);
  const next = await openPage({ beside: juliet });
  await store(next, kept.stored);
  await next.initialize(loginSettings(account));
  expect(await next.outcome()).toEqual({ ok: true });
  await next.logOut();
  expect(await next.stored()).toEqual([]);
  const sent = juliet.wire.filter((line) => line.startsWith('>')).length;
  await comeBack(juliet, kept.browser, next);
  await juliet.event('disconnected');
  expect(await juliet.page.evaluate(() => _converse.api.connection.connected)).toBe(false);
  expect(juliet.wire.filter((line) => line.startsWith('>'))).toHaveLength(sent);
  expect(await juliet.stored()).toEqual([]);
});

/** One says something, and the other answers. */
async function talk(one: Chat, other: Chat, body: string): Promise<void> {
  await one.send(await other.jid(), body);
  await other.send(await other.message(body), `to ${body}`);
  await one.message(`to ${body}`);
}

/** The page is left, and kept as it is. */
async function leave(chat: Chat): Promise<{ browser: CDPSession; stored: Stored }> {
  const browser = await chat.page.context().newCDPSession(chat.page);
  await chat.page.evaluate(() => void dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
  await browser.send('Page.setWebLifecycleState', { state: 'frozen' });
  return { browser, stored: await chat.page.evaluate(() => ({ ...sessionStorage }) as Stored) };
}

/** The page after it is left, too, and it is shown again. */
async function comeBack(chat: Chat, browser: CDPSession, next: Chat): Promise<void> {
  const { stored } = await leave(next);
  await next.page.close();
  await store(chat, stored, 'pageshow');
  await browser.send('Page.setWebLifecycleState', { state: 'active' });
}

/** The storage of the tab holds this, and then that happens. */
async function store(chat: Chat, stored: Stored, event?: 'pageshow'): Promise<void> {
  await chat.page.evaluate(([stored, event]) => {
    sessionStorage.clear();
    Object.entries(stored).forEach(([key, value]) => sessionStorage.setItem(key, value));
    if (event) {
      dispatchEvent(new PageTransitionEvent(event, { persisted: true }));
    }
  }, [stored, event] as const);
}

/** What the library has of what somebody said. */
function said(chat: Chat, from: string): Promise<unknown[]> {
  const [jid] = from.split('/');
  return chat.page.evaluate(
    (jid) => (_converse.api as any).chats.get(jid).messages.where({ sender: 'them' }).map((message: any) => message.get('message')),
    jid!,
  );
}

/** What arrived in this page since it was loaded. */
async function arrived(chat: Chat): Promise<(string | undefined)[]> {
  const messages = (await chat.seen()).filter(({ name }) => name === 'message');
  return messages.map(({ payload }) => /<body>(.*)<\/body>/.exec(String(payload[0]))?.[1]);
}
