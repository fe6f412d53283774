import { TRANSPORTS, expect, test, type Chat } from './support/chat.ts';

const told = async (chat: Chat) => (await chat.events()).filter((name) => ['clearSession', 'setUserJID', 'connected', 'disconnected'].includes(name));

for (const transport of TRANSPORTS) {
  test(`a session that is gone is cleared before the next begins, ${transport}`, async ({ newAccount, logIn, loginSettings, server }) => {
    const account = await newAccount();
    const chat = await logIn(account, { transport });
    // Nothing was there to be restored.
    expect(await told(chat)).toEqual(['setUserJID', 'connected']);
    await chat.page.reload();
    await chat.initialize(loginSettings(account, transport));
    expect(await chat.outcome()).toEqual({ ok: true });
    expect(await told(chat)).toEqual(['setUserJID', 'connected']);
    const url = chat.page.url();
    await chat.page.goto('about:blank');
    await server.restart();
    await chat.page.goto(url);
    await chat.initialize(loginSettings(account, transport));
    expect(await chat.outcome()).toEqual({ ok: true });
    expect(await told(chat)).toEqual(['clearSession', 'setUserJID', 'connected']);
  });
}

test('a session that is gone is cleared when no other begins', async ({ newAccount, logIn, loginSettings, server }) => {
  const account = await newAccount();
  const chat = await logIn(account, { transport: 'bosh' });
  const url = chat.page.url();
  await chat.page.goto('about:blank');
  await server.restart();
  await chat.page.goto(url);
  await chat.initialize({ ...loginSettings(account, 'bosh'), password: '' });
  await chat.event('disconnected');
  expect(await told(chat)).toEqual(['clearSession', 'disconnected']);
});
