import type { Settings } from '../../www/types/index.d.ts';
import { TRANSPORTS, expect, failed, service, test } from './support/chat.ts';

test('the documented call takes effect and waits for a log-in', async ({ openPage }) => {
  const chat = await openPage();
  await chat.script("window.locales = { en: 'en' };");
  await chat.script(`window.result = converse.initialize({
    allow_otr: true,
    auto_list_rooms: false,
    auto_subscribe: false,
    bosh_service_url: 'https://bind.example.com',
    hide_muc_server: false,
    i18n: locales['en'],
    keepalive: true,
    play_sounds: true,
    prebind: false,
    show_controlbox_by_default: true,
    debug: false,
    roster_groups: true,
    whitelisted_plugins: ['probe']
  });`);
  await chat.event('connectionInitialized');
  const seen = await chat.page.evaluate(async () => ({
    play_sounds: _converse.api.settings.get('play_sounds'),
    allow_otr: _converse.api.settings.get('allow_otr') ?? null,
    kept: _converse.user_settings['allow_otr'],
    pending: await probe.state((globalThis as unknown as { result: Promise<void> }).result),
    connected: _converse.api.connection.connected,
  }));
  expect(seen).toEqual({ play_sounds: true, allow_otr: null, kept: true, pending: 'pending', connected: false });
});

for (const transport of TRANSPORTS) {
  test(`resolves with the first log-in over ${transport}, after the events of it`, async ({ newAccount, openPage, loginSettings }) => {
    const chat = await openPage();
    const settings = loginSettings(await newAccount(), transport);
    const before = await chat.page.evaluate(async (settings) => {
      probe.initialize(settings);
      await probe.outcome;
      return probe.seen.map(({ name }) => name).filter((name) => name !== 'connfeedback');
    }, settings);
    // The whole order is tested in events.spec.ts: here, the outcome comes after all that a plugin may wait for.
    const steps = before.filter((name) => !/^(chatBox|registered|window|presences|private|rooms|addClient|disco)/.test(name) || name === 'chatBoxesFetched');
    expect(steps).toEqual([
      'pluginsInitialized',
      'connectionInitialized',
      'setUserJID',
      'sessionInitialized',
      'streamFeaturesAdded',
      'statusInitialized',
      'rosterInitialized',
      'chatBoxesFetched',
      'initialized',
      'connected',
      'rosterGroupsFetched',
    ]);
    await chat.event('rosterContactsFetched');
    const events = (await chat.events()).filter((name) => name.startsWith('roster'));
    expect(events).toEqual(['rosterInitialized', 'rosterGroupsFetched', 'roster', 'rosterContactsFetched']);
    expect(await chat.outcome()).toEqual({ ok: true });
  });
}

test('names the setting that is missing', async ({ openPage, server }) => {
  const attempts: [Settings, ReturnType<typeof failed>][] = [
    [{ discover_connection_methods: false }, failed('ConfigurationError', 'no-service-url')],
    [{ ...service(server, 'bosh'), auto_login: true }, failed('ConfigurationError', 'no-jid')],
    [{ ...service(server, 'bosh'), auto_login: true, jid: 'a@capulet.lit' }, failed('ConfigurationError', 'no-password')],
    [{ ...service(server, 'bosh'), auto_login: true, jid: 'capulet.lit', password: 'x' }, failed('ConfigurationError', 'no-user')],
    [{ ...service(server, 'bosh'), auto_login: true, jid: 'a@@b', password: 'x' }, failed('ConfigurationError', 'invalid-jid')],
    [{ websocket_url: 'ws://:::', auto_login: true, jid: 'a@b', password: 'x' }, failed('ConfigurationError', 'invalid-service-url')],
    [{ ...service(server, 'bosh'), auto_login: true, jid: 'a@b', authentication: 'magic' as 'login' }, failed('ConfigurationError', 'unknown-authentication')],
  ];
  const chat = await openPage();
  for (const [settings, failure] of attempts) {
    await chat.initialize(settings);
    expect(await chat.outcome()).toMatchObject(failure);
  }
  expect(await chat.uncaught()).toEqual([]);
});

test('a connection that the page has made says where to and as whom', { tag: '@once' }, async ({ newAccount, openPage, server }) => {
  const chat = await openPage();
  const account = await newAccount();
  await chat.page.evaluate(({ jid, password, url }) => {
    const { Strophe } = converse.env;
    Strophe.addConnectionPlugin('counter', { init(this: any, connection: object) { this.connection = connection; } });
    const connection = new Strophe.Connection(url);
    connection.connect(jid, password);
    (globalThis as any).own = [connection['counter'].connection === connection, connection.jid === jid];
    probe.initialize({ connection });
  }, { ...account, url: server.websocketUrl });
  expect(await chat.outcome()).toEqual({ ok: true });
  expect(await chat.jid()).toContain(account.jid);
  expect(await chat.page.evaluate('own')).toEqual([true, true]);
});

