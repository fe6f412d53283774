import { expect, test } from './support/chat.ts';

const INFO = 'http://jabber.org/protocol/disco#info';
const BARE_PLUGIN = (name: string, body: string): string => `
    converse.plugins.add('${name}', {
        initialize: function () {
            const _converse = this._converse;
            const { Strophe } = converse.env;
            ${body}
        }
    });`;

/** What a client of the account at another page is told by the one at `jid`. */
const asked = (jid: string) => async (): Promise<{ features: string[]; identities: string[] }> => {
  const answer = await _converse.api.disco.info(jid, 'urn:some#node');
  const all = (name: string, attribute: string): string[] =>
    [...answer.querySelectorAll(name)].map((element) => element.getAttribute(attribute) ?? '');
  return { features: all('feature', 'var'), identities: all('identity', 'name') };
};

test('own features and identities are told to others, and in the hash', async ({ newAccount, openPage, loginSettings, logIn }) => {
  const account = await newAccount();
  const chat = await openPage();
  await chat.script(`window.returned = {};
    ${BARE_PLUGIN('one', `
      const { features, identities } = _converse.api.disco.own;
      returned.features = [features.add('urn:x'), features.add('urn:x')];
      returned.identities = [identities.add('client', 'bot', 'Helper', 'en'), identities.add('client', 'bot', 'Helper', 'en')];
      _converse.api.listen.on('addClientFeatures', () => _converse.api.disco.own.features.add('urn:y'));`)}`);
  await chat.initialize({ ...loginSettings(account), whitelisted_plugins: ['one'] });
  await chat.event('discoInitialized');
  expect(await chat.page.evaluate('JSON.stringify(returned)')).toBe('{"features":[null,false],"identities":[null,false]}');
  const other = await logIn(account);
  const ask = `(${asked('x')})()`.replace('jid,', `${JSON.stringify(await chat.jid())},`);
  const told = (await other.page.evaluate(ask)) as Awaited<ReturnType<ReturnType<typeof asked>>>;
  for (const feature of ['urn:x', 'urn:y', 'urn:xmpp:ping', 'urn:xmpp:receipts', 'urn:xmpp:carbons:2', 'vcard-temp', INFO]) {
    expect(told.features.filter((other) => other === feature), feature).toHaveLength(1);
  }
  expect(told.identities.sort()).toEqual(['Converse', 'Helper']);

  const hashes = (): string[] => chat.wire.flatMap((frame) => (frame.startsWith('>') && frame.includes('<presence') ? [/ver=['"]([^'"]+)/.exec(frame)?.[1] ?? ''] : []));
  await expect.poll(() => new Set(hashes()).size).toBe(2);
  const before = hashes().length;
  await chat.page.evaluate(() => {
    const { features } = _converse.api.disco.own;
    features.clear();
    features.add('urn:z');
  });
  await expect.poll(() => hashes().length).toBe(before + 1);
  expect(((await other.page.evaluate(ask)) as { features: string[] }).features).toEqual(['urn:z']);
  expect(await chat.page.evaluate(() => {
    const { features, identities } = _converse.api.disco.own;
    const names = identities.get().map((identity) => identity.name);
    identities.clear();
    return [features.get(), names.sort(), identities.get()];
  })).toEqual([['urn:z'], ['Converse', 'Helper'], []]);
});

test('the documented snippets ask the account for PEP and for its archive', async ({ newAccount, openPage, loginSettings }) => {
  const chat = await openPage();
  const snippets = `
    _converse.api.disco.getIdentity('pubsub', 'pep', _converse.bare_jid).then(
        function (identity) {
            if (identity == null) {
                found.push('no PEP');
            } else {
                found.push(identity.get('category') + '/' + identity.get('type'));
            }
        }
    ).catch(() => found.push('error'));
    _converse.api.disco.supports(Strophe.NS.MAM, _converse.bare_jid)
    .then(value => {
        // \`value\` is a map with two keys, \`supported\` and \`feature\`.
        if (value.supported) {
            found.push(value.feature.get('var'));
        } else {
            found.push('no MAM');
        }
    }).catch(() => {
        found.push('error');
    });
    const identities = _converse.api.disco.own.identities.get();
    found.push(identities.map((identity) => identity.name).join());`;
  await chat.script(`window.found = [];
    ${BARE_PLUGIN('early', snippets)}
    ${BARE_PLUGIN('late', `_converse.api.listen.on('initialized', () => { found.push('initialized'); ${snippets} });`)}`);
  await chat.initialize({ ...loginSettings(await newAccount()), whitelisted_plugins: ['early', 'late'] });
  // Before the log-in there is no address yet: that is said at once.
  await expect.poll(() => chat.page.evaluate('found')).toEqual(
    ['', 'error', 'error', 'initialized', 'Converse', 'pubsub/pep', 'urn:xmpp:mam:2']);
});

test('supports says who has a feature', async ({ newAccount, openPage, loginSettings, server: prosody }) => {
  const account = await newAccount();
  // Asked before the log-in, it answers after it.
  const chat = await openPage();
  await chat.register('test', `function (_converse) { window.early = _converse.api.disco.supports('http://jabber.org/protocol/muc', '${prosody.domain}'); }`);
  await chat.initialize(loginSettings(account));
  expect(await chat.outcome()).toEqual({ ok: true });
  const found = await chat.page.evaluate(async ([jid, domain]) => {
    const { disco } = _converse.api;
    const [mam, none, early] = await Promise.all([
      disco.supports('urn:xmpp:mam:2', jid), disco.supports('urn:none', jid), (globalThis as never as { early: Promise<any> }).early]);
    return {
      mam: [mam.length, mam[0]!.get('jid'), mam.supported, mam.feature!.get('from'), mam.feature!.entity === mam[0]],
      none: [none.length, none.supported, none.feature],
      // What belongs to the server counts as the server's.
      rooms: early.map((entity: { id: string }) => entity.id),
      missing: await probe.settle(() => disco.supports('urn:x', undefined as never)),
      unknown: await disco.getIdentity('pubsub', 'none', domain),
      stranger: (await disco.supports('urn:x', 'nobody.' + domain)).supported,
    };
  }, [account.jid, prosody.domain] as const);
  expect(found).toEqual({
    mam: [1, account.jid, true, account.jid, true],
    none: [0, false, undefined],
    rooms: [prosody.roomsDomain],
    missing: { ok: false, name: 'TypeError', message: 'api.disco.supports: You need to provide an entity JID' },
    unknown: undefined,
    stranger: false,
  });
});

test('what is found out is told, and held in models', async ({ newAccount, logIn, server: prosody, serverName }) => {
  const account = await newAccount();
  const chat = await logIn(account, {
    plugin: (_converse) => {
      const vars: string[] = [];
      Object.assign(globalThis, { vars });
      _converse.api.listen.on('serviceDiscovered', (feature) => vars.push(`${feature.get('from')} ${feature.get('var')}`));
    },
  });
  await expect.poll(() => chat.page.evaluate('vars')).toEqual(expect.arrayContaining([
    `${account.jid} urn:xmpp:mam:2`, `${prosody.domain} ${INFO}`, `${prosody.roomsDomain} http://jabber.org/protocol/muc`]));
  const held = await chat.page.evaluate(async (domain) => {
    const { disco } = _converse.api;
    const entity = (await disco.entities.get(domain))!;
    await disco.supports('urn:none', domain);
    const unknown = await disco.entities.get('unknown.example');
    const created = await disco.entities.get('created.example', true);
    return {
      same: entity === _converse['disco_entities'].get(domain),
      server: (await entity.getIdentity('server', 'im'))!.get('name'),
      items: entity.items.pluck('jid').sort(),
      item: entity.items.get(`rooms.${domain}`) === (await disco.entities.get(`rooms.${domain}`)),
      has: [(await entity.hasFeature('urn:xmpp:ping'))?.id, await entity.hasFeature('urn:none')],
      features: (await disco.getFeatures(domain)).findWhere({ var: 'urn:xmpp:ping' })!.get('from'),
      fields: (await disco.getFields(domain)).length,
      all: (await disco.entities.get()) === _converse['disco_entities'],
      unknown, created: created.get('jid'),
      waited: (await entity.waitUntilFeaturesDiscovered) === entity,
      again: (await disco.refreshFeatures(domain)) === entity,
      bind: disco.stream.getFeature('bind', 'urn:ietf:params:xml:ns:xmpp-bind')?.toJSON(),
      none: disco.stream.getFeature('bind', 'urn:none'),
      wrong: await probe.settle(() => disco.stream.getFeature(undefined as never, undefined as never)),
    };
  }, prosody.domain);
  expect(held).toMatchObject({
    same: true,
    server: { prosody: 'Prosody', ejabberd: 'ejabberd' }[serverName],
    items: expect.arrayContaining([prosody.roomsDomain]),
    item: true,
    has: [prosody.domain, undefined],
    features: prosody.domain,
    all: true,
    unknown: undefined,
    created: 'created.example',
    waited: true,
    again: true,
    bind: { name: 'bind', xmlns: 'urn:ietf:params:xml:ns:xmpp-bind' },
    none: undefined,
    wrong: { ok: false, name: 'TypeError' },
  });
});

test('answers and refusals are handed over as they are', async ({ newAccount, logIn, server: prosody }) => {
  const chat = await logIn(await newAccount());
  const got = await chat.page.evaluate(async (domain) => {
    const { disco } = _converse.api;
    const items = await disco.items(domain);
    const refused = await disco.info(domain, 'urn:no-such-node').catch((error: Element) => error);
    return [items.getAttribute('type'), items.querySelectorAll('item').length > 1, refused.getAttribute('type'), refused.querySelector('error') !== null];
  }, prosody.domain);
  expect(got).toEqual(['result', true, 'error', true]);
});

test('a reload asks nobody again', async ({ newAccount, logIn, server: prosody }) => {
  const account = await newAccount();
  const chat = await logIn(account);
  await chat.page.evaluate((domain) => _converse.api.disco.supports('urn:none', domain), prosody.domain);
  await chat.page.evaluate((jid) => _converse.api.disco.supports('urn:none', jid), account.jid);
  await chat.page.reload();
  chat.wire.length = 0;
  await chat.initialize({ websocket_url: prosody.websocketUrl, auto_login: true, ...account });
  await chat.event('discoInitialized');
  const found = await chat.page.evaluate(async (jid) => (await _converse.api.disco.supports('urn:xmpp:mam:2', jid)).supported, account.jid);
  expect(found).toBe(true);
  expect((await chat.events()).includes('serviceDiscovered')).toBe(true);
  expect(chat.wire.filter((frame) => frame.startsWith('>') && frame.includes(INFO))).toEqual([]);
});
