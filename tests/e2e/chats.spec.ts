import { TRANSPORTS, expect, test, type Account, type Chat } from './support/chat.ts';

const BUDDIES = ['buddy@example.com', 'buddy1@example.com', 'buddy2@example.com'].map((jid) => ({ jid }));

/** What plugins read of the messages with `jid`. */
const said = (chat: Chat, jid: string, ...names: string[]): Promise<unknown[]> =>
  chat.page.evaluate(
    ([jid, names]) => {
      const messages = (_converse.api as any).chats.get(jid)?.messages ?? [];
      return messages.map((message: any) => (names.length === 1 ? message.get(names[0]) : names.map((name) => message.get(name))));
    },
    [jid, names] as const,
  );

const say = (chat: Chat, jid: string, text: string): Promise<void> =>
  chat.page.evaluate(
    async ([jid, text]) => {
      const box = await (_converse.api as any).chats.open(jid);
      box.sendMessage(box.getOutgoingMessageAttributes(text));
    },
    [jid, text] as const,
  );

/** Two who are in each other's roster. */
async function friends(newAccount: (contacts?: { jid: string }[], name?: string) => Promise<Account>, server: { addUser(account: object): Promise<void> }): Promise<[Account, Account]> {
  const romeo = await newAccount([], 'romeo');
  const juliet = await newAccount([{ jid: romeo.jid }]);
  await server.addUser({ ...romeo, contacts: [{ jid: juliet.jid }] });
  return [juliet, romeo];
}

for (const transport of TRANSPORTS) {
  test(`the documented snippets open and get chats over ${transport}`, async ({ newAccount, openPage, loginSettings }) => {
    const chat = await openPage();
    await chat.script(`window.found = {};
      converse.plugins.add('one', {
        initialize: function() {
            var _converse = this._converse;

            // Note, buddy@example.org must be in your contacts roster!
            _converse.api.chats.open('buddy@example.com').then((chat) => {
                // Now you can do something with the chat model
                found.one = chat.get('jid');
            });
        }
      });
      converse.plugins.add('several', {
        initialize: function () {
            var _converse = this._converse;
            // Note, these users must first be in your contacts roster!
            _converse.api.chats.open(['buddy1@example.com', 'buddy2@example.com']).then((chats) => {
                // Now you can do something with the chat models
                found.several = chats.map((chat) => chat.get('jid'));
            });
        }
      });`);
    await chat.initialize({ ...loginSettings(await newAccount(BUDDIES), transport), whitelisted_plugins: ['one', 'several'] });
    await chat.event('rosterContactsFetched');
    await expect.poll(() => chat.page.evaluate('found')).toEqual({ one: 'buddy@example.com', several: ['buddy1@example.com', 'buddy2@example.com'] });
    expect(
      await chat.page.evaluate(() => {
        const api = _converse.api as any;
        return [
          api.chats.get('buddy@example.com').get('jid'),
          api.chats.get(['buddy1@example.com', 'buddy2@example.com']).map((box: any) => box.get('jid')),
          api.chats.get().map((box: any) => box.get('jid')),
        ];
      }),
    ).toEqual(['buddy@example.com', ['buddy1@example.com', 'buddy2@example.com'], ['buddy@example.com', 'buddy1@example.com', 'buddy2@example.com']]);
  });
}

test('a chat has its attributes, and is the same object everywhere', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount([{ ...BUDDIES[0]!, name: 'Buddy' } as { jid: string }]));
  const [attributes, same] = await chat.page.evaluate(async () => {
    const api = _converse.api as any;
    const box = await api.chats.open('BUDDY@example.com/phone', { my_own: 7 });
    const again = await api.chats.open('buddy@example.com');
    return [
      { ...box.toJSON(), box_id: box.get('box_id'), name: box.getDisplayName() },
      box === again && box === api.chats.get('Buddy@example.com') && box === (_converse as any).chatboxes.get('buddy@example.com'),
    ] as const;
  });
  expect(attributes).toMatchObject({
    id: 'buddy@example.com',
    jid: 'buddy@example.com',
    user_id: 'buddy',
    type: 'chatbox',
    message_type: 'chat',
    num_unread: 0,
    hidden: false,
    bookmarked: false,
    url: '',
    my_own: 7,
    box_id: expect.any(String),
    time_opened: expect.any(Number),
  });
  expect(same).toBe(true);
});

