import { TRANSPORTS, expect, failed, service, test } from './support/chat.ts';
import { friends, sentPresences } from './support/friends.ts';

test('jid: the documented snippet shows it', async ({ newAccount, openPage, loginSettings }) => {
  const account = await newAccount();
  const chat = await openPage();
  const shown: string[] = [];
  chat.page.on('dialog', async (dialog) => {
    shown.push(dialog.message());
    await dialog.accept();
  });
  await chat.script(`
    converse.plugins.add('myplugin', {
        initialize: function () {

            alert(this._converse.api.user.jid());

            this._converse.api.listen.on('connected', () => alert(this._converse.api.user.jid()));
        }
    });
  `);
  await chat.initialize({ ...loginSettings({ ...account, jid: account.jid.toUpperCase() }), whitelisted_plugins: ['myplugin'] });
  expect(await chat.outcome()).toEqual({ ok: true });
  expect(shown[0]).toBe('');
  expect(shown[1]).toMatch(new RegExp(`^${account.jid}/converse\\.js-\\d+$`));
  expect(await chat.page.evaluate(() => [_converse.jid, `${_converse.bare_jid}/${_converse.resource}`, _converse.domain])).toEqual([shown[1], shown[1], 'capulet.lit']);
});

test('jid: with the resource that was asked for', async ({ newAccount, logIn }) => {
  const account = await newAccount();
  const chat = await logIn({ ...account, jid: `${account.jid}/Bálcony` });
  expect(await chat.jid()).toBe(`${account.jid}/Bálcony`);
});

for (const transport of TRANSPORTS) {
  test(`login: the documented snippet logs in over ${transport}`, async ({ newAccount, openPage, server }) => {
    const { jid, password } = await newAccount();
    const chat = await openPage();
    await chat.script(`
      converse.plugins.add('myplugin', {
          initialize: function () {

              this._converse.api.user.login({
                  'jid': '${jid}',
                  'password': '${password}'
              });

          }
      });
    `);
    await chat.initialize({ ...service(server, transport), whitelisted_plugins: ['myplugin'] });
    expect(await chat.outcome()).toEqual({ ok: true });
    expect(await chat.jid()).toContain(`${jid}/converse.js-`);
  });
}

test('login: without credentials, those of the settings; with some, those', async ({ newAccount, openPage, loginSettings }) => {
  const [juliet, romeo] = [await newAccount(), await newAccount([], 'romeo')];
  const chat = await openPage({ settings: { ...loginSettings(juliet), auto_login: false } });
  await chat.event('connectionInitialized');
  expect(await chat.pending()).toBe(true);
  expect(await chat.login()).toEqual({ ok: true });
  expect(await chat.jid()).toContain(juliet.jid);
  expect(await chat.outcome()).toEqual({ ok: true });
  // Over a session that is there: that one ends, this one begins.
  expect(await chat.login(romeo)).toEqual({ ok: true });
  expect(await chat.jid()).toContain(romeo.jid);
  expect(await chat.login({ jid: juliet.jid, password: juliet.password })).toEqual({ ok: true });
  expect(await chat.jid()).toContain(juliet.jid);
});

test('login: a name is of the domain that the settings say, and locked_domain is the only one', async ({ newAccount, openPage, server }) => {
  const { jid, password } = await newAccount();
  for (const setting of ['default_domain', 'locked_domain']) {
    const chat = await openPage({ settings: { ...service(server, 'websocket'), [setting]: server.domain } });
    await chat.event('connectionInitialized');
    expect(await chat.login({ jid: jid.split('@')[0]!, password })).toEqual({ ok: true });
    expect(await chat.jid()).toContain(jid);
    await chat.logOut();
    const other = await chat.login({ jid: 'juliet@elsewhere.lit', password: 'x' });
    expect(other).toMatchObject(setting === 'locked_domain' ? failed('ConfigurationError', 'wrong-domain') : { ok: false, name: 'ConnectionError' });
  }
});

