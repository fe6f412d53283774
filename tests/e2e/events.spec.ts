import { expect, test } from './support/chat.ts';
import { friends } from './support/friends.ts';

/** Those of `names` in the order in which they happened. */
async function order(chat: { events(): Promise<string[]> }, names: readonly string[], from = 0): Promise<string[]> {
  return (await chat.events()).slice(from).filter((name) => names.includes(name));
}

const LOGIN = [
  'setUserJID', 'sessionInitialized', 'streamFeaturesAdded', 'statusInitialized', 'presencesInitialized', 'rosterInitialized', 'chatBoxesFetched',
  'privateChatsAutoJoined', 'roomsPanelRendered', 'roomsAutoJoined', 'initialized', 'connected', 'addClientFeatures', 'rosterGroupsFetched',
  'discoInitialized', 'roster', 'rosterContactsFetched',
];

test('the events of a log-in come in their order', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount());
  expect(await order(chat, LOGIN)).toEqual(LOGIN);
  const before = ['pluginsInitialized', 'chatBoxesInitialized', 'chatBoxViewsInitialized', 'connectionInitialized', 'registeredGlobalEventHandlers', 'windowStateChanged'];
  expect(await order(chat, before)).toEqual(before);
  expect(await chat.event('windowStateChanged')).toEqual({ state: 'visible' });
  expect(await chat.page.evaluate('_converse.windowState')).toBe('visible');
});

test('the events of a connection that is lost and made again come in their order', async ({ newAccount, logIn, server }) => {
  const chat = await logIn(await newAccount([{ jid: 'nurse@capulet.lit' }]));
  await server.restart();
  await chat.event('reconnected');
  await chat.event('rosterContactsFetched', 2);
  const expected = [
    'will-reconnect', 'reconnecting', 'beforeTearDown', 'afterTearDown', 'setUserJID', 'sessionInitialized', 'streamFeaturesAdded', 'statusInitialized',
    'presencesInitialized', 'rosterReadyAfterReconnection', 'reconnected', 'addClientFeatures', 'cachedRoster', 'rosterContactsFetched',
  ];
  // A server that knows versions of the roster need not send it again; the connection may take several attempts.
  const last = (await chat.events()).lastIndexOf('will-reconnect');
  const happened = await order(chat, [...expected, 'roster', 'connected', 'initialized', 'disconnected'], last);
  expect(happened.map((name) => (name === 'roster' ? 'cachedRoster' : name))).toEqual(expected);
  // The first time is no second one.
  const again = (await chat.seen()).filter(({ name }) => name === 'statusInitialized' || name === 'presencesInitialized');
  expect(again.map(({ payload }) => payload)).toEqual([[], [], [true], [true]]);
});

test('the events of a log-out come in their order', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount());
  const from = (await chat.events()).length;
  await chat.logOut();
  const expected = ['clearSession', 'logout', 'beforeTearDown', 'afterTearDown', 'clearSession', 'disconnected'];
  expect(await order(chat, expected, from)).toEqual(expected);
});

test('events carry what they are about', async ({ newAccount, logIn }) => {
  const { juliet, romeo, julietJid, romeoJid } = await friends(newAccount, logIn);
  await romeo.page.evaluate(() => _converse.api.user.status.set('dnd', 'reading'));
  await expect.poll(() => juliet.page.evaluate((jid) => _converse.api.contacts.get(jid)!.get('chat_status'), romeoJid)).toBe('dnd');
  await juliet.page.evaluate(() => {
    _converse.api.user.status.set('away', 'soon');
    _converse.api.send('<message to="nobody@example.com" id="passed"/>');
  });
  await romeo.send(julietJid, 'Good night');
  await juliet.message('Good night');
  const seen = await juliet.seen();
  const last = (name: string): unknown[] => seen.filter((one) => one.name === name).pop()?.payload ?? [];
  expect(last('contactPresenceChanged')).toMatchObject([{ jid: romeoJid, chat_status: 'dnd', status: 'reading' }]);
  expect(last('contactStatusMessageChanged')).toMatchObject([{ contact: { jid: romeoJid }, message: 'reading' }]);
  expect(last('statusChanged')).toEqual(['away']);
  expect(last('statusMessageChanged')).toEqual(['soon']);
  expect(last('send')).toEqual(['<message to="nobody@example.com" id="passed"/>']);
  expect(last('roster')).toEqual([expect.stringContaining('jabber:iq:roster')]);
  expect(last('rosterPush')).toEqual([expect.stringContaining(romeoJid)]);
  expect(last('messageAdded')).toMatchObject([{ message: { message: 'Good night', sender: 'them' }, chatbox: { jid: romeoJid } }]);
  expect(last('message')).toEqual([expect.stringContaining('Good night')]);
  expect(last('serviceDiscovered')).toMatchObject([{ var: expect.any(String), from: expect.any(String) }]);
  // Of the service that takes files: how large they may be.
  expect(await juliet.event('discoExtensionFieldDiscovered')).toMatchObject({ var: expect.any(String), from: expect.any(String) });
  await juliet.page.evaluate(() => void _converse.api.rooms.open(`events@rooms.${_converse.domain}`, { nick: 'juliet' }));
  expect(await juliet.event('chatRoomOpened')).toBeTruthy();
  await juliet.page.evaluate(() => _converse.api.rooms.close());
  expect(await juliet.event('chatBoxClosed')).toBeTruthy();
});

test('a storage that is full is said once, and nobody else hears of it', async ({ newAccount, openPage, loginSettings }) => {
  const contacts = Array.from({ length: 200 }, (_, n) => ({ jid: `contact-${n}@example.com`, name: 'N'.repeat(100) }));
  const chat = await openPage();
  await chat.page.evaluate(() => {
    for (let size = 1 << 22; size > 0; size >>= 1) {
      for (let key = 0; ; key += 1) {
        try {
          sessionStorage.setItem(`page-${size}-${key}`, 'x'.repeat(size));
        } catch {
          break;
        }
      }
    }
  });
  await chat.initialize(loginSettings(await newAccount(contacts)));
  await chat.event('rosterContactsFetched');
  await chat.page.evaluate(() => _converse.api.user.status.set('away'));
  await expect.poll(() => chat.warnings.filter((warning) => warning.includes('storage is full')).length).toBe(1);
  expect(await chat.uncaught()).toEqual([]);
  expect(await chat.page.evaluate(() => _converse.api.contacts.get().length)).toBe(200);
});
