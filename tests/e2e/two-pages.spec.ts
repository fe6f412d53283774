import { TRANSPORTS, expect, failed, test, type Chat } from './support/chat.ts';

for (const [here, there] of TRANSPORTS.flatMap((here) => TRANSPORTS.map((there) => [here, there] as const))) {
  test(`two people talk, ${here} to ${there}`, async ({ newAccount, logIn }) => {
    const answering = `(_converse) => {
      _converse.api.listen.on('message', (message) => {
        const [n] = /\\d+$/.exec(message.querySelector('body').textContent);
        if (Number(n) < 20) {
          const to = message.getAttribute('from');
          _converse.api.send(converse.env.$msg({ to, type: 'chat' }).c('body').t('line ' + (Number(n) + 1)));
        }
      });
    }`;
    const [juliet, romeo] = [
      await logIn(await newAccount(), { transport: here, plugin: answering }),
      await logIn(await newAccount([], 'romeo'), { transport: there, plugin: answering }),
    ];
    await juliet.send(await romeo.jid(), 'line 1');
    await juliet.message('line 20');
    await romeo.message('line 19');
    for (const [chat, count] of [[juliet, 10], [romeo, 10]] as const) {
      expect((await chat.events()).filter((name) => name === 'message')).toHaveLength(count);
      expect(await chat.uncaught()).toEqual([]);
      expect(chat.warnings).toEqual([]);
    }
  });
}

test('two tabs of one browser are two people', async ({ newAccount, logIn }) => {
  const juliet = await logIn(await newAccount(), { transport: 'bosh' });
  const romeo = await logIn(await newAccount([], 'romeo'), { transport: 'bosh', beside: juliet });
  await juliet.send(await romeo.jid(), 'art thou there?');
  expect(await romeo.message('art thou there?')).toBe(await juliet.jid());
  await juliet.logOut();
  expect(await romeo.page.evaluate(() => _converse.api.connection.connected)).toBe(true);
  expect(await romeo.stored()).toContain('converse-wasm/session');
});

for (const transport of TRANSPORTS) {
  test(`a tab that is duplicated is a person of its own, ${transport}`, async ({ newAccount, logIn, openPage, loginSettings }) => {
    const account = await newAccount();
    const first = await logIn(account, { transport });
    const second = await openPage({ beside: first });
    await copyStorage(first, second);
    await second.initialize(loginSettings(account, transport));
    expect(await second.outcome()).toEqual({ ok: true });
    expect(second.wire.join('')).not.toContain('<resume');
    expect(await second.jid()).not.toBe(await first.jid());
    await first.send(await second.jid(), 'I am still here');
    await second.message('I am still here');
    expect(await first.events()).not.toContain('will-reconnect');
    // Each goes on with its own.
    for (const tab of [first, second]) {
      const jid = await tab.jid();
      await tab.page.reload();
      await tab.initialize(loginSettings(account, transport));
      expect(await tab.outcome()).toEqual({ ok: true });
      expect(await tab.jid()).toBe(jid);
    }
    expect(await second.events()).not.toContain('will-reconnect');
  });
}

test('a duplicate without a password does not take the session away', async ({ newAccount, logIn, openPage, loginSettings }) => {
  const account = await newAccount();
  const first = await logIn(account, { transport: 'bosh' });
  const second = await openPage({ beside: first });
  await copyStorage(first, second);
  const { password: _, ...settings } = loginSettings(account, 'bosh');
  await second.initialize(settings);
  expect(await second.outcome()).toMatchObject(failed('ConfigurationError', 'no-password'));
  expect(second.wire).toEqual([]);
  expect(await second.stored()).not.toContain('converse-wasm/session');
  // The first goes on, over a reload too.
  const jid = await first.jid();
  await first.page.reload();
  await first.initialize(settings);
  expect(await first.outcome()).toEqual({ ok: true });
  expect(await first.jid()).toBe(jid);
});

test('a browser without locks goes on after a reload all the same', async ({ newAccount, logIn, loginSettings }) => {
  const account = await newAccount();
  const chat = await logIn(account, { transport: 'bosh' });
  const jid = await chat.jid();
  await chat.page.addInitScript(() => Object.defineProperty(navigator, 'locks', { value: undefined }));
  await chat.page.reload();
  const { password: _, ...settings } = loginSettings(account, 'bosh');
  await chat.initialize(settings);
  expect(await chat.outcome()).toEqual({ ok: true });
  expect(await chat.jid()).toBe(jid);
});

/** What a browser does that duplicates a tab. */
async function copyStorage(from: Chat, to: Chat): Promise<void> {
  const stored = await from.page.evaluate(() => ({ ...sessionStorage }) as Record<string, string>);
  await to.page.evaluate((stored) => Object.entries(stored).forEach(([key, value]) => sessionStorage.setItem(key, value)), stored);
}
