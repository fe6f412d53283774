import { createServer } from 'node:http';

import type { Settings } from '../../www/types/index.d.ts';
import { startProsody } from '../support/prosody.mjs';
import { TRANSPORTS, closedPort, expect, failed, listening, service, test, type Account, type Chat } from './support/chat.ts';
import { scriptedSocket } from './support/scripted-socket.ts';

/**
 * What every failure has in common: `initialize` stays pending, `login` and `disconnected` say the same, nothing goes
 * unhandled, and afterwards the page can log in.
 */
async function expectFailure(chat: Chat, code: string, state: number, good: Account, says = /\w+ \w+/): Promise<void> {
  expect(await chat.event('disconnected')).toMatchObject({ name: 'ConnectionError', code, message: expect.stringMatching(says) });
  expect(await chat.pending()).toBe(true);
  expect(await chat.login()).toMatchObject(failed('ConnectionError', code));
  await chat.event('disconnected', 2);
  expect(await chat.page.evaluate(() => _converse.connfeedback.toJSON())).toEqual({ connection_status: state, message: expect.any(String) });
  expect(await chat.page.evaluate(() => [_converse.api.connection.connected, _converse.api.user.jid()])).toEqual([false, '']);
  expect(await chat.stored()).toEqual([]);
  expect(await chat.uncaught()).toEqual([]);
  expect(chat.warnings.some((warning) => warning.startsWith('converse: '))).toBe(true);
  await recover(chat, good);
}

async function recover(chat: Chat, good: Account): Promise<void> {
  await chat.page.evaluate((urls) => _converse.api.settings.set(urls), { websocket_url: '', bosh_service_url: '', ...working });
  expect(await chat.login(good)).toEqual({ ok: true });
  expect(await chat.outcome()).toEqual({ ok: true });
}

let working: Settings;
test.beforeEach(({ server }) => {
  working = service(server, 'websocket');
});

for (const transport of TRANSPORTS) {
  test.describe(`over ${transport}`, () => {
    test('a wrong password', async ({ newAccount, openPage, loginSettings }) => {
      const account = await newAccount();
      const chat = await openPage({ settings: loginSettings({ ...account, password: 'wrong' }, transport) });
      await expectFailure(chat, 'authentication-failed', 4, account, /the jid or the password is not right/);
    });

    test('nobody of that name', async ({ newAccount, openPage, loginSettings }) => {
      const chat = await openPage({ settings: loginSettings({ jid: 'nobody@capulet.lit', password: 'x' }, transport) });
      await expectFailure(chat, 'authentication-failed', 4, await newAccount());
    });

    test('a domain that the server does not have', async ({ newAccount, openPage, loginSettings, serverName }) => {
      const chat = await openPage({ settings: loginSettings({ jid: 'juliet@nowhere.lit', password: 'x' }, transport) });
      // Over BOSH ejabberd says no more than that something went wrong.
      const code = serverName === 'ejabberd' && transport === 'bosh' ? 'stream-error' : 'host-unknown';
      await expectFailure(chat, code, 2, await newAccount());
    });

    test('a port where nobody listens', async ({ newAccount, openPage, loginSettings }) => {
      const account = await newAccount();
      const port = await closedPort();
      const url = transport === 'bosh' ? { bosh_service_url: `http://127.0.0.1:${port}/` } : { websocket_url: `ws://127.0.0.1:${port}/` };
      const chat = await openPage({ settings: { ...loginSettings(account, transport), ...url } });
      await expectFailure(chat, 'unreachable', 2, account);
    });

    test('a server that insists on TLS', { tag: '@once' }, async ({ newAccount, openPage, loginSettings }) => {
      const strict = await startProsody({ domain: 'capulet.lit', requireTls: true });
      try {
        const account = await newAccount();
        const chat = await openPage({ settings: { ...loginSettings(account, transport), ...service(strict, transport) } });
        await expectFailure(chat, 'encryption-required', 2, account);
      } finally {
        await strict.stop();
      }
    });

    test('the other client takes the resource', async ({ newAccount, logIn, loginSettings }) => {
      const account = await newAccount();
      const here = { ...account, jid: `${account.jid}/here` };
      const first = await logIn(here, { transport, settings: { auto_reconnect: false } });
      await first.quiet();
      await logIn(here, { transport: 'websocket' });
      expect(await first.event('disconnected')).toMatchObject({ name: 'ConnectionError', code: 'replaced' });
      // What is known of the account stays for the next log-in; nothing that leads into this session does.
      expect((await first.stored()).filter((key) => /session|memory/.test(key))).toEqual([]);
      await recover(first, account);
      expect(loginSettings(account)).toBeDefined();
    });

    // Prosody says that it is not authorised any more, ejabberd that there is a conflict.
    test('the account is removed under the client', async ({ newAccount, logIn, server }) => {
      const account = await newAccount();
      const chat = await logIn(account, { transport, settings: { auto_reconnect: false } });
      await chat.quiet();
      await server.removeUser(account.jid);
      expect(await chat.event('disconnected')).toMatchObject({ name: 'ConnectionError', code: expect.stringMatching(/^(stream-error|replaced)$/) });
      await recover(chat, await newAccount());
    });
  });
}

