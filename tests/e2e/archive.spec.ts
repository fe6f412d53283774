import { startProsody } from '../support/prosody.mjs';
import { TRANSPORTS, expect, service, test, type Account, type Chat } from './support/chat.ts';

interface Found {
  bodies: string[];
  rsm?: Record<string, unknown>;
  error?: string;
}

/** Asks the archive, and waits for one of the two answers. */
function query(chat: Chat, options: object | null): Promise<Found> {
  return chat.page.evaluate(
    (options) =>
      new Promise<Found>((done) => {
        const bodies = (messages: Element[]): string[] => messages.map((message) => message.querySelector('body')?.textContent ?? '');
        const callback = (messages: Element[], rsm: Record<string, unknown>): void => done({ bodies: bodies(messages), rsm: { ...rsm } });
        const errback = (iq: Element | Error): void => done({ bodies: [], error: 'outerHTML' in iq ? iq.outerHTML : iq.message });
        const api = _converse.api as any;
        if (options) {
          api.archive.query(options, callback, errback);
        } else {
          api.archive.query(callback, errback);
        }
      }),
    options,
  );
}

/** Two who have written `count` messages to each other, numbered from 1. */
async function conversation(
  newAccount: (contacts?: { jid: string }[]) => Promise<Account>,
  logIn: (account: Account, opening?: object) => Promise<Chat>,
  count: number,
  transport?: string,
): Promise<{ chat: Chat; buddy: Account; account: Account; other: Account }> {
  const [buddy, other] = [await newAccount(), await newAccount()];
  const account = await newAccount([{ jid: buddy.jid }, { jid: other.jid }]);
  const chat = await logIn(account, { transport });
  for (let n = 1; n <= count; n += 1) {
    await chat.send(buddy.jid, String(n));
  }
  await chat.send(other.jid, 'other');
  // One thing after another: when this is answered, all is archived.
  await query(chat, { max: 1 });
  return { chat, buddy, account, other };
}

for (const transport of TRANSPORTS) {
  test(`the archive is asked as documented over ${transport}`, async ({ newAccount, logIn }) => {
    const { chat, buddy } = await conversation(newAccount, logIn, 12, transport);
    const numbers = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, n) => String(from + n));

    expect((await query(chat, null)).bodies).toEqual([...numbers(1, 12), 'other']);
    expect((await query(chat, {})).bodies).toHaveLength(13);
    const page = await query(chat, { with: buddy.jid, max: 10 });
    expect(page.bodies).toEqual(numbers(1, 10));
    expect(page.rsm).toMatchObject({ with: buddy.jid, max: 10, first: expect.any(String), last: expect.any(String), count: '12' });
    expect((await query(chat, { with: buddy.jid, max: 10, after: page.rsm?.['last'] })).bodies).toEqual(numbers(11, 12));
    expect((await query(chat, { with: buddy.jid, before: '', max: 5 })).bodies).toEqual(numbers(8, 12));
    expect((await query(chat, { with: 'nobody@example.com' })).bodies).toEqual([]);
  });
}

test('the pages of a long archive lead to both ends', async ({ newAccount, logIn }) => {
  const { chat, buddy } = await conversation(newAccount, logIn, 25);
  const walk = (options: object, step: 'next' | 'previous'): Promise<string[][]> =>
    chat.page.evaluate(
      ([options, step]) =>
        new Promise<string[][]>((done, failed) => {
          const pages: string[][] = [];
          const callback = (messages: Element[], rsm: any): void => {
            pages.push(messages.map((message) => message.querySelector('body')?.textContent ?? ''));
            if (messages.length === 0) {
              done(pages);
            } else if (step === 'next') {
              (_converse.api as any).archive.query(rsm.next(10), callback, failed);
            } else {
              rsm.previous(10);
              (_converse.api as any).archive.query(rsm, callback, failed);
            }
          };
          (_converse.api as any).archive.query(options, callback, failed);
        }),
      [options, step] as const,
    );
  const forward = await walk({ with: buddy.jid, max: 10 }, 'next');
  expect(forward.map((page) => page.length)).toEqual([10, 10, 5, 0]);
  expect(forward.flat()).toEqual(Array.from({ length: 25 }, (_, n) => String(n + 1)));
  const backward = await walk({ with: buddy.jid, before: '', max: 10 }, 'previous');
  expect(backward.map((page) => page.length)).toEqual([10, 10, 5, 0]);
  expect(backward.reverse().flat()).toEqual(Array.from({ length: 25 }, (_, n) => String(n + 1)));
});

