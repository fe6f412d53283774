import { expect, test, type Chat } from './support/chat.ts';

async function opened(openPage: (opening: object) => Promise<Chat>): Promise<Chat> {
  const chat = await openPage({ settings: { bosh_service_url: '/nowhere' } });
  await chat.event('connectionInitialized');
  return chat;
}

test('the documented snippets hear of messages', async ({ newAccount, logIn }) => {
  const account = await newAccount();
  const romeo = await logIn(await newAccount([], 'romeo'));
  const juliet = await logIn(account);
  await juliet.page.evaluate(() => {
    const page = globalThis as unknown as { heard: string[] };
    page.heard = [];
    const note = (who: string) => (messageXML: Element) => page.heard.push(`${who} ${messageXML.querySelector('body')?.textContent}`);
    const never = note('not');
    _converse.api.listen.on('message', never);
    _converse.api.listen.on('message', note('on'));
    _converse.api.listen.once('message', note('once'));
    _converse.api.listen.not('message', never);
  });
  await romeo.send(await juliet.jid(), 'one');
  await romeo.send(await juliet.jid(), 'two');
  await juliet.message('two');
  expect(await juliet.page.evaluate('heard')).toEqual(['on one', 'once one', 'on two']);
});

test('the message is an element that plugins can read, and carries itself as 4.x wants it', async ({ newAccount, logIn }) => {
  const account = await newAccount();
  const romeo = await logIn(await newAccount([], 'romeo'));
  const juliet = await logIn(account, {
    plugin: (_converse) =>
      _converse.api.listen.on('message', (message) => {
        const { Strophe } = converse.env;
        _converse.emit('read', {
          from: message.getAttribute('from'),
          xmlns: message.getAttribute('xmlns'),
          namespace: message.namespaceURI,
          name: [message.tagName, message.nodeName, message.localName],
          body: message.querySelector('body')?.textContent,
          byTag: message.getElementsByTagName('body').length,
          active: message.querySelector('active[xmlns="http://jabber.org/protocol/chatstates"]') !== null,
          lang: message.querySelector('body')?.getAttribute('xml:lang'),
          stanza: message.stanza === message,
          text: Strophe.getText(message.querySelector('body')),
          written: Strophe.serialize(message)?.includes('<body'),
        });
      }),
  });
  await romeo.page.evaluate((to) => {
    const message = converse.env.$msg({ to, type: 'chat', id: 'x1' }).c('body', { 'xml:lang': 'it' }).t('a < b').up();
    _converse.api.send(message.c('active', { xmlns: 'http://jabber.org/protocol/chatstates' }));
  }, await juliet.jid());
  expect(await juliet.event('read')).toEqual({
    from: await romeo.jid(),
    xmlns: 'jabber:client',
    namespace: 'jabber:client',
    name: ['message', 'message', 'message'],
    body: 'a < b',
    byTag: 1,
    active: true,
    lang: 'it',
    stanza: true,
    text: 'a &lt; b',
    written: true,
  });
});

test('calls with the context, else with _converse, as often as asked', async ({ openPage }) => {
  const chat = await opened(openPage);
  const heard = await chat.page.evaluate(() => {
    const heard: unknown[] = [];
    const { emit, listen } = _converse.api;
    const context = {};
    const on = function (this: unknown, ...args: unknown[]) { heard.push(['on', this === context, ...args]); };
    const returned = [
      listen.on('foo', on, context),
      listen.once('foo', function (this: unknown) { heard.push(['once', this === _converse]); }),
    ];
    emit('foo', 1);
    emit('foo', 2);
    returned.push(listen.not('foo', on));
    emit('foo', 3);
    return { heard, returned: returned.every((value) => value === _converse) };
  });
  expect(heard).toEqual({ heard: [['on', true, 1], ['once', true], ['on', true, 2]], returned: true });
});

