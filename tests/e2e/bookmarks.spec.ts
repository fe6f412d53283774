import { expect, test } from './support/chat.ts';

const ROOM = 'garden@rooms.capulet.lit';

test('a bookmark is kept by the server, changed, and taken out', async ({ newAccount, logIn }) => {
  const account = await newAccount();
  const [here, there] = [await logIn(account), await logIn(account)];
  await here.event('bookmarksInitialized');
  await there.event('bookmarksInitialized');
  await there.page.evaluate(() => {
    const told: string[] = [];
    Object.assign(globalThis, { told });
    _converse.bookmarks!.on('add remove change:autojoin', (model: any) => told.push(`${model.get('jid')} ${model.get('autojoin')}`));
  });
  const made = await here.page.evaluate(async (jid) => {
    const bookmarks = _converse.bookmarks!;
    const bookmark = await bookmarks.createBookmark({ jid, name: 'The garden', nick: 'J', autojoin: true });
    return [bookmark.toJSON(), bookmarks.get(jid) === bookmark, bookmarks.length];
  }, ROOM);
  expect(made).toEqual([{ id: ROOM, jid: ROOM, name: 'The garden', nick: 'J', autojoin: true }, true, 1]);
  const sent = here.wire.find((frame) => frame.startsWith('>') && frame.includes('<publish '));
  // One item for each where the server keeps the older form the same, all in one where it does not.
  expect(sent).toMatch(/(urn:xmpp:bookmarks:1|storage:bookmarks).*<conference[^>]*autojoin=["']true["'].*publish-options.*whitelist/s);
  await expect.poll(() => there.page.evaluate('told')).toEqual([`${ROOM} true`]);

  await here.page.evaluate((jid) => _converse.bookmarks!.get(jid)!.save({ autojoin: false }), ROOM);
  await expect.poll(() => there.page.evaluate('told')).toEqual([`${ROOM} true`, `${ROOM} false`]);
  await there.page.evaluate((jid) => _converse.bookmarks!.get(jid)!.destroy(), ROOM);
  await expect.poll(() => here.page.evaluate(() => _converse.bookmarks!.length)).toBe(0);
});

test('bookmarks are there after the log-in, and after a reload before any answer', async ({ newAccount, logIn }) => {
  const account = await newAccount();
  const other = await logIn(account);
  await other.event('bookmarksInitialized');
  await other.page.evaluate((jid) => _converse.bookmarks!.createBookmark({ jid, name: 'G' }), ROOM);
  const chat = await logIn(account);
  await chat.event('bookmarksInitialized');
  expect(await chat.page.evaluate(() => _converse.bookmarks!.pluck('name'))).toEqual(['G']);
  await chat.page.evaluate(() => dispatchEvent(new Event('pagehide')));
  expect(await chat.stored()).toContain('converse-wasm/bookmarks');
  await chat.logOut();
  expect((await chat.stored()).filter((key) => key.includes('bookmarks') || key.includes('disco') || key.includes('vcards'))).toEqual([]);
});

test('bookmarks are published and fetched again when a plugin says so', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount());
  await chat.event('bookmarksInitialized');
  const kept = await chat.page.evaluate(async (jid) => {
    const bookmarks = _converse.bookmarks!;
    await bookmarks.createBookmark({ jid, name: 'G' });
    await bookmarks.sendBookmarkStanza();
    await bookmarks.fetchBookmarks();
    return bookmarks.pluck('name');
  }, ROOM);
  expect(kept).toEqual(['G']);
  expect(chat.wire.filter((frame) => frame.startsWith('>') && frame.includes('<publish '))).toHaveLength(2);
  expect(chat.wire.filter((frame) => frame.startsWith('>') && frame.includes('<items '))).toHaveLength(2);
});

test('a contact who sends bookmarks is not heard', async ({ newAccount, logIn }) => {
  const [juliet, romeo] = [await newAccount(), await newAccount([], 'romeo')];
  const [chat, evil] = [await logIn(juliet), await logIn(romeo)];
  await chat.event('bookmarksInitialized');
  const to = await chat.jid();
  await evil.page.evaluate((to) => {
    _converse.api.send(`<message to='${to}'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='urn:xmpp:bookmarks:1'>` +
      `<item id='evil@muc.lit'><conference xmlns='urn:xmpp:bookmarks:1' autojoin='true'/></item></items></event></message>`);
    _converse.api.send(`<message to='${to}' type='chat'><body>done</body></message>`);
  }, to);
  await chat.message('done');
  expect(await chat.page.evaluate(() => _converse.bookmarks!.length)).toBe(0);
});

test('without allow_bookmarks nobody asks', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount(), { settings: { allow_bookmarks: false } });
  await chat.event('bookmarksInitialized');
  expect(await chat.page.evaluate(() => _converse.bookmarks!)).toBe(undefined);
  expect(chat.wire.filter((frame) => frame.startsWith('>') && frame.includes('<items node'))).toEqual([]);
});
