import { readFileSync } from 'node:fs';

import type { Browser, Page } from '@playwright/test';

import { startEjabberd } from '../support/ejabberd.mjs';
import { startProsody } from '../support/prosody.mjs';
import { blocks } from '../docs/blocks.mjs';
import { expect, test, type Account } from './support/chat.ts';
import { Site } from './support/site.ts';

// What the documentation shows, as it is: pages, plugins and the configurations of servers. That examples fit the types,
// and links lead somewhere, is in tests/docs/.

const read = (page: string) => readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
const of = (page: string, language: string) => blocks(read(page)).filter((block) => block.language === language);

/** With the test's server in the place of example.org. */
function pasted(text: string, server: { websocketUrl: string; domain: string }, romeo: Account, juliet?: Account): string {
  return text
    .replaceAll('wss://example.org/xmpp-websocket', server.websocketUrl)
    .replaceAll('romeo@example.org', romeo.jid)
    .replaceAll('juliet@example.org', juliet?.jid ?? romeo.jid)
    .replaceAll("'secret'", JSON.stringify(romeo.password))
    .replaceAll('example.org', server.domain);
}

const FILES = ['converse.js', 'converse.headless.js', 'converse.later.js', 'converse.css', 'converse_wasm_bg.wasm', 'converse_wasm_later.wasm'];
const files = () => FILES.map((name) => {
  const body = readFileSync(new URL(`../../pkg/${name}`, import.meta.url));
  return [`/converse/${name}`, { body, ...(name.endsWith('.css') ? { type: 'text/css' } : {}) }] as const;
});

/** Opens a page that has the library in /converse/, calls `check`, and finds that nothing went wrong. */
async function visit(browser: Browser, html: string, check: (page: Page) => Promise<void>): Promise<void> {
  const page = await browser.newPage();
  const own = await Site.open({ '/': html, '/favicon.ico': '', ...Object.fromEntries(files()) });
  const wrong: string[] = [];
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
  try {
    const done = check(page);
    await page.goto(own.url);
    await done;
    expect(wrong).toEqual([]);
  } finally {
    await page.close();
    await own.close();
  }
}

for (const name of ['../README.md', 'quick-start.md', 'plugins.md']) {
  for (const [at, { text }] of of(name, 'html').entries()) {
    test(`page ${at + 1} of ${name} logs in, or shows how to`, async ({ browser, newAccount, server }) => {
      const html = pasted(text, server, await newAccount());
      await visit(browser, html, async (page) => {
        if (html.includes('auto_login')) {
          await new Promise<void>((bound) => {
            page.on('websocket', (socket) => {
              socket.on('framereceived', ({ payload }) => /<jid>|<bound /.test(String(payload)) && bound());
            });
          });
        }
        if (html.includes("view_mode: 'overlayed'")) {
          await page.getByRole('button', { name: /chat/i }).first().click();
          await page.getByLabel('Password').waitFor();
        }
        if (html.includes("view_mode: 'embedded'")) {
          await page.locator('#conversejs').getByRole('textbox', { name: 'Write a message' }).click();
        }
      });
    });
  }
}

