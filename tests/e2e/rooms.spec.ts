import { expect, test, type Account, type Chat } from './support/chat.ts';
import { entered, get, join, newRoom, read, when } from './support/rooms.ts';

const NS_OWNER = 'http://jabber.org/protocol/muc#owner';

/** What the room's owner form says, by field. */
function configuration(chat: Chat, room: string): Promise<Record<string, string[]>> {
  return chat.page.evaluate(
    async ([room]) => {
      const iq: Element = await _converse.api.rooms.get(room)!.fetchRoomConfiguration();
      const fields = [...iq.querySelectorAll('field[var]')];
      return Object.fromEntries(fields.map((field) => [field.getAttribute('var')!, [...field.querySelectorAll(':scope > value')].map((value) => value.textContent!)]));
    },
    [room] as const,
  );
}

test('the documented snippets get and open rooms', async ({ newAccount, openPage, loginSettings }) => {
  const chat = await openPage();
  const [group, group1, group2, own, mine] = [newRoom(), newRoom(), newRoom(), newRoom(), newRoom()];
  await chat.script(`
    window.opened = {};
    converse.plugins.add('get', {

        initialize: function () {
            var _converse = this._converse;
            _converse.api.waitUntil('roomsAutoJoined').then(function () {
                var create_if_not_found = true;
                opened.get = _converse.api.rooms.get(
                    '${group}',
                    {'nick': 'dread-pirate-roberts'},
                    create_if_not_found
                )
            });
        }
    });
    converse.plugins.add('open', {
        initialize: function () {
            var _converse = this._converse;
            _converse.api.listen.on('connected', function () {

            opened.one = _converse.api.rooms.open('${own}')

            opened.several = _converse.api.rooms.open(['${group1}', '${group2}'])

            opened.nick = _converse.api.rooms.open('${mine}', {'nick': 'mycustomnick'})

            });
        }
    });`);
  const account = await newAccount();
  await chat.initialize({ ...loginSettings(account), whitelisted_plugins: ['get', 'open'] });
  await chat.event('rosterContactsFetched');
  const nodes = await chat.page.evaluate(async () => {
    const { opened } = globalThis as never as { opened: Record<string, any> };
    return [opened['get'], await opened['one'], ...(await opened['several']), await opened['nick']].map((room) => room.get('jid'));
  });
  expect(nodes).toEqual([group, own, group1, group2, mine]);
  for (const room of nodes) {
    await entered(chat, room);
  }
  expect(await get(chat, group, `.get('nick')`)).toBe('dread-pirate-roberts');
  expect(await get(chat, mine, `.get('nick')`)).toBe('mycustomnick');
  // Without one it is the first part of the address.
  expect(await get(chat, own, `.get('nick')`)).toBe(account.jid.split('@')[0]);
  expect(await get(chat, mine, `.occupants.pluck('nick')`)).toEqual(['mycustomnick']);
  expect(await get(chat, mine, `.occupants.at(0).isSelf()`)).toBe(true);
});

test('the documented snippet configures a room', async ({ newAccount, openPage, loginSettings, serverName }) => {
  const chat = await openPage();
  const room = newRoom();
  await chat.script(`converse.plugins.add('myplugin', {
        initialize: function () {
            var _converse = this._converse;
            _converse.api.listen.on('connected', function () {

            _converse.api.rooms.open(
                '${room}',
                { 'nick': 'coolguy69',
                  'auto_configure': true,
                  'roomconfig': {
                      'changesubject': false,
                      'membersonly': true,
                      'persistentroom': true,
                      'publicroom': true,
                      'roomdesc': 'Comfy room for hanging out',
                      'whois': 'anyone'
                  }
                },
                true
            );

            });
        }
    });`);
  await chat.initialize({ ...loginSettings(await newAccount()), whitelisted_plugins: ['myplugin'] });
  await chat.event('rosterContactsFetched');
  await entered(chat, room);
  await when(chat, room, "room.features.get('membersonly')");
  const configured = await configuration(chat, room);
  // Prosody says that something is not so by saying nothing.
  expect(configured['muc#roomconfig_changesubject']).not.toEqual(['1']);
  expect(configured).toMatchObject({
    'muc#roomconfig_membersonly': ['1'],
    'muc#roomconfig_persistentroom': ['1'],
    'muc#roomconfig_publicroom': ['1'],
    'muc#roomconfig_roomdesc': ['Comfy room for hanging out'],
    'muc#roomconfig_whois': ['anyone'],
  });
  expect(await get(chat, room, `.get('description')`)).toBe('Comfy room for hanging out');
  expect(await get(chat, room, `.features.get('nonanonymous')`)).toBe(true);
  // And again, by hand.
  await get(chat, room, `.sendConfiguration({ roomname: 'Comfy', membersonly: false })`);
  const changed = await configuration(chat, room);
  expect(changed['muc#roomconfig_roomname']).toEqual(['Comfy']);
  expect(changed['muc#roomconfig_membersonly']).not.toEqual(['1']);
  await when(chat, room, "room.get('name') === 'Comfy'");
  // Prosody's form has fields that are there for people alone.
  const fixed = chat.wire.some((frame) => frame.startsWith('<') && frame.includes(NS_OWNER) && frame.includes('fixed'));
  expect(fixed).toBe(serverName === 'prosody');
});

