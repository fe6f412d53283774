import { expect, test } from './support/chat.ts';

/** Calls that cannot be right, and the argument that the error names. */
const CALLS: Record<string, string> = {
  'emit(7)': 'the event name',
  'send(7)': 'the stanza',
  'sendIQ(7)': 'the stanza',
  'waitUntil()': 'the name',
  'waitUntil(7)': 'the name',
  'alert.show("loud", "title")': 'the type',
  'archive.query({ max: {} })': 'max',
  'archive.query({ after: true })': 'after',
  'archive.query({ index: -1 })': 'index',
  'archive.query({ count: [] })': 'count',
  'disco.own.features.add()': 'the name',
  'disco.own.identities.add(7, "web")': 'the category',
  'disco.own.identities.add("client")': 'the type',
  'disco.own.identities.add("client", "web", 7)': 'the name',
  'disco.own.identities.add("client", "web", "Name", {})': 'the lang',
  'disco.getIdentity(undefined, "pep", "a@b")': 'the category',
  'disco.getIdentity("pubsub", 7, "a@b")': 'the type',
  'disco.getIdentity("pubsub", "pep")': 'the jid',
  'disco.supports(undefined, "a@b")': 'the feature',
  'disco.supports("urn:x")': 'an entity JID',
  'disco.info()': 'the jid',
  'disco.info("a@b", 7)': 'the node',
  'disco.items("a@b", {})': 'the node',
  'disco.entities.get("a@@b")': 'the jid',
  'disco.getFeatures()': 'the jid',
  'disco.getFields()': 'the jid',
  'disco.refreshFeatures()': 'the jid',
  'disco.stream.getFeature()': 'the name',
  'disco.stream.getFeature("sm")': 'the namespace',
  'user.login(7)': 'the credentials',
  'user.login({ jid: 7 })': 'the jid',
  'user.login({ jid: "a@b", password: 7 })': 'the password',
  'user.login({ jid: "a@b", oauth_token: {} })': 'the oauth_token',
  'user.status.set("busy")': 'the value',
  'user.status.set("away", 7)': 'the message',
  'user.status.message.set()': 'the message',
  'contacts.get("a@@b")': 'the jid',
  'contacts.get([7])': 'the jid',
  'contacts.add("nojid")': 'invalid jid',
  'contacts.add("a@b", 7)': 'the name',
  'chats.get("a@@b")': 'the jid',
  'chats.get([7])': 'the jid',
  'chats.open()': 'at least one JID',
  'chats.open("a@@b")': 'the jid',
  'chats.open("OWN", 7)': 'the attributes',
  'chats.create("a@@b")': 'the jid',
  'chatviews.get()': 'at least one JID',
  'chatviews.get([7])': 'at least one JID',
  'listen.on(7, () => {})': 'the event name',
  'listen.on("message")': 'the callback',
  'listen.once("message", {})': 'the callback',
  'listen.not()': 'the event name',
  'listen.not("message", "all of them")': 'the callback',
  'listen.stanza(7, () => {})': 'the name',
  'listen.stanza("message", 7, () => {})': 'the options',
  'listen.stanza("message", {})': 'the handler',
  'promises.add()': 'the promise',
  'promises.add(["foo", 7])': 'the promise',
  'pubsub.publish("a@@b", "urn:x", "<item/>")': 'the jid',
  'pubsub.publish(null, 7, "<item/>")': 'the node',
  'pubsub.publish(null, "urn:x", "<items/>")': 'the item',
  'pubsub.publish(null, "urn:x")': 'the item',
  'pubsub.publish(null, "urn:x", "<item/>", "open")': 'the options',
  'settings.update()': 'the settings',
  'settings.get()': 'the key',
  'settings.set(7, 8)': 'the first argument',
  'tokens.get()': 'the argument',
  'vcard.get()': 'No JID',
  'vcard.get({ get: () => undefined })': 'No JID',
  'vcard.set({ fn: "Romeo" })': 'No jid',
  'vcard.set("OWN")': 'the data',
  'vcard.set("OWN", { fn: 7 })': 'the fn',
  'vcard.update("OWN")': 'the model',
};

test('each function names the argument that cannot be right, before anything is sent', async ({ newAccount, logIn }) => {
  const account = await newAccount();
  const chat = await logIn(account, { settings: { expose_rid_and_sid: true } });
  const calls = Object.keys(CALLS);
  // The library's own questions have been answered: what the server has, and what each of that can do.
  await chat.page.evaluate(async () => {
    const { disco } = _converse.api;
    const items = [...(await disco.items(_converse.domain!)).querySelectorAll('item')];
    await Promise.all(items.map((item) => disco.getFeatures(item.getAttribute('jid')!)));
  });
  const sent = chat.wire.filter((frame) => frame.startsWith('>')).length;
  const outcomes = await chat.page.evaluate(
    async ([calls, jid]) => {
      const outcomes = [];
      for (const call of calls) {
        outcomes.push(await probe.settle(() => (0, eval)(`_converse.api.${call.replace('OWN', jid)}`)));
      }
      return outcomes;
    },
    [calls, account.jid] as const,
  );
  const told = outcomes.map((outcome, index) => [calls[index], outcome.ok ? 'no error' : `${outcome.name}: ${outcome.message}`]);
  expect(told).toEqual(Object.entries(CALLS).map(([call, named]) => [call, expect.stringMatching(new RegExp(`^TypeError: .*${named}`))]));
  await chat.page.evaluate(() => _converse.api.sendIQ(converse.env.$iq({ type: 'get', to: _converse.domain }).c('ping', { xmlns: 'urn:xmpp:ping' })));
  const since = chat.wire.filter((frame) => frame.startsWith('>')).slice(sent);
  expect(since.filter((frame) => !/urn:xmpp:ping|urn:xmpp:sm:3/.test(frame))).toEqual([]);
  expect(await chat.uncaught()).toEqual([]);
});
