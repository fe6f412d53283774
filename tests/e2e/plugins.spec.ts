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
        initialize: function (socket) {
            window.seen = [this === plugin, typeof this._converse.api.send, arguments.length, socket.properties._converse === this._converse,
              socket.initialized_plugins.includes('converse-muc'), Object.keys(socket.plugins).includes('myplugin'), this._converse.pluggable === socket];
        }
    }
    converse.plugins.add('myplugin', plugin);
  `);
  await start(chat, { whitelisted_plugins: ['myplugin'] });
  expect(await chat.page.evaluate('seen')).toEqual([true, 'function', 1, true, true, true, true]);
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
  await register(chat, { a: { dependencies: ['c', 'converse-muc'] }, b: {}, c: { optional_dependencies: ['gone', 'd'] }, d: {} });
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

test('a missing dependency is a warning, and with strict_plugin_dependencies an error; so is a missing class to override', async ({ openPage }) => {
  const chat = await openPage();
  await register(chat, { a: { dependencies: ['gone'] }, b: { overrides: { Lost: { find: null } } } });
  await start(chat, { whitelisted_plugins: ['a', 'b'] });
  expect(await order(chat)).toEqual(['a', 'b']);
  expect(chat.warnings).toEqual([
    'converse: Could not find the dependency "gone" of the plugin "a"',
    'converse: The plugin "b" overrides "Lost", which there is not',
  ]);
  await start(chat, { whitelisted_plugins: ['a'], strict_plugin_dependencies: true });
  expect(await chat.outcome()).toMatchObject(failed('ConfigurationError', 'missing-dependency'));
  await start(chat, { whitelisted_plugins: ['b'], strict_plugin_dependencies: true });
  expect(await chat.outcome()).toMatchObject(failed('ConfigurationError', 'missing-override'));
  expect(await order(chat)).toEqual(['a', 'b']);
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

// The same script in converse.js 4.2.0 notes the same, but for what the last line says.
const OVERRIDING = `
  converse.plugins.add('base', {
    initialize() {
      const { _converse } = this;
      _converse.greet = function (name) { return 'hello ' + name + (this === _converse ? '' : ' from nowhere'); };
      _converse.label = 'old';
      _converse.Thing = converse.env.Model.extend({
        events: { 'click .a': 'first' },
        kind: 'old',
        speak(word) { return this.get('name') + ' says ' + word; },
        shout(word) { return this.speak(word).toUpperCase(); },
      });
    },
  });
  converse.plugins.add('one', {
    dependencies: ['base'],
    overrides: {
      label: 'new',
      greet(name) { return '1(' + this.__super__.greet.apply(this, arguments) + ')' + (this.__super__._converse === this); },
      fresh() { return 'fresh'; },
      Thing: {
        kind: 'new',
        events: { 'click .a': 'mine', 'click .b': 'second' },
        speak(word) { const say = this.__super__.speak; return '1[' + say(word) + ']'; },
        added() { return this.__super__._converse.label + ' ' + this.speak('hm'); },
      },
      // One that is there already, whose class the library itself makes objects of.
      XMPPStatus: { get(name) { return name === 'own' ? 'overridden' : this.__super__.get(name); } },
    },
  });
  converse.plugins.add('two', {
    dependencies: ['one'],
    overrides: {
      Thing: {
        speak(word) {
          const later = () => this.__super__.speak(word);
          return '2{' + this.__super__.speak.apply(this, arguments) + '}' + (later() === later() ? '' : ' and something else');
        },
      },
    },
    initialize() {
      const { _converse } = this;
      const [thing, other] = [new _converse.Thing({ name: 'x' }), new _converse.Thing({ name: 'y' })];
      window.noted = [_converse.label, _converse.greet('you'), _converse.fresh(), thing.kind, thing.events, thing.added(), other.shout('ho'), thing.speak('hi'),
        new _converse.XMPPStatus().get('own'), _converse.__super__._converse === _converse];
    },
  });