test('rooms are found, created and closed', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount());
  const [one, two, three] = [newRoom(), newRoom(), newRoom()];
  const found = await chat.page.evaluate(
    async ([one, two, three]) => {
      const { rooms } = _converse.api;
      const first = await rooms.open(one.toUpperCase().replace('ROOM', 'Room'), 'jule');
      const others = rooms.create([two, `xmpp:${three}?join`], { nick: 'jule', topic: 'mine' });
      return {
        same: [rooms.get(one) === first, rooms.get(one.toUpperCase()) === first, (_converse['chatboxes'] as any).get(one) === first],
        unknown: [rooms.get('nobody@rooms.capulet.lit'), rooms.get(['nobody@rooms.capulet.lit', one]).map((room: any) => room?.id)],
        all: rooms.get().map((room: any) => room.get('jid')),
        opened: (await rooms.open()).length,
        chats: _converse.api['chats'].get().length,
        boxes: _converse['chatboxes'].pluck('type'),
        extra: others[1]!.get('topic'),
        nick: others[0]!.get('nick'),
      };
    },
    [one, two, three] as const,
  );
  expect(found).toEqual({
    same: [true, true, true],
    unknown: [undefined, [undefined, one]],
    all: [one, two, three],
    opened: 3,
    chats: 0,
    boxes: ['chatroom', 'chatroom', 'chatroom'],
    extra: 'mine',
    nick: 'jule',
  });
  for (const room of [one, two, three]) {
    await entered(chat, room);
  }
  await chat.page.evaluate(([one]) => _converse.api.rooms.close(one), [one] as const);
  await chat.event('chatBoxClosed');
  await chat.page.evaluate(([two]) => _converse.api['roomviews'].close([two, 'nobody@rooms.capulet.lit']), [two] as const);
  expect(await read(chat, `_converse.api.rooms.get().map((room) => room.id)`)).toEqual([three]);
  await chat.page.evaluate(() => _converse.api.rooms.close());
  await chat.event('chatBoxClosed', 3);
  expect(await read(chat, `_converse.api.rooms.get().length`)).toBe(0);
  await expect.poll(() => chat.wire.filter((frame) => frame.startsWith('>') && frame.includes('unavailable') && frame.includes('@rooms.')).length).toBe(3);
});

test('what is no room is refused at once', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount());
  const refused = await chat.page.evaluate(async () => {
    const { rooms } = _converse.api;
    const calls = [() => rooms.open('a@@b'), () => rooms.open('rooms.capulet.lit'), () => rooms.get(7 as never), () => rooms.create(undefined as never), () => rooms.close('x')];
    return Promise.all(calls.map((call) => probe.settle(call)));
  });
  for (const outcome of refused) {
    expect(outcome).toMatchObject({ ok: false, name: 'TypeError', message: expect.stringMatching(/^rooms\./) });
  }
  expect(chat.wire.some((frame) => frame.includes('a@@b'))).toBe(false);
});

