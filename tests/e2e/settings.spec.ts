import { expect, test } from './support/chat.ts';

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
