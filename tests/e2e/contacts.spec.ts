import { TRANSPORTS, expect, test } from './support/chat.ts';
import { friends, subscription } from './support/friends.ts';

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

test('a roster too long to be read at once is there whole before what comes after it', { tag: '@once' }, async ({ newAccount, logIn }) => {
  const contacts = Array.from({ length: 1_500 }, (_, n) => ({ jid: `buddy${n}@example.com`, name: `Buddy ${n}`, groups: ['Buddies'] }));
  const chat = await logIn(await newAccount(contacts), {
    plugin: (_converse) => void _converse.api.listen.once('rosterContactsFetched', () => _converse.emit('counted', _converse.roster.length)),
  });
  expect(await chat.event('counted')).toBe(contacts.length);
  expect(Math.max(...chat.wire.map((frame) => frame.length))).toBeGreaterThan(64 * 1024);
  await chat.page.evaluate(() => _converse.api.disco.supports('jabber:iq:roster', 'capulet.lit'));
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

test('add: the documented snippets put somebody into the roster, who is asked', async ({ newAccount, logIn }) => {
  const buddy = await logIn(await newAccount([], 'buddy'));
  const juliet = await logIn(await newAccount());
  const jid = (await buddy.jid()).split('/')[0]!;
  await juliet.script(`_converse.api.contacts.add('${jid}')`);
  expect(await buddy.event('contactRequest')).toBeTruthy();
  const read = () => juliet.page.evaluate((jid) => {
    const contact = _converse.api.contacts.get(jid);
    return contact && [contact.get('nickname'), contact.get('ask'), contact.get('subscription')];
  }, jid);
  await expect.poll(read).toEqual([jid, 'subscribe', 'none']);
  await juliet.script(`_converse.api.contacts.add('${jid}', 'Buddy').then((contact) => _converse.emit('added', contact.get('jid')))`);
  expect(await juliet.event('added')).toBe(jid);
  await expect.poll(read).toEqual(['Buddy', 'subscribe', 'none']);
});

test('add: what is no address is an error at once, a refusal one with its stanza', async ({ newAccount, logIn }) => {
  const juliet = await logIn(await newAccount());
  const before = juliet.wire.length;
  const outcomes = await juliet.page.evaluate(() => {
    const { add } = _converse.api.contacts;
    return Promise.all(['nojid', '', '@', undefined, 5, 'a b@c'].map((jid) => probe.settle(() => add(jid as never))));
  });
  expect(outcomes.every((outcome) => !outcome.ok && outcome.name === 'TypeError')).toBe(true);
  expect(juliet.wire.slice(before).filter((frame) => frame.startsWith('>') && frame.includes('jabber:iq:roster'))).toEqual([]);
  const refused = await juliet.page.evaluate(() =>
    _converse.api.contacts.add('juliet@capulet.lit', 'x'.repeat(2000)).then(
      () => 'added',
      (error: unknown) => (error instanceof Element ? error.getAttribute('type') : String(error)),
    ),
  );
  expect(['error', 'added']).toContain(refused);
});

test('a request: accepted in both directions, seen online, then refused and gone', async ({ newAccount, logIn }) => {
  const [julietAccount, romeoAccount] = [await newAccount(), await newAccount([], 'romeo')];
  const [juliet, romeo] = [await logIn(julietAccount), await logIn(romeoAccount)];
  await juliet.page.evaluate((jid) => _converse.roster.addAndSubscribe(jid, 'Romeo', ['Lovers'], 'please'), romeoAccount.jid);
  await romeo.event('contactRequest');
  const asked = await romeo.page.evaluate((jid) => {
    const contact = _converse.api.contacts.get(jid)!;
    const same = contact.authorize('yes').subscribe() === contact;
    return [contact.get('requesting'), same, _converse.rostergroups.pluck('name')];
  }, julietAccount.jid);
  expect(asked).toEqual([true, true, ['Contact requests']]);
  await expect.poll(() => subscription(juliet, romeoAccount.jid)).toBe('both');
  await expect.poll(() => subscription(romeo, julietAccount.jid)).toBe('both');
  await juliet.event('contactPresenceChanged');
  const online = await juliet.page.evaluate((jid) => {
    const contact = _converse.api.contacts.get(jid)!;
    const group = _converse.rostergroups.get('Lovers')!;
    return {
      status: [contact.get('chat_status'), contact.getStatus(), contact.presence.get('show')],
      resources: [contact.get('resources').length, contact.presence.resources.length],
      name: contact.getDisplayName(),
      online: _converse.roster.getNumOnlineContacts(),
      self: [_converse.roster.isSelf(_converse.jid!), _converse.roster.isSelf(jid)],
      group: [group.get('state'), group.id === converse.env.b64_sha1('Lovers'), group.contacts.pluck('jid'), _converse.rostergroups.length],
      same: _converse.roster.get(jid) === contact,
    };
  }, romeoAccount.jid);
  expect(online).toEqual({
    status: ['online', 'online', 'online'],
    resources: [1, 1],
    name: 'Romeo',
    online: 1,
    self: [true, false],
    group: ['opened', true, [romeoAccount.jid], 1],
    same: true,
  });
  await romeo.page.evaluate((jid) => _converse.api.contacts.get(jid)!.unauthorize(), julietAccount.jid);
  await juliet.event('contactRemoved');
  await expect.poll(() => subscription(juliet, romeoAccount.jid)).toBe(null);
});

test('removeFromRoster: another client sees the contact go', async ({ newAccount, logIn }) => {
  const account = await newAccount(CONTACTS);
  const [here, there] = [await logIn(account), await logIn(account, { transport: 'bosh' })];
  await here.page.evaluate(() => _converse.api.contacts.get('buddy1@example.com')!.removeFromRoster());
  expect(await there.event('contactRemoved')).toMatchObject({ jid: 'buddy1@example.com' });
  await expect.poll(() => here.page.evaluate(() => _converse.api.contacts.get('buddy1@example.com'))).toBe(null);
});

test('rostergroups: a group tells who comes and goes', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount([{ jid: 'a@example.com', groups: ['Lovers'] }, { jid: 'b@example.com', groups: ['Friends'] }, { jid: 'c@example.com', groups: ['Friends'] }]));
  await chat.page.evaluate(async () => {
    const { roster, rostergroups } = _converse;
    const heard: string[] = [];
    const group = rostergroups.get('Lovers')!;
    const all = (name: string, contact: { id: string }): unknown => /^(add|remove)$/.test(name) && heard.push(`${name} ${contact.id}`);
    group.contacts.on('all', all);
    // Whoever else listens, and stops, takes nothing away from the group.
    const other = (): void => {};
    roster.on('add', other);
    roster.off('add', other);
    Object.assign(globalThis, { heard, same: rostergroups.get('Lovers')!.contacts === group.contacts });
    await roster.updateContact({ jid: 'b@example.com', groups: ['Friends', 'Lovers'] });
    await roster.updateContact({ jid: 'c@example.com', name: 'Cee' });
    await roster.updateContact({ jid: 'a@example.com', groups: [] });
    await roster.addContactToRoster('d@example.com', 'Dee', ['Lovers']);
    await roster.get('d@example.com')!.removeFromRoster();
  });
  await expect.poll(() => chat.page.evaluate('heard')).toEqual(['add b@example.com', 'remove a@example.com', 'add d@example.com', 'remove d@example.com']);
  expect(await chat.page.evaluate('same')).toBe(true);
});

