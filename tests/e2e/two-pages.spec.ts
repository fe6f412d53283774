import { TRANSPORTS, expect, test } from './support/chat.ts';

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
