import { expect, test } from './support/chat.ts';

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

test('the documented snippets set, get and update', async ({ newAccount, openPage, loginSettings }) => {
  const account = await newAccount();
  const chat = await openPage();
  const plugin = (name: string, body: string): string => `
    converse.plugins.add('${name}', {
        initialize: function () {
            const _converse = this._converse;
            _converse.api.waitUntil('rosterContactsFetched').then(() => {
                ${body}
            });
        }
    });`;
  await chat.script(`window.found = [];
    ${plugin('set', `
                this._converse.api.vcard.set({
                    'jid': '${account.jid}',
                    'fn': 'Someone Somewhere',
                    'nickname': 'someone'
                }).then(() => {
                    // Succes
                    found.push('set');
                    this._converse.api.vcard.get('${account.jid}').then(
                        (vcard) => {
                            // Do something with the vcard...
                            found.push(vcard.fullname, vcard.nickname);
                            const chatbox = new _converse.VCard({ jid: '${account.jid}' });
                            _converse.api.vcard.update(chatbox).then(() => found.push(chatbox.get('fullname')));
                        }
                    );
                }).catch(() => {
                    // Failure
                    found.push('failure');
                })`)}`);
  await chat.initialize({ ...loginSettings(account), whitelisted_plugins: ['set'] });
  await expect.poll(() => chat.page.evaluate('found')).toEqual(['set', 'Someone Somewhere', 'someone', 'Someone Somewhere']);
});

test('what is not named stays as the server has it', async ({ newAccount, logIn }) => {
  const account = await newAccount();
  const chat = await logIn(account);
  const got = await chat.page.evaluate(async ([jid, image]) => {
    const { vcard } = _converse.api;
    await vcard.set(jid, { fn: 'Juliet', nickname: 'J', url: 'https://capulet.lit', role: 'daughter', email: jid, image, image_type: 'image/png' });
    await vcard.set({ jid, nickname: 'Jule' });
    const { stanza, vcard_updated, ...rest } = await vcard.get(jid);
    return { rest, root: stanza!.localName, dated: !Number.isNaN(Date.parse(vcard_updated!)) };
  }, [account.jid, PIXEL] as const);
  expect(got).toMatchObject({
    rest: { fullname: 'Juliet', nickname: 'Jule', url: 'https://capulet.lit', role: 'daughter', email: account.jid, image: PIXEL, image_type: 'image/png' },
    root: 'iq',
    dated: true,
  });
  const sent = chat.wire.filter((frame) => frame.startsWith('>') && frame.includes('vCard') && frame.includes('set'));
  expect(sent).toHaveLength(2);
});

test("somebody else's vCard cannot be set, and who has none is no error", async ({ newAccount, logIn, server: prosody }) => {
  const [juliet, romeo] = [await newAccount(), await newAccount([], 'romeo')];
  const chat = await logIn(juliet);
  const got = await chat.page.evaluate(async ([romeo, domain]) => {
    const { vcard } = _converse.api;
    const refused = await probe.settle(() => vcard.set(romeo, { fn: 'Fool' }));
    // A server may take that for the user's own.
    const own = (await vcard.get(_converse.bare_jid!)).fullname;
    const unknown = await vcard.get(`nobody@${domain}`);
    return {
      refused,
      own,
      // Some servers say that there is nobody, some that nobody says anything about themselves.
      unknown: [unknown.fullname, (unknown.stanza?.getAttribute('type') === 'error') === (typeof unknown.vcard_error === 'string')],
      wrong: await probe.settle(() => vcard.get(undefined as never)),
      noJid: await probe.settle(() => vcard.set({ fn: 'x' } as never)),
      noData: await probe.settle(() => vcard.set(romeo, undefined as never)),
    };
  }, [romeo.jid, prosody.domain] as const);
  expect(got).toMatchObject({
    refused: { ok: false, name: 'TypeError' },
    own: undefined,
    unknown: [undefined, true],
    wrong: { ok: false, name: 'TypeError' },
    noJid: { ok: false, name: 'TypeError' },
    noData: { ok: false, name: 'TypeError' },
  });
});

