import { startProsody } from '../support/prosody.mjs';
import { expect, failed, test as base, type Chat, type Server } from './support/chat.ts';

/** A server with SASL2, Bind 2 and FAST. Inline stream management (mod_sasl2_sm) wants a newer mod_smacks than Prosody 0.12 has. */
const test = base.extend<object, { server: Server }>({
  server: [
    async ({}, use) => {
      const modules = ['sasl2', 'sasl2_bind2', 'sasl2_fast', 'mend_fast'];
      const prosody = await startProsody({ domain: 'capulet.lit', modules });
      await use(prosody);
      await prosody.stop();
    },
    { scope: 'worker' },
  ],
});

const sent = (chat: Chat, from = 0) => chat.wire.slice(from).filter((frame) => frame.startsWith('>'));
const authenticate = (chat: Chat, from = 0) => sent(chat, from).filter((frame) => frame.startsWith('><authenticate'));
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
  expect(after.match(/urn:xmpp:carbons:2/g)).toHaveLength(1);
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
