import { startProsody } from '../support/prosody.mjs';
import { expect, failed, test as base, type Chat, type Server } from './support/chat.ts';

/** A server with SASL2, Bind 2, FAST and inline stream management. */
const test = base.extend<object, { server: Server }>({
  server: [
    async ({}, use) => {
      const modules = ['sasl2', 'sasl2_bind2', 'sasl2_fast', 'mend_fast', 'sasl2_sm', 'mend_sm'];
      const prosody = await startProsody({ domain: 'capulet.lit', modules });
      await use(prosody);
      await prosody.stop();
    },
    { scope: 'worker' },
  ],
});

const sent = (chat: Chat, from = 0) => chat.wire.slice(from).filter((frame) => frame.startsWith('>'));
const authenticate = (chat: Chat, from = 0) => sent(chat, from).filter((frame) => frame.startsWith('><authenticate'));
const received = (chat: Chat, from = 0) => chat.wire.slice(from).filter((frame) => frame.startsWith('<<'));
const token = (chat: Chat) => /<token[^>]*\stoken=['"]([^'"]+)/.exec(chat.wire.join(''))?.[1] ?? '';

test('one exchange authenticates, binds and switches carbons on', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount());
  const [first] = authenticate(chat);
  expect(first).toMatch(/mechanism=['"]SCRAM-SHA-256['"]/);
  expect(first).toContain('urn:xmpp:bind:0');
  expect(first).toContain('urn:xmpp:carbons:2');
  const after = sent(chat).map((frame) => frame.slice(1)).join('\n');
  expect(after).not.toMatch(/<auth |xmpp-bind|<session/);
  expect(after.match(/<open/g)).toHaveLength(1);
  expect(after.match(/<enable[^>]*urn:xmpp:carbons:2/g)).toHaveLength(1);
});

test('stream management is on with the binding, and a reload resumes in the same exchange', async ({ newAccount, logIn, loginSettings }) => {
  const account = await newAccount();
  const juliet = await logIn(account);
  const romeo = await logIn(await newAccount([], 'romeo'));
  expect(authenticate(juliet)[0]).toMatch(/<bind [^>]*urn:xmpp:bind:0.*<enable [^>]*urn:xmpp:sm:3/);
  expect(received(juliet).find((frame) => frame.includes('<success'))).toMatch(/<bound .*<enabled [^>]*urn:xmpp:sm:3/);
  expect(sent(juliet).filter((frame) => frame.startsWith('><enable'))).toEqual([]);
  await romeo.send(await juliet.jid(), 'before');
  await juliet.message('before');
  const jid = await juliet.jid();
  await juliet.page.goto('about:blank');
  // It arrives while nobody is there, and waits for whoever goes on.
  await romeo.send(jid, 'between');
  const from = juliet.wire.length;
  await juliet.page.goBack();
  const { password: _, ...settings } = loginSettings(account);
  await juliet.initialize(settings);
  expect(await juliet.outcome()).toEqual({ ok: true });
  expect(authenticate(juliet, from)).toHaveLength(1);
  expect(authenticate(juliet, from)[0]).toMatch(/mechanism=['"]HT-SHA-256-NONE['"].*<resume /);
  expect(received(juliet, from).find((frame) => frame.includes('<success'))).toMatch(/<resumed [^>]*urn:xmpp:sm:3/);
  expect(await juliet.jid()).toBe(jid);
  await juliet.message('between');
  expect((await juliet.events()).filter((name) => name === 'message')).toHaveLength(1);
  await juliet.send(await romeo.jid(), 'after');
  expect(await romeo.message('after')).toBe(jid);
});

test('a resumption that the server refuses is a log-in in the same exchange', async ({ newAccount, logIn, loginSettings }) => {
  const account = await newAccount();
  const chat = await logIn(account);
  await chat.page.goto('about:blank');
  await chat.page.goBack();
  await chat.page.evaluate(() => {
    const key = 'converse-wasm/session';
    sessionStorage.setItem(key, sessionStorage.getItem(key)!.replace(/(<management[^>]* id=['"])[^'"]*/, '$1gone'));
  });
  const from = chat.wire.length;
  const { password: _, ...settings } = loginSettings(account);
  await chat.initialize(settings);
  expect(await chat.outcome()).toEqual({ ok: true });
  expect(authenticate(chat, from)).toHaveLength(1);
  expect(authenticate(chat, from)[0]).toMatch(/<resume [^>]*previd=['"]gone['"]/);
  expect(received(chat, from).find((frame) => frame.includes('<success'))).toMatch(/<failed [^>]*urn:xmpp:sm:3.*<bound .*<enabled /);
  await chat.event('rosterContactsFetched');
});

test('a token leads in after a reload, without a password', async ({ newAccount, logIn, loginSettings }) => {
  const account = await newAccount();
  const chat = await logIn(account);
  const secret = token(chat);
  expect(secret).not.toBe('');
  const { password, ...settings } = loginSettings(account);
  const from = chat.wire.length;
  await chat.page.reload();
  await chat.initialize(settings);
  expect(await chat.outcome()).toEqual({ ok: true });
  expect(authenticate(chat, from)).toHaveLength(1);
  expect(authenticate(chat, from)[0]).toMatch(/mechanism=['"]HT-SHA-256-NONE['"]/);
  expect(authenticate(chat, from)[0]).toMatch(/<fast [^>]*count=['"]1['"]/);
  const inPage = await chat.page.evaluate(() => JSON.stringify([_converse.user_settings, { ...localStorage }, Object.keys(window), document.documentElement.outerHTML]));
  for (const hidden of [secret, password!]) {
    expect(JSON.stringify([await chat.seen(), chat.warnings, inPage])).not.toContain(hidden);
  }
  expect(await chat.page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain(password);
  // And once more, with the next number.
  const again = chat.wire.length;
  await chat.page.reload();
  await chat.initialize({ ...settings, auto_login: false });
  await chat.event('connected');
  expect(authenticate(chat, again)[0]).toMatch(/<fast [^>]*count=['"]2['"]/);
});

test('a tab that is duplicated does not use the token of the first', async ({ newAccount, logIn, openPage, loginSettings }) => {
  const account = await newAccount();
  const first = await logIn(account);
  const stored = await first.page.evaluate(() => ({ ...sessionStorage }) as Record<string, string>);
  const second = await openPage({ beside: first });
  await second.page.evaluate((stored) => Object.assign(sessionStorage, stored), stored);
  await second.initialize(loginSettings(account));
  expect(await second.outcome()).toEqual({ ok: true });
  expect(authenticate(second)[0]).toMatch(/mechanism=['"]SCRAM-SHA-256['"]/);
  const client = (chat: Chat) => /<user-agent id=['"]([^'"]+)/.exec(authenticate(chat)[0] ?? '')?.[1];
  expect(client(second)).not.toBe(client(first));
  const { password: _, ...settings } = loginSettings(account);
  const from = first.wire.length;
  await first.page.reload();
  await first.initialize(settings);
  expect(await first.outcome()).toEqual({ ok: true });
  expect(received(first, from).find((frame) => frame.includes('<success'))).toMatch(/<resumed /);
});

test('a log-out wipes the token', async ({ newAccount, logIn, loginSettings }) => {
  const account = await newAccount();
  const chat = await logIn(account);
  const secret = token(chat);
  expect(await chat.page.evaluate(() => JSON.stringify({ ...sessionStorage }))).toContain(secret);
  await chat.logOut();
  expect(await chat.page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]))).not.toContain(secret);
  const { password: _, ...settings } = loginSettings(account);
  await chat.page.reload();
  await chat.initialize(settings);
  expect(await chat.outcome()).toMatchObject(failed('ConfigurationError', 'no-password'));
});

test('a device that is not trusted gets no token', async ({ newAccount, logIn }) => {
  const account = await newAccount();
  const chat = await logIn(account, { settings: { trusted: false } });
  expect(token(chat)).toBe('');
  expect(authenticate(chat)[0]).not.toContain('urn:xmpp:fast:0');
  expect(await chat.page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain(account.password);
});

test('a token the server does not take: the password, if there is one, does', async ({ newAccount, logIn, loginSettings }) => {
  const account = await newAccount();
  const chat = await logIn(account);
  const secret = token(chat);
  const spoil = () => chat.page.evaluate((secret) => {
    for (const [key, value] of Object.entries(sessionStorage)) {
      sessionStorage.setItem(key, value.replace(secret, 'secret-token:of-nobody'));
    }
    sessionStorage.removeItem('converse-wasm/session');
  }, secret);
  await chat.page.goto('about:blank');
  await chat.page.goBack();
  await spoil();
  const from = chat.wire.length;
  await chat.page.reload();
  await chat.initialize(loginSettings(account));
  expect(await chat.outcome()).toEqual({ ok: true });
  expect(authenticate(chat, from).map((frame) => /mechanism=['"]([^'"]+)/.exec(frame)?.[1])).toEqual(['HT-SHA-256-NONE', 'SCRAM-SHA-256']);
});
