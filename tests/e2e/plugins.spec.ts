import { expect, failed, test, type Chat } from './support/chat.ts';

/** Registers plugins that note their name when they are initialised. */
function register(chat: Chat, plugins: Record<string, object>): Promise<void> {
  return chat.page.evaluate((plugins) => {
    const order: string[] = ((globalThis as unknown as { order?: string[] }).order ??= []);
    for (const [name, plugin] of Object.entries(plugins)) {
      converse.plugins.add(name, { ...plugin, initialize: () => order.push(name) });
    }
  }, plugins);
}

function order(chat: Chat): Promise<string[]> {
  return chat.page.evaluate(() => (globalThis as unknown as { order: string[] }).order);
}

// Nothing is connected to: no test here logs in.
const SERVICE = { bosh_service_url: '/nowhere' };

/** Calls `initialize` and waits until the plugins are there, or it fails. */
async function start(chat: Chat, settings: object): Promise<void> {
  await chat.initialize({ ...SERVICE, ...settings });
  await Promise.race([chat.event('connectionInitialized'), chat.outcome()]);
}

test('the documented snippet runs, with _converse on this', async ({ openPage }) => {
  const chat = await openPage();
  await chat.script(`
    var plugin = {
        initialize: function () {
            window.seen = [this === plugin, typeof this._converse.api.send, arguments.length];
        }
    }
    converse.plugins.add('myplugin', plugin);
  `);
  await start(chat, { whitelisted_plugins: ['myplugin'] });
  expect(await chat.page.evaluate('seen')).toEqual([true, 'function', 1]);
});

test('initializes before pluginsInitialized', async ({ openPage }) => {
  const chat = await openPage({ plugin: (_converse) => _converse.emit('plugin-ran') });
  await start(chat, {});
  expect((await chat.events()).slice(0, 2)).toEqual(['plugin-ran', 'pluginsInitialized']);
});

test('refuses a name that is taken; the first stays', async ({ openPage }) => {
  const chat = await openPage();
  await register(chat, { mine: {} });
  const thrown = await chat.page.evaluate(() => {
    const attempt = (name: string) => {
      try {
        converse.plugins.add(name, { initialize() { throw new Error('the second'); } });
      } catch (error) {
        return String(error);
      }
    };
    return [attempt('mine'), attempt('converse-muc')];
  });
  expect(thrown).toEqual([
    'TypeError: Error: plugin with name "mine" has already been registered!',
    'TypeError: Error: plugin with name "converse-muc" has already been registered!',
  ]);
  await start(chat, { whitelisted_plugins: ['mine'] });
  expect(await order(chat)).toEqual(['mine']);
});

test('initializes those on the whitelist and not on the blacklist', async ({ openPage }) => {
  const chat = await openPage();
  await register(chat, { wanted: {}, unknown: {}, banned: {} });
  await start(chat, { whitelisted_plugins: ['wanted', 'banned', 'never-heard-of'], blacklisted_plugins: ['banned'] });
  expect(await order(chat)).toEqual(['wanted']);
  expect(await chat.pending()).toBe(true);
});

test('initializes in order of registration, dependencies first', async ({ openPage }) => {
  const chat = await openPage();
  await register(chat, { a: { dependencies: ['c', 'converse-muc'] }, b: {}, c: { dependencies: ['d'] }, d: {} });
  await start(chat, { whitelisted_plugins: ['d', 'c', 'b', 'a'], strict_plugin_dependencies: true });
  expect(await order(chat)).toEqual(['d', 'c', 'a', 'b']);
  expect(await chat.warnings).toEqual([]);
});

test('leaves out a dependency that is not on the whitelist', async ({ openPage }) => {
  const chat = await openPage();
  await register(chat, { a: { dependencies: ['b'] }, b: {} });
  await start(chat, { whitelisted_plugins: ['a'], strict_plugin_dependencies: true });
  expect(await order(chat)).toEqual(['a']);
});

test('a missing dependency is a warning, and with strict_plugin_dependencies an error', async ({ openPage }) => {
  const chat = await openPage();
  await register(chat, { a: { dependencies: ['gone'] } });
  await start(chat, { whitelisted_plugins: ['a'] });
  expect(await order(chat)).toEqual(['a']);
  expect(chat.warnings).toEqual(['converse: Could not find the dependency "gone" of the plugin "a"']);
  await start(chat, { whitelisted_plugins: ['a'], strict_plugin_dependencies: true });
  expect(await chat.outcome()).toMatchObject(failed('ConfigurationError', 'missing-dependency'));
  expect(await order(chat)).toEqual(['a']);
});

test('a circle of dependencies is an error that names it', async ({ openPage }) => {
  for (const circle of [{ a: { dependencies: ['a'] } }, { a: { dependencies: ['b'] }, b: { dependencies: ['c'] }, c: { dependencies: ['a'] } }]) {
    const chat = await openPage();
    await register(chat, circle);
    await start(chat, { whitelisted_plugins: ['a', 'b', 'c'] });
    const outcome = await chat.outcome();
    expect(outcome).toMatchObject(failed('ConfigurationError', 'circular-dependency'));
    expect(outcome).toMatchObject({ message: expect.stringContaining('"a"') });
    expect(await chat.page.evaluate('order')).toEqual([]);
  }
});

test('initializes only what is enabled; the function is given _converse', async ({ openPage }) => {
  const chat = await openPage();
  await register(chat, { off: { enabled: false }, on: { enabled: true } });
  await chat.script(`
    converse.plugins.add('asks', { enabled: (_converse) => _converse.api.settings.get('wanted') !== 1, initialize() { order.push('asks'); } });
    converse.plugins.add('declines', { enabled: (_converse) => !_converse.api, initialize() { order.push('declines'); } });
  `);
  await start(chat, { whitelisted_plugins: ['off', 'on', 'asks', 'declines'] });
  expect(await order(chat)).toEqual(['on', 'asks']);
});

test('a plugin that throws ends the start: initialize rejects with what it threw', async ({ openPage, newAccount, loginSettings }) => {
  const chat = await openPage({ plugin: () => { throw new RangeError('my own mistake'); } });
  await register(chat, { later: {} });
  await chat.initialize({ ...loginSettings(await newAccount()), whitelisted_plugins: ['later'] });
  expect(await chat.outcome()).toEqual({ ok: false, name: 'RangeError', message: 'my own mistake' });
  expect(await order(chat)).toEqual([]);
  expect(await chat.events()).toEqual([]);
  expect(await chat.page.evaluate(() => _converse.api.connection.connected)).toBe(false);
});

test('what is registered late is used by the next initialize', async ({ openPage }) => {
  const chat = await openPage();
  await register(chat, { early: {} });
  await start(chat, { whitelisted_plugins: ['early', 'late'] });
  await register(chat, { late: {} });
  expect(await order(chat)).toEqual(['early']);
  await start(chat, { whitelisted_plugins: ['early', 'late'] });
  await chat.event('connectionInitialized', 2);
  expect(await order(chat)).toEqual(['early', 'early', 'late']);
});

test('the old way to add settings is there', async ({ openPage }) => {
  const chat = await openPage();
  await chat.script(`converse.plugins.add('old', { initialize() { this.updateSettings({ old_way: 5 }); } });`);
  await start(chat, { whitelisted_plugins: ['old'] });
  expect(await chat.page.evaluate(() => _converse.api.settings.get('old_way'))).toBe(5);
});
