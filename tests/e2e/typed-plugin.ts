/**
 * A plugin as somebody would write it in TypeScript with every strictness on. It is not run: that it compiles, and that
 * the mistakes in it do not, is the test of www/types.
 */
import type {
  ConnectionError,
  ConnectionErrorCode,
  Contact,
  Converse,
  Message,
  Plugin,
  RSM,
  SendError,
  StanzaDelivery,
} from '../../www/types/index.d.ts';

declare const converse: Converse;

declare module '../../www/types/index.d.ts' {
  interface Events {
    'foo-completed': [how: string, times: number];
  }
}

const advice: Partial<Record<ConnectionErrorCode, string>> = {
  'authentication-failed': 'Is the password right?',
  unreachable: 'Is there a network?',
  // @ts-expect-error There is no such code.
  'authentification-failed': '',
};

export const plugin: Plugin = {
  dependencies: ['converse-roster'],
  enabled: (_converse) => _converse.user_settings.auto_login === true,

  async initialize() {
    const { _converse } = this;
    const { api, env } = _converse;

    api.settings.update({ enable_foo: true });
    const foo: unknown = api.settings.get('enable_foo');
    const autoLogin: boolean | undefined = api.settings.get('auto_login');
    // @ts-expect-error A switch is no number.
    const wrong: number = api.settings.get('auto_login');

    api.promises.add(['foo-completed']);
    api.listen.on('foo-completed', (how, times) => how.repeat(times));
    api.emit('foo-completed', 'well', 2);
    // @ts-expect-error The second argument is missing.
    api.emit('foo-completed', 'well');
    api.emit('anything else', 1, {}, 'two');

    api.listen.on('message', (message) => {
      const body: string | null | undefined = message.querySelector('body')?.textContent;
      const same: Element = message.stanza;
      return [body, same];
    });
    // @ts-expect-error A message is an element, not a text.
    api.listen.on('message', (message: string) => message);
    api.listen.once('disconnected', (error) => {
      const known: ConnectionError | undefined = error;
      return known && (advice[known.code] ?? known.condition ?? known.message);
    });
    api.listen.on('stanzaDelivery', ({ id, state, reason }: StanzaDelivery) => [id, state, reason]);
    api.listen.on('connfeedback', (feedback) => feedback.get('connection_status') === 10 && feedback.get('message')?.length);
    api.listen.on('all', (name, ...rest) => [name, rest.length]);
    api.listen.on('from another plugin', (...rest) => rest);
    api.listen.not('message');

    await api.waitUntil('rosterContactsFetched');
    // @ts-expect-error Nobody may have heard of this one, and then there is no promise.
    api.waitUntil('unheard-of').then(() => {});
    await api.waitUntil('unheard-of')?.then(() => {});

    const all: Contact[] = api.contacts.get();
    const one = api.contacts.get('juliet@example.org');
    // @ts-expect-error There may be no such contact.
    one.get('jid');
    const groups: string[] | undefined = one?.get('groups');
    const [first] = api.contacts.get(['juliet@example.org']);
    const subscription: 'none' | 'to' | 'from' | 'both' | undefined = first?.attributes.subscription;

    const { supported, feature, length } = await api.disco.supports('urn:xmpp:mam:2', 'romeo@example.org');
    const category: string | undefined = (await api.disco.getIdentity('pubsub', 'pep', 'romeo@example.org'))?.get('category');
    api.listen.on('serviceDiscovered', (discovered) => discovered.entity.get('jid') + discovered.get('var'));
    // @ts-expect-error An address is needed.
    void api.disco.supports('urn:xmpp:mam:2');
    const { fullname } = await api.vcard.get('juliet@example.org');
    await api.vcard.set({ jid: 'romeo@example.org', fn: 'Romeo' });
    // @ts-expect-error Nobody knows such a field.
    await api.vcard.set('romeo@example.org', { unknown: 'Romeo' });
    await api.pubsub.publish(null, 'urn:node', '<item/>', { persist_items: true });
    await _converse.bookmarks?.createBookmark({ jid: 'room@example.org', autojoin: true });
    const { __, log, STATUS_WEIGHTS, windowState } = _converse;
    log(__('%1$s is %2$s', 'Romeo', STATUS_WEIGHTS['away']), env.Strophe.LogLevel.INFO);
    api.alert.show('warn', windowState, ['Two', 'lines']);
    // @ts-expect-error There is no such kind of alert.
    api.alert.show('loud', 'Title');
    const listens: boolean = _converse.ping('example.org', (iq) => iq.getAttribute('from'));
    await _converse.bookmarks?.fetchBookmarks();
    const chat = api.chats.get('juliet@example.org');
    api.settings.set({ push_app_servers: [{ jid: 'push.example.org', node: 'n' }] });
    const rid: number | null | undefined = api.tokens.get('rid');
    const identities = await api.disco.own.identities.get();
    const status: string = api.user.status.get();
    const url: unknown = _converse.xmppstatus.vcard.get('url');
    void [listens, chat, rid, identities, status, url];
    void [supported, feature?.get('from'), length, category, fullname];

    const [page, rsm] = await new Promise<[Element[], RSM]>((done, failed) => {
      api.archive.query({ with: 'juliet@example.org', start: new Date(0), max: 10 }, (messages, rsm) => done([messages, rsm]), failed);
    });
    api.archive.query(rsm.next(10), (messages) => page.push(...messages));
    api.archive.query(() => {});
    // @ts-expect-error A page has a number of messages, not a switch.
    api.archive.query({ max: true });
    const count: number | string | undefined = rsm.count;

    const room = await api.rooms.open('group@muc.example.org', { nick: 'dread-pirate-roberts', auto_configure: true, roomconfig: { whois: 'anyone' } });
    const [firstRoom, secondRoom] = await api.rooms.open(['group1@muc.example.org', 'group2@muc.example.org']);
    const subject: string | undefined = room.get('subject')?.text;
    room.sendMessage(room.getOutgoingMessageAttributes('Good night'));
    // @ts-expect-error There may be no such room.
    api.rooms.get('group@muc.example.org').leave();
    api.rooms.get('group@muc.example.org', { nick: 'roberts' }, true)?.leave();
    api.rooms.close([room.get('jid')]);
    api.roomviews.close();
    api.listen.on('roomInviteSent', ({ recipient, reason }) => [recipient, reason]);

    const box = await api.chats.open('juliet@example.org');
    const said: Message = box.sendMessage(box.getOutgoingMessageAttributes('Good night'));
    const [reference] = said.get('references');
    const read = box.getMessageAttributesFromStanza(page[0]!);
    const view = api.chatviews.get('juliet@example.org');
    const views = api.chatviews.get(['juliet@example.org', 'romeo@example.org']);
    // @ts-expect-error An address is needed.
    api.chatviews.get();
    const { isResolved, resolve } = _converse.promises['foo-completed']!;
    if (!isResolved) {
      resolve();
    }
    void [count, firstRoom, secondRoom, subject, reference?.value, read.message, view, views.length];

    const { $msg } = env;
    try {
      api.send($msg({ to: 'juliet@example.org', type: 'chat' }).c('body').t('Good night'));
      api.send(["<presence xmlns='jabber:client'/>", $msg().tree()]);
      // @ts-expect-error A number is no stanza.
      api.send(5);
    } catch (error) {
      const { code } = error as SendError;
      if (code === 'not-connected' && !api.connection.connected) {
        await api.user.login({ jid: 'romeo@example.org', password: 'secret' }).catch(({ code }: ConnectionError) => advice[code]);
      }
    }
    // @ts-expect-error It is an attribute, and only read.
    api.connection.connected = true;
    // @ts-expect-error Not a function.
    api.connection.connected();
    api.connection.disconnect();
    api.user.logout();
    return [foo, autoLogin, wrong, all, groups, subscription, api.user.jid(), _converse.bare_jid];
  },
};

converse.plugins.add('typed', plugin);
void converse.initialize({ websocket_url: 'wss://example.org/ws', auto_login: true, whitelisted_plugins: ['typed'] });
// @ts-expect-error A list of names.
void converse.initialize({ whitelisted_plugins: 'typed' });
