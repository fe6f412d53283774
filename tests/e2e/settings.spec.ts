import { expect, test, type Chat } from './support/chat.ts';
import { subscription } from './support/friends.ts';

const SERVICE = { bosh_service_url: '/nowhere' };

test('the documented snippet adds a setting, which the page overrides', async ({ openPage }) => {
  for (const [given, expected] of [[{}, true], [{ enable_foo: false }, false]] as const) {
    const chat = await openPage();
    await chat.script(`
      converse.plugins.add('myplugin', {
          initialize: function () {
              this._converse.api.settings.update({
                  'enable_foo': true
              });
          }
      });
    `);
    await chat.initialize({ ...SERVICE, ...given, whitelisted_plugins: ['myplugin'] });
    await chat.event('connectionInitialized');
    expect(await chat.page.evaluate(() => [_converse.api.settings.get('enable_foo'), _converse['enable_foo']])).toEqual([expected, expected]);
  }
});

test('the documented snippet shows a default', async ({ openPage }) => {
  const chat = await openPage();
  const shown = chat.page.waitForEvent('dialog').then(async (dialog) => {
    await dialog.accept();
    return dialog.message();
  });
  await chat.script(`
    converse.plugins.add('myplugin', {
        initialize: function () {

            // default value would be false;
            alert(this._converse.api.settings.get("play_sounds"));

        }
    });
  `);
  await chat.initialize({ ...SERVICE, whitelisted_plugins: ['myplugin'] });
  expect(await shown).toBe('false');
});

test('the documented snippets change settings, those that exist', async ({ openPage }) => {
  const chat = await openPage();
  await chat.script(`
    converse.plugins.add('myplugin', {
        initialize: function () {

            this._converse.api.settings.set("play_sounds", true);

        }
    });
    converse.plugins.add('other', {
        initialize: function () {

            this._converse.api.settings.set({
                "auto_away": 5,
                "hide_offline_users": true,
                "nobody_knows": 1
            });

        }
    });
  `);
  await chat.initialize({ ...SERVICE, whitelisted_plugins: ['myplugin', 'other'] });
  await chat.event('connectionInitialized');
  const values = await chat.page.evaluate(() =>
    ['play_sounds', 'auto_away', 'hide_offline_users', 'nobody_knows', 'toString', '__proto__'].map((key) => _converse.api.settings.get(key) ?? null),
  );
  expect(values).toEqual([true, 5, true, null, null, null]);
  expect(await chat.page.evaluate(() => 'nobody_knows' in _converse)).toBe(false);
});

test('objects are merged with their defaults, and nobody reaches beyond them', async ({ openPage }) => {
  const chat = await openPage({
    settings: { ...SERVICE, any: { a: { b: 1 } }, shape: { x: 5, z: 9, deep: { b: 2 } }, list: [1], visible_toolbar_buttons: { call: true, more: true } },
    plugin: (_converse) => _converse.api.settings.update({
      shape: { x: 1, y: 2, deep: { a: 0, b: 0 } },
      list: [1, 2, 3],
      any: {},
      ...JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}'),
    }),
  });
  await chat.event('connectionInitialized');
  const seen = await chat.page.evaluate(() => {
    const { get } = _converse.api.settings;
    return [get('shape'), get('any'), get('list'), get('visible_toolbar_buttons'), ({} as Record<string, unknown>)['polluted'] ?? null];
  });
  expect(seen).toEqual([
    { x: 5, y: 2, deep: { a: 0, b: 2 } },
    { a: { b: 1 } },
    [1],
    { call: true, clear: true, emoji: true, spoiler: true, toggle_occupants: true },
    null,
  ]);
});