test('a contact has a vCard, which is fetched when somebody looks and kept over a reload', async ({ newAccount, logIn, server: prosody }) => {
  const romeo = await newAccount([], 'romeo');
  const other = await logIn(romeo);
  await other.page.evaluate(([jid, image]) => _converse.api.vcard.set(jid, { fn: 'Romeo Montague', image, image_type: 'text/html' }), [romeo.jid, PIXEL] as const);
  const account = await newAccount([{ jid: romeo.jid }]);
  const chat = await logIn(account);
  const asked = (): number => chat.wire.filter((frame) => frame.startsWith('>') && frame.includes('vcard-temp') && frame.includes(romeo.jid)).length;
  expect(asked()).toBe(0);
  const got = await chat.page.evaluate(async (jid) => {
    const contact = _converse.api.contacts.get(jid)!;
    const vcard = contact['vcard'];
    await new Promise<void>((done) => vcard.once('change:fullname', () => done()));
    const again = await _converse.api.vcard.get(vcard);
    const forced = await _converse.api.vcard.get(vcard, true);
    return [vcard.get('fullname'), vcard.get('image_type'), contact.get('fullname'), contact['getDisplayName'](),
      _converse['vcards'].get(jid) === vcard, Object.keys(again).length, forced.fullname];
  }, romeo.jid);
  expect(got).toEqual(['Romeo Montague', 'image/png', 'Romeo Montague', 'Romeo Montague', true, 0, 'Romeo Montague']);
  expect(asked()).toBe(2);

  await chat.page.evaluate(() => dispatchEvent(new Event('pagehide')));
  await chat.page.reload();
  await chat.initialize({ websocket_url: prosody.websocketUrl, auto_login: true, ...account });
  await chat.event('rosterContactsFetched');
  expect(await chat.page.evaluate((jid) => _converse.api.contacts.get(jid)!['vcard'].get('fullname'), romeo.jid)).toBe('Romeo Montague');
  expect(asked()).toBe(2);
});

test('models are updated by jid and by muc_jid, through a function that a plugin replaced', async ({ newAccount, logIn }) => {
  const account = await newAccount();
  const chat = await logIn(account);
  const got = await chat.page.evaluate(async (jid) => {
    const { vcard } = _converse.api;
    await vcard.set({ jid, fn: 'Juliet' });
    const occupant = new _converse['VCard']({ muc_jid: jid });
    await vcard.update(occupant);
    const { get } = vcard;
    Object.assign(_converse.api.vcard, { get: async () => ({ fullname: 'Mine', stanza: 1 }) });
    const mine = new _converse['VCard']({ jid });
    await vcard.update(mine, true);
    Object.assign(_converse.api.vcard, { get });
    return [occupant.get('fullname'), mine.get('fullname'), mine.has('stanza')];
  }, account.jid);
  expect(got).toEqual(['Juliet', 'Mine', false]);
});

test("a chat has the person's vCard, and the documented snippet updates the chat", async ({ newAccount, logIn }) => {
  const romeo = await newAccount([], 'romeo');
  const other = await logIn(romeo);
  await other.page.evaluate((jid) => _converse.api.vcard.set(jid, { fn: 'Romeo Montague', url: 'https://montague.lit' }), romeo.jid);
  const chat = await logIn(await newAccount());
  const got = await chat.page.evaluate(async (jid) => {
    const chatbox = await _converse.api['chats'].open(jid);
    const told: string[] = [];
    chatbox.on('change:fullname change:url', () => told.push(`${chatbox.get('fullname')} ${chatbox.get('url')}`));
    const { vcard } = chatbox;
    await new Promise<void>((done) => vcard.once('change:fullname', () => done()));
    return [vcard.get('fullname'), told.at(-1), chatbox.getDisplayName(), _converse.xmppstatus.vcard === _converse.vcards.get(_converse.bare_jid)];
  }, romeo.jid);
  expect(got).toEqual(['Romeo Montague', 'Romeo Montague https://montague.lit', 'Romeo Montague', true]);

  await other.page.evaluate((jid) => _converse.api.vcard.set(jid, { fn: 'Romeo M.' }), romeo.jid);
  await chat.page.evaluate(() => Object.assign(globalThis, { found: [] }));
  await chat.script(`(function () {
                const chatbox = _converse.chatboxes.getChatBox('${romeo.jid}');
                _converse.api.vcard.update(chatbox, true).then(() => found.push(chatbox.get('fullname')));
            })()`);
  await expect.poll(() => chat.page.evaluate('found')).toEqual(['Romeo M.']);
});
