import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';

import { expect, failed } from './support/chat.ts';
import { test } from './support/named-hosts.ts';

const HOST_META = 'capulet.lit/.well-known/host-meta';
const WEBSOCKET = 'urn:xmpp:alt-connections:websocket';
const BOSH = 'urn:xmpp:alt-connections:xbosh';

const json = (...links: { rel: string; href: string }[]) => JSON.stringify({ links });
const xrd = (inside: string) => `<?xml version='1.0'?><XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'>${inside}</XRD>`;

test.beforeEach(({ secure }) => {
  secure.answers.clear();
  secure.requests.length = 0;
});

test('JSON: the WebSocket goes before BOSH, and the domain is asked once', async ({ secure, newAccount, openPage }) => {
  const bosh = { rel: BOSH, href: 'https://capulet.lit/http-bind' };
  secure.answers.set(`${HOST_META}.json`, json(bosh, { rel: WEBSOCKET, href: 'wss://capulet.lit/xmpp-websocket' }));
  const account = await newAccount();
  const chat = await openPage({ settings: { auto_login: true, ...account } });
  expect(await chat.outcome()).toEqual({ ok: true });
  expect(chat.wire[0]).toContain('<open ');
  expect(await chat.login(account)).toEqual({ ok: true });
  expect(secure.requests.map(({ address }: { address: string }) => address)).toEqual([`${HOST_META}.json`]);
  // The domain learns nothing of the user nor of the page.
  const [{ headers }] = secure.requests;
  expect([headers.accept, headers.cookie, headers.referer]).toEqual(['application/json', undefined, undefined]);
});

test('XRD: where there is no JSON; BOSH over https', async ({ secure, newAccount, openPage }) => {
  secure.answers.set(HOST_META, xrd(`<Link rel='${BOSH}' href='https://capulet.lit/http-bind'/>`));
  const chat = await openPage({ settings: { auto_login: true, ...(await newAccount()) } });
  expect(await chat.outcome()).toEqual({ ok: true });
  expect(chat.wire[0]).toContain('<body ');
  expect(secure.requests.map(({ address }: { address: string }) => address)).toEqual([`${HOST_META}.json`, HOST_META]);
});

const hostile: Record<string, { code: string; json?: string | Answer; xrd?: string | Answer }> = {
  'no host-meta at all': { code: 'discovery-failed' },
  'a plain WebSocket': { code: 'no-secure-endpoint', json: json({ rel: WEBSOCKET, href: 'ws://capulet.lit/xmpp-websocket' }) },
  'plain BOSH in XRD': { code: 'no-secure-endpoint', xrd: xrd(`<Link rel='${BOSH}' href='http://capulet.lit/http-bind'/>`) },
  'an address that only looks safe': { code: 'no-secure-endpoint', json: json({ rel: WEBSOCKET, href: 'ws://evil.lit/?wss://capulet.lit/' }) },
  'a page of HTML': { code: 'discovery-failed', json: '<!doctype html><p>Not found', xrd: '<!doctype html><p>Not found' },
  'entities in XRD': {
    code: 'discovery-failed',
    xrd: `<!DOCTYPE XRD [<!ENTITY w "wss://evil.lit/">]>${xrd(`<Link rel='${WEBSOCKET}' href='&w;'/>`)}`,
  },
  'more than anybody reads': { code: 'discovery-failed', json: json({ rel: WEBSOCKET, href: 'wss://capulet.lit/xmpp-websocket' }) + ' '.repeat(65_536) },
  'a redirect to http': {
    code: 'discovery-failed',
    json: (_, response) => response.writeHead(302, { location: 'http://capulet.lit/.well-known/host-meta.json' }).end(),
    xrd: (_, response) => response.writeHead(302, { location: 'http://capulet.lit/.well-known/host-meta' }).end(),
  },
  'things that are not links': { code: 'discovery-failed', json: '{"links":[null,1,{"rel":{}},{"__proto__":{"rel":"x"}}]}' },
};

type Answer = (request: unknown, response: { writeHead(status: number, headers: object): { end(): void } }) => void;

for (const [name, { code, json, xrd }] of Object.entries(hostile)) {
  test(`${name}: ${code}`, async ({ secure, newAccount, openPage }) => {
    for (const [path, answer] of [[`${HOST_META}.json`, json], [HOST_META, xrd]] as const) {
      if (answer !== undefined) {
        secure.answers.set(path, answer);
      }
    }
    const { jid, password } = await newAccount();
    const chat = await openPage({ settings: { auto_login: true, jid, password } });
    expect(await chat.outcome()).toMatchObject(failed('ConnectionError', code));
    expect(await chat.event('disconnected')).toMatchObject({ name: 'ConnectionError', code });
    expect(await chat.login()).toMatchObject(failed('ConnectionError', code));
    expect(chat.wire).toEqual([]);
    expect(await chat.uncaught()).toEqual([]);
    expect(JSON.stringify([await chat.seen(), chat.warnings])).not.toContain(password);
  });
}

test('switched off, nobody is asked', async ({ secure, newAccount, openPage }) => {
  const chat = await openPage({ settings: { auto_login: true, discover_connection_methods: false, ...(await newAccount()) } });
  expect(await chat.outcome()).toMatchObject(failed('ConfigurationError', 'no-service-url'));
  expect(secure.requests).toEqual([]);
});

test('a disconnect while the domain has not answered ends the log-in', async ({ secure, newAccount, openPage }) => {
  secure.answers.set(`${HOST_META}.json`, () => {});
  const chat = await openPage({ settings: {} });
  await chat.event('connectionInitialized');
  const login = chat.login(await newAccount());
  await expect.poll(() => secure.requests.length).toBe(1);
  await chat.page.evaluate(() => _converse.api.connection.disconnect());
  expect(await login).toMatchObject(failed('ConnectionError', 'aborted'));
});

test('a page of https: is told why it reaches nobody without TLS', { tag: '@once' }, async ({ secure, page }) => {
  for (const name of ['converse.headless.js', 'converse_wasm_bg.wasm', 'converse_wasm_later.wasm']) {
    const file = readFileSync(new URL(`../../pkg/${name}`, import.meta.url));
    secure.answers.set(`page.lit/${name}`, (_: unknown, response: ServerResponse) => {
      response.setHeader('Content-Type', name.endsWith('.js') ? 'text/javascript' : 'application/wasm').end(file);
    });
  }
  secure.answers.set('page.lit/', (_: unknown, response: ServerResponse) => {
    response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>t</title><script src="/converse.headless.js"></script>');
  });
  await page.goto('https://page.lit/');
  for (const settings of [{ websocket_url: 'ws://capulet.lit/xmpp-websocket' }, { bosh_service_url: 'http://capulet.lit/http-bind' }]) {
    const refused = await page.evaluate(async (given) => {
      const { converse } = window;
      let login: (credentials: object) => Promise<unknown> = async () => undefined;
      const name = JSON.stringify(given);
      converse.plugins.add(name, {
        initialize() {
          login = this._converse.api.user.login;
        },
      });
      await new Promise<void>((ready) => {
        converse.plugins.add(`${name} begun`, {
          initialize() {
            this._converse.api.listen.on('connectionInitialized', () => ready());
          },
        });
        void converse.initialize({ ...given, whitelisted_plugins: [name, `${name} begun`] });
      });
      return login({ jid: 'juliet@capulet.lit', password: 'x' }).catch(({ code, message }) => ({ code, message }));
    }, settings);
    expect(refused).toMatchObject({ code: 'unreachable', message: expect.stringContaining('begins with wss: or https:') });
  }
});