test('who is not in the roster, and what is no address', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount(BUDDIES), { settings: { allow_non_roster_messaging: false } });
  const found = await chat.page.evaluate(async () => {
    const { get, open, create } = (_converse.api as any).chats;
    const tried = [() => open(), () => open('notajid'), () => open('a@@b'), () => open(7), () => open(['buddy@example.com', 'a@@b']), () => open('stranger@example.com')];
    return [get('buddy@example.com') ?? null, get(['buddy@example.com']).length, get(), create(), ...(await Promise.all(tried.map(probe.settle)))];
  });
  const wrong = { ok: false, name: 'TypeError', message: 'chats.open: the jid must be an XMPP address' };
  expect(found).toEqual([
    null,
    1,
    [],
    null,
    { ok: false, name: 'TypeError', message: 'chats.open: You need to provide at least one JID' },
    wrong,
    wrong,
    wrong,
    wrong,
    expect.objectContaining({ ok: false, name: 'ChatError', code: 'not-in-roster' }),
  ]);
  expect(await chat.page.evaluate(() => (_converse.api as any).chats.get().length)).toBe(0);
  await chat.page.evaluate(async () => {
    (_converse.api as any).settings.set('allow_non_roster_messaging', true);
    await (_converse.api as any).chats.open('stranger@example.com');
  });
  expect(await chat.page.evaluate(() => (_converse.api as any).chats.get().length)).toBe(1);
});

for (const transport of TRANSPORTS) {
  test(`what is said arrives, is told, and is acknowledged over ${transport}`, async ({ newAccount, logIn, server }) => {
    const [juliet, romeo] = await friends(newAccount, server);
    const [here, there] = [await logIn(juliet, { transport }), await logIn(romeo)];
    await here.page.evaluate((jid) => {
      (_converse.api as any).listen.on('message', (stanza: any) => Object.assign(globalThis, { told: [stanza.stanza === stanza, stanza.chatbox?.get('jid'), stanza.tagName, jid] }));
    }, romeo.jid);
    await say(here, romeo.jid, 'But soft! <&>');
    await there.message('But soft! <&>');
    expect(await said(there, juliet.jid, 'message', 'sender', 'from', 'type', 'is_archived')).toEqual([['But soft! <&>', 'them', juliet.jid, 'chat', false]]);
    await expect.poll(() => said(here, romeo.jid, 'message', 'sender', 'delivery')).toEqual([['But soft! <&>', 'me', 'sent']]);
    await expect.poll(async () => typeof (await said(here, romeo.jid, 'received'))[0]).toBe('string');
    await say(there, juliet.jid, 'ay me');
    await here.message('ay me');
    expect(await here.page.evaluate('told')).toEqual([true, romeo.jid, 'message', romeo.jid]);
    expect(await said(here, romeo.jid, 'message')).toEqual(['But soft! <&>', 'ay me']);
    const added = (await here.seen()).filter(({ name }) => name === 'messageAdded');
    expect(added.map(({ payload }) => (payload[0] as any).message.message)).toEqual(['But soft! <&>', 'ay me']);
    expect(added.map(({ payload }) => (payload[0] as any).chatbox.jid)).toEqual([romeo.jid, romeo.jid]);
  });
}

test('a correction changes the message that plugins hold', async ({ newAccount, logIn, server }) => {
  const [juliet, romeo] = await friends(newAccount, server);
  const [here, there] = [await logIn(juliet), await logIn(romeo)];
  await say(here, romeo.jid, 'wrong');
  await there.message('wrong');
  await here.page.evaluate((jid) => {
    const box = (_converse.api as any).chats.get(jid);
    box.messages.last().save('correcting', true);
    box.sendMessage(box.getOutgoingMessageAttributes('right'));
  }, romeo.jid);
  await there.message('right');
  for (const [chat, jid] of [[here, romeo.jid], [there, juliet.jid]] as const) {
    await expect.poll(() => said(chat, jid, 'message', 'older_versions')).toEqual([['right', ['wrong']]]);
    expect(await said(chat, jid, 'edited')).toEqual([expect.any(String)]);
    expect(await said(chat, jid, 'correcting')).toEqual([undefined]);
  }
});

test('what another client of the account says is said here too', async ({ newAccount, logIn, server }) => {
  const [juliet, romeo] = await friends(newAccount, server);
  const [here, elsewhere, there] = [await logIn(juliet), await logIn(juliet, { transport: 'bosh' }), await logIn(romeo)];
  await say(elsewhere, romeo.jid, 'from elsewhere');
  await there.message('from elsewhere');
  await here.message('from elsewhere');
  expect(await said(here, romeo.jid, 'message', 'sender')).toEqual([['from elsewhere', 'me']]);
  await say(there, juliet.jid, 'to both');
  for (const chat of [here, elsewhere]) {
    await chat.message('to both');
    expect(await said(chat, romeo.jid, 'message')).toEqual(['from elsewhere', 'to both']);
  }
});