test('roster: found by id and cid, renamed, grouped and counted', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount(CONTACTS));
  const read = await chat.page.evaluate(async () => {
    const { roster, rostergroups } = _converse;
    const contact = roster.get('buddy1@example.com')!;
    const heard: string[] = [];
    roster.on('change:nickname', (one: { id: string }, name: string) => heard.push(`${one.id} ${name}`));
    rostergroups.on('add', (group: { id: string; get(name: string): string }) => heard.push(`+${group.get('name')}`));
    await roster.updateContact({ jid: 'buddy1@example.com', name: 'New', groups: ['Elsewhere'] });
    const found = [roster.get(contact.cid) === contact, roster.get({ id: contact.id }) === contact, roster.get('nobody@example.com'), roster.get('c0')];
    return { heard, found, length: roster.length, version: typeof roster.data.get('version') };
  });
  await expect.poll(() => chat.page.evaluate(() => _converse.rostergroups.pluck('name'))).toContain('Elsewhere');
  expect(read.found).toEqual([true, true, undefined, undefined]);
  expect(read.length).toBe(3);
});

test('the roster is there after a reload before the first answer, then as the server says', async ({ newAccount, logIn, loginSettings }) => {
  const account = await newAccount(CONTACTS);
  const [chat, other] = [await logIn(account), await logIn(account)];
  await chat.page.goto('about:blank');
  await other.page.evaluate(() => _converse.api.contacts.get('buddy2@example.com')!.removeFromRoster());
  await other.event('contactRemoved');
  await chat.page.goBack();
  await chat.register('test', (_converse) => {
    _converse.api.listen.on('cachedRoster', (roster) => {
      if (!_converse.api.connection.connected) {
        _converse.emit('early', roster.pluck('jid').sort());
      }
    });
  });
  await chat.initialize(loginSettings(account));
  expect(await chat.event('early')).toEqual(['buddy1@example.com', 'buddy2@example.com', 'buddy@example.com']);
  await chat.event('rosterContactsFetched');
  expect(await chat.page.evaluate(() => _converse.api.contacts.get().map((contact) => contact.id))).toEqual(['buddy1@example.com', 'buddy@example.com']);
});

test('suggestions of a contact are told, and only told', async ({ newAccount, logIn }) => {
  const { juliet, romeo, romeoJid } = await friends(newAccount, logIn);
  await romeo.page.evaluate((to) =>
    _converse.api.send(`<message to='${to}'><x xmlns='http://jabber.org/protocol/rosterx'><item action='add' jid='bot@capulet.lit' name='Bot'/></x></message>`), await juliet.jid());
  expect(await juliet.event('contactsSuggested')).toEqual({ from: romeoJid, items: [{ jid: 'bot@capulet.lit', name: 'Bot', groups: [] }] });
  expect(await subscription(juliet, 'bot@capulet.lit')).toBe(null);
});