test('more than a page comes at once if nobody asks for pages', async ({ newAccount, logIn }) => {
  const { chat, buddy } = await conversation(newAccount, logIn, 60);
  const { bodies, rsm } = await query(chat, { with: buddy.jid });
  expect(bodies).toEqual(Array.from({ length: 60 }, (_, n) => String(n + 1)));
  expect(rsm).toMatchObject({ with: buddy.jid });
});

test('dates may be texts or Date objects', async ({ newAccount, logIn }) => {
  const { chat, buddy } = await conversation(newAccount, logIn, 2);
  const found = await chat.page.evaluate(async (jid) => {
    const ask = (options: object): Promise<number> =>
      new Promise((done, failed) => (_converse.api as any).archive.query({ with: jid, ...options }, (all: unknown[]) => done(all.length), failed));
    const [past, future] = [new Date(Date.now() - 3_600_000), new Date(Date.now() + 3_600_000)];
    return [
      await ask({ start: '2010-06-07T00:00:00Z', end: '2010-07-07T13:23:54Z' }),
      await ask({ start: past, end: future }),
      await ask({ start: past.toISOString(), end: future.toISOString() }),
      await ask({ start: future }),
    ];
  }, buddy.jid);
  expect(found).toEqual([0, 2, 2, 0]);
});

test('wrong arguments are named before anything is sent', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount());
  // The library's own questions have left by the time this one is answered.
  await query(chat, { max: 1 });
  const sent = chat.wire.length;
  const thrown = await chat.page.evaluate(() =>
    Promise.all(
      [
        [{ start: 'yesterday or so' }],
        [{ end: new Date(NaN) }],
        [{ with: 'a@@b' }],
        [{ with: 7 }],
        [{ groupchat: true }],
        ['all of it'],
        [{}, 'no function'],
        [{}, () => {}, 7],
      ].map((args) => probe.settle(() => (_converse.api as any).archive.query(...args))),
    ),
  );
  expect(thrown.map((outcome) => !outcome.ok && `${outcome.name}: ${outcome.message}`)).toEqual([
    'TypeError: archive.query: invalid date provided for: start',
    'TypeError: archive.query: invalid date provided for: end',
    'TypeError: archive.query: with must be an XMPP address',
    'TypeError: archive.query: with must be an XMPP address',
    'TypeError: archive.query: a query with groupchat needs the address of a room in with',
    'TypeError: archive.query: the options must be an object',
    'TypeError: archive.query: the callback must be a function',
    'TypeError: archive.query: the errback must be a function',
  ]);
  expect(chat.wire.slice(sent).filter((frame) => frame.startsWith('>') && frame.includes('urn:xmpp:mam:2'))).toEqual([]);
});

// ejabberd takes any id for a time, and refuses none.
test('a refusal is the stanza that says why', { tag: '@once' }, async ({ newAccount, logIn }) => {
  const { chat } = await conversation(newAccount, logIn, 1);
  const { error } = await query(chat, { after: 'no such message', max: 2 });
  expect(error).toContain('item-not-found');
});

test('a callback that throws harms nobody', async ({ newAccount, logIn }) => {
  const { chat } = await conversation(newAccount, logIn, 1);
  await chat.page.evaluate(() => {
    (_converse.api as any).archive.query({}, () => {
      throw new Error('of the callback');
    });
  });
  expect((await query(chat, {})).bodies).toEqual(['1', 'other']);
  expect(await chat.uncaught()).toEqual([expect.stringContaining('of the callback')]);
});

