import { logIn as logInRaw } from '../support/raw-client.mjs';
import { TRANSPORTS, expect, failed, test } from './support/chat.ts';

for (const transport of TRANSPORTS) {
  test(`the documented snippet sends a message over ${transport}`, async ({ newAccount, logIn, openPage, loginSettings }) => {
    const account = await newAccount();
    const romeo = await logIn(await newAccount([{ jid: account.jid }], 'romeo'));
    const juliet = await openPage();
    // As documented, but for the addresses, and for waiting until there is a connection to send over.
    await juliet.script(`
      converse.plugins.add('myplugin', {
          initialize: function () {
              this._converse.api.listen.on('connected', () => {

              var msg = converse.env.$msg({
                  from: '${account.jid}/balcony',
                  to: '${await romeo.jid()}',
                  type:'chat'
              });
              this._converse.api.send(msg.c('body').t('Wherefore art thou?'));

              });
          }
      });
    `);
    await juliet.initialize({
      ...loginSettings({ ...account, jid: `${account.jid}/balcony` }, transport),
      whitelisted_plugins: ['myplugin'],
    });
    expect(await romeo.message('Wherefore art thou?')).toBe(`${account.jid}/balcony`);
  });
}

test('takes builders, elements, texts and arrays of them, and tells of each call', async ({ newAccount, logIn }) => {
  const romeo = await logIn(await newAccount());
  const chat = await logIn(await newAccount());
  await chat.page.evaluate((to) => {
    const { $msg, Strophe } = converse.env;
    const { send } = _converse.api;
    const message = (body: string) => $msg({ to, type: 'chat' }).c('body').t(body);
    send(message('builder'));
    send(message('element').tree());
    send(message('in the middle').up());
    send(message('text').toString());
    send(`<message to='${to}' type='chat'><body>no namespace</body></message>`);
    send([message('array 1'), message('array 2').tree()]);
    const built = document.createElementNS('jabber:client', 'message');
    built.setAttribute('to', to);
    built.setAttribute('type', 'chat');
    built.append(Object.assign(document.createElementNS('jabber:client', 'body'), { textContent: 'DOM <&> ü 😀' }));
    send(built);
    send(Strophe.xmlHtmlNode(`<message xmlns='jabber:client' to='${to}' type='chat'><body>parsed</body></message>`).documentElement);
    send(null);
    send(undefined);
  }, await romeo.jid());
  for (const body of ['builder', 'element', 'in the middle', 'text', 'no namespace', 'array 1', 'array 2', 'DOM <&> ü 😀', 'parsed']) {
    await romeo.message(body);
  }
  const sent = (await chat.seen()).filter(({ name }) => name === 'send');
  expect(sent).toHaveLength(8);
});

test('keeps every character of a message, and refuses those XML does not have', async ({ newAccount, logIn }) => {
  const romeo = await logIn(await newAccount(), { transport: 'bosh' });
  const chat = await logIn(await newAccount());
  const body = ' <b>&amp;"\'\t\n\u{1F469}‍❤️‍\u{1F469} ‮ e\u0301 ]]> ';
  await chat.send(await romeo.jid(), body);
  expect(await romeo.message(body)).toBe(await chat.jid());
  const outcome = await chat.page.evaluate((to) =>
    probe.settle(() => _converse.api.send(`<message to='${to}'><body>&#1;</body></message>`)), await romeo.jid());
  expect(outcome).toMatchObject(failed('SendError', 'malformed-stanza'));
});

test('sends nothing of what cannot be sent whole, and says why', async ({ newAccount, logIn }) => {
  const romeo = await logIn(await newAccount());
  const chat = await logIn(await newAccount());
  const outcomes = await chat.page.evaluate(async (to) => {
    const { send } = _converse.api;
    const message = converse.env.$msg({ to, type: 'chat' }).c('body').t('never');
    const attempts: unknown[] = [[message, '<message>'], [message, 5], '<a/><b/>', 'no XML', '', {}, 5, true];
    return Promise.all(attempts.map((stanza) => probe.settle(() => send(stanza as never))));
  }, await romeo.jid());
  expect(outcomes.map((outcome) => (outcome.ok ? 'sent' : (outcome.code ?? outcome.name)))).toEqual([
    'malformed-stanza', 'TypeError', 'malformed-stanza', 'malformed-stanza', 'malformed-stanza', 'TypeError', 'TypeError', 'TypeError',
  ]);
  await chat.send(await romeo.jid(), 'the end');
  await romeo.message('the end');
  expect((await romeo.seen()).filter(({ name }) => name === 'message')).toHaveLength(1);
});

test('before the log-in and after the log-out there is nothing to send over', async ({ openPage, newAccount, loginSettings }) => {
  const settings = loginSettings(await newAccount());
  const chat = await openPage({ settings: { ...settings, auto_login: false } });
  await chat.event('connectionInitialized');
  const send = () => chat.page.evaluate(() => probe.settle(() => _converse.api.send(converse.env.$pres())));
  expect(await send()).toMatchObject(failed('SendError', 'not-connected'));
  expect(await chat.login()).toEqual({ ok: true });
  expect(await send()).toEqual({ ok: true });
  await chat.logOut();
  expect(await send()).toMatchObject(failed('SendError', 'not-connected'));
});

