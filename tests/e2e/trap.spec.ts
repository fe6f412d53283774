/**
 * The core fails. It is made to by a clock that throws when the core asks it, which tears it down in the middle of something,
 * as a trap does: whatever is thrown through wasm leaves nothing in order behind it.
 */
import { TRANSPORTS, expect, test, type Chat } from './support/chat.ts';

for (const transport of TRANSPORTS) {
  test(`a core that has failed is followed by one that goes on, ${transport}`, async ({ newAccount, logIn }) => {
    const romeo = await logIn(await newAccount([], 'romeo'));
    const juliet = await logIn(await newAccount(), { transport, plugin: failsAfter });
    const [jid, from] = [await juliet.jid(), await romeo.jid()];
    await romeo.send(jid, 'one');
    await juliet.message('one');
    await juliet.page.evaluate(hold, from);
    // What is written keeps the number by which its handle finds it.
    await expect.poll(() => juliet.page.evaluate(() => Object.values({ ...sessionStorage }).some((part) => part.includes('>one<')))).toBe(true);

    // What has just come is not written yet, and what comes now finds nobody.
    await romeo.send(jid, 'two');
    await juliet.message('two');
    await romeo.send(jid, 'three');
    await juliet.event('reconnected');
    expect(await juliet.jid()).toBe(jid);
    await juliet.message('three');
    await juliet.page.evaluate(() => void held.chat.sendMessage('four'));
    await romeo.message('four');
    // Once more, in the middle of taking something in, and with something that has just left.
    await juliet.page.evaluate(() => {
      held.chat.sendMessage('five');
      held.fail(2);
    });
    await romeo.send(jid, 'six');
    await juliet.event('reconnected', 2);
    await juliet.message('six');
    await romeo.message('five');

    // Each is there once, on both sides; plugins hold what they held, and hear what they heard.
    const bodies = ['one', 'two', 'three', 'four', 'five', 'six'];
    await expect.poll(async () => (await said(juliet, from)).sort()).toEqual([...bodies].sort());
    expect((await arrived(romeo)).sort()).toEqual(['five', 'four']);
    expect(await juliet.page.evaluate((from) => held.chat === _converse.api.chats.get(from), from)).toBe(true);
    expect(await juliet.page.evaluate(() => held.message.get('message'))).toBe('one');
    expect(await juliet.page.evaluate(() => held.chat.get('num_unread') === held.chat.attributes.num_unread)).toBe(true);
    expect(await juliet.page.evaluate(() => held.heard)).toBeGreaterThan(bodies.length - 3);
    const events = await juliet.events();
    expect(events.filter((name) => name === 'coreFailed')).toHaveLength(2);
    expect(events).not.toContain('disconnected');
    expect(await juliet.uncaught()).toEqual(expect.arrayContaining([expect.stringContaining('unreachable')]));
  });
}

test('what nobody will answer any more is rejected, and what cannot go on is given up @once', async ({ newAccount, logIn }) => {
  const juliet = await logIn(await newAccount());
  await juliet.page.evaluate(hold, await juliet.jid());
  const fail = () => juliet.page.evaluate(() => {
    held.fail(1);
    try {
      _converse.api.disco.own.features.add('urn:example:new');
    } catch {
      // That is what was wanted.
    }
  });
  const open = juliet.page.evaluate(() => {
    const asked = probe.settle(() => _converse.api.disco.info('capulet.lit'));
    held.fail(1);
    try {
      _converse.api.disco.own.features.add('urn:example:mine');
    } catch {
      // That is what was wanted.
    }
    return asked;
  });
  expect(await open).toMatchObject({ ok: false, code: 'core-failed' });
  await juliet.event('reconnected');
  // What plugins have added to what this client can do is said by the next core, too.
  expect(await juliet.page.evaluate(() => _converse.api.disco.own.features.get())).toContain('urn:example:mine');
  await fail();
  await juliet.event('reconnected', 2);
  await fail();
  await juliet.event('disconnected');
  const told = (await juliet.seen()).filter(({ name }) => name === 'coreFailed');
  expect(told).toHaveLength(3);
  expect(await juliet.page.evaluate(() => _converse.connfeedback.get('connection_status'))).toBe(6);
  expect(await juliet.page.evaluate(() => probe.settle(async () => _converse.api.chats.get()))).toMatchObject({ ok: false, code: 'core-failed' });
});

test('the user is told, and can put it away @once', async ({ newAccount, logIn }) => {
  const { page } = await logIn(await newAccount(), { client: {}, settings: { show_controlbox_by_default: true } });
  await page.evaluate(hold, 'romeo@capulet.lit');
  await page.evaluate(() => held.fail(1));
  await page.evaluate(() => probe.settle(async () => _converse.api.chats.open('romeo@capulet.lit')));
  const note = page.getByText('A part of this chat has failed, and was started again.');
  // In each box that is open, where the state of the connection is told: the conversation may have come to be by then.
  await expect(note.first()).toBeVisible();
  await page.locator('converse-connection').getByRole('button', { name: 'Close' }).first().click();
  await expect(note).toHaveCount(0);
});

interface Held {
  chat: any;
  message: any;
  heard: number;
  /** Has the core fail when it asks the clock for the so-and-so-many-th time from now on. */
  fail(times: number): void;
}
declare const held: Held;

/** Keeps handles as a plugin does, and can make the core fail. */
function hold(jid: string): void {
  const chat: any = _converse.api.chats.get(jid);
  const held: Held = {
    chat,
    message: chat?.messages.at(0),
    heard: 0,
    fail(times) {
      const { now } = performance;
      performance.now = () => {
        // Others look at the clock, too.
        if (!new Error().stack?.includes('wasm-function') || (times -= 1) > 0) {
          return now.call(performance);
        }
        performance.now = now;
        throw new WebAssembly.RuntimeError('unreachable');
      };
    },
  };
  chat?.messages.on('add', () => (held.heard += 1));
  Object.assign(globalThis, { held });
}

/** A plugin in whose page the core fails after the second message. */
function failsAfter(_converse: any): void {
  _converse.api.listen.on('message', ({ stanza }: { stanza: Element }) => {
    if (stanza.querySelector('body')?.textContent === 'two') {
      // The event is told by the core, which is at work still.
      queueMicrotask(() => held.fail(1));
    }
  });
}

/** What is in the conversation with `jid`. */
function said({ page }: Chat, jid: string): Promise<string[]> {
  return page.evaluate((jid) => _converse.api.chats.get(jid)!.messages.map((message: any) => message.get('message') as string), jid);
}

/** What has come here from others. */
function arrived({ page }: Chat): Promise<string[]> {
  return page.evaluate(() => {
    const chats = _converse.api.chats.get() as any[];
    const all = chats.flatMap((chat) => chat.messages.filter((message: any) => message.get('sender') === 'them'));
    return all.map((message) => message.get('message') as string);
  });
}
