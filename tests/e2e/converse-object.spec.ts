import { expect, test } from './support/chat.ts';

/** What the page writes to its console from now on. */
function consoleOf(chat: { page: import('@playwright/test').Page }): string[] {
  const lines: string[] = [];
  chat.page.on('console', (message) => lines.push(`${message.type()} ${message.text()}`));
  return lines;
}

test('constants, helpers and promises are there before any plugin', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount(), {
    plugin: (_converse) => {
      const { __ } = _converse;
      Object.assign(globalThis, {
        early: [
          _converse.ACTIVE,
          _converse.STATUS_WEIGHTS['xa'],
          _converse.CONNECTION_STATUS[5],
          _converse.TIMEOUTS.PAUSED,
          _converse.IQ_TIMEOUT,
          _converse.PRIVATE_CHAT_TYPE,
          _converse.VERSION_NAME,
          _converse.msg_counter,
          __('%1$s likes %2$s, and %1$s is 100%% sure', 'Romeo', 'Juliet'),
          __('%s, %s and %3$s', 1, 2),
          _converse.promises['initialized'] === _converse.api.waitUntil('initialized'),
        ],
      });
    },
  });
  expect(await chat.page.evaluate('early')).toEqual(
    ['active', 4, 'CONNECTED', 10_000, 20_000, 'chatbox', 'v4.1.2', 0, 'Romeo likes Juliet, and Romeo is 100% sure', '1, 2 and %3$s', true]);
  expect(await chat.page.evaluate(() => [_converse.windowState, _converse.promises['rosterContactsFetched'] instanceof Promise])).toEqual(['visible', true]);
});

test('log says errors always and the rest where debug is on', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount());
  const lines = consoleOf(chat);
  const logAll = (round: string): Promise<void> => chat.page.evaluate((round) => {
    const { LogLevel } = converse.env.Strophe;
    const { log } = _converse;
    log(`${round} debug`);
    log(`${round} info`, LogLevel.INFO);
    log(`${round} warn`, LogLevel.WARN);
    log(new Error(`${round} error`), LogLevel.ERROR);
    log.info(`${round} info by name`);
    log.error(`${round} error by name`);
    _converse.api.alert.show('error', `${round} alert`, ['one', 'two']);
    _converse.api.alert.show(LogLevel.WARN, `${round} alert`);
  }, round);
  await logAll('quiet');
  await chat.page.evaluate(() => _converse.api.settings.set('debug', true));
  await logAll('loud');
  await expect.poll(() => lines.filter((line) => line.includes('loud alert'))).toHaveLength(2);
  const said = lines.filter((line) => /quiet|loud/.test(line)).map((line) => line.split('\n')[0]);
  expect(said).toEqual([
    'error Error: quiet error', 'error quiet error by name', 'error quiet alert: one: two', 'warning quiet alert',
    'debug loud debug', 'info loud info', 'warning loud warn', 'error Error: loud error', 'info loud info by name', 'error loud error by name', 'error loud alert: one: two', 'warning loud alert',
  ]);
});

test('ping asks the server or somebody, and rejectPresenceSubscription says no', async ({ newAccount, logIn, server }) => {
  const chat = await logIn(await newAccount());
  const got = await chat.page.evaluate(async (domain) => {
    const from = await new Promise<string | null>((done) => _converse.ping(null, (iq) => done(iq.getAttribute('from'))));
    const failed = await new Promise((done) => _converse.ping(`nobody@${domain}/x`, () => done('answered'), () => done('failed')));
    _converse.rejectPresenceSubscription(`nobody@${domain}`, 'No.');
    return [from, failed];
  }, server.domain);
  expect(got).toEqual([server.domain, 'failed']);
  expect(chat.wire.find((frame) => frame.startsWith('><presence') && frame.includes('unsubscribed'))).toContain('No.');
  await chat.logOut();
  expect(await chat.page.evaluate(() => _converse.ping())).toBe(false);
});

test('connfeedback is one model all the time, which tells of each state', async ({ newAccount, openPage, loginSettings }) => {
  const chat = await openPage({
    settings: loginSettings(await newAccount()),
    plugin: (_converse) => {
      const seen: unknown[] = [_converse.connfeedback.get('connection_status')];
      Object.assign(globalThis, { feedback: _converse.connfeedback, states: seen });
      _converse.connfeedback.on('change:connection_status', (_model: unknown, status: number) => seen.push(status));
    },
  });
  await chat.event('rosterContactsFetched');
  expect(await chat.page.evaluate('[states, feedback === _converse.connfeedback, feedback instanceof _converse.ConnectionFeedback]')).toEqual([
    [undefined, 1, 3, 5], true, true]);
});

