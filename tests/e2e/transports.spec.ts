import { TRANSPORTS, expect, service, test, type Chat } from './support/chat.ts';

const authentications = (chat: Chat): number => chat.wire.filter((frame) => frame.includes('<auth ')).length;

for (const transport of TRANSPORTS) {
  test(`logs in over ${transport}, and messages go both ways`, async ({ newAccount, logIn, server }) => {
    const account = await newAccount([{ jid: 'nurse@capulet.lit' }]);
    const chat = await logIn(account, { transport });
    const other = await logIn(await newAccount([], 'romeo'), { transport: transport === 'bosh' ? 'websocket' : 'bosh' });
    await chat.send(await other.jid(), 'hither');
    expect(await other.message('hither')).toBe(await chat.jid());
    await other.send(account.jid, 'thither');
    expect(await chat.message('thither')).toBe(await other.jid());
    expect(await chat.page.evaluate(() => _converse.api.contacts.get().map((contact) => contact.id))).toEqual(['nurse@capulet.lit']);
    // Nobody but the one service was asked, and the password was not shown to it.
    expect(authentications(chat)).toBe(1);
    expect(chat.wire.find((frame) => frame.includes('<auth '))).toMatch(/mechanism=['"]SCRAM-SHA-(256|512)['"]/);
    expect(chat.wire.some((frame) => frame.includes(account.password))).toBe(false);
    expect(chat.wire.some((frame) => frame.includes('httpbind'))).toBe(transport === 'bosh');
    expect(server.pid).toBeDefined();
  });
}

test('many messages over BOSH and WebSocket arrive, each once and in order', async ({ newAccount, logIn }) => {
  const account = await newAccount();
  const bosh = await logIn(account, { transport: 'bosh' });
  const socket = await logIn(await newAccount([], 'romeo'));
  const [from, to] = [await bosh.jid(), await socket.jid()];
  const say = (chat: Chat, to: string) => chat.page.evaluate((to) => {
    for (let i = 0; i < 100; i += 1) {
      _converse.api.send(converse.env.$msg({ to, type: 'chat' }).c('body').t(String(i)));
    }
  }, to);
  await Promise.all([say(bosh, to), say(socket, from)]);
  await Promise.all([bosh.message('99'), socket.message('99')]);
  const expected = Array.from({ length: 100 }, (_, index) => String(index));
  for (const chat of [bosh, socket]) {
    const bodies = (await chat.seen()).filter(({ name }) => name === 'message').map(({ payload }) => /<body>(\d+)</.exec(String(payload[0]))?.[1]);
    expect(bodies).toEqual(expected);
  }
});

test('the WebSocket goes before BOSH where both are given', async ({ newAccount, openPage, loginSettings, server }) => {
  const settings = { ...loginSettings(await newAccount(), 'bosh'), ...service(server, 'websocket') };
  const chat = await openPage({ settings });
  expect(await chat.outcome()).toEqual({ ok: true });
  expect(chat.wire.some((frame) => frame.includes('httpbind'))).toBe(false);
  expect(chat.wire.some((frame) => frame.startsWith('><open '))).toBe(true);
});

test('addresses may be relative to the page', async ({ newAccount, openPage, loginSettings, server }) => {
  const chat = await openPage();
  const asked: string[] = [];
  await chat.page.route('**/my/http-bind', (route) => {
    asked.push(route.request().url());
    return route.continue({ url: server.boshUrl });
  });
  await chat.initialize({ ...loginSettings(await newAccount()), websocket_url: '', bosh_service_url: 'my/http-bind' });
  expect(await chat.outcome()).toEqual({ ok: true });
  expect(asked[0]).toBe(new URL('my/http-bind', chat.page.url()).href);
});

test.describe('a reload over BOSH', () => {
  test('goes on with the session: the same address, no log-in, the contacts, and what was said meanwhile', async ({ newAccount, logIn, loginSettings }) => {
    const account = await newAccount([{ jid: 'nurse@capulet.lit' }]);
    const chat = await logIn(account, { transport: 'bosh' });
    const other = await logIn(await newAccount([], 'romeo'));
    const address = await chat.jid();
    expect(await chat.stored()).toContain('converse-wasm/session');
    const { url, before } = { url: chat.page.url(), before: chat.wire.length };

    await chat.page.goto('about:blank');
    await other.send(address, 'said during the reload');
    await other.send(address, 'and this');
    await chat.page.goto(url);
    // Without the password: the server needs none.
    const { password: _, auto_login: __, ...settings } = loginSettings(account, 'bosh');
    await chat.initialize(settings);

    expect(await chat.outcome()).toEqual({ ok: true });
    expect(await chat.jid()).toBe(address);
    await chat.message('said during the reload');
    await chat.message('and this');
    await chat.event('rosterContactsFetched');
    expect(await chat.page.evaluate(() => _converse.api.contacts.get().map((contact) => contact.id))).toEqual(['nurse@capulet.lit']);
    const later = chat.wire.slice(before);
    expect(later.filter((frame) => frame.includes('<auth ') || frame.includes('urn:ietf:params:xml:ns:xmpp-bind'))).toEqual([]);
    const states = (await chat.seen()).filter(({ name }) => name === 'connfeedback').map(({ payload }) => payload[0]);
    expect(states).toMatchObject([{ connection_status: 1 }, { connection_status: 8 }]);
    expect((await chat.events()).filter((name) => name === 'connected')).toHaveLength(1);

    // It is a session like any other.
    await chat.send(await other.jid(), 'back again');
    expect(await other.message('back again')).toBe(address);
    await chat.logOut();
    expect(await chat.stored()).toEqual([]);
  });

  test('again and again, in the middle of sending, loses nothing', async ({ newAccount, logIn, loginSettings }) => {
    const account = await newAccount();
    const chat = await logIn(account, { transport: 'bosh' });
    const other = await logIn(await newAccount([], 'romeo'));
    const [address, to] = [await chat.jid(), await other.jid()];
    for (const round of [1, 2, 3]) {
      await chat.page.evaluate(([to, round]) => {
        for (const i of [1, 2, 3]) {
          _converse.api.send(converse.env.$msg({ to, type: 'chat' }).c('body').t(`${round}.${i}`));
        }
        location.reload();
      }, [to, round] as const);
      await chat.page.waitForEvent('load');
      await chat.initialize(loginSettings(account, 'bosh'));
      expect(await chat.outcome()).toEqual({ ok: true });
      expect(await chat.jid()).toBe(address);
    }
    await other.message('3.3');
    const bodies = (await other.seen()).filter(({ name }) => name === 'message').map(({ payload }) => /<body>([^<]*)</.exec(String(payload[0]))?.[1]);
    expect(bodies).toEqual(['1.1', '1.2', '1.3', '2.1', '2.2', '2.3', '3.1', '3.2', '3.3']);
    expect(authentications(chat)).toBe(1);
  });

  test('is for the same account only', async ({ newAccount, logIn, loginSettings }) => {
    const [juliet, romeo] = [await newAccount(), await newAccount([], 'romeo')];
    const chat = await logIn(juliet, { transport: 'bosh' });
    await chat.page.reload();
    await chat.initialize(loginSettings(romeo, 'bosh'));
    expect(await chat.outcome()).toEqual({ ok: true });
    expect(await chat.jid()).toContain(romeo.jid);
  });

  test('logs in anew when the server has forgotten the session', async ({ newAccount, logIn, loginSettings, server }) => {
    const account = await newAccount();
    const chat = await logIn(account, { transport: 'bosh' });
    const address = await chat.jid();
    const url = chat.page.url();
    await chat.page.goto('about:blank');
    await server.restart();
    await chat.page.goto(url);
    await chat.initialize(loginSettings(account, 'bosh'));
    expect(await chat.outcome()).toEqual({ ok: true });
    expect(authentications(chat)).toBe(2);
    // The others find it where it was.
    expect(await chat.jid()).toBe(address);
    expect((await chat.events()).filter((name) => name === 'disconnected')).toHaveLength(0);
  });

  test('says so when there is nothing to log in with anew', async ({ newAccount, logIn, loginSettings, server }) => {
    const account = await newAccount();
    const chat = await logIn(account, { transport: 'bosh' });
    const url = chat.page.url();
    await chat.page.goto('about:blank');
    await server.restart();
    await chat.page.goto(url);
    await chat.initialize({ ...loginSettings(account, 'bosh'), auto_login: false, password: '' });
    expect(await chat.event('disconnected')).toMatchObject({ name: 'ConnectionError', code: 'no-credentials' });
    expect(await chat.pending()).toBe(true);
    expect(await chat.stored()).not.toContain('converse-wasm/session');
    expect(await chat.login(account)).toEqual({ ok: true });
    expect(await chat.outcome()).toEqual({ ok: true });
  });

  test('does not go on with what other scripts or versions left there', async ({ newAccount, openPage, loginSettings }) => {
    const account = await newAccount();
    for (const entry of ['', 'garbage', '<cache/>', `<cache xmlns='urn:x' version='1' account='${account.jid}'><a/></cache>`, '{"rid":1}']) {
      const chat = await openPage();
      await chat.page.evaluate((entry) => sessionStorage.setItem('converse-wasm/session', entry), entry);
      await chat.initialize(loginSettings(account, 'bosh'));
      expect(await chat.outcome()).toEqual({ ok: true });
      expect(await chat.uncaught()).toEqual([]);
    }
  });

  test('after a log-out there is nothing to go on with', async ({ newAccount, logIn, loginSettings }) => {
    const account = await newAccount();
    const chat = await logIn(account, { transport: 'bosh' });
    await chat.logOut();
    expect(chat.wire.filter((frame) => frame.includes('type="terminate"') || frame.includes("type='terminate'"))).toHaveLength(1);
    expect(await chat.stored()).toEqual([]);
    await chat.page.reload();
    await chat.initialize({ ...loginSettings(account, 'bosh'), auto_login: false });
    await chat.event('connectionInitialized');
    expect(await chat.pending()).toBe(true);
    expect((await chat.events()).filter((name) => name === 'connfeedback')).toEqual([]);
  });

  test('with keepalive switched off nothing is left behind', async ({ newAccount, logIn, loginSettings }) => {
    const account = await newAccount();
    const chat = await logIn(account, { transport: 'bosh', settings: { keepalive: false } });
    const address = await chat.jid();
    expect(await chat.stored()).toEqual([]);
    await chat.page.reload();
    await chat.initialize({ ...loginSettings(account, 'bosh'), keepalive: false });
    expect(await chat.outcome()).toEqual({ ok: true });
    expect(await chat.jid()).not.toBe(address);
  });
});

test.describe('a reload over WebSocket', () => {
  test('goes on with the session: the same address, and what was said meanwhile', async ({ newAccount, logIn, loginSettings }) => {
    const account = await newAccount([{ jid: 'nurse@capulet.lit' }]);
    const chat = await logIn(account);
    const other = await logIn(await newAccount([], 'romeo'));
    const [address, url] = [await chat.jid(), chat.page.url()];
    await chat.page.goto('about:blank');
    await other.send(address, 'said during the reload');
    await chat.page.goto(url);
    await chat.initialize(loginSettings(account));
    expect(await chat.outcome()).toEqual({ ok: true });
    expect(await chat.jid()).toBe(address);
    await chat.message('said during the reload');
    await chat.event('rosterContactsFetched');
    expect(await chat.page.evaluate(() => _converse.api.contacts.get().map((contact) => contact.id))).toEqual(['nurse@capulet.lit']);
    await chat.logOut();
    expect(await chat.stored()).not.toContain('converse-wasm/session');
  });

  test('with keepalive switched off nothing is left behind', async ({ newAccount, logIn }) => {
    const chat = await logIn(await newAccount(), { settings: { keepalive: false } });
    expect(await chat.stored()).toEqual([]);
  });
});