test('two people talk in a room', async ({ newAccount, logIn }) => {
  const [juliet, romeo] = [await logIn(await newAccount([], 'juliet')), await logIn(await newAccount([], 'romeo'))];
  const room = newRoom();
  await join(juliet, room, { nick: 'Juliet' });
  await join(romeo, room, { nick: 'Romeo M.' });
  await when(juliet, room, "room.occupants.findOccupant({ nick: 'Romeo M.' })");
  expect(await get(juliet, room, `.occupants.pluck('nick')`)).toEqual(['Juliet', 'Romeo M.']);

  // With a mention, which loses its @.
  await romeo.page.evaluate(([room]) => _converse.api.rooms.get(room)!.save('hidden', true), [room] as const);
  await juliet.page.evaluate(([room]) => {
    const model = _converse.api.rooms.get(room)!;
    model.sendMessage(model.getOutgoingMessageAttributes('hello 😀 @Romeo M., me@example.org'));
  }, [room] as const);
  await when(romeo, room, 'room.messages.length === 1');
  const heard = await get<Record<string, any>>(romeo, room, `.messages.at(0).toJSON()`);
  expect(heard).toMatchObject({ message: 'hello 😀 Romeo M., me@example.org', nick: 'Juliet', sender: 'them', type: 'groupchat', from: `${room}/Juliet` });
  expect(heard['references']).toEqual([{ begin: 8, end: 16, type: 'mention', uri: expect.stringContaining('xmpp:'), value: 'Romeo M.' }]);
  expect(await get(romeo, room, `.isUserMentioned(_converse.api.rooms.get('${room}').messages.at(0))`)).toBe(true);
  await when(romeo, room, "room.get('num_unread') === 1 && room.get('num_unread_general') === 1");
  await juliet.page.evaluate(([room]) => _converse.api.rooms.get(room)!.sendMessage('nobody'), [room] as const);
  await when(romeo, room, "room.get('num_unread') === 1 && room.get('num_unread_general') === 2");

  // The sender sees that it has arrived, once.
  await when(juliet, room, "room.messages.every((message) => message.get('received'))");
  expect(await get(juliet, room, `.messages.map((message) => [message.get('sender'), Boolean(message.get('stanza_id ${room}'))])`)).toEqual([['me', true], ['me', true]]);

  // A correction changes it.
  await juliet.page.evaluate(([room]) => {
    const model = _converse.api.rooms.get(room)!;
    model.messages.at(1)!.save('correcting', true);
    model.sendMessage('everybody');
  }, [room] as const);
  await when(romeo, room, "room.messages.at(1).get('message') === 'everybody'");
  expect(await get(romeo, room, `.messages.at(1).get('older_versions')`)).toEqual(['nobody']);

  // The subject.
  await juliet.page.evaluate(([room]) => _converse.api.rooms.get(room)!.setSubject('Love'), [room] as const);
  await when(romeo, room, "room.get('subject')?.text === 'Love'");
  expect(await get(romeo, room, `.get('subject')`)).toEqual({ author: 'Juliet', text: 'Love' });

  // Another nickname.
  await romeo.page.evaluate(([room]) => _converse.api.rooms.get(room)!.setNickname('Montague'), [room] as const);
  await when(juliet, room, "room.occupants.findOccupant({ nick: 'Montague' })");
  await when(romeo, room, "room.get('nick') === 'Montague'");

  // Who is kicked is out, and says so.
  await juliet.page.evaluate(([room]) => _converse.api.rooms.get(room)!.setRole('Montague', 'none', 'night'), [room] as const);
  await entered(romeo, room, 4);
  expect(await get(romeo, room, `.get('error')`)).toMatchObject({ condition: 'kicked', text: 'night' });
  await when(juliet, room, "!room.occupants.findOccupant({ nick: 'Montague' })");
});

