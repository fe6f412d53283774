import { expect, test, type Chat } from './support/chat.ts';
import { entered, get, join, newRoom, read, when } from './support/rooms.ts';

/** The texts of the private conversation with an occupant, and who said them. */
const said = (chat: Chat, address: string): Promise<string[]> =>
  read(chat, `(_converse.api.chats.get('${address}')?.messages ?? []).map((message) => message.get('sender') + ' ' + message.get('message'))`);

test('two people in a room talk alone', async ({ newAccount, logIn }) => {
  const [juliet, romeo, mallory] = [await logIn(await newAccount()), await logIn(await newAccount([], 'romeo')), await logIn(await newAccount([], 'mallory'))];
  const room = newRoom();
  await join(juliet, room, { nick: 'Juliet' });
  await join(romeo, room, { nick: 'Romeo' });
  await join(mallory, room, { nick: 'Mallory' });
  await when(juliet, room, 'room.occupants.length === 3');
  await romeo.page.evaluate(() => {
    const told: unknown[] = [];
    Object.assign(globalThis, { told });
    _converse.api.listen.on('messageAdded', ({ message, chatbox }) => told.push(['messageAdded', chatbox?.get('jid'), message.get('message')]));
    _converse.api.listen.on('message', ({ chatbox, textContent }) => textContent && told.push(['message', chatbox?.get('jid')]));
  });
  const opened = await juliet.page.evaluate(async ([room]) => {
    const chat = await _converse.api.chats.open(`${room}/Romeo`);
    const message = chat.sendMessage(chat.getOutgoingMessageAttributes('psst'));
    return [chat.toJSON(), chat.getDisplayName(), chat === _converse.api.chats.get(`${room}/Romeo`), message.toJSON(), chat.contact === undefined];
  }, [room] as const);
  expect(opened).toMatchObject([
    { jid: `${room}/Romeo`, room, nick: 'Romeo', type: 'chatbox', message_type: 'chat', show: 'online' },
    // Anybody can call themselves like a contact: where they are goes with it.
    expect.stringMatching(/^Romeo \(.+\)$/),
    true,
    { type: 'chat', sender: 'me', from: `${room}/Juliet`, message: 'psst' },
    true,
  ]);
  await romeo.message('psst');
  expect(await said(romeo, `${room}/Juliet`)).toEqual(['them psst']);
  // It is told with its conversation, which is neither the room's nor a person's.
  expect(await read(romeo, 'told')).toEqual([['messageAdded', `${room}/Juliet`, 'psst'], ['message', `${room}/Juliet`]]);
  await romeo.page.evaluate(() => _converse.api.chats.get()[0]!.sendMessage('here'));
  await juliet.message('here');
  expect(await said(juliet, `${room}/Romeo`)).toEqual(['me psst', 'them here']);
  for (const chat of [juliet, romeo, mallory]) {
    expect(await get(chat, room, '.messages.pluck("message")')).toEqual([]);
  }
  expect(await read(mallory, '_converse.api.chats.get().length')).toBe(0);
  // A correction.
  await juliet.page.evaluate(([room]) => {
    const chat = _converse.api.chats.get(`${room}/Romeo`)!;
    chat.messages.at(0)!.set('correcting', true);
    chat.sendMessage('hush');
  }, [room] as const);
  await expect.poll(() => said(romeo, `${room}/Juliet`)).toEqual(['them hush', 'me here']);

  // Who takes the nickname over is somebody else.
  await romeo.page.evaluate(([room]) => _converse.api.rooms.get(room)!.setNickname('Montague'), [room] as const);
  await when(mallory, room, "room.occupants.findOccupant({ nick: 'Montague' })");
  await mallory.page.evaluate(([room]) => _converse.api.rooms.get(room)!.setNickname('Romeo'), [room] as const);
  await when(juliet, room, "room.occupants.findOccupant({ nick: 'Montague' }) && room.occupants.findOccupant({ nick: 'Romeo' }) && !room.occupants.findOccupant({ nick: 'Mallory' })");
  expect(await said(juliet, `${room}/Montague`)).toEqual(['me hush', 'them here']);
  expect(await read(juliet, `_converse.api.chats.get('${room}/Romeo')`)).toBe(undefined);
  await when(mallory, room, "room.get('nick') === 'Romeo'");
  await mallory.page.evaluate(async ([room]) => void (await _converse.api.chats.open(`${room}/Juliet`)).sendMessage('trust me'), [room] as const);
  await juliet.message('trust me');
  expect(await said(juliet, `${room}/Romeo`)).toEqual(['them trust me']);
  expect(await said(juliet, `${room}/Montague`)).toEqual(['me hush', 'them here']);
  expect(await read(juliet, '_converse.api.chats.get().length')).toBe(2);

  // Who is gone hears nothing, and the conversation says so.
  await romeo.page.evaluate(([room]) => _converse.api.rooms.get(room)!.leave(), [room] as const);
  await when(juliet, room, "!room.occupants.findOccupant({ nick: 'Montague' })");
  expect(await juliet.page.evaluate(([room]) => {
    const chat = _converse.api.chats.get(`${room}/Montague`)!;
    const message = chat.sendMessage('still there?');
    return [chat.get('show'), message.get('delivery'), message.get('delivery_reason')];
  }, [room] as const)).toEqual(['offline', 'failed', 'not-sent']);
  expect(await juliet.page.evaluate(([room]) => probe.settle(() => _converse.api.chats.open(`${room}/Nobody`)), [room] as const)).toMatchObject({ ok: false, name: 'ChatError', code: 'not-in-room' });
});