test('the server names the anonymous', async ({ openPage, server }) => {
  const settings: Settings = { ...service(server, 'websocket'), auto_login: true, jid: server.anonymousDomain, authentication: 'anonymous' };
  const chat = await openPage({ settings });
  expect(await chat.outcome()).toEqual({ ok: true });
  expect(await chat.jid()).toMatch(/^[^@/]+@anonymous\.capulet\.lit\/.+$/);
});

for (const transport of TRANSPORTS) {
  test(`again after a log-out, as somebody else, beginning over ${transport}`, async ({ newAccount, logIn, loginSettings }) => {
    const other = transport === 'bosh' ? 'websocket' : 'bosh';
    const [juliet, romeo] = [await newAccount(), await newAccount([{ jid: 'nurse@capulet.lit' }], 'romeo')];
    const chat = await logIn(juliet, { transport, settings: { nickname: 'first' } });
    await chat.logOut();
    const runs = await chat.page.evaluate(async (settings) => {
      const first = globalThis._converse;
      probe.seen.length = 0;
      probe.initialize(settings);
      await probe.outcome;
      await _converse.api.waitUntil('rosterContactsFetched');
      return {
        fresh: first !== _converse,
        nickname: _converse.api.settings.get('nickname') ?? null,
        contacts: _converse.api.contacts.get().map((contact) => contact.get('jid')),
        initialized: probe.seen.filter(({ name }) => name === 'initialized').length,
      };
    }, loginSettings(romeo, other));
    expect(runs).toEqual({ fresh: true, nickname: null, contacts: ['nurse@capulet.lit'], initialized: 1 });
    expect(await chat.jid()).toContain(romeo.jid);
    expect(await chat.uncaught()).toEqual([]);
  });

  test(`again in the middle of a session over ${transport} ends that one`, async ({ newAccount, logIn, loginSettings }) => {
    const juliet = await newAccount();
    const romeo = await newAccount([{ jid: juliet.jid }], 'romeo');
    const watcher = await logIn(romeo);
    const chat = await logIn(juliet, { transport });
    const old = await chat.jid();
    await chat.quiet();
    await chat.initialize(loginSettings(juliet, transport));
    expect(await chat.outcome()).toEqual({ ok: true });
    expect(await chat.jid()).not.toBe(old);
    // The server soon has nobody there any more: what is sent to the old address goes to the rest of the account.
    const ping = (): Promise<string> =>
      watcher.page.evaluate((to) => _converse.api.sendIQ(converse.env.$iq({ type: 'get', to }).c('ping', { xmlns: 'urn:xmpp:ping' })).then(() => 'there', () => 'gone'), old);
    await expect.poll(ping).toBe('gone');
    await watcher.send(old, 'are you there?');
    expect(await chat.message('are you there?')).toBe(await watcher.jid());
  });
}

test('again while the first one still connects', async ({ newAccount, openPage, loginSettings }) => {
  const chat = await openPage();
  const [first, second] = [loginSettings(await newAccount()), loginSettings(await newAccount(), 'bosh')];
  await chat.page.evaluate(([first, second]) => {
    converse.initialize(first);
    probe.initialize(second);
  }, [first, second] as const);
  expect(await chat.outcome()).toEqual({ ok: true });
  expect(await chat.jid()).toContain(String(second['jid']));
  expect(await chat.uncaught()).toEqual([]);
});

test('leaves nothing on window but converse, and no way from there to a session', async ({ page, site, newAccount, loginSettings }) => {
  await page.addInitScript(() => {
    const names = (): PropertyKey[] => Reflect.ownKeys(window);
    const before = new Set(names());
    Object.assign(document, { added: () => names().filter((key) => !before.has(key)) });
  });
  await page.goto(site.url);
  const found = await page.evaluate(async (settings) => {
    let private_: object | undefined;
    converse.plugins.add('mine', { initialize() { private_ = this._converse; } });
    await converse.initialize({ ...settings, whitelisted_plugins: ['mine'] });
    // What can be reached by names from `converse`, the page's own plugin aside.
    const reached = new Set<unknown>();
    const walk = (value: unknown): void => {
      if ((typeof value !== 'object' && typeof value !== 'function') || value === null || reached.has(value) || value instanceof Node) {
        return;
      }
      reached.add(value);
      for (const key of Reflect.ownKeys(value)) {
        const { value: child } = Reflect.getOwnPropertyDescriptor(value, key) ?? {};
        walk(child);
      }
    };
    walk(converse);
    const added = (document as unknown as { added(): PropertyKey[] }).added();
    return { added: added.map(String), ran: private_ !== undefined, leaks: reached.has(private_), keys: Object.keys(converse) };
  }, loginSettings(await newAccount()));
  expect(found).toEqual({
    // The symbol marks pages that were told of a script included twice; it is empty.
    added: ['converse', 'Symbol(converse-wasm.warned)'],
    ran: true,
    leaks: false,
    keys: ['initialize', 'plugins', 'env', 'MUC_NICK_CHANGED_CODE', 'ROOMSTATUS', 'ROOM_FEATURES'],
  });
});