test('a message is pending, then sent, or failed with the reason', async ({ newAccount, logIn, server }) => {
  const chat = await logIn(await newAccount());
  const states = async () => (await chat.seen()).filter(({ name }) => name === 'stanzaDelivery').map(({ payload }) => payload[0]);
  const say = (id: string) => chat.page.evaluate((id) => {
    _converse.api.send(`<message id='${id}' to='${_converse.api.user.jid()}' type='chat'><body>hello</body></message>`);
    // Of what the server need not be told nobody is told: it is no message, or nobody could know it by its id.
    _converse.api.send("<presence id='p'/>");
  }, id);
  await say('first');
  expect((await states())[0]).toEqual({ id: 'first', state: 'pending' });
  await chat.event('stanzaDelivery', 2);
  expect(await states()).toEqual([{ id: 'first', state: 'pending' }, { id: 'first', state: 'sent' }]);
  await server.down();
  try {
    await chat.event('will-reconnect');
    await chat.page.evaluate(() => _converse.api.send(`<message id='second' to='romeo@capulet.lit' type='chat'><body>hello</body></message>`));
    expect((await states()).slice(2)).toEqual([{ id: 'second', state: 'pending' }]);
    await chat.page.evaluate(() => _converse.api.connection.disconnect());
    await chat.event('stanzaDelivery', 4);
    expect((await states()).slice(3)).toEqual([{ id: 'second', state: 'failed', reason: 'not-sent' }]);
  } finally {
    await server.up();
  }
});

test('a message that a plugin sends from its initialize waits for the log-in', async ({ newAccount, logIn, openPage, loginSettings }) => {
  const account = await newAccount();
  const romeo = await logIn(await newAccount([], 'romeo'));
  const juliet = await openPage();
  // As documented, but for the addresses, and a body to know it by.
  await juliet.script(`
    converse.plugins.add('myplugin', {
        initialize: function () {

            var msg = converse.env.$msg({
                from: '${account.jid}/balcony',
                to:'${await romeo.jid()}',
                type:'chat'
            });
            msg.c('body').t('early');
            this._converse.api.send(msg);

        }
    });
  `);
  await juliet.initialize({ ...loginSettings({ ...account, jid: `${account.jid}/balcony` }), whitelisted_plugins: ['myplugin'] });
  expect(await romeo.message('early')).toBe(`${account.jid}/balcony`);
});

test('sendIQ: the result, the error, or that nobody answered', async ({ newAccount, logIn, server }) => {
  const chat = await logIn(await newAccount());
  const mute = await newAccount();
  const silent = await logInRaw({ websocketUrl: server.websocketUrl, ...mute });
  const outcomes = await chat.page.evaluate(async (silent) => {
    const { $iq } = converse.env;
    const { sendIQ } = _converse.api;
    const plain = (value: unknown) => (value instanceof Element ? [value.tagName, value.getAttribute('type')] : [(value as Error).name, (value as { code?: string }).code]);
    const settle = (promise: Promise<unknown>) => promise.then((value) => ['resolved', ...plain(value)], (value) => ['rejected', ...plain(value)]);
    return [
      await settle(sendIQ($iq({ type: 'get', to: 'capulet.lit' }).c('ping', { xmlns: 'urn:xmpp:ping' }))),
      await settle(sendIQ("<iq type='get' to='capulet.lit'><query xmlns='urn:example:unknown'/></iq>")),
      await settle(sendIQ($iq({ type: 'get', to: silent, id: 'mine' }).c('ping', { xmlns: 'urn:xmpp:ping' }).tree(), 1)),
    ];
  }, `${mute.jid}/raw`);
  silent.close();
  expect(outcomes[0]).toEqual(['resolved', 'iq', 'result']);
  expect(outcomes[1]).toEqual(['rejected', 'iq', 'error']);
  expect(outcomes[2]).toEqual(['rejected', 'TimeoutError', 'timed-out']);
  expect((await chat.events()).filter((name) => name === 'send')).toHaveLength(3);
});

test('sendIQ: wrong arguments are errors before anything is sent', async ({ newAccount, logIn, openPage }) => {
  const chat = await logIn(await newAccount());
  const outcomes = await chat.page.evaluate(() => {
    const { $iq, $msg } = converse.env;
    const { sendIQ } = _converse.api;
    const calls = [() => sendIQ(undefined as never), () => sendIQ($msg({ to: 'a@b' })), () => sendIQ($iq({ type: 'result' })), () => sendIQ($iq({ type: 'get' }), -1), () => sendIQ($iq({ type: 'get' }), 'x' as never)];
    return Promise.all(calls.map((call) => probe.settle(call)));
  });
  expect(outcomes.map((outcome) => !outcome.ok && outcome.name)).toEqual(Array(5).fill('TypeError'));
  const offline = await openPage({ settings: { bosh_service_url: '/nowhere' } });
  await offline.event('connectionInitialized');
  const outcome = await offline.page.evaluate(() => probe.settle(() => _converse.api.sendIQ(converse.env.$iq({ type: 'get' }))));
  expect(outcome).toMatchObject(failed('SendError', 'not-connected'));
});