test('private conversations are kept for the next load of the page, and gone with their room', async ({ newAccount, logIn }) => {
  const [juliet, romeo] = [await logIn(await newAccount()), await logIn(await newAccount())];
  const room = newRoom();
  await join(juliet, room, { nick: 'Juliet' });
  await join(romeo, room, { nick: 'Romeo' });
  await romeo.page.evaluate(async ([room]) => void (await _converse.api.chats.open(`${room}/Juliet`)).sendMessage('psst'), [room] as const);
  await juliet.message('psst');
  await juliet.page.evaluate(() => dispatchEvent(new Event('pagehide')));
  expect((await juliet.stored()).filter((key) => key.includes(room)).length).toBe(1);
  await juliet.page.evaluate(([room]) => _converse.api.rooms.close(room), [room] as const);
  expect(await read(juliet, '_converse.api.chats.get().length')).toBe(0);
  await juliet.page.evaluate(() => dispatchEvent(new Event('pagehide')));
  expect((await juliet.stored()).filter((key) => key.includes(room))).toEqual([]);
});

test('a room invites somebody, who declines or comes', async ({ newAccount, logIn }) => {
  const [host, guest] = [await newAccount([], 'juliet'), await newAccount([], 'nurse')];
  const [juliet, nurse] = [await logIn(host), await logIn(guest)];
  const room = newRoom();
  await join(juliet, room, { nick: 'Juliet', auto_configure: true, roomconfig: { membersonly: true } });
  await when(juliet, room, "room.features.get('membersonly')");
  const invite = (chat: Chat): Promise<unknown> =>
    chat.page.evaluate(([room, jid]) => probe.settle(() => _converse.api.rooms.get(room)!.mediatedInvite(jid, 'tea')), [room, guest.jid] as const);
  expect(await invite(juliet)).toEqual({ ok: true });
  expect(await nurse.event('roomInviteReceived')).toMatchObject({ room, reason: 'tea' });
  await nurse.page.evaluate(([room, jid]) => {
    _converse.api.send(`<message to='${room}'><x xmlns='http://jabber.org/protocol/muc#user'><decline to='${jid}'><reason>busy</reason></decline></x></message>`);
  }, [room, host.jid] as const);
  const declined = (await juliet.event('roomInviteDeclined')) as { from: string; reason: string };
  expect([declined.from.split('/')[0], declined.reason]).toEqual([guest.jid, 'busy']);
  // She has been let in all the same.
  await nurse.page.evaluate(([room]) => void _converse.api.rooms.open(room, { nick: 'Nurse' }), [room] as const);
  await entered(nurse, room);
  expect(await get(juliet, room, `.mediatedInvite('nobody@').catch(({ name }) => name)`)).toBe('TypeError');
});

test('a room refuses to invite for somebody who may not', async ({ newAccount, logIn }) => {
  const guest = await newAccount([], 'nurse');
  const [juliet, nurse] = [await logIn(await newAccount()), await logIn(guest)];
  const room = newRoom();
  await join(juliet, room, { nick: 'Juliet', auto_configure: true, roomconfig: { membersonly: true } });
  await when(juliet, room, "room.features.get('membersonly')");
  await juliet.page.evaluate(([room, jid]) => _converse.api.rooms.get(room)!.mediatedInvite(jid), [room, guest.jid] as const);
  await nurse.event('roomInviteReceived');
  await join(nurse, room, { nick: 'Nurse' });
  // Only its owner may say who becomes a member.
  const refused = await nurse.page.evaluate(
    ([room]) => _converse.api.rooms.get(room)!.mediatedInvite('romeo@capulet.lit').then(() => 'invited', (error) => error.querySelector('error > *').localName),
    [room] as const,
  );
  // Prosody says the one, ejabberd the other.
  expect(['forbidden', 'not-allowed']).toContain(refused);
});

test('rooms see how the user can be reached', async ({ newAccount, logIn }) => {
  const [juliet, romeo] = [await logIn(await newAccount()), await logIn(await newAccount())];
  const room = newRoom();
  await join(juliet, room, { nick: 'Juliet' });
  await join(romeo, room, { nick: 'Romeo' });
  const sees = (what: string): Promise<void> => when(juliet, room, `(({ show, status }) => ${what})(room.occupants.findOccupant({ nick: 'Romeo' })?.attributes ?? {})`);
  await sees("show === 'online'");
  await romeo.page.evaluate(() => _converse.api.user.status.set('dnd', 'tea'));
  await sees("show === 'dnd' && status === 'tea'");
  await romeo.page.evaluate(() => _converse.api.user.status.message.set('cake'));
  await sees("show === 'dnd' && status === 'cake'");
  await romeo.page.evaluate(() => _converse.api.user.status.set('offline'));
  await sees('show === undefined');
  await entered(romeo, room, 4);
  await romeo.page.evaluate(() => _converse.api.user.status.set('online'));
  await sees("show === 'online'");
  await entered(romeo, room);
});

test('the handle of a room tells when it is bookmarked', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount());
  await chat.event('bookmarksInitialized');
  const room = newRoom();
  await join(chat, room, { nick: 'Juliet' });
  const told = await chat.page.evaluate(async ([room]) => {
    const model = _converse.api.rooms.get(room)!;
    const told: [string, unknown][] = [];
    model.on('change:bookmarked', (_: unknown, value: unknown) => told.push(['bookmarked', value]));
    model.on('change:name', (_: unknown, value: unknown) => told.push(['name', value]));
    await _converse.bookmarks!.createBookmark({ jid: room, name: 'Ours' });
    await Promise.resolve(_converse.bookmarks!.get(room)!.destroy());
    return [told.filter(([name]) => name === 'bookmarked').map(([, value]) => value), told.some(([name, value]) => name === 'name' && value === 'Ours')];
  }, [room] as const);
  expect(told).toEqual([[true, false], true]);
});