test('a web page at the address of BOSH', async ({ newAccount, openPage, loginSettings }) => {
  const account = await newAccount();
  for (const [status, body] of [[200, '<!doctype html><title>Welcome</title>'], [200, ''], [404, 'Not found']] as const) {
    await using server = await listening(createServer((request, response) => {
      const headers = { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'content-type', 'content-type': 'text/html' };
      response.writeHead(request.method === 'OPTIONS' ? 204 : status, headers).end(request.method === 'OPTIONS' ? '' : body);
    }));
    const chat = await openPage({ settings: { ...loginSettings(account, 'bosh'), bosh_service_url: `http://127.0.0.1:${server.port}/` } });
    await expectFailure(chat, 'not-xmpp', 2, account);
  }
});

test('a page of another origin, which says nothing of CORS, at the address of BOSH', async ({ newAccount, openPage, loginSettings }) => {
  const account = await newAccount();
  await using server = await listening(createServer((_, response) => response.end('hello')));
  const chat = await openPage({ settings: { ...loginSettings(account, 'bosh'), bosh_service_url: `http://127.0.0.1:${server.port}/` } });
  await expectFailure(chat, 'unreachable', 2, account, /CORS/);
});

test('a web page at the address of the WebSocket', async ({ newAccount, openPage, loginSettings, site }) => {
  const account = await newAccount();
  const chat = await openPage({ settings: { ...loginSettings(account), websocket_url: site.url.replace('http', 'ws') } });
  await expectFailure(chat, 'unreachable', 2, account);
});

