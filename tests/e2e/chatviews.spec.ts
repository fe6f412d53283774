import { expect, test } from './support/chat.ts';

test('no view is open where nothing is shown', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount([{ jid: 'buddy@example.com' }]));
  expect(
    await chat.page.evaluate(async () => {
      const { chats, chatviews } = _converse.api as any;
      await chats.open('buddy@example.com');
      const views = chatviews.get(['buddy1@example.com', 'buddy2@example.com']);
      return [typeof chatviews.get('buddy@example.com'), views.length, await probe.settle(() => chatviews.get())];
    }),
  ).toEqual(['undefined', 2, { ok: false, name: 'TypeError', message: 'chatviews.get: You need to provide at least one JID' }]);
});