test('somebody is invited, becomes a member and is banned', async ({ newAccount, logIn }) => {
  const [owner, guest] = [await newAccount([], 'juliet'), await newAccount([], 'nurse')];
  const juliet = await logIn(owner);
  const nurse = await logIn(guest);
  const room = newRoom();
  await join(juliet, room, { nick: 'Juliet', auto_configure: true, roomconfig: { membersonly: true } });
  await when(juliet, room, "room.features.get('membersonly')");
  expect(await juliet.page.evaluate(([room]) => _converse.api.rooms.get(room)!.getJidsWithAffiliations(['owner', 'member']), [room] as const)).toMatchObject([{ jid: owner.jid, affiliation: 'owner' }]);

  // Nobody else gets in.
  await nurse.page.evaluate(async ([room]) => void (await _converse.api.rooms.open(room, { nick: 'Nurse' })), [room] as const);
  await nurse.page.evaluate(([room]) => new Promise<void>((done) => {
    const model = _converse.api.rooms.get(room)!;
    const look = (): void => void (model.get('error') && done());
    model.on('change:error', look);
    look();
  }), [room] as const);
  expect(await get(nurse, room, `.get('error').condition`)).toBe('registration-required');

  await juliet.page.evaluate(([room, jid]) => _converse.api.rooms.get(room)!.directInvite(jid, 'tea'), [room, guest.jid] as const);
  expect(await read(juliet, `probe.seen.filter(({ name }) => name === 'roomInviteSent').length`)).toBe(1);
  await nurse.event('roomInviteReceived');
  await join(nurse, room);
  await when(juliet, room, `room.occupants.findOccupant({ jid: '${guest.jid}' })?.get('affiliation') === 'member'`);
  expect(await get(juliet, room, `.occupants.findOccupant({ nick: 'Nurse' }).isMember()`)).toBe(true);

  await juliet.page.evaluate(([room, jid]) => _converse.api.rooms.get(room)!.setAffiliations([{ jid, affiliation: 'outcast', reason: 'out' }]), [room, guest.jid] as const);
  await entered(nurse, room, 4);
  expect(await get(nurse, room, `.get('error').condition`)).toBe('banned');
});

test('a contact leads into a room where the setting says so', async ({ newAccount, logIn }) => {
  const host = await newAccount([], 'romeo');
  const guest = await newAccount([{ jid: host.jid, subscription: 'both' }], 'juliet');
  const [romeo, juliet] = [await logIn(host), await logIn(guest, { settings: { auto_join_on_invite: true } })];
  const room = newRoom();
  await join(romeo, room, { nick: 'Romeo' });
  await romeo.page.evaluate(([room, jid]) => _converse.api.rooms.get(room)!.directInvite(jid), [room, guest.jid] as const);
  await juliet.event('chatRoomOpened');
  await entered(juliet, room);
});

