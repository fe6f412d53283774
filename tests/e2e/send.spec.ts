import type { ClosuredConverse, Converse } from '../../www/types/index.d.ts';
import { expect, test } from './support/chat.ts';

declare const converse: Converse;
declare const _converse: ClosuredConverse;

test('the documented snippet sends a message', async ({ newAccount, logIn }) => {
  const juliet = await newAccount();
  const romeo = await logIn(await newAccount([{ jid: juliet.jid }], 'romeo'));
  const chat = await logIn(juliet);
  await romeo.page.evaluate(() => 0);
  await chat.send(await romeo.jid(), 'hi');
  expect(await romeo.message('hi')).toBe(await chat.jid());
});