test.describe('a WebSocket server', { tag: '@once' }, () => {
  const open = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='capulet.lit' id='1' version='1.0'/>";
  const features = (inside: string) => `<stream:features xmlns:stream='http://etherx.jabber.org/streams'>${inside}</stream:features>`;
  const mechanisms = (...names: string[]) =>
    features(`<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>${names.map((name) => `<mechanism>${name}</mechanism>`).join('')}</mechanisms>`);
  const streamError = (condition: string) =>
    `<stream:error xmlns:stream='http://etherx.jabber.org/streams'><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>`;
  const sasl = (name: string, inside = '') => `<${name} xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>${inside}</${name}>`;

  const cases: [what: string, code: string, state: number, answers: (string | string[] | null)[]][] = [
    ['that speaks something else', 'not-xmpp', 2, ['<hello/>']],
    ['that sends what is no XML', 'protocol-error', 2, ['{"hello": "world"}']],
    ['that sends what XMPP forbids', 'protocol-error', 2, [[open, '<!DOCTYPE x [<!ENTITY a "b">]><stream:features/>']]],
    ['that breaks off', 'connection-lost', 2, [null]],
    ['that is shutting down', 'stream-error', 2, [[open, streamError('system-shutdown')]]],
    ['that closes at once', 'connection-lost', 2, [[open, "<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>"]]],
    ['that wants STARTTLS', 'encryption-required', 2, [[open, features("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>")]]],
    ['that offers nothing known', 'no-mechanism', 2, [[open, mechanisms('GSSAPI', 'X-MAGIC')]]],
    ['that says success before it has proved anything', 'server-not-authentic', 2, [[open, mechanisms('SCRAM-SHA-256')], sasl('success')]],
    ['that challenges with another nonce', 'server-not-authentic', 2, [[open, mechanisms('SCRAM-SHA-1')], sasl('challenge', btoa('r=mine,s=QSXCR+Q6sek8bf92,i=4096'))]],
    ['that refuses with a reason', 'authentication-failed', 4, [[open, mechanisms('PLAIN')], sasl('failure', '<account-disabled/>')]],
    ['that has no resource to bind', 'protocol-error', 2, [[open, mechanisms('PLAIN')], sasl('success'), [open, features('')]]],
  ];

  const CLOSE = "<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>";
  for (const [what, code, state, answers] of cases) {
    test(what, async ({ newAccount, openPage, loginSettings }) => {
      await using server = await scriptedSocket((message, index) => (message.startsWith('<close') ? CLOSE : index < answers.length ? answers[index]! : []));
      const account = await newAccount();
      const chat = await openPage({ settings: { ...loginSettings(account), websocket_url: server.url } });
      await expectFailure(chat, code, state, account);
    });
  }

  test('that does not know the subprotocol', async ({ newAccount, openPage, loginSettings }) => {
    await using server = await scriptedSocket(() => [], '');
    const account = await newAccount();
    const chat = await openPage({ settings: { ...loginSettings(account), websocket_url: server.url } });
    await expectFailure(chat, 'unreachable', 2, account);
  });

  test('hands on the condition it gave', async ({ newAccount, openPage, loginSettings }) => {
    await using server = await scriptedSocket(() => [open, streamError('policy-violation')]);
    const chat = await openPage({ settings: { ...loginSettings(await newAccount()), websocket_url: server.url, auto_login: false } });
    await chat.event('connectionInitialized');
    const condition = await chat.page.evaluate(() => _converse.api.user.login().catch((error) => error.condition));
    expect(condition).toBe('policy-violation');
  });
});

test('mistakes in the call: the promise says so, and nothing is begun', async ({ newAccount, openPage, server }) => {
  const chat = await openPage({ settings: service(server, 'websocket') });
  await chat.event('connectionInitialized');
  expect(await chat.login()).toMatchObject(failed('ConfigurationError', 'no-jid'));
  expect(await chat.login({ jid: 'a@@b', password: 'x' })).toMatchObject(failed('ConfigurationError', 'invalid-jid'));
  expect(await chat.login({ jid: 'juliet@capulet.lit' })).toMatchObject(failed('ConfigurationError', 'no-password'));
  expect(await chat.login({ jid: 'capulet.lit', password: 'x' })).toMatchObject(failed('ConfigurationError', 'no-user'));
  expect(await chat.login('juliet@capulet.lit' as never)).toMatchObject({ ok: false, name: 'TypeError' });
  expect((await chat.events()).filter((name) => name === 'connfeedback' || name === 'disconnected')).toEqual([]);
  expect(await chat.login(await newAccount())).toEqual({ ok: true });
});

test('a mistake in the call of a plugin that handles nothing is told to the page', async ({ openPage, server }) => {
  const chat = await openPage({ settings: service(server, 'websocket'), plugin: (_converse) => void _converse.api.user.login({ jid: 'a@@b' }) });
  await chat.event('connectionInitialized');
  await expect.poll(() => chat.uncaught()).toEqual([expect.stringContaining('the jid to log in with is not valid')]);
});