test('a room with a password', async ({ newAccount, logIn }) => {
  const [juliet, romeo] = [await logIn(await newAccount()), await logIn(await newAccount())];
  const room = newRoom();
  await join(juliet, room, { nick: 'Juliet', auto_configure: true, roomconfig: { passwordprotectedroom: true, roomsecret: 'k3y' } });
  await when(juliet, room, "room.features.get('passwordprotected')");
  await romeo.page.evaluate(async ([room]) => void (await _converse.api.rooms.open(room, { nick: 'Romeo' })), [room] as const);
  await entered(romeo, room, 3);
  await romeo.page.evaluate(([room]) => _converse.api.rooms.get(room)!.join('Romeo', 'k3y'), [room] as const);
  await entered(romeo, room);
  expect(await romeo.page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain('k3y');
});

test('a nickname that is taken, and one that the room keeps', async ({ newAccount, logIn, serverName }) => {
  const account = await newAccount();
  const [juliet, romeo, nurse] = [await logIn(account), await logIn(await newAccount()), await logIn(await newAccount([], 'juliet'), { settings: { muc_nickname_from_jid: true } })];
  const room = newRoom();
  await join(juliet, room, { nick: 'Jule' });
  await romeo.page.evaluate(async ([room]) => void (await _converse.api.rooms.open(room, { nick: 'Jule' })), [room] as const);
  await entered(romeo, room, 2);
  await romeo.page.evaluate(([room]) => _converse.api.rooms.get(room)!.join('Romeo'), [room] as const);
  await entered(romeo, room);
  await join(nurse, room, { nick: 'Jule' });
  expect(await get(nurse, room, `.get('nick')`)).toBe('Jule-2');

  expect(await get(juliet, room, `.checkForReservedNick()`)).toBeUndefined();
  if (serverName === 'ejabberd') {
    // Its rooms keep no nicknames; the refusal is the answer's.
    await expect(get(juliet, room, `.registerNickname()`)).rejects.toThrow();
    return;
  }
  expect(await get(juliet, room, `.registerNickname()`)).toBe('Jule');
  await juliet.page.evaluate(([room]) => _converse.api.rooms.close(room), [room] as const);
  await join(juliet, room);
  expect(await get(juliet, room, `.get('nick')`)).toBe('Jule');
});

test('rooms of the settings are entered after the log-in, and again after a reload', async ({ newAccount, logIn, loginSettings }) => {
  const [one, two] = [newRoom(), newRoom()];
  const account: Account = await newAccount();
  const settings = { auto_join_rooms: [one, { jid: two, nick: 'jule' }], nickname: 'default' };
  const chat = await logIn(account, { settings });
  const names = await chat.events();
  const order = ['chatBoxesFetched', 'roomsAutoJoined', 'initialized', 'connected'].map((name) => names.indexOf(name));
  expect(order).toEqual([...order].sort((a, b) => a - b));
  await entered(chat, one);
  await entered(chat, two);
  expect([await get(chat, one, `.get('nick')`), await get(chat, two, `.get('nick')`)]).toEqual(['default', 'jule']);
  await chat.page.evaluate(([two]) => _converse.api.rooms.get(two)!.sendMessage('kept'), [two] as const);
  await when(chat, two, "room.messages.at(0)?.get('received')");
  await chat.page.reload();
  await chat.initialize({ ...loginSettings(account), ...settings });
  await chat.event('chatBoxesFetched');
  expect(await get(chat, two, `.messages.pluck('message')`)).toEqual(['kept']);
  await entered(chat, two);
  await when(chat, two, "room.occupants.length === 1");
  expect(await get(chat, two, `.messages.pluck('message')`)).toEqual(['kept']);
});

test('a room tells what its handle hooks into, and its own collections', async ({ newAccount, logIn }) => {
  const [juliet, romeo] = [await logIn(await newAccount()), await logIn(await newAccount())];
  const room = newRoom();
  await join(juliet, room, { nick: 'Juliet' });
  await juliet.page.evaluate(([room]) => {
    const model = _converse.api.rooms.get(room)!;
    const seen: string[] = [];
    Object.assign(globalThis, { hooked: seen });
    // Before the room takes it in: the newcomer is no occupant yet, and nothing has been said.
    model.addHandler('presence', 'mine', (presence: Element) => {
      const nick = presence.getAttribute('from')!.split('/')[1]!;
      seen.push(`presence ${nick} ${Boolean(model.occupants.findOccupant({ nick }))}`);
      return false;
    });
    model.addHandler('message', 'mine', (message: Element) => {
      const text = message.querySelector('body')?.textContent;
      seen.push(`message ${text} ${model.messages.pluck('message').includes(text)}`);
      return false;
    });
    model.addHandler('message', 'gone', () => seen.push('never'));
    model.removeHandler('message', 'gone');
    model.occupants.on('add', (occupant: any) => seen.push(`add ${occupant.get('nick')}`));
    model.occupants.on('remove', (occupant: any) => seen.push(`remove ${occupant.get('nick')}`));
  }, [room] as const);
  await join(romeo, room, { nick: 'Romeo' });
  await romeo.page.evaluate(([room]) => _converse.api.rooms.get(room)!.sendMessage('hi'), [room] as const);
  await when(juliet, room, 'room.messages.length === 1');
  await romeo.page.evaluate(([room]) => _converse.api.rooms.get(room)!.leave('bye'), [room] as const);
  await when(juliet, room, 'room.occupants.length === 1');
  const hooked = await read<string[]>(juliet, 'hooked');
  expect(hooked.filter((what) => !/^message (null|undefined) /.test(what))).toEqual(['presence Romeo false', 'add Romeo', 'message hi false', 'presence Romeo true', 'remove Romeo']);
});

test('a bookmark leads into its room, at once and after the next log-in', async ({ newAccount, logIn }) => {
  const account = await newAccount();
  const room = newRoom();
  const chat = await logIn(account);
  await chat.event('bookmarksInitialized');
  await chat.page.evaluate(([room]) => _converse.bookmarks!.createBookmark({ jid: room, nick: 'Jule', name: 'Mine', autojoin: true }), [room] as const);
  await entered(chat, room);
  expect(await get(chat, room, `.toJSON()`)).toMatchObject({ nick: 'Jule', name: 'Mine', bookmarked: true });
  // One that was closed stays closed.
  await chat.page.evaluate(() => _converse.api.rooms.close());
  await chat.page.evaluate(([room]) => _converse.bookmarks!.get(room)!.save({ name: 'Ours' }), [room] as const);
  const other = await logIn(account);
  await other.event('chatRoomOpened');
  await entered(other, room);
  expect(await read(chat, '_converse.api.rooms.get().length')).toBe(0);
});
