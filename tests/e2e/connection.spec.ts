import { TRANSPORTS, expect, failed, service, test } from './support/chat.ts';

test('connected is an attribute: false, true, false', async ({ newAccount, openPage, loginSettings }) => {
  const chat = await openPage({
    plugin: (_converse) => {
      const { connection, listen } = _converse.api;
      const note = (when: string) => _converse.emit('noted', when, connection.connected, _converse.api.user.jid() !== '');
      note('initialize');
      listen.on('connected', () => note('connected'));
      listen.on('disconnected', () => note('disconnected'));
    },
    settings: loginSettings(await newAccount()),
  });
  await chat.event('connected');
  await chat.page.evaluate(() => _converse.api.connection.disconnect());
  await chat.event('noted', 3);
  expect((await chat.seen()).filter(({ name }) => name === 'noted').map(({ payload }) => payload)).toEqual([
    ['initialize', false, false],
    ['connected', true, true],
    ['disconnected', false, false],
  ]);
});

for (const transport of TRANSPORTS) {
  test(`disconnect ends the session over ${transport} and leaves it ended`, async ({ newAccount, logIn }) => {
    const account = await newAccount();
    const chat = await logIn(account, { transport });
    const other = await logIn(account);
    const address = await chat.jid();
    await chat.page.evaluate(() => _converse.api.connection.disconnect());
    expect(await chat.event('disconnected')).toBeNull();
    expect(await chat.stored()).toEqual([]);
    expect((await chat.events()).filter((name) => name === 'logout')).toEqual([]);
    // The server has seen it go: what is sent there goes to the other client of the account.
    await other.send(address, 'are you there?');
    await other.message('are you there?');
    // It takes a log-in to come back, and that works.
    expect(await chat.login()).toEqual({ ok: true });
  });

  test(`the states of a log-in and a log-out over ${transport}`, async ({ newAccount, logIn }) => {
    const chat = await logIn(await newAccount(), { transport });
    await chat.logOut();
    // Doing it again changes nothing.
    await chat.page.evaluate(() => _converse.api.connection.disconnect());
    await chat.page.evaluate(() => _converse.api.user.logout());
    const states = (await chat.seen()).filter(({ name }) => name === 'connfeedback').map(({ payload }) => payload[0]);
    expect(states).toEqual([1, 3, 5, 7, 6].map((connection_status) => ({ connection_status, message: expect.any(String) })));
    expect((await chat.events()).filter((name) => name === 'disconnected')).toHaveLength(1);
    expect(await chat.page.evaluate(() => _converse.connfeedback.get('connection_status'))).toBe(6);
  });
}

test('disconnect where nothing is connected does nothing', async ({ openPage, server }) => {
  const chat = await openPage({ settings: service(server, 'bosh'), plugin: (_converse) => _converse.api.connection.disconnect() });
  await chat.event('connectionInitialized');
  await chat.page.evaluate(() => _converse.api.connection.disconnect());
  const unheard = ['connfeedback', 'clearSession', 'disconnected', 'beforeTearDown'];
  expect((await chat.events()).filter((name) => unheard.includes(name))).toEqual([]);
});

for (const transport of TRANSPORTS) {
  test(`disconnect in the middle of a log-in over ${transport}`, async ({ newAccount, openPage, loginSettings }) => {
    const chat = await openPage({ settings: { ...loginSettings(await newAccount(), transport), auto_login: false } });
    await chat.event('connectionInitialized');
    for (const state of [1, 3]) {
      const outcome = await chat.page.evaluate(async (state) => {
        const { api } = _converse;
        const stop = (feedback: typeof _converse.connfeedback) => {
          if (feedback.get('connection_status') === state) {
            api.listen.not('connfeedback', stop);
            api.connection.disconnect();
          }
        };
        api.listen.on('connfeedback', stop);
        return probe.settle(() => api.user.login());
      }, state);
      expect(outcome).toMatchObject(failed('ConnectionError', 'aborted'));
      expect(await chat.page.evaluate(() => _converse.connfeedback.get('connection_status'))).toBe(6);
    }
    expect(await chat.login()).toEqual({ ok: true });
  });
}
