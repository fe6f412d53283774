import { TRANSPORTS, expect, service, test } from './support/chat.ts';

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
    expect(events).toEqual(['clearSession', 'logout', 'disconnected']);
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