test('msg_counter counts what nobody has seen, until the page is seen again', async ({ newAccount, logIn }) => {
  const buddy = await newAccount();
  const [here, there] = [await logIn(await newAccount([{ jid: buddy.jid }])), await logIn(buddy)];
  const look = (hidden: boolean): Promise<void> => here.page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
    Object.defineProperty(document, 'visibilityState', { value: hidden ? 'hidden' : 'visible', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
  const say = async (body: string): Promise<void> => {
    await there.send(await here.jid(), body);
    await here.message(body);
  };
  const counted = (): Promise<number> => here.page.evaluate(() => _converse.msg_counter);
  await say('seen');
  expect(await counted()).toBe(0);
  await look(true);
  await say('one');
  await say('two');
  expect(await counted()).toBe(2);
  await look(false);
  expect(await counted()).toBe(0);
});

for (const transport of ['websocket', 'bosh'] as const) {
  test(`debug shows the wire over ${transport} without what leads in`, async ({ newAccount, openPage, loginSettings }) => {
    const account = await newAccount();
    const chat = await openPage();
    const lines = consoleOf(chat);
    await chat.initialize({ ...loginSettings(account, transport), debug: true });
    await chat.event('rosterContactsFetched');
    await chat.page.evaluate(() => _converse.api.send(
      `<message to='room@rooms.capulet.lit' id='x1'><x xmlns='jabber:x:conference' jid='a@b' password='r0sebud'/><x xmlns='http://jabber.org/protocol/muc'><password>r0sebud</password></x>` +
      `<x xmlns='jabber:x:data'><field var='secret'><value>r0sebud</value></field></x><body>Good night</body></message>`));
    await expect.poll(() => lines.some((line) => line.includes('Good night'))).toBe(true);
    const all = lines.join('\n');
    expect(all).toContain('jabber:iq:roster');
    expect(all).toMatch(/converse: sent [\s\S]*converse: received /);
    const sid = chat.wire.join().match(/ sid=['"]([^'"]+)/)?.[1];
    expect(sid !== undefined).toBe(transport === 'bosh');
    // What went over the wire at the log-in: the answers to the server's challenges.
    const answers = [...chat.wire.join('').matchAll(/<(?:auth|response|challenge|success|initial-response)[^>]*>([^<]{8,})</g)].map((found) => found[1]!);
    expect(answers.length).toBeGreaterThan(0);
    for (const secret of [account.password, 'r0sebud', ...answers, ...(sid ? [sid] : [])]) {
      expect(all).not.toContain(secret);
    }
  });
}

test('without debug the wire is not shown', async ({ newAccount, openPage, loginSettings }) => {
  const chat = await openPage();
  const lines = consoleOf(chat);
  await chat.initialize(loginSettings(await newAccount()));
  await chat.event('rosterContactsFetched');
  expect(lines.filter((line) => line.includes('jabber:iq:roster'))).toEqual([]);
});

test('on a device that is not trusted nothing stays when a session breaks off', async ({ newAccount, openPage, loginSettings }) => {
  for (const trusted of [true, false]) {
    const chat = await openPage();
    let breakOff = (): unknown => undefined;
    await chat.page.routeWebSocket(/./, (socket) => {
      socket.connectToServer();
      breakOff = () => socket.close();
    });
    await chat.page.reload();
    await chat.initialize({ ...loginSettings(await newAccount()), trusted, auto_reconnect: false });
    await chat.event('rosterContactsFetched');
    await expect.poll(() => chat.stored()).toContain('converse-wasm/disco');
    expect(await chat.page.evaluate(() => Object.keys(localStorage))).toEqual([]);
    await breakOff();
    await chat.event('disconnected');
    await chat.page.evaluate(() => dispatchEvent(new Event('pagehide')));
    const stored = await chat.stored();
    expect(stored.includes('converse-wasm/disco')).toBe(trusted);
    expect(trusted || stored.length === 0, stored.join()).toBe(true);
  }
});

test('push services are registered where the server can push', async ({ newAccount, openPage, loginSettings }) => {
  const chat = await openPage();
  await chat.page.routeWebSocket(/./, (socket) => {
    const server = socket.connectToServer();
    // Neither server of these tests can push: on its way, their answer is made to say that they can.
    server.onMessage((frame) => {
      const can = /type=['"]pep['"]/.test(String(frame)) ? String(frame).replace('</query>', "<feature var='urn:xmpp:push:0'/></query>") : frame;
      socket.send(can);
    });
    socket.onMessage((frame) => {
      sent.push(String(frame));
      server.send(frame);
    });
  });
  const sent: string[] = [];
  await chat.page.reload();
  await chat.initialize({
    ...loginSettings(await newAccount()),
    push_app_servers: [{ jid: 'push.lit', node: 'n', secret: 'x' }, { jid: 'gone.lit', node: 'm', disable: true }, { jid: 'left.lit', disabled: true }, { node: 'no address' } as never],
  });
  const pushes = (): string[] => sent.filter((frame) => frame.includes('urn:xmpp:push:0'));
  await expect.poll(() => pushes().length).toBe(3);
  expect(pushes()[0]).toMatch(/<enable [^>]*jid=["']push.lit["'].*publish-options.*secret.*<value>x</);
  expect(pushes()[1]).toMatch(/<disable [^>]*jid=["']gone.lit["'] node=["']m["']/);
  expect(pushes()[2]).toMatch(/<disable [^>]*jid=["']left.lit["']\/>/);
});
