import { TRANSPORTS, expect, test } from './support/chat.ts';

const CONTACTS = [
  { jid: 'buddy1@example.com', name: 'Buddy One', groups: ['Friends', 'Work'] },
  { jid: 'buddy2@example.com', subscription: 'to' as const },
  { jid: 'buddy@example.com', name: 'Zoë ❤', subscription: 'none' as const },
];

for (const transport of TRANSPORTS) {
  test(`the documented snippets find contacts over ${transport}`, async ({ newAccount, openPage, loginSettings }) => {
    const chat = await openPage();
    const plugin = (name: string, then: string): string => `
      converse.plugins.add('${name}', {
          initialize: function () {

              var _converse = this._converse;
              _converse.api.listen.on('rosterContactsFetched', function () {
                  ${then}
              });

          }
      });`;
    await chat.script(`window.found = {};
      ${plugin('one', "var contact = _converse.api.contacts.get('buddy@example.com')\n found.one = contact.get('jid');")}
      ${plugin('several', `var contacts = _converse.api.contacts.get(
            ['buddy1@example.com', 'buddy2@example.com']
          )
          found.several = contacts.map((contact) => contact.get('jid'));`)}
      ${plugin('all', "var contacts = _converse.api.contacts.get();\n found.all = contacts.map((contact) => contact.get('jid'));")}`);
    await chat.initialize({ ...loginSettings(await newAccount(CONTACTS), transport), whitelisted_plugins: ['one', 'several', 'all'] });
    await chat.event('rosterContactsFetched');
    expect(await chat.page.evaluate('found')).toEqual({
      one: 'buddy@example.com',
      several: ['buddy1@example.com', 'buddy2@example.com'],
      all: ['buddy1@example.com', 'buddy2@example.com', 'buddy@example.com'],
    });
  });
}

test('a contact has its attributes', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount(CONTACTS));
  const [first, second] = await chat.page.evaluate(() => _converse.api.contacts.get().map((contact) => contact.toJSON()));
  expect(first).toMatchObject({
    id: 'buddy1@example.com',
    jid: 'buddy1@example.com',
    user_id: 'buddy1',
    nickname: 'Buddy One',
    fullname: 'Buddy One',
    subscription: 'both',
    ask: null,
    groups: expect.arrayContaining(['Friends', 'Work']),
  });
  expect(second).toMatchObject({ jid: 'buddy2@example.com', subscription: 'to', groups: [] });
  const reads = await chat.page.evaluate(() => {
    const contact = _converse.api.contacts.get('BUDDY@example.com/phone');
    return [contact?.get('nickname'), contact?.has('nickname'), contact?.has('ask'), contact?.get('no such thing'), contact?.id, contact?.attributes.jid];
  });
  expect(reads).toEqual(['Zoë ❤', true, false, undefined, 'buddy@example.com', 'buddy@example.com']);
});

test('who is no contact is null, what is no address an error', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount(CONTACTS));
  const found = await chat.page.evaluate(async () => {
    const { get } = _converse.api.contacts;
    const many = get(['nobody@example.com', 'buddy@example.com']);
    return [get('nobody@example.com'), many.map((contact) => contact?.id ?? null), get([]), await probe.settle(() => get('a@@b'))];
  });
  expect(found).toEqual([null, [null, 'buddy@example.com'], [], { ok: false, name: 'TypeError', message: 'contacts.get: the jid must be an XMPP address' }]);
});

test('another client changes the roster: a push, a changed contact, a removed one', async ({ newAccount, logIn }) => {
  const account = await newAccount(CONTACTS);
  const [here, there] = [await logIn(account), await logIn(account, { transport: 'bosh' })];
  await here.page.evaluate(() => Object.assign(globalThis, { held: _converse.api.contacts.get('buddy1@example.com') }));
  const set = (item: string) => there.page.evaluate((item) =>
    _converse.api.send(`<iq type='set' id='r${Math.random()}'><query xmlns='jabber:iq:roster'>${item}</query></iq>`), item);
  await set("<item jid='buddy1@example.com' name='Renamed'/>");
  expect(await here.event('rosterPush')).toContain('Renamed');
  expect(await here.page.evaluate('held.get("nickname")')).toBe('Renamed');
  await set("<item jid='new@example.com'/>");
  await here.event('rosterPush', 2);
  expect(await here.page.evaluate(() => _converse.api.contacts.get('new@example.com')?.get('subscription'))).toBe('none');
  await set("<item jid='buddy1@example.com' subscription='remove'/>");
  await here.event('rosterPush', 3);
  expect(await here.page.evaluate(() => [_converse.api.contacts.get('buddy1@example.com'), (globalThis as never as { held: { get(n: string): unknown } }).held.get('nickname')])).toEqual([null, 'Renamed']);
});

test('the contacts of the last account are gone with it', async ({ newAccount, logIn, loginSettings }) => {
  const chat = await logIn(await newAccount(CONTACTS));
  await chat.logOut();
  const other = await newAccount();
  expect(await chat.login(loginSettings(other))).toEqual({ ok: true });
  expect(await chat.page.evaluate(async () => {
    await _converse.api.waitUntil('rosterContactsFetched');
    return _converse.api.contacts.get().length;
  })).toBe(0);
});