test('a message that cannot be delivered says so', async ({ newAccount, logIn, server }) => {
  const nobody = `nobody@${server.domain}`;
  const chat = await logIn(await newAccount([{ jid: nobody }]));
  await say(chat, nobody, 'hello?');
  await expect.poll(() => said(chat, nobody, 'type', 'delivery', 'delivery_reason')).toEqual([
    ['chat', 'failed', 'refused'],
    ['error', undefined, undefined],
  ]);
});

test('what strangers say is heard only if they may', async ({ newAccount, logIn }) => {
  const [juliet, paris] = [await newAccount(), await newAccount([], 'paris')];
  const stranger = await logIn(paris);
  const [open, closed] = [await logIn(juliet), await logIn(juliet, { settings: { allow_non_roster_messaging: false } })];
  await stranger.send(juliet.jid, 'fair lady');
  await open.message('fair lady');
  expect(await said(open, paris.jid, 'message')).toEqual(['fair lady']);
  expect(await closed.page.evaluate(() => (_converse.api as any).chats.get().length)).toBe(0);
});

for (const transport of TRANSPORTS) {
  test(`after a reload chats and messages are there before the first round trip over ${transport}`, async ({ newAccount, logIn, server, site, loginSettings }) => {
    const [juliet, romeo] = await friends(newAccount, server);
    const chat = await logIn(juliet, { transport });
    await say(chat, romeo.jid, 'one');
    await expect.poll(() => chat.wire.some((frame) => frame.startsWith('>') && frame.includes('>one</body>'))).toBe(true);
    await chat.page.goto('about:blank');
    await chat.page.goto(site.url);
    await chat.register(
      'test',
      `(_converse) => {
        _converse.api.listen.once('chatBoxesFetched', () => {
          globalThis.held = _converse.api.chats.get().map((box) => [box.get('jid'), _converse.api.connection.connected, box.messages.pluck('message')]);
        });
      }`,
    );
    await chat.initialize(loginSettings(juliet, transport));
    await chat.event('rosterContactsFetched');
    expect(await chat.page.evaluate('held')).toEqual([[romeo.jid, false, ['one']]]);
    await expect.poll(() => said(chat, romeo.jid, 'message', 'delivery')).toEqual([['one', 'sent']]);
  });
}

test('auto_join_private_chats opens chats', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount(BUDDIES), { settings: { allow_non_roster_messaging: false, auto_join_private_chats: ['buddy1@example.com', 'no address@', 'stranger@example.com', 'buddy@example.com'] } });
  await chat.event('privateChatsAutoJoined');
  await expect.poll(() => chat.page.evaluate(() => (_converse.api as any).chats.get().map((box: any) => box.get('jid')))).toEqual(['buddy1@example.com', 'buddy@example.com']);
  expect(await chat.page.evaluate(() => probe.state(_converse.api.waitUntil('privateChatsAutoJoined')))).toBe('kept undefined');
  expect(await chat.uncaught()).toEqual([]);
});

test('a chat that is closed is gone, and its handle answers still', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount(BUDDIES));
  expect(
    await chat.page.evaluate(async () => {
      const api = _converse.api as any;
      const box = await api.chats.open('buddy@example.com');
      box.close();
      const gone = [api.chats.get('buddy@example.com') ?? null, box.get('jid'), box.messages.length];
      const again = await api.chats.open('buddy@example.com');
      return [...gone, again.get('jid'), again.messages.length];
    }),
  ).toEqual([null, 'buddy@example.com', 0, 'buddy@example.com', 0]);
});

test('typing is told and passes', async ({ newAccount, logIn, server }) => {
  const [juliet, romeo] = await friends(newAccount, server);
  const [here, there] = [await logIn(juliet), await logIn(romeo)];
  await say(there, juliet.jid, 'hi');
  await here.message('hi');
  await there.page.evaluate((jid) => {
    const box = (_converse.api as any).chats.get(jid);
    box.set('chat_state', 'composing');
  }, juliet.jid);
  await expect.poll(() => here.page.evaluate((jid) => (_converse.api as any).chats.get(jid).get('their_chat_state'), romeo.jid)).toBe('composing');
  expect(there.wire.filter((frame) => frame.startsWith('>') && frame.includes('<composing'))).toHaveLength(1);
});

test('a message can be written by hand', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount(BUDDIES));
  const [own, made, references] = await chat.page.evaluate(async () => {
    const box = await (_converse.api as any).chats.open('buddy@example.com');
    const message = box.sendMessage({ message: '@😀x hi', references: [{ type: 'mention', begin: 1, end: 3, uri: 'xmpp:x@example.com' }] });
    const stanza = box.createMessageStanza(message).tree();
    return [message.get('msgid'), stanza.outerHTML, box.getReferencesFromStanza(stanza)] as const;
  });
  const children = [...made.matchAll(/<(\w[\w-]*)/g)].map(([, name]) => name);
  expect(children).toEqual(['message', 'body', 'active', 'request', 'reference', 'origin-id']);
  expect(made.split(String(own)).length).toBe(3);
  expect(references).toEqual([{ begin: '1', end: '3', type: 'mention', uri: 'xmpp:x@example.com', value: '😀x' }]);
  const sent = chat.wire.find((frame) => frame.startsWith('>') && frame.includes('hi</body>')) ?? '';
  expect([...sent.matchAll(/<(\w[\w-]*)/g)].map(([, name]) => name)).toEqual(children);
});