test('takes several names, and forgets all handlers of one', async ({ openPage }) => {
  const chat = await opened(openPage);
  const heard = await chat.page.evaluate(() => {
    const heard: string[] = [];
    const { api } = _converse;
    api.listen.on('a b', () => heard.push('on'));
    api.listen.once(' a  b ', () => heard.push('once'));
    ['a', 'b', 'a'].forEach((name) => api.emit(name));
    api.listen.not('a');
    api.emit('a');
    api.emit('b');
    _converse.on('c', () => heard.push('c'));
    _converse.emit('c');
    _converse.off('c');
    _converse.emit('c');
    return heard;
  });
  expect(heard).toEqual(['on', 'once', 'on', 'once', 'on', 'on', 'c']);
});

test('names the argument that is wrong', async ({ openPage }) => {
  const chat = await opened(openPage);
  const outcomes = await chat.page.evaluate(() => {
    const { listen } = _converse.api;
    return Promise.all([
      probe.settle(() => listen.on('foo', undefined as never)),
      probe.settle(() => listen.once(5 as never, () => {})),
      probe.settle(() => listen.not('' as never)),
    ]);
  });
  expect(outcomes.map((outcome) => (outcome.ok ? '' : `${outcome.name}: ${outcome.message}`))).toEqual([
    'TypeError: listen: the callback must be a function',
    'TypeError: listen: the event name must be a string',
    'TypeError: listen.not: the event name must be a string',
  ]);
});

test('stanza: handlers get the stanzas they ask for, as long as they want more', async ({ newAccount, logIn }) => {
  const romeo = await logIn(await newAccount([], 'romeo'));
  const juliet = await logIn(await newAccount());
  // Her own presence comes back to her, and is nothing that was waited for.
  await expect.poll(() => juliet.wire.some((frame) => frame.startsWith('<<presence'))).toBe(true);
  await juliet.page.evaluate((from) => {
    const page = globalThis as unknown as { heard: string[] };
    page.heard = [];
    const note = (who: string, more: boolean) => (stanza: Element) => {
      // What the archive sends is a message, too, with others inside.
      if (!stanza.querySelector(':scope > result')) {
        page.heard.push(`${who} ${stanza.querySelector('body')?.textContent ?? stanza.tagName}`);
      }
      return more;
    };
    const { stanza } = _converse.api.listen;
    stanza('message', note('all', true));
    stanza('message', {}, note('once', false));
    stanza('message', { ns: 'urn:example:x' }, note('ns', true));
    stanza('message', { type: 'headline' }, note('type', true));
    stanza('message', { from: from.split('/')[0]!.toUpperCase(), matchBareFromJid: true }, note('bare', true));
    stanza('message', { from: from.split('/')[0]! }, note('never', true));
    stanza('presence', note('never', true));
    stanza('message', (message) => { throw new Error(`thrown for ${message.querySelector('body')?.textContent}`); });
  }, await romeo.jid());
  await romeo.send(await juliet.jid(), 'one');
  await juliet.message('one');
  await romeo.page.evaluate((to) => _converse.api.send(`<message to='${to}' type='chat'><body>two</body><x xmlns='urn:example:x'/></message>`), await juliet.jid());
  await juliet.message('two');
  expect(await juliet.page.evaluate('heard')).toEqual(['all one', 'once one', 'bare one', 'all two', 'ns two', 'bare two']);
  expect((await juliet.uncaught()).filter((message) => message.includes('thrown'))).toEqual([expect.stringContaining('thrown for one')]);
});

test('stanza: an answer to what a plugin sent is found by its id', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount());
  await chat.page.evaluate(() => {
    _converse.api.listen.stanza('iq', { id: 'mine', type: ['result', 'error'] }, (iq) => {
      _converse.emit('answered', iq.getAttribute('type'));
      return false;
    });
    _converse.api.send("<iq type='get' id='mine' to='capulet.lit'><ping xmlns='urn:xmpp:ping'/></iq>");
  });
  expect(await chat.event('answered')).toBe('result');
  const outcome = await chat.page.evaluate(() => probe.settle(() => _converse.api.listen.stanza('message', {} as never)));
  expect(outcome).toMatchObject({ ok: false, name: 'TypeError' });
});