test('the plugins of plugins.md do what they say', async ({ browser, newAccount, logIn, server }) => {
  const juliet = await newAccount([], 'juliet');
  const romeo = await newAccount([{ jid: juliet.jid, subscription: 'both' }], 'romeo');
  const friend = await logIn(juliet);
  const plugins = of('plugins.md', 'js').map(({ text }) => pasted(text, server, romeo, juliet));
  const names = plugins.map((text) => /plugins\.add\('([\w-]+)'/.exec(text)?.[1] ?? 'none');
  expect(names).toEqual(['hello', 'answering-machine', 'count', 'away', 'greeter', 'shout']);
  const settings = { websocket_url: server.websocketUrl, auto_login: true, ...romeo, whitelisted_plugins: names };
  const scripts = plugins.map((text) => `<script>${text}</script>`).join('');
  const begin = `<script>converse.initialize(${JSON.stringify({ ...settings, jid: `${romeo.jid}/here` })})</script>`;
  await visit(browser, `<!doctype html><title>t</title><script src="/converse/converse.js"></script>${scripts}${begin}`, async (page) => {
    const said = (text: string) => page.waitForEvent('console', (message) => message.text() === text);
    await Promise.all([said(`logged in as ${romeo.jid}/here`), said('1 contacts'), said('GOOD MORROW.')]);
    const from = await friend.message('GOOD MORROW.');
    await friend.send(from, 'ping');
    await friend.message('pong');
  });
});

const SERVERS = {
  Prosody: { language: 'lua', start: startProsody, edit: editProsody },
  ejabberd: { language: 'yaml', start: startEjabberd, edit: editEjabberd },
};

for (const [name, { language, start, edit }] of Object.entries(SERVERS)) {
  test(`the configuration of deployment.md for ${name}`, async ({ openPage }) => {
    // A server is started, and three pages log in.
    test.slow();
    const [block] = of('deployment.md', language);
    const config = (given: Given) => edit(block?.text ?? '', given);
    const server = await start({ domain: 'example.org', config });
    try {
      const account = { jid: 'romeo@example.org', password: 'art-thou' };
      await server.addUser(account);
      for (const way of [{ websocket_url: server.websocketUrl }, { bosh_service_url: server.boshUrl }]) {
        const chat = await openPage({ settings: { ...way, auto_login: true, ...account } });
        expect(await chat.outcome()).toEqual({ ok: true });
        const found = await chat.page.evaluate(async () => {
          const { disco } = _converse.api;
          const has = async (feature: string, jid: string) => (await disco.supports(feature, jid)).supported;
          return [
            await has('urn:xmpp:mam:2', 'romeo@example.org'),
            await has('urn:xmpp:carbons:2', 'example.org'),
            await has('http://jabber.org/protocol/muc', 'rooms.example.org'),
            await has('urn:xmpp:http:upload:0', 'example.org'),
            Boolean(await disco.getIdentity('pubsub', 'pep', 'romeo@example.org')),
          ];
        });
        expect(found).toEqual([true, true, true, true, true]);
        expect(await chat.page.evaluate(() => Boolean(_converse.api.disco.stream.getFeature('sm', 'urn:xmpp:sm:3')))).toBe(true);
      }
      const visitor = await openPage({ settings: { websocket_url: server.websocketUrl, auto_login: true, authentication: 'anonymous', jid: 'anonymous.example.org' } });
      expect(await visitor.outcome()).toEqual({ ok: true });
    } finally {
      await server.stop();
    }
  });
}

interface Given {
  directory: string;
  plugins?: string;
  port: number;
  secret: string;
}

/** Replaces what is there once. */
function replaced(text: string, from: string, to: string): string {
  expect(text.split(from)).toHaveLength(2);
  return text.replace(from, () => to);
}

/** Another port, folders of this test's own, and a way to make accounts. */
function editProsody(text: string, { directory, plugins, port, secret }: Given): string {
  const own = `run_as_root = true
pidfile = "${directory}/prosody.pid"
data_path = "${directory}/data"
plugin_paths = { "${plugins}" }
certificates = "${directory}/certs"
log = { { levels = { min = "debug" }, to = "file", filename = "${directory}/prosody.log" } }
interfaces = { "127.0.0.1" }
c2s_ports = {}
c2s_direct_tls_ports = {}
s2s_ports = {}
modules_disabled = { "s2s" }
test_control_secret = "${secret}"
`;
  const there = replaced(replaced(text, '5280', String(port)), 'https://example.org/', `http://127.0.0.1:${port}/`);
  return own + replaced(there, 'VirtualHost "example.org"\n', 'VirtualHost "example.org"\n  modules_enabled = { "test_control" }\n');
}

function editEjabberd(text: string, { directory, port, secret }: Given): string {
  let edited = replaced(text, '5280', String(port));
  edited = replaced(edited, '      /upload: mod_http_upload\n', `      /upload: mod_http_upload\n      /${secret}: mod_http_api\n`);
  edited = replaced(edited, '/var/lib/ejabberd/upload', `${directory}/uploads`);
  edited = replaced(edited, '  mod_adhoc: {}\n', '  mod_adhoc: {}\n  mod_admin_extra: {}\n  mod_http_api: {}\n');
  return `${edited}api_permissions:\n  tests:\n    who:\n      ip: 127.0.0.1/32\n    what: "*"\n`;
}