test('a message can be read by hand', async ({ newAccount, logIn }) => {
  const buddy = await newAccount();
  const [here, there] = [await logIn(await newAccount([{ jid: buddy.jid }])), await logIn(buddy)];
  const to = (await here.jid()).split('/')[0]!;
  await there.page.evaluate((to) => _converse.api.send(
    `<message to='${to}' type='chat' id='m1'><body>look 😀 there</body><subject>s</subject><spoiler xmlns='urn:xmpp:spoiler:0'>h</spoiler>` +
    `<active xmlns='http://jabber.org/protocol/chatstates'/><origin-id xmlns='urn:xmpp:sid:0' id='o1'/>` +
    `<x xmlns='jabber:x:oob'><url>https://a/b</url><desc>d</desc></x>` +
    `<reference xmlns='urn:xmpp:reference:0' type='mention' begin='5' end='6' uri='xmpp:x@example.com'/></message>`), to);
  await here.message('look 😀 there');
  const [read, kept, found, references] = await here.page.evaluate((jid) => {
    const { $msg } = converse.env;
    const chat = _converse.api.chats.get(jid)!;
    const message = chat.messages.at(0)!;
    const again = $msg({ from: `${jid}/x`, type: 'chat', id: 'm1' }).c('body').t('look 😀 there').up().c('subject').t('s').up();
    again.c('spoiler', { xmlns: 'urn:xmpp:spoiler:0' }).t('h').up().c('origin-id', { xmlns: 'urn:xmpp:sid:0', id: 'o1' }).up();
    again.c('x', { xmlns: 'jabber:x:oob' }).c('url').t('https://a/b').up().c('desc').t('d').up().up();
    again.c('reference', { xmlns: 'urn:xmpp:reference:0', type: 'mention', begin: 5, end: 6, uri: 'xmpp:x@example.com' }).up();
    again.c('active', { xmlns: 'http://jabber.org/protocol/chatstates' }).up();
    again.c('delay', { xmlns: 'urn:xmpp:delay', stamp: '2026-01-01T00:00:00Z' }).up();
    const own = `${jid.replace(/.*@/, 'me@')}`;
    const stanza = again.c('stanza-id', { xmlns: 'urn:xmpp:sid:0', by: own, id: 'nobody-else' }).tree();
    const wrap = (id: string): Element => converse.env.$build('message').c('result', { xmlns: 'urn:xmpp:mam:2', id }).tree();
    const read: Record<string, unknown> = chat.getMessageAttributesFromStanza(stanza);
    const names = ['type', 'from', 'sender', 'msgid', 'origin_id', 'message', 'subject', 'is_spoiler', 'spoiler_hint', 'oob_url', 'oob_desc'];
    const pick = (from: (name: string) => unknown): unknown => names.map(from);
    return [
      pick((name) => read[name]),
      pick((name) => message.get(name)),
      [
        read['is_delayed'], read['time'], read['chat_state'], chat.getStanzaIDs(stanza)[`stanza_id ${own}`],
        chat.findDuplicateFromOriginID(stanza) === message, chat.hasDuplicateStanzaID(stanza),
        chat.hasDuplicateArchiveID(wrap('none')), chat.hasDuplicateArchiveID(wrap(message.get('archive_id') ?? 'none')) === Boolean(message.get('archive_id')),
      ],
      message.get('references'),
    ] as const;
  }, buddy.jid);
  expect(read).toEqual(kept);
  expect(found).toEqual([true, '2026-01-01T00:00:00Z', 'active', 'nobody-else', true, false, false, true]);
  expect(references).toEqual([{ begin: 5, end: 6, type: 'mention', uri: 'xmpp:x@example.com', value: '😀' }]);
});

test('links to places become geo: addresses', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount(BUDDIES));
  const said = await chat.page.evaluate(async () => {
    const box = await _converse.api.chats.open('buddy@example.com');
    const say = (text: string): string => box.getOutgoingMessageAttributes(text).message;
    const first = say('at https://www.openstreetmap.org/#map=17/51.5074/-0.1278 now');
    _converse.api.settings.set('geouri_regex', /map:(\d+),(\d+)/g);
    return [first, say('at map:1,2')];
  });
  expect(said).toEqual(['at geo:51.5074,-0.1278 now', 'at geo:1,2']);
});
