import { TRANSPORTS, expect, test } from './support/chat.ts';

for (const transport of TRANSPORTS) {
  test(`a handler that throws inside every event over ${transport} harms nobody and is heard of`, async ({ newAccount, logIn, openPage, loginSettings }) => {
    const other = await logIn(await newAccount([], 'romeo'));
    const account = await newAccount();
    const chat = await openPage({
      plugin: (_converse) => {
        const names = ['pluginsInitialized', 'connectionInitialized', 'connfeedback', 'setUserJID', 'initialized', 'connected', 'roster',
          'rosterContactsFetched', 'message', 'send', 'clearSession', 'logout', 'disconnected'];
        for (const name of names) {
          _converse.api.listen.on(name, () => { throw new Error(`thrown in ${name}`); });
          _converse.api.listen.on(name, () => _converse.emit(`after ${name}`));
        }
        _converse.api.listen.on('message', () => { throw undefined; });
      },
      settings: loginSettings(account, transport),
    });
    expect(await chat.outcome()).toEqual({ ok: true });
    await chat.event('after rosterContactsFetched');
    await other.send(account.jid, 'hi');
    await chat.event('after message');
    await chat.send(await other.jid(), 'ho');
    await other.message('ho');
    await chat.logOut();
    await chat.event('after disconnected');
    const uncaught = await chat.uncaught();
    for (const name of ['pluginsInitialized', 'connected', 'roster', 'message', 'send', 'logout', 'disconnected']) {
      expect(uncaught).toContain(`Uncaught Error: thrown in ${name}`);
    }
    expect(await chat.login()).toEqual({ ok: true });
  });

  test(`a handler may call into the API inside every event over ${transport}`, async ({ newAccount, logIn, openPage, loginSettings }) => {
    // So many messages at once take ejabberd a while over BOSH.
    test.setTimeout(90_000);
    const other = await logIn(await newAccount([], 'romeo'));
    const account = await newAccount([{ jid: 'nurse@capulet.lit' }]);
    const chat = await openPage({
      plugin: `(_converse) => {
        const { api } = _converse;
        const { $msg } = converse.env;
        let inside = 0;
        api.listen.on('all', (name) => {
          if (inside || name.startsWith('own:')) return;
          inside += 1;
          let left = 20;
          const own = () => { if ((left -= 1) > 0) api.emit('own:recursive'); };
          const never = () => { throw new Error('never'); };
          api.listen.on('own:recursive', own);
          api.emit('own:recursive');
          api.listen.not('own:recursive', own);
          api.listen.on('own:other', never);
          api.listen.not('own:other', never);
          api.listen.once('own:once', () => api.emit('own:heard', name));
          api.emit('own:once');
          api.emit('own:once');
          api.settings.set('nickname', name);
          api.settings.update({ more: name });
          api.promises.add('own:' + name);
          api.emit('own:' + name, left, api.settings.get('nickname'), api.settings.get('more'));
          if (api.connection.connected) {
            api.contacts.get().forEach((contact) => contact.toJSON());
          }
          // One for each of the dozens of things that a server can do is more than a server lets through in time.
          if (api.connection.connected && name !== 'serviceDiscovered') {
            api.send($msg({ to: ${JSON.stringify(await other.jid())}, type: 'chat' }).c('body').t('in ' + name));
          }
          inside -= 1;
        });
      }`,
      settings: loginSettings(account, transport),
    });
    expect(await chat.outcome()).toEqual({ ok: true });
    await chat.event('own:rosterContactsFetched');
    await other.send(account.jid, 'hi');
    await chat.event('own:message');
    await other.message('in message');
    await other.message('in connected');
    await other.message('in roster');
    await chat.logOut();
    await chat.event('own:disconnected');
    expect(await chat.uncaught()).toEqual([]);
    const seen = await chat.seen();
    for (const name of ['pluginsInitialized', 'connfeedback', 'connected', 'roster', 'message', 'logout', 'disconnected']) {
      expect(seen.find((event) => event.name === `own:${name}`)?.payload).toEqual([0, name, name]);
    }
  });

  const MOMENTS = ['connfeedback', 'setUserJID', 'initialized', 'connected', 'rosterGroupsFetched', 'roster', 'rosterContactsFetched', 'message', 'send'];

  test(`disconnect inside any event over ${transport}: it is over, once, and can begin anew`, async ({ newAccount, openPage, loginSettings }) => {
    const account = await newAccount();
    const chat = await openPage({ settings: { ...loginSettings(account, transport), auto_login: false } });
    await chat.event('connectionInitialized');
    let ends = 0;
    for (const moment of MOMENTS) {
      await chat.page.evaluate((moment) => {
        const { api } = _converse;
        api.listen.once(moment, () => api.connection.disconnect());
        api.listen.once('rosterContactsFetched', () => {
          if (api.connection.connected) {
            api.send(converse.env.$msg({ to: _converse.bare_jid, type: 'chat' }).c('body').t('to myself'));
          }
        });
        void api.user.login();
      }, moment);
      await chat.event('disconnected', (ends += 1));
      expect(await chat.page.evaluate(() => [_converse.api.connection.connected, _converse.connfeedback.get('connection_status')])).toEqual([false, 6]);
      expect(await chat.stored()).toEqual([]);
      await chat.page.evaluate((moment) => {
        _converse.api.listen.not(moment);
        _converse.api.listen.not('rosterContactsFetched');
      }, moment);
    }
    expect(await chat.login()).toEqual({ ok: true });
    expect((await chat.events()).filter((name) => name === 'disconnected')).toHaveLength(ends);
    expect(await chat.uncaught()).toEqual([]);
  });

  test(`login inside any event over ${transport}: the last one counts`, async ({ newAccount, openPage, loginSettings }) => {
    const [juliet, romeo] = [await newAccount(), await newAccount([], 'romeo')];
    const chat = await openPage({ settings: { ...loginSettings(juliet, transport), auto_login: false } });
    await chat.event('connectionInitialized');
    // By name, as the setting jid is that of the last log-in.
    for (const moment of ['connfeedback', 'setUserJID', 'connected', 'roster', 'rosterContactsFetched', 'logout', 'disconnected']) {
      const outcome = await chat.page.evaluate(async ([moment, juliet, romeo]) => {
        const { api } = _converse;
        const second = new Promise((done) => api.listen.once(moment, () => done(probe.settle(() => api.user.login(romeo)))));
        const first = probe.settle(() => api.user.login(juliet));
        if (moment === 'logout' || moment === 'disconnected') {
          await first;
          api.user.logout();
        }
        const outcomes = [await first, await second];
        await api.waitUntil('rosterContactsFetched');
        return { outcomes, jid: api.user.jid(), connected: api.connection.connected };
      }, [moment, juliet, romeo] as const);
      expect(outcome.jid, moment).toContain(romeo.jid);
      expect(outcome.connected, moment).toBe(true);
      expect(outcome.outcomes[1], moment).toEqual({ ok: true });
      await chat.logOut();
    }
    expect(await chat.uncaught()).toEqual([]);
  });
}

