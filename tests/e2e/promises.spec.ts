import { expect, test } from './support/chat.ts';

test('the documented snippets make a promise and keep it', async ({ openPage }) => {
  const chat = await openPage();
  await chat.script(`
    converse.plugins.add('myplugin', {
        initialize: function () {
            this._converse.api.promises.add('foo-completed');
            window._private = this._converse;
        }
    });
  `);
  await chat.initialize({ bosh_service_url: '/nowhere', whitelisted_plugins: ['myplugin'] });
  await chat.event('connectionInitialized');
  await chat.script(`
    window.order = [];
    _private.api.listen.on('foo-completed', () => order.push('event'));
    _private.api.waitUntil('foo-completed').then(() => order.push('promise'));
    order.push('waiting');
    _private.api.emit('foo-completed');
    order.push('emitted');
  `);
  await chat.page.waitForFunction('order.length === 4');
  expect(await chat.page.evaluate('order')).toEqual(['waiting', 'event', 'emitted', 'promise']);
});

test('takes a list; a second promise of a name takes the place of the first', async ({ openPage }) => {
  const chat = await openPage({ settings: { bosh_service_url: '/nowhere' } });
  await chat.event('connectionInitialized');
  const states = await chat.page.evaluate(async () => {
    const { api } = _converse;
    const { state } = probe;
    api.promises.add(['a', 'b']);
    const first = api.waitUntil('a');
    api.emit('a', 'a value');
    api.emit('a');
    const kept = [await state(first), await state(api.waitUntil('b'))];
    api.promises.add('a');
    const fresh = await state(api.waitUntil('a'));
    api.emit('too early');
    api.promises.add('too early');
    return [...kept, first !== api.waitUntil('a'), fresh, await state(api.waitUntil('too early'))];
  });
  expect(states).toEqual(['kept undefined', 'pending', true, 'pending', 'pending']);
});

test('names the argument that is wrong', async ({ openPage }) => {
  const chat = await openPage({ settings: { bosh_service_url: '/nowhere' } });
  await chat.event('connectionInitialized');
  expect(await chat.page.evaluate(() => probe.settle(() => _converse.api.promises.add(5 as never)))).toEqual({
    ok: false,
    name: 'TypeError',
    message: 'promises.add: the promise must be a string or an array of strings',
  });
});

test('those on _converse can be settled by hand, and asked how they stand', async ({ openPage }) => {
  const chat = await openPage({ settings: { bosh_service_url: '/nowhere' }, plugin: (_converse) => _converse.api.promises.add(['kept', 'broken', 'open', 'told']) });
  await chat.event('connectionInitialized');
  const states = await chat.page.evaluate(async () => {
    const { promises, api } = _converse;
    promises['kept']!.resolve();
    promises['kept']!.reject(new Error('too late'));
    promises['broken']!.reject(new Error('given up'));
    api.emit('told');
    const broken = await probe.settle(() => api.waitUntil('broken'));
    await api.waitUntil('kept');
    const state = (name: string) => [promises[name]!.isPending, promises[name]!.isResolved, promises[name]!.isRejected];
    return [['kept', 'broken', 'open', 'told', 'pluginsInitialized', 'roster'].map(state), broken.ok || broken.message];
  });
  const [open, kept, broken] = [[true, false, false], [false, true, false], [false, false, true]];
  expect(states).toEqual([[kept, broken, open, kept, kept, open], 'given up']);
});