test('login: another one before it is done takes its place', async ({ newAccount, openPage, server }) => {
  const [juliet, romeo] = [await newAccount(), await newAccount([], 'romeo')];
  for (const transport of TRANSPORTS) {
    const chat = await openPage({ settings: service(server, transport) });
    await chat.event('connectionInitialized');
    const outcomes = await chat.page.evaluate(([juliet, romeo]) => {
      const { login } = _converse.api.user;
      return Promise.all([probe.settle(() => login(juliet)), probe.settle(() => login(romeo))]);
    }, [juliet, romeo] as const);
    expect(outcomes).toMatchObject([{ ok: false, name: 'ConfigurationError', code: 'superseded' }, { ok: true }]);
    expect(await chat.jid()).toContain(romeo.jid);
    expect(await chat.uncaught()).toEqual([]);
  }
});

for (const transport of TRANSPORTS) {
  test(`logout: the documented snippet logs out over ${transport}`, async ({ newAccount, openPage, loginSettings }) => {
    const chat = await openPage();
    await chat.script(`
      converse.plugins.add('myplugin', {
          initialize: function () {
              this._converse.api.listen.on('rosterContactsFetched', () => {

              this._converse.api.user.logout();

              });
          }
      });
    `);
    await chat.initialize({ ...loginSettings(await newAccount(), transport), whitelisted_plugins: ['myplugin'] });
    expect(await chat.event('disconnected')).toBeNull();
    const events = (await chat.events()).filter((name) => ['clearSession', 'logout', 'disconnected'].includes(name));
    expect(events).toEqual(['clearSession', 'logout', 'clearSession', 'disconnected']);
    expect(await chat.jid()).toBe('');
    expect(await chat.page.evaluate(() => _converse.api.connection.connected)).toBe(false);
    expect(await chat.stored()).toEqual([]);
    expect(await chat.login()).toEqual({ ok: true });
  });
}

test('logout: the others see the client go', async ({ newAccount, logIn }) => {
  const watcher = await logIn(await newAccount([], 'romeo'));
  const juliet = await logIn(await newAccount());
  const address = await juliet.jid();
  await juliet.page.evaluate((to) => _converse.api.send(converse.env.$pres({ to })), await watcher.jid());
  await juliet.logOut();
  const seen = (frame: string) => frame.startsWith('<<presence') && frame.includes(address) && /type=.unavailable./.test(frame);
  await expect.poll(() => watcher.wire.filter(seen)).toHaveLength(1);
});

test('status: the documented snippets set and show it', async ({ newAccount, openPage, loginSettings }) => {
  const chat = await openPage();
  const shown = chat.page.waitForEvent('dialog').then(async (dialog) => {
    await dialog.accept();
    return dialog.message();
  });
  // As documented, but for waiting until somebody is logged in.
  const plugin = (name: string, then: string): string => `
    converse.plugins.add('${name}', {
        initialize: function () {
            this._converse.api.listen.on('connected', () => {

            ${then}

            });
        }
    });`;
  await chat.script(`
    ${plugin('one', "this._converse.api.user.status.set('dnd');")}
    ${plugin('two', 'alert(this._converse.api.user.status.get()); // For example "dnd"')}
    ${plugin('three', "this._converse.api.user.status.set('dnd', 'In a meeting');")}
    ${plugin('four', `this._converse.api.user.status.message.set('In a meeting');
            // Returns "In a meeting"
            return this._converse.emit('read', this._converse.api.user.status.message.get());`)}`);
  await chat.initialize({ ...loginSettings(await newAccount()), whitelisted_plugins: ['one', 'two', 'three', 'four'] });
  expect(await shown).toBe('dnd');
  expect(await chat.event('read')).toBe('In a meeting');
});

test('status: others see each value, with and without a message, once', async ({ newAccount, logIn }) => {
  const { juliet, romeo, julietJid } = await friends(newAccount, logIn);
  for (const [value, message] of [['away', 'out'], ['dnd'], ['xa', ''], ['chat', 'hi'], ['online', ''], ['offline'], ['online']] as const) {
    const before = sentPresences(juliet).length;
    await juliet.page.evaluate(([value, message]) => _converse.api.user.status.set(value, message), [value, message] as const);
    expect(await juliet.page.evaluate(() => _converse.api.user.status.get())).toBe(value);
    await expect.poll(() => romeo.page.evaluate((jid) => _converse.api.contacts.get(jid)?.presence.get('show'), julietJid)).toBe(value);
    expect(sentPresences(juliet).slice(before)).toHaveLength(1);
    if (message) {
      expect(await romeo.page.evaluate((jid) => _converse.api.contacts.get(jid)?.get('status'), julietJid)).toBe(message);
    }
  }
  const told = async (event: string) => (await juliet.seen()).filter(({ name }) => name === event).map(({ payload }) => payload[0]);
  expect(await told('statusChanged')).toEqual(['away', 'dnd', 'xa', 'chat', 'online', 'offline', 'online']);
  expect(await told('statusMessageChanged')).toEqual(['out', null, 'hi', null]);
});

