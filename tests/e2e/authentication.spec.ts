import { createServer, type ServerResponse } from 'node:http';

import { TRANSPORTS, expect, failed, listening, service, type Chat } from './support/chat.ts';
import { test } from './support/named-hosts.ts';
import { prebind } from './support/prebind.ts';
import { offering } from './support/scripted-socket.ts';

/** A web server whose every answer the test makes up. The n-th question is 0 at first. */
async function answering(answer: (index: number, response: ServerResponse) => unknown) {
  const accepts: (string | undefined)[] = [];
  const server = createServer(async (request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    accepts.push(request.headers.accept);
    // Who asks a server that is down is told so.
    const body = await Promise.resolve(answer(accepts.length - 1, response)).catch(() => response.writeHead(503).end() && '');
    if (!response.writableEnded) {
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    }
  });
  const listener = await listening(server);
  return { url: `http://127.0.0.1:${listener.port}/`, accepts, [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose]() };
}

/** Nothing that a page or a person can see has the secret in it. */
async function expectNowhere(chat: Chat, secret: string): Promise<void> {
  const inPage = await chat.page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }, Object.keys(window), document.documentElement.outerHTML]));
  expect(JSON.stringify([await chat.seen(), chat.warnings, await chat.uncaught(), inPage])).not.toContain(secret);
}

test.describe('prebind', () => {
  test('prebind_url: the session is taken up, kept over a reload, and asked for again when it is lost', async ({ server, newAccount, openPage }) => {
    const account = await newAccount([{ jid: 'romeo@montague.lit' }]);
    await using helper = await answering(() => prebind(server, account));
    const settings = { ...service(server, 'bosh'), authentication: 'prebind' as const, prebind_url: helper.url, auto_login: true };
    const chat = await openPage({ settings });
    expect(await chat.outcome()).toEqual({ ok: true });
    expect(await chat.jid()).toBe(`${account.jid}/prebound`);
    await chat.event('rosterContactsFetched');
    expect(helper.accepts).toEqual(['application/json']);
    await chat.page.reload();
    await chat.initialize(settings);
    await chat.event('connected');
    expect(helper.accepts).toHaveLength(1);
    await server.restart();
    await chat.event('reconnected');
    expect(helper.accepts.length).toBeGreaterThan(1);
    await chat.logOut();
    expect(await chat.stored()).toEqual([]);
    // Without parameters it is the same way in again.
    expect(await chat.login()).toEqual({ ok: true });
  });

  test('jid, sid and rid are taken up', async ({ server, newAccount, openPage }) => {
    const session = await prebind(server, await newAccount());
    const chat = await openPage({ settings: { ...service(server, 'bosh'), authentication: 'prebind', auto_login: true, ...session } });
    expect(await chat.outcome()).toEqual({ ok: true });
    expect(await chat.jid()).toBe(session.jid);
  });

  test('what is missing, and what is no use, is told at once', async ({ server, openPage }) => {
    const settings = { ...service(server, 'bosh'), authentication: 'prebind' as const, auto_login: true };
    expect(await (await openPage({ settings })).outcome()).toMatchObject(failed('ConfigurationError', 'no-prebind'));
    const websocket = { ...settings, websocket_url: server.websocketUrl };
    expect(await (await openPage({ settings: websocket })).outcome()).toMatchObject(failed('ConfigurationError', 'prebind-needs-bosh'));
    for (const answer of ['<html>', { jid: 'juliet@capulet.lit', sid: 's3cret', rid: 1 }, { jid: 'juliet@capulet.lit/x', sid: 's3cret', rid: -1 }]) {
      await using helper = await answering(() => answer);
      const chat = await openPage({ settings: { ...settings, prebind_url: helper.url } });
      expect(await chat.outcome()).toMatchObject(failed('ConnectionError', 'prebind-failed'));
      expect(await chat.event('noResumeableSession')).toMatchObject({ code: 'prebind-failed' });
      await expectNowhere(chat, 's3cret');
    }
  });

  test('a session that is gone is not attached to for ever', async ({ server, openPage }) => {
    await using helper = await answering(() => ({ jid: 'juliet@capulet.lit/x', sid: 'gone', rid: 5 }));
    const settings = { ...service(server, 'bosh'), authentication: 'prebind' as const, auto_login: true, prebind_url: helper.url };
    const chat = await openPage({ settings });
    expect(await chat.event('disconnected')).toMatchObject({ name: 'ConnectionError' });
    expect(helper.accepts).toHaveLength(1);
  });
});

for (const transport of TRANSPORTS) {
  test.describe(`credentials_url over ${transport}`, () => {
    test('is asked for what to log in with', async ({ server, newAccount, openPage }) => {
      const account = await newAccount();
      await using helper = await answering(() => account);
      const chat = await openPage({ settings: { ...service(server, transport), credentials_url: helper.url, auto_login: true } });
      expect(await chat.outcome()).toEqual({ ok: true });
      expect(await chat.jid()).toContain(account.jid);
      await expectNowhere(chat, account.password);
      expect(await chat.login()).toEqual({ ok: true });
      expect(helper.accepts).toEqual(['application/json', 'application/json']);
    });
  });
}