test('initialize inside an event begins anew', async ({ newAccount, logIn, loginSettings }) => {
  const [juliet, romeo] = [await newAccount(), await newAccount([], 'romeo')];
  const chat = await logIn(juliet, { transport: 'bosh' });
  await chat.page.evaluate((settings) => {
    _converse.api.listen.once('again', () => probe.initialize(settings));
    _converse.api.emit('again');
  }, loginSettings(romeo));
  expect(await chat.outcome()).toEqual({ ok: true });
  expect(await chat.jid()).toContain(romeo.jid);
});

test('a handler that comes or goes while an event is told counts from the next one', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount());
  const heard = await chat.page.evaluate(() => {
    const { api } = _converse;
    const heard: string[] = [];
    const second = () => heard.push('second');
    api.listen.on('foo', () => {
      heard.push('first');
      api.listen.not('foo', second);
      api.listen.on('foo', () => heard.push('new'));
    });
    api.listen.on('foo', second);
    api.emit('foo');
    heard.push('|');
    api.emit('foo');
    return heard;
  });
  expect(heard).toEqual(['first', 'second', '|', 'first', 'new']);
});

test('a page that breaks its own console and error handler still logs in', async ({ newAccount, openPage, loginSettings }) => {
  const chat = await openPage({ plugin: (_converse) => _converse.api.listen.on('connected', () => { throw new Error('in connected'); }) });
  await chat.page.evaluate(() => {
    console.warn = () => { throw new Error('console'); };
    window.onerror = () => { throw new Error('onerror'); };
  });
  await chat.initialize(loginSettings({ jid: 'nobody@capulet.lit', password: 'x' }));
  await chat.event('disconnected');
  expect(await chat.login(await newAccount())).toEqual({ ok: true });
  await chat.event('rosterContactsFetched');
});