test('before the log-in there is no archive', async ({ openPage, server }) => {
  const chat = await openPage({ settings: service(server, 'websocket') });
  await chat.event('pluginsInitialized');
  expect(await chat.page.evaluate(() => probe.settle(() => (_converse.api as any).archive.query()))).toEqual({
    ok: false,
    name: 'ArchiveError',
    code: 'not-connected',
    message: "Can't call `api.archive.query` before having established an XMPP session",
  });
});

test('a server without archives is one', { tag: '@once' }, async ({ openPage }) => {
  const prosody = await startProsody({ disabledModules: ['mam'] });
  try {
    const account = { jid: `juliet@${prosody.domain}`, password: 'r0m30' };
    await prosody.addUser(account);
    const chat = await openPage({ settings: { websocket_url: prosody.websocketUrl, auto_login: true, ...account } });
    await chat.event('rosterContactsFetched');
    // The server has said by now what it can do: it does one thing after another.
    await chat.page.evaluate(() => (_converse.api as any).sendIQ?.(converse.env.$iq({ type: 'get' }).c('ping', { xmlns: 'urn:xmpp:ping' })));
    await expect(async () => {
      expect(await chat.page.evaluate(() => probe.settle(() => (_converse.api as any).archive.query()))).toMatchObject({
        ok: false,
        message: 'This server does not support XEP-0313, Message Archive Management',
      });
    }).toPass();
  } finally {
    await prosody.stop();
  }
});

// What was missed

const texts = (chat: Chat, jid: string): Promise<string[]> =>
  chat.page.evaluate((jid) => (_converse.api as any).chats.get(jid)?.messages.pluck('message') ?? [], jid);

for (const transport of TRANSPORTS) {
  test(`what was said meanwhile is there after a reload, once and in its order, over ${transport}`, async ({ newAccount, logIn, loginSettings, site }) => {
    const buddy = await newAccount();
    const account = await newAccount([{ jid: buddy.jid }]);
    const [here, there] = [await logIn(account, { transport }), await logIn(buddy)];
    await there.send(account.jid, 'one');
    await here.message('one');
    await here.page.goto('about:blank');
    for (const body of ['two', 'three']) {
      await there.send(account.jid, body);
    }
    await here.page.goto(site.url);
    await here.initialize(loginSettings(account, transport));
    await here.message('three');
    await expect.poll(() => texts(here, buddy.jid)).toEqual(['one', 'two', 'three']);
    await there.send(account.jid, 'four');
    await here.message('four');
    expect(await texts(here, buddy.jid)).toEqual(['one', 'two', 'three', 'four']);
  });
}

test('a conversation that is opened has its newest page', async ({ newAccount, logIn }) => {
  const { account, buddy } = await conversation(newAccount, logIn, 3);
  const chat = await logIn(account, { settings: { archived_messages_page_size: '2' } });
  await chat.page.evaluate(async (jid) => {
    await (_converse.api as any).chats.open(jid);
  }, buddy.jid);
  await expect.poll(() => texts(chat, buddy.jid)).toEqual(['2', '3']);
  expect(await chat.page.evaluate((jid) => (_converse.api as any).chats.get(jid).messages.map((m: any) => [m.get('sender'), m.get('is_archived'), m.get('delivery')]), buddy.jid)).toEqual([
    ['me', true, 'sent'],
    ['me', true, 'sent'],
  ]);
});

test('the server archives what message_archiving says', async ({ newAccount, logIn }) => {
  const account = await newAccount();
  const chat = await logIn(account, { settings: { message_archiving: 'never' } });
  await expect.poll(() => chat.wire.some((frame) => frame.startsWith('>') && frame.includes('default="never"'))).toBe(true);
});