test.describe('credentials_url', () => {
  test('is asked again when the server refuses, and not for ever', async ({ server, newAccount, openPage }) => {
    const account = await newAccount();
    await using helper = await answering((index) => ({ ...account, password: index % 4 === 1 ? account.password : 'wr0ng' }));
    const settings = { ...service(server, 'websocket'), credentials_url: helper.url, auto_login: true };
    const chat = await openPage({ settings });
    expect(await chat.outcome()).toEqual({ ok: true });
    expect(helper.accepts).toHaveLength(2);
    expect(await chat.login()).toMatchObject(failed('ConnectionError', 'authentication-failed'));
    expect(helper.accepts).toHaveLength(5);
    await chat.page.evaluate(() => _converse.api.settings.set('auto_reconnect', false));
    await expectNowhere(chat, 'wr0ng');
  });

  test('an answer that is none fails with its own code', async ({ server, openPage }) => {
    for (const answer of ['<html>s3cret', '{"password":"s3cret"}', null]) {
      await using helper = await answering((_, response) => (answer ? answer : response.writeHead(500).end('{"jid":"a@b","password":"s3cret"}') && ''));
      const chat = await openPage({ settings: { ...service(server, 'websocket'), credentials_url: helper.url, auto_login: true } });
      expect(await chat.outcome()).toMatchObject(failed('ConnectionError', 'credentials-failed'));
      expect(await chat.event('noResumeableSession')).toMatchObject({ code: 'credentials-failed' });
      expect(chat.wire).toEqual([]);
      await expectNowhere(chat, 's3cret');
    }
  });
});

test('external: nothing but the mechanism is sent', { tag: '@once' }, async ({ openPage }) => {
  await using server = await offering('EXTERNAL');
  const chat = await openPage({ settings: { websocket_url: server.url, authentication: 'external', auto_login: true, jid: 'juliet@capulet.lit' } });
  expect(await chat.outcome()).toEqual({ ok: true });
  const auth = chat.wire.find((frame) => frame.startsWith('><auth'));
  expect(auth).toMatch(/mechanism=['"]EXTERNAL['"]/);
  expect(auth).toContain('>=</auth>');
});

test('external: a server without it is told from a refusal', async ({ server, openPage }) => {
  const chat = await openPage({ settings: { ...service(server, 'websocket'), authentication: 'external', auto_login: true, jid: 'juliet@capulet.lit' } });
  expect(await chat.event('disconnected')).toMatchObject({ code: 'no-mechanism' });
});

test('oauth_token: OAUTHBEARER', { tag: '@once' }, async ({ openPage }) => {
  await using server = await offering('OAUTHBEARER');
  const chat = await openPage({ settings: { websocket_url: server.url } });
  await chat.event('connectionInitialized');
  expect(await chat.login({ jid: 'juliet@capulet.lit', oauth_token: 't0ken' })).toEqual({ ok: true });
  const auth = chat.wire.find((frame) => frame.startsWith('><auth')) ?? '';
  expect(Buffer.from(/>([^<]+)<\/auth>/.exec(auth)?.[1] ?? '', 'base64').toString()).toBe('n,a=juliet@capulet.lit,\x01auth=Bearer t0ken\x01\x01');
  await expectNowhere(chat, 't0ken');
});

test.describe('where others can listen', () => {
  test('SCRAM works', async ({ server, newAccount, openPage }) => {
    const websocket_url = server.websocketUrl.replace('127.0.0.1', 'server.lit');
    const chat = await openPage({ settings: { websocket_url, auto_login: true, ...(await newAccount()) } });
    expect(await chat.outcome()).toEqual({ ok: true });
  });

  test('a password or token is kept back until the page says otherwise', { tag: '@once' }, async ({ openPage }) => {
    for (const [mechanism, credentials] of [['PLAIN', { password: 's3cret' }], ['OAUTHBEARER', { oauth_token: 's3cret' }]] as const) {
      await using server = await offering(mechanism);
      const chat = await openPage({ settings: { websocket_url: server.url.replace('127.0.0.1', 'server.lit') } });
      await chat.event('connectionInitialized');
      const given = { jid: 'juliet@capulet.lit', ...credentials };
      expect(await chat.login(given)).toMatchObject(failed('ConnectionError', 'insecure-channel'));
      expect(chat.wire.filter((frame) => frame.startsWith('>')).map((frame) => frame.slice(1, 6))).toEqual(['<open', '<clos']);
      await expectNowhere(chat, 's3cret');
    }
    await using server = await offering('PLAIN');
    const chat = await openPage({ settings: { websocket_url: server.url.replace('127.0.0.1', 'server.lit'), allow_plaintext_authentication: true } });
    await chat.event('connectionInitialized');
    expect(await chat.login({ jid: 'juliet@capulet.lit', password: 's3cret' })).toEqual({ ok: true });
  });
});