test('neither the defaults nor the page see what plugins do to a value', async ({ openPage, newAccount, loginSettings }) => {
  const chat = await openPage();
  const settings = { ...loginSettings(await newAccount()), auto_login: false };
  const seen = await chat.page.evaluate(async (settings) => {
    const given = { ...settings, shape: { x: 1 }, whitelisted_plugins: ['mine'] };
    const values: unknown[] = [];
    converse.plugins.add('mine', {
      initialize() {
        const { settings } = this._converse.api;
        settings.update({ shape: { x: 0 } });
        values.push(settings.get('nickname'), { ...settings.get('shape') as object });
        settings.set('nickname', 'changed');
        (settings.get('shape') as { x: number }).x = 7;
        this._converse.emit('x');
      },
    });
    converse.initialize(given);
    while (values.length < 2) await new Promise((done) => setTimeout(done));
    converse.initialize(given);
    while (values.length < 4) await new Promise((done) => setTimeout(done));
    return { values, given: given.shape };
  }, settings);
  expect(seen).toEqual({ values: [undefined, { x: 1 }, undefined, { x: 1 }], given: { x: 1 } });
});

test('a setting of the wrong type or an unknown name is said once, and the default stands', async ({ openPage }) => {
  const chat = await openPage({
    settings: { ...SERVICE, auto_away: 'soon', priority: '5', theme: 7, auto_join_rooms: 'room@muc', keepalive: 'yes', default_state: 'asleep',
      message_archiving: 'sometimes', nickname: 7, rid: '77', nobody_knows: 1, mine: 2, allow_otr: true, connection_options: { sync: true } } as never,
    plugin: (_converse) => _converse.api.settings.update({ mine: 1 }),
  });
  await chat.event('connectionInitialized');
  const values = await chat.page.evaluate(() =>
    ['auto_away', 'priority', 'theme', 'auto_join_rooms', 'keepalive', 'default_state', 'message_archiving', 'nickname', 'rid', 'nobody_knows', 'mine'].map((key) => _converse.api.settings.get(key) ?? null));
  expect(values).toEqual([0, '5', 'default', [], true, 'online', null, null, '77', null, 2]);
  const said = (name: string) => chat.warnings.filter((warning) => warning.includes(` ${name}`)).length;
  const wrong = ['auto_away', 'theme', 'auto_join_rooms', 'keepalive', 'default_state', 'message_archiving', 'nickname'];
  expect([...wrong, 'nobody_knows', 'connection_options'].map(said)).toEqual(Array(9).fill(1));
  expect(['mine', 'priority', 'rid', 'allow_otr'].map(said)).toEqual([0, 0, 0, 0]);
});

test('update again: the value of the page goes before what was set', async ({ openPage }) => {
  const chat = await openPage({ settings: { ...SERVICE, mine: 'page' }, plugin: (_converse) => _converse.api.settings.update({ mine: 'default', other: 'default' }) });
  await chat.event('connectionInitialized');
  const values = await chat.page.evaluate(() => {
    const { settings } = _converse.api;
    settings.set({ mine: 'set', other: 'set' });
    settings.update({ mine: 'new default', other: 'new default' });
    return [settings.get('mine'), settings.get('other')];
  });
  expect(values).toEqual(['page', 'new default']);
});

test('what is wrong in a list is said once, however often settings are read', async ({ openPage }) => {
  const chat = await openPage({ settings: { ...SERVICE, auto_join_rooms: [{ nick: 'nobody' } as never] } });
  await chat.event('connectionInitialized');
  await chat.page.evaluate(() => {
    _converse.api.settings.set('priority', 1);
    _converse.api.settings.set('priority', 2);
  });
  expect(chat.warnings.filter((warning) => warning.includes('auto_join_rooms'))).toHaveLength(1);
});

test('what is changed in the middle of a session counts from then on', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount());
  const priorities = async (): Promise<(string | undefined)[]> =>
    chat.wire.filter((frame) => frame.startsWith('><presence')).map((frame) => /<priority>(.*?)</.exec(frame)?.[1]);
  await chat.page.evaluate(() => {
    const { settings, user } = _converse.api;
    settings.set('priority', 7);
    user.status.set('away');
    settings.update({ priority: -3 });
    user.status.set('dnd');
  });
  await expect.poll(priorities).toEqual([undefined, '7', '-3']);
});

// The settings that the core works by, each otherwise than by default. What it makes of them is tested natively.

const sent = (chat: Chat, text: string): string[] => chat.wire.filter((frame) => frame.startsWith('>') && frame.includes(text));