test('status: the server tells contacts, and unavailable does not go round in circles', async ({ newAccount, logIn }) => {
  const juliet = await logIn(await newAccount());
  const before = sentPresences(juliet).length;
  await juliet.page.evaluate(() => _converse.api.user.status.set('unavailable'));
  // By the time the server has answered this, it has told the client of itself.
  await juliet.page.evaluate(() => _converse.api.sendIQ("<iq type='get'><ping xmlns='urn:xmpp:ping'/></iq>"));
  await juliet.page.evaluate(() => _converse.api.sendIQ("<iq type='get'><ping xmlns='urn:xmpp:ping'/></iq>"));
  expect(sentPresences(juliet).slice(before)).toHaveLength(1);
  expect(await juliet.page.evaluate(() => [_converse.api.user.status.get(), _converse.api.connection.connected])).toEqual(['unavailable', true]);
});

test('status: what no status is, is an error before anything is sent', async ({ newAccount, logIn }) => {
  const juliet = await logIn(await newAccount());
  const before = juliet.wire.length;
  const outcomes = await juliet.page.evaluate(() => {
    const { status } = _converse.api.user;
    const calls = [() => status.set('busy' as never), () => status.set(undefined as never), () => status.set('away', 5 as never), () => status.message.set(undefined as never)];
    return Promise.all(calls.map((call) => probe.settle(call)));
  });
  expect(outcomes.map((outcome) => !outcome.ok && outcome.name)).toEqual(['TypeError', 'TypeError', 'TypeError', 'TypeError']);
  expect(juliet.wire.slice(before).filter((frame) => frame.startsWith('>') && frame.includes('<presence'))).toEqual([]);
});

test('xmppstatus: a handle of the status, which tells when it is written', async ({ newAccount, logIn }) => {
  const juliet = await logIn(await newAccount());
  const before = sentPresences(juliet).length;
  const read = await juliet.page.evaluate(() => {
    const { xmppstatus } = _converse;
    const heard: unknown[] = [];
    xmppstatus.on('change:status', (_: unknown, value: string) => heard.push(value));
    _converse.api.user.status.set('away');
    xmppstatus.save({ status: 'dnd', status_message: 'busy' });
    xmppstatus.set('status', 'nonsense');
    xmppstatus.sendPresence();
    xmppstatus.sendPresence('xa', 'for one');
    return [heard, xmppstatus.get('status'), _converse.api.user.status.message.get(), String(xmppstatus.constructPresence('chat'))];
  });
  expect(read[0]).toEqual(['away', 'dnd', 'nonsense', 'dnd']);
  expect(read.slice(1, 3)).toEqual(['dnd', 'busy']);
  expect(read[3]).toContain('<show>chat</show><status>busy</status>');
  const sent = sentPresences(juliet).slice(before);
  expect(sent.map((frame) => /<show>(\w+)</.exec(frame)?.[1])).toEqual(['away', 'dnd', 'dnd', 'xa']);
});

test('status: there after a reload, gone after the log-out', async ({ newAccount, logIn, loginSettings }) => {
  const account = await newAccount();
  const juliet = await logIn(account);
  await juliet.page.evaluate(() => _converse.api.user.status.set('dnd', 'busy'));
  await juliet.page.reload();
  await juliet.initialize(loginSettings(account));
  await juliet.event('connected');
  const status = () => juliet.page.evaluate(() => [_converse.api.user.status.get(), _converse.api.user.status.message.get() ?? null]);
  expect(await status()).toEqual(['dnd', 'busy']);
  await juliet.logOut();
  expect(await juliet.login(loginSettings(account))).toEqual({ ok: true });
  expect(await status()).toEqual(['online', null]);
});

test('auto_away: who does nothing is away, until they do something', async ({ newAccount, logIn }) => {
  const juliet = await logIn(await newAccount(), { settings: { auto_away: 1 } });
  expect(await juliet.event('statusChanged')).toBe('away');
  await juliet.page.keyboard.press('a');
  expect(await juliet.event('statusChanged', 2)).toBe('online');
});
