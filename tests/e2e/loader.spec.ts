import type { ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';

import { expect, test, type Page } from '@playwright/test';

import type { Converse, Plugin, Settings } from '../../www/types/index.d.ts';
import { bundle, EMPTY_WASM, Site, type Answer } from './support/site.ts';

// The loader with `support/glue.ts` in the place of the real glue.

declare const converse: Converse;
declare const glueCalls: { settings: Record<string, unknown>; host: { env: object; api: object }; plugins: string[] }[];

let scripts: { classic: string; module: string };
let site: Site;

test.beforeAll(async ({}, info) => {
  const root = join(dirname(info.file), '../..');
  scripts = { classic: await bundle(root, 'headless.ts', 'iife'), module: await bundle(root, 'headless-module.ts', 'esm') };
});

test.afterEach(async () => {
  await site.close();
});

/** Opens a page with `body`. The library and its wasm are in /lib, what `more` says is there too or instead. */
async function visit(page: Page, body: string, more: Record<string, Answer> = {}, headers: Record<string, string> = {}): Promise<void> {
  site = await Site.open({
    '/': { body: `<!doctype html><meta charset="utf-8"><title>t</title>${WATCH}${body}`, headers },
    '/lib/converse.js': scripts.classic,
    '/lib/index.js': scripts.module,
    '/lib/converse_wasm_bg.wasm': { body: EMPTY_WASM },
    '/favicon.ico': '',
    ...more,
  });
  await page.goto(site.url);
}

/** What `initialize` comes to. */
function initialize(page: Page, settings?: unknown): Promise<{ ok: true } | { name: string; code?: string; message: string }> {
  return page.evaluate(async (given) => {
    try {
      await converse.initialize(given as Settings);
      return { ok: true as const };
    } catch (thrown) {
      const { name, code, message } = thrown as Error & { code?: string };
      return { name, message, ...(code ? { code } : {}) };
    }
  }, settings);
}

function unhandled(page: Page): Promise<string[]> {
  return page.evaluate(() => (window as unknown as { unhandled: string[] }).unhandled);
}

const WATCH = `<script>
  window.unhandled = [];
  window.announced = 0;
  addEventListener('unhandledrejection', (event) => unhandled.push(String(event.reason)));
  addEventListener('error', (event) => unhandled.push(String(event.message)));
  addEventListener('converse-loaded', () => announced++);
</script>`;
const CLASSIC = '<script src="/lib/converse.js"></script>';

test.describe('the object', () => {
  test('is there when the script has run, before the wasm is', async ({ page }) => {
    await visit(page, `${CLASSIC}<script>
      window.seen = {
        keys: Object.keys(converse), plugins: Object.keys(converse.plugins), open: Object.isExtensible(converse),
        stanza: converse.env.$msg({ to: 'a' }).toString(), announced,
      };
    </script>`, { '/lib/converse_wasm_bg.wasm': () => {} });
    expect(await page.evaluate(() => (window as never as { seen: object }).seen)).toEqual({
      keys: ['initialize', 'plugins', 'env', 'MUC_NICK_CHANGED_CODE', 'ROOMSTATUS', 'ROOM_FEATURES'],
      plugins: ['add'],
      open: true,
      stanza: '<message to="a" xmlns="jabber:client"/>',
      announced: 1,
    });
    // The download runs although nobody called initialize, and from beside the script, not the page.
    await expect.poll(() => site.requests).toContain('/lib/converse_wasm_bg.wasm');
  });

  test('leaves nothing else on window', async ({ page }) => {
    await visit(page, `<script>const before = new Set(Object.keys(window));</script>${CLASSIC}`);
    expect(await page.evaluate('Object.keys(window).filter((key) => !before.has(key))')).toEqual(['converse']);
  });

  test('is announced to scripts that came earlier', async ({ page }) => {
    await visit(page, `<script>
      addEventListener('converse-loaded', () => {
        converse.plugins.add('early', { initialize() {} });
        converse.initialize({ early: true });
      });
    </script>${CLASSIC}`);
    await page.waitForFunction('window.glueCalls?.length === 1');
    expect(await page.evaluate(() => glueCalls[0]?.plugins)).toEqual(['early']);
  });

  test('comes as a module too, the same one as on window', async ({ page }) => {
    await visit(page, `<script type="module">
      import standard, { converse as named, ConverseError } from '/lib/index.js';
      window.seen = [standard === named, standard === window.converse, typeof ConverseError];
    </script>`);
    await page.waitForFunction('window.seen');
    expect(await page.evaluate(() => (window as never as { seen: unknown[] }).seen)).toEqual([true, true, 'function']);
    expect(await initialize(page)).toEqual({ ok: true });
  });

  test('stays the first one when scripts come twice', async ({ page }) => {
    const warnings: string[] = [];
    page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
    await visit(page, `${CLASSIC}<script>window.first = converse; converse.plugins.add('mine', {});</script>${CLASSIC}${CLASSIC}
      <script type="module">import again from '/lib/index.js'; window.again = again;</script>`);
    await page.waitForFunction('window.again');
    expect(await initialize(page)).toEqual({ ok: true });
    expect(await page.evaluate('[first === converse, again === first, announced, glueCalls[0].plugins]')).toEqual([true, true, 1, ['mine']]);
    expect(warnings).toEqual([
      'converse: the script is included more than once on this page; the first one counts.',
      'converse: the plugin "mine" is registered, but not in whitelisted_plugins, and is not started',
    ]);
    expect(site.requests.filter((path) => path.endsWith('.wasm'))).toHaveLength(1);
  });
});

test.describe('plugins.add', () => {
  test('refuses a name that is taken, after naming the plugin', async ({ page }) => {
    await visit(page, CLASSIC);
    const seen = await page.evaluate(() => {
      const attempt = (name: string, plugin: Plugin) => {
        try {
          return converse.plugins.add(name, plugin) ?? plugin['__name__'];
        } catch (error) {
          return `${String(error)} (${plugin['__name__']})`;
        }
      };
      return [attempt('mine', {}), attempt('mine', {}), attempt('converse-muc', {}), attempt('converse-oauth', {}), attempt('frozen', Object.freeze({}))];
    });
    expect(seen).toEqual([
      'mine',
      'TypeError: Error: plugin with name "mine" has already been registered! (mine)',
      'TypeError: Error: plugin with name "converse-muc" has already been registered! (converse-muc)',
      'converse-oauth',
      undefined,
    ]);
  });

  test('names the argument that is wrong', async ({ page }) => {
    await visit(page, CLASSIC);
    const seen = await page.evaluate(() =>
      ([['', {}], [undefined, {}], ['a', undefined], ['a', null], ['a', () => {}]] as [string, Plugin][]).map(([name, plugin]) => {
        try {
          converse.plugins.add(name, plugin);
        } catch (error) {
          return String(error);
        }
      }),
    );
    for (const message of seen.slice(0, 2)) {
      expect(message).toMatch(/^TypeError: plugins\.add: the first argument, the name/);
    }
    for (const message of seen.slice(2)) {
      expect(message).toMatch(/^TypeError: plugins\.add: the second argument, the plugin "a"/);
    }
  });

  test('after initialize waits for the next one', async ({ page }) => {
    await visit(page, CLASSIC);
    const runs = await page.evaluate(async () => {
      converse.plugins.add('b', {});
      converse.plugins.add('a', {});
      const first = converse.initialize();
      converse.plugins.add('late', {});
      await first;
      await converse.initialize();
      return glueCalls.map(({ plugins }) => plugins);
    });
    expect(runs).toEqual([['b', 'a'], ['b', 'a', 'late']]);
  });
});

test.describe('initialize', () => {
  test('waits for the wasm, and hands over what it was called with', async ({ page }) => {
    let release = (): void => {};
    await visit(page, CLASSIC, {
      '/lib/converse_wasm_bg.wasm': (_, response) => {
        release = () => response.writeHead(200, { 'content-type': 'application/wasm' }).end(EMPTY_WASM);
      },
    });
    await page.evaluate(() => {
      const settings = Object.freeze({ jid: 'a@b', nested: { by: 'reference' } });
      Object.assign(window, { settings, result: converse.initialize(settings) });
    });
    expect(await page.evaluate('typeof glueCalls')).toBe('undefined');
    release();
    expect(await page.evaluate('result.then((value) => value === undefined)')).toBe(true);
    expect(
      await page.evaluate(`[
        glueCalls[0].settings !== settings, glueCalls[0].settings.nested === settings.nested, glueCalls[0].settings.jid,
        glueCalls[0].host.env === converse.env, Object.keys(glueCalls[0].host), typeof glueCalls[0].host.api.send,
      ]`),
    ).toEqual([true, true, 'a@b', true, ['startPlugins', 'env', 'api', 'serialize', 'ask', 'showWire', 'models', 'client', 'kept', 'converse'], 'function']);
  });

  test('takes no settings for an empty map, and nothing else for settings', async ({ page }) => {
    await visit(page, CLASSIC);
    expect(await initialize(page)).toEqual({ ok: true });
    expect(await page.evaluate(() => glueCalls[0]?.settings)).toEqual({});
    for (const wrong of ['a@b', null, 5, []]) {
      expect(await initialize(page, wrong)).toEqual({ name: 'TypeError', message: 'converse.initialize: the settings must be an object.' });
    }
  });

  test('rejects as the core does', async ({ page }) => {
    await visit(page, `${CLASSIC}<script>window.glueFails = 'no websocket_url and no bosh_service_url';</script>`);
    expect(await initialize(page)).toEqual({ name: 'Error', message: 'no websocket_url and no bosh_service_url' });
  });
});

test.describe('a wasm that does not come', () => {
  const failures: { what: string; code: string; says: RegExp; wasm?: Answer; csp?: string; body?: string }[] = [
    { what: 'is not there', wasm: { status: 404 }, code: 'wasm-not-found', says: /\/lib\/converse_wasm_bg\.wasm answered 404\. .* beside the script, or in the folder .* assets_path/ },
    { what: 'cannot be reached', wasm: (request) => request.socket.destroy(), code: 'wasm-unreachable', says: /could not be fetched/ },
    { what: 'breaks off', wasm: brokenOff, code: 'wasm-unreachable', says: /broke off/ },
    { what: 'is a web page', wasm: { body: '<!doctype html>', type: 'text/html' }, code: 'wasm-invalid', says: /not a WebAssembly file, the server sent "text\/html"/ },
    { what: 'is forbidden to run', csp: "script-src 'self' 'unsafe-inline'", code: 'wasm-blocked', says: /add 'wasm-unsafe-eval' to its script-src/ },
    { what: 'is forbidden to load', csp: "connect-src 'none'", code: 'wasm-unreachable', says: /Content-Security-Policy \(connect-src\)/ },
    {
      what: 'has no known place',
      body: `<script>fetch('/lib/converse.js').then((r) => r.text()).then((text) => setTimeout(text));</script>`,
      code: 'wasm-location-unknown',
      says: /Include it with <script src=/,
    },
  ];

  for (const { what, code, says, wasm, csp, body = CLASSIC } of failures) {
    test(`${what}: initialize says so, nothing else does`, async ({ page }) => {
      await visit(
        page,
        body,
        wasm ? { '/lib/converse_wasm_bg.wasm': wasm } : {},
        csp ? { 'content-security-policy': csp } : {},
      );
      await page.waitForFunction('window.converse');
      await page.waitForTimeout(200);
      expect(await unhandled(page)).toEqual([]);
      const result = await initialize(page);
      expect(result).toMatchObject({ name: 'ConverseError', code });
      expect((result as { message: string }).message).toMatch(says);
    });
  }

  test('may come with the wrong MIME type', async ({ page }) => {
    await visit(page, CLASSIC, { '/lib/converse_wasm_bg.wasm': { body: EMPTY_WASM, type: 'application/octet-stream' } });
    expect(await initialize(page)).toEqual({ ok: true });
  });

  test('lies beside a script of any name, on another host too', async ({ page }) => {
    const open = { 'access-control-allow-origin': '*' };
    const other = await Site.open({
      '/v1/converse.4f1d91c.min.js': { body: scripts.classic },
      '/v1/converse_wasm_bg.wasm': { body: EMPTY_WASM, headers: open },
    });
    try {
      await visit(page, `<script src="${other.url}/v1/converse.4f1d91c.min.js?x=1"></script>`);
      expect(await initialize(page)).toEqual({ ok: true });
      expect(other.requests).toEqual(['/v1/converse.4f1d91c.min.js', '/v1/converse_wasm_bg.wasm']);
      other.pages.set('/v1/converse_wasm_bg.wasm', { body: EMPTY_WASM });
      await page.goto(site.url);
      const refused = await initialize(page);
      expect(refused).toMatchObject({ code: 'wasm-unreachable' });
      expect((refused as { message: string }).message).toContain('Access-Control-Allow-Origin');
    } finally {
      await other.close();
    }
  });

  test('may lie where assets_path says', async ({ page }) => {
    const missing = { '/lib/converse_wasm_bg.wasm': { status: 404 }, '/assets/converse_wasm_bg.wasm': { body: EMPTY_WASM } };
    for (const assets_path of ['/assets/', '/assets', 'assets']) {
      await visit(page, CLASSIC, missing);
      expect(await initialize(page, { assets_path })).toEqual({ ok: true });
      await site.close();
    }
    await visit(page, CLASSIC, missing);
    expect(await initialize(page, { assets_path: '/nowhere' })).toMatchObject({ code: 'wasm-not-found', message: expect.stringContaining('/nowhere/') });
    expect(await initialize(page, { assets_path: 'http://' })).toMatchObject({ name: 'TypeError' });
    // What has failed once is not final.
    expect(await initialize(page, { assets_path: '/assets/' })).toEqual({ ok: true });
  });

  test('may come at the second attempt', async ({ page }) => {
    await visit(page, CLASSIC, { '/lib/converse_wasm_bg.wasm': { status: 503 } });
    expect(await initialize(page)).toMatchObject({ code: 'wasm-not-found' });
    site.pages.set('/lib/converse_wasm_bg.wasm', { body: EMPTY_WASM });
    expect(await initialize(page)).toEqual({ ok: true });
  });
});

function brokenOff(_: unknown, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/wasm', 'content-length': '1000' });
  response.write(EMPTY_WASM);
  setTimeout(() => response.destroy(), 50);
}
