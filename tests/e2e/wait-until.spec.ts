import { expect, test } from './support/chat.ts';

test('the documented line runs its handler, before and after the fact', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount([{ jid: 'nurse@capulet.lit' }]), {
    plugin: `(_converse) => {
      const plugin = { initInviteWidget() { _converse.emit('widget', this === plugin, _converse.api.contacts.get().length); } };
      _converse.api.waitUntil('rosterContactsFetched').then(plugin.initInviteWidget.bind(plugin));
    }`,
  });
  await chat.event('widget');
  await chat.page.evaluate(() => {
    _converse.api.waitUntil('rosterContactsFetched').then(() => _converse.emit('late', true, _converse.api.contacts.get().length));
  });
  await chat.event('late');
  const seen = await chat.seen();
  expect(seen.find(({ name }) => name === 'widget')?.payload).toEqual([true, 1]);
  expect(seen.find(({ name }) => name === 'late')?.payload).toEqual([true, 1]);
});

test('after the log-in the promises of a session are kept, the others are not broken', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount());
  const states = await chat.page.evaluate(async () => {
    const names = [
      'pluginsInitialized', 'connectionInitialized', 'initialized', 'statusInitialized', 'rosterInitialized', 'rosterGroupsFetched',
      'roster', 'rosterContactsFetched', 'chatBoxesFetched', 'cachedRoster', 'roomsPanelRendered', 'nonsense', 'connected', 'disconnected',
    ];
    return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await probe.state(_converse.api.waitUntil(name))])));
  });
  expect(states).toEqual({
    pluginsInitialized: 'kept undefined',
    connectionInitialized: 'kept undefined',
    initialized: 'kept undefined',
    statusInitialized: 'kept undefined',
    rosterInitialized: 'kept undefined',
    rosterGroupsFetched: 'kept undefined',
    roster: 'kept undefined',
    rosterContactsFetched: 'kept undefined',
    chatBoxesFetched: 'kept undefined',
    cachedRoster: 'pending',
    roomsPanelRendered: 'kept undefined',
    nonsense: null,
    connected: null,
    disconnected: null,
  });
});

test('is the same promise each time, until the log-out', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount());
  const same = () => chat.page.evaluate(() => {
    const { waitUntil } = _converse.api;
    const page = globalThis as unknown as { kept?: unknown[] };
    const now = [waitUntil('rosterContactsFetched'), waitUntil('pluginsInitialized'), waitUntil('cachedRoster')];
    const same = now.map((promise, index) => promise === (page.kept ?? now)[index]);
    page.kept = now;
    return same;
  });
  expect(await same()).toEqual([true, true, true]);
  expect(await same()).toEqual([true, true, true]);
  await chat.logOut();
  // That of the session is new. What belongs to the page, and what never came true, stays.
  expect(await same()).toEqual([false, true, true]);
  expect(await chat.page.evaluate(() => probe.state(_converse.api.waitUntil('rosterContactsFetched')))).toBe('pending');
  expect(await chat.login()).toEqual({ ok: true });
  expect(await chat.page.evaluate(() => _converse.api.waitUntil('rosterContactsFetched').then(() => 'kept'))).toBe('kept');
});