`;

test('overrides take the place of functions and methods, which __super__ leads to, in each initialize anew', async ({ openPage }) => {
  const chat = await openPage();
  await chat.script(OVERRIDING);
  for (const _round of ['first', 'again']) {
    await start(chat, { whitelisted_plugins: ['base', 'one', 'two'] });
    expect(await chat.page.evaluate('noted')).toEqual([
      'new', '1(hello you)true', 'fresh', 'new', { 'click .a': 'first', 'click .b': 'second' },
      'new 2{1[x says hm]}', '2{1[Y SAYS HO]}'.toUpperCase(), '2{1[x says hi]}',
      'overridden', true]);
    await chat.page.evaluate('noted = undefined');
  }
  await start(chat, { whitelisted_plugins: ['base'] });
  expect(await chat.page.evaluate("[noted, new _converse.XMPPStatus().get('own')]")).toEqual([undefined, undefined]);
});

test('a script may come before the library, by an AMD loader, and leave _converse in a global', async ({ openPage }) => {
  const chat = await openPage();
  await chat.page.addInitScript(() => {
    const page = globalThis as any;
    page.addEventListener('converse-loaded', () => {
      page.converse.plugins.add('early', { initialize() { page.order = ['early']; } });
    });
    // As RequireJS has it, where the page has said that "converse" is the global.
    page.defined = 0;
    page.define = (_names: string[], factory: (converse: unknown) => void) => {
      page.defined += 1;
      factory(page.converse);
    };
    page.define.amd = {};
  });
  await chat.page.reload();
  await chat.script(`
    (function (root, factory) {
      if (typeof define === 'function' && define.amd) { define(['converse'], factory); } else { factory(converse); }
    }(this, function (converse) {
      converse.plugins.add('wrapped', {
        initialize: function () { leaked = this._converse; order.push('wrapped'); },
        helper: function () { return this === leaked.pluggable.plugins.wrapped; },
      });
    }));
  `);
  await start(chat, { whitelisted_plugins: ['early', 'wrapped'] });
  expect(await order(chat)).toEqual(['early', 'wrapped']);
  expect(await chat.page.evaluate('[defined, leaked === _converse, leaked.pluggable.plugins.wrapped.helper()]')).toEqual([1, true, true]);
});

test('what only converse.compat.js has is said once, and who extends it gets an error', async ({ openPage }) => {
  const chat = await openPage();
  expect(await chat.page.evaluate(() => {
    const { _, Backbone, Strophe } = converse.env;
    return [_, Backbone, typeof Strophe, Object.keys(converse.env).includes('moment')];
  })).toEqual([undefined, undefined, 'object', false]);
  expect(chat.warnings).toEqual([expect.stringContaining('converse.env._ is not in this script. Include converse.compat.js')]);
  await chat.script(`converse.plugins.add('modal', { initialize() { this._converse.BootstrapModal.extend({}); } });`);
  await start(chat, { whitelisted_plugins: ['modal'] });
  expect(await chat.outcome()).toMatchObject({ ok: false, code: 'not-in-this-script', message: expect.stringContaining('_converse.BootstrapModal') });
});

test('scripts around the tag of the library register plugins in any order, and those after initialize wait for the next', async ({ openPage }) => {
  const { page } = await openPage();
  const plugin = (name: string, more = '') => `converse.plugins.add('${name}', { ${more} initialize() { order.push('${name}'); } });`;
  const files: Record<string, string> = {
    'deferred.js': plugin('deferred', "dependencies: ['of-a-module'],"),
    'module.js': plugin('of-a-module'),
    'next.js': plugin('next'),
    'page.html': `<!doctype html><title>begins</title>
      <script>order = []; addEventListener('converse-loaded', () => { ${plugin('before')} });</script>
      <script defer src="/several/deferred.js"></script>
      <script type="module" src="/several/module.js"></script>
      <script src="/pkg/converse.headless.js"></script>
      <script src="/several/next.js"></script>
      <script>
        begin = () => converse.initialize({ bosh_service_url: '/nowhere', whitelisted_plugins: ['deferred', 'next', 'of-a-module', 'before', 'late', 'last'] });
        addEventListener('DOMContentLoaded', () => { ${plugin('last')} begin(); ${plugin('late')} });
      </script>`,
  };
  await page.route('**/several/*', (route) => {
    const name = route.request().url().split('/').at(-1)!;
    return route.fulfill({ contentType: name.endsWith('.js') ? 'text/javascript' : 'text/html', body: files[name]! });
  });
  await page.goto(new URL('/several/page.html', page.url()).href);
  const reached = (last: string) => page.waitForFunction((last) => (globalThis as any).order.includes(last), last);
  await reached('last');
  expect(await page.evaluate('order')).toEqual(['before', 'next', 'of-a-module', 'deferred', 'last']);
  await page.evaluate('order.length = 0; void begin()');
  await reached('late');
  expect(await page.evaluate('order')).toEqual(['before', 'next', 'of-a-module', 'deferred', 'last', 'late']);
});

test('initialize again after a log-out: nothing is left of what plugins did before', async ({ newAccount, openPage, loginSettings }) => {
  const chat = await openPage();
  await chat.script(`
    window.log = [];
    converse.plugins.add('again', {
      overrides: {
        onConnected() { log.push('onConnected'); return this.__super__.onConnected.apply(this, arguments); },
        // What the archive has it hands over whenever it likes.
        ChatBoxes: { onMessage(stanza) { if (!stanza.querySelector('result')) log.push('onMessage'); return this.__super__.onMessage.apply(this, arguments); } },
      },
      initialize() {
        const { api } = this._converse;
        api.settings.update({ again: 'default' });
        log.push(api.settings.get('again'));
        api.settings.set('again', 'changed');
        api.promises.add('of-again');
        api.listen.on('connected', () => {
          log.push('connected');
          api.emit('of-again');
          this._converse.connection.addHandler(() => log.push('handler'), null, 'message', 'chat');
        });
      },
    });
  `);
  const rounds = [
    { again: 'given', whitelisted_plugins: ['again'], seen: ['given', 'onConnected', 'connected', 'handler', 'onMessage', 'handler', 'onMessage'] },
    { whitelisted_plugins: ['again'], seen: ['default', 'onConnected', 'connected', 'handler', 'onMessage', 'handler', 'onMessage'] },
    { whitelisted_plugins: [], seen: [] },
  ];
  for (const [at, { seen, ...settings }] of rounds.entries()) {
    const account = await newAccount();
    await chat.page.evaluate('log.length = 0');
    await chat.initialize({ ...loginSettings(account), ...settings });
    await chat.event('rosterContactsFetched', at + 1);
    expect(await chat.jid()).toContain(account.jid);
    for (const word of [`one of ${at}`, `two of ${at}`]) {
      await chat.send(await chat.jid(), word);
      await chat.message(word);
    }
    expect(await chat.page.evaluate('log')).toEqual(seen);
    expect(await chat.page.evaluate(() => [_converse.api.settings.get('again'), _converse.api.waitUntil('of-again') === null])).toEqual(at < 2 ? ['changed', false] : [undefined, true]);
    await chat.logOut();
  }
  expect(await chat.uncaught()).toEqual([]);
});
