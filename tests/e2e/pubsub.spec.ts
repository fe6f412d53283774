import { expect, test } from './support/chat.ts';

const NODE = 'urn:converse-wasm:test';

test('what is published is there, with the options that were asked for', async ({ newAccount, logIn }) => {
  const account = await newAccount();
  const chat = await logIn(account);
  const got = await chat.page.evaluate(async (node) => {
    const { $build } = converse.env as Record<string, any>;
    const item = (text: string) => $build('item', { id: 'one' }).c('note', { xmlns: 'urn:note' }).t(text);
    const answer = await _converse.api.pubsub.publish(null, node, item('first'), { 'pubsub#access_model': 'whitelist', persist_items: true });
    // The node is there already and is another than is asked for now: it is made so first.
    await _converse.api.pubsub.publish(_converse.bare_jid, node, item('second'), { access_model: 'open' });
    return answer.getAttribute('type');
  }, NODE);
  expect(got).toBe('result');
  const sent = chat.wire.filter((frame) => frame.startsWith('>') && frame.includes(NODE));
  expect(sent.map((frame) => (frame.includes('<configure') ? 'configure' : /first|second/.exec(frame)?.[0]))).toEqual(
    ['first', 'second', 'configure', 'second']);
  expect(sent[0]).toContain('publish-options');
});

test('what cannot be kept as asked is not published, unless that does not matter', async ({ newAccount, logIn, server: prosody }) => {
  const chat = await logIn(await newAccount());
  const got = await chat.page.evaluate(async ([node, rooms]) => {
    const { pubsub } = _converse.api;
    const item = '<item><note xmlns="urn:note"/></item>';
    return {
      strict: await probe.settle(() => pubsub.publish(rooms, node, item, { access_model: 'whitelist' })),
      lax: await pubsub.publish(rooms, node, item, { access_model: 'whitelist' }, false).catch((error: Element) => error.getAttribute('type')),
      wrong: await probe.settle(() => pubsub.publish('a@@b', node, item)),
      noNode: await probe.settle(() => pubsub.publish(null, undefined as never, item)),
      noItem: await probe.settle(() => pubsub.publish(null, node, '<note/>')),
    };
  }, [NODE, prosody.roomsDomain] as const);
  expect(got).toMatchObject({
    strict: { ok: false, name: 'PubSubError', code: 'unsupported' },
    lax: 'error',
    wrong: { ok: false, name: 'TypeError' },
    noNode: { ok: false, name: 'TypeError' },
    noItem: { ok: false, name: 'TypeError' },
  });
  expect(chat.wire.filter((frame) => frame.startsWith('>') && frame.includes(NODE))).toHaveLength(1);
});
