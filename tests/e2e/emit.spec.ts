import { expect, test } from './support/chat.ts';

test('the documented snippet emits an event and resolves its promise', async ({ openPage }) => {
  const chat = await openPage();
  await chat.script(`
    converse.plugins.add('myplugin', {
        initialize: function () {
            var _converse = this._converse;
            _converse.api.promises.add('foo-completed');
            _converse.emit('foo-completed');
        }
    });
  `);
  await chat.initialize({ bosh_service_url: '/nowhere', whitelisted_plugins: ['myplugin'] });
  await chat.event('foo-completed');
  expect(await chat.page.evaluate(async () => (await _converse.api.waitUntil('foo-completed')) === undefined)).toBe(true);
});

test('hands all arguments to everybody, in the order of their registration', async ({ openPage }) => {
  const chat = await openPage({ settings: { bosh_service_url: '/nowhere' } });
  await chat.event('connectionInitialized');
  const heard = await chat.page.evaluate(() => {
    const heard: unknown[] = [];
    const { api } = _converse;
    api.listen.on('foo', (...args) => heard.push(['first', ...args]));
    api.listen.on('all', (...args) => heard.push(['all', ...args]));
    api.listen.on('foo', (...args) => heard.push(['second', ...args]));
    const thing = {};
    const result = api.emit('foo', 1, 'two', thing);
    _converse.trigger('foo');
    api.emit('bar');
    return { heard, same: (heard[0] as unknown[])[3] === thing, nothing: result === undefined };
  });
  expect(heard).toEqual({
    heard: [
      ['first', 1, 'two', {}],
      ['second', 1, 'two', {}],
      ['all', 'foo', 1, 'two', {}],
      ['first'],
      ['second'],
      ['all', 'foo'],
      ['all', 'bar'],
    ],
    same: true,
    nothing: true,
  });
});

test('names the argument that is wrong', async ({ openPage }) => {
  const chat = await openPage({ settings: { bosh_service_url: '/nowhere' } });
  await chat.event('connectionInitialized');
  expect(await chat.page.evaluate(() => probe.settle(() => _converse.api.emit(5 as unknown as string)))).toEqual({
    ok: false,
    name: 'TypeError',
    message: 'emit: the event name must be a string',
  });
});