test('what decides about the log-in reaches the core', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount(), { settings: { message_carbons: false, allow_muc: false, allow_muc_invitations: false } });
  const features = await chat.page.evaluate(() => _converse.api.disco.own.features.get());
  expect(features.filter((name) => /carbons|protocol.muc|x:conference/.test(name))).toEqual([]);
  expect(sent(chat, 'urn:xmpp:carbons:2')).toEqual([]);
});

test('how long an archive may take to answer reaches the core', async ({ newAccount, openPage, loginSettings }) => {
  const chat = await openPage();
  await chat.page.routeWebSocket(/./, (socket) => {
    const server = socket.connectToServer();
    // The archive never hears of it, so that it cannot be faster than the limit.
    socket.onMessage((frame) => String(frame).includes('urn:xmpp:mam:2') || server.send(frame));
  });
  await chat.page.reload();
  await chat.initialize({ ...loginSettings(await newAccount()), message_archiving_timeout: 1 });
  await chat.event('rosterContactsFetched');
  const refusal = await chat.page.evaluate(() =>
    new Promise((done) => _converse.api.archive.query({ max: 1 }, () => done('answered'), (error) => done((error as Error).name))));
  expect(refusal).toBe('TimeoutError');
});

test('what decides what follows from doing nothing reaches the core', async ({ newAccount, logIn }) => {
  const account = await newAccount();
  const idle = await logIn(account, { settings: { auto_xa: 1, idle_presence_timeout: 2, csi_waiting_time: 1, ping_interval: 1 } });
  await expect.poll(() => idle.page.evaluate(() => _converse.api.user.status.get())).toBe('xa');
  await expect.poll(() => sent(idle, 'urn:xmpp:idle:1').length).toBeGreaterThan(0);
  await expect.poll(() => sent(idle, '<inactive').length).toBe(1);
  // A sign of life is asked for each second: by stream management, or else by ping.
  const asked = (): number => sent(idle, '<r ').length + sent(idle, 'urn:xmpp:ping').length;
  const before = asked();
  await expect.poll(asked).toBeGreaterThan(before + 1);
});

test('what decides about messages reaches the core', async ({ newAccount, logIn }) => {
  const buddy = await newAccount();
  const account = await newAccount([{ jid: buddy.jid, subscription: 'both' }]);
  const chat = await logIn(account, { settings: { filter_by_resource: true, forward_messages: true, send_chat_state_notifications: false } });
  const there = await logIn(buddy);
  await chat.page.evaluate(async (jid) => {
    const box = await _converse.api.chats.open(jid);
    box.set('chat_state', 'composing');
    box.sendMessage('forwarded');
  }, buddy.jid);
  await expect.poll(() => sent(chat, 'urn:xmpp:forward:0').length).toBe(1);
  expect(sent(chat, 'forwarded</body>').length).toBeGreaterThan(0);
  expect(sent(chat, '<composing')).toEqual([]);
  await there.send(`${account.jid}/nobody`, 'to another client');
  await there.send(await chat.jid(), 'to this client');
  await chat.message('to this client');
  expect(await chat.page.evaluate((jid) => _converse.api.chats.get(jid)!.messages.pluck('message'), buddy.jid)).not.toContain('to another client');
});

test('what decides about contacts and status reaches the core', async ({ newAccount, logIn }) => {
  const [account, asking] = [await newAccount(), await newAccount()];
  const chat = await logIn(account, { settings: { allow_contact_requests: false, synchronize_availability: false } });
  const other = await logIn(account);
  const stranger = await logIn(asking);
  await stranger.page.evaluate((jid) => _converse.api.contacts.add(jid), account.jid);
  await expect.poll(() => sent(chat, "'unsubscribed'").length + sent(chat, '"unsubscribed"').length).toBe(1);
  expect(await subscription(chat, asking.jid)).toBe(null);
  await other.page.evaluate(() => _converse.api.user.status.set('dnd'));
  await expect.poll(() => chat.wire.some((frame) => frame.startsWith('<') && frame.includes('<show>dnd'))).toBe(true);
  expect(await chat.page.evaluate(() => _converse.api.user.status.get())).toBe('online');
});
