// Prints the indices of the functions of the WebAssembly that run until a user is logged in by password over WebSocket and
// sees the contacts, and when the user moves, looks away or leaves: `node first.mjs WHOLE`, where WHOLE is the module before it is
// cut in two. V8 compiles a function when it is called first, and says so.

import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

import { chromium } from '@playwright/test';

import * as scripted from '../../../benches/beside/server.mjs';
import { clientPage } from '../../../tests/support/client-page.mjs';
import { startEjabberd } from '../../../tests/support/ejabberd.mjs';
import { startProsody } from '../../../tests/support/prosody.mjs';
import { startStaticServer } from '../../../tests/support/static-server.mjs';

const PKG = new URL('../../../pkg/', import.meta.url).pathname;
/** What a log-in asks for is answered in this time, in milliseconds. */
const QUIET = 2_000;
const password = 'secret';
const juliet = 'juliet@capulet.lit';

const whole = await readFile(process.argv[2]);
const site = await startStaticServer({ folders: { '/pkg/': PKG }, documents: { '/favicon.ico': '', '/page': clientPage() } });
/** Enough to be sorted in every way. */
const contacts = Array.from({ length: 60 }, (_, n) => ({ jid: `${n}@capulet.lit`, name: `Number ${(n * 7) % 60}`, groups: n % 2 ? [`Group ${n % 5}`] : [] }));
const accounts = [{ jid: juliet, password, contacts }];
// With SCRAM-SHA-1, SCRAM-SHA-256 and SCRAM-SHA-512.
const servers = await Promise.all([
  startProsody({ accounts }),
  startProsody({ accounts, hostLua: 'authentication = "internal_hashed"\npassword_hash = "SHA-256"' }),
  startEjabberd({ accounts }),
]);
// It knows neither SCRAM nor much else.
const small = await scripted.startServer();
const { url: smallUrl } = small.session({ roster: [`<item jid='romeo@capulet.lit' name='Romeo' subscription='both'/>`] });
const browserServer = await chromium.launchServer({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--js-flags=--wasm-lazy-compilation --no-wasm-dynamic-tiering --trace-wasm-compilation-times'],
});
try {
  let said = '';
  for (const stream of [browserServer.process().stdout, browserServer.process().stderr]) stream?.on('data', (data) => { said += data; });
  const browser = await chromium.connect(browserServer.wsEndpoint());
  const jid = juliet;
  for (const { websocketUrl: websocket_url } of servers) {
    await visit(browser, { websocket_url, jid, password, auto_login: true });
    await visit(browser, { websocket_url, whitelisted_plugins: ['usual'] }, async (page) => {
      await page.getByLabel('XMPP address').fill(jid);
      await page.getByLabel('Password').fill(password);
      await page.getByRole('button', { name: 'Log in' }).click();
    });
  }
  const simple = { websocket_url: smallUrl, message_archiving: 'never', keepalive: false };
  await visit(browser, { ...simple, jid: scripted.ME, password, auto_login: true });
  await browser.close();

  const ran = new Set([...said.matchAll(/ompiled function \S*#(\d+) /g)].map(([, index]) => index));
  if (ran.size === 0) throw new Error('the browser did not say what it compiled: look for the flag that V8 has for it now');
  console.log([...ran].join('\n'));
} finally {
  await browserServer.close();
  await site.close();
  await small.close();
  await Promise.all(servers.map((server) => server.stop()));
}

/** Logs in with `settings`, and with what `act` does to it, and leaves. */
async function visit(browser, settings, act = () => {}) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(holdWhatIsLater);
  await page.route('**/converse_wasm_bg.wasm', (route) => route.fulfill({ body: whole, contentType: 'application/wasm' }));
  await page.goto(`${site.url}page`);
  await page.evaluate(addPlugin);
  await page.evaluate((settings) => { converse.initialize(settings); }, { show_controlbox_by_default: true, ...settings });
  await act(page);
  await page.locator('.roster-contact').first().waitFor();
  await pause(QUIET);
  await page.evaluate(leaveAndComeBack);
  // That the user is there is told a second after it was told last.
  await pause(1_000);
  await page.mouse.move(1, 1);
  await page.mouse.move(2, 2);
  // A page that is left can fetch nothing.
  await page.evaluate(() => { window.dispatchEvent(new Event('pagehide')); });
  await context.close();
}

/** What comes after the contacts waits for the second half. Something more comes with them, for a server may send much at once. */
function holdWhatIsLater() {
  window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given);
      let isHeld = false;
      this.addEventListener('message', (event) => {
        if (isHeld) event.stopImmediatePropagation();
        if (isHeld || !event.data.includes('jabber:iq:roster')) return;
        for (let n = 0; n < 10; n += 1) {
          this.dispatchEvent(new MessageEvent('message', { data: `<iq xmlns='jabber:client' type='result' id='unknown-${n}'/>` }));
        }
        isHeld = true;
      });
    }
  };
}

/** What a page hears when its user looks at another one for a while. */
function leaveAndComeBack() {
  for (const hidden of [true, false]) {
    Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
    Object.defineProperty(document, 'visibilityState', { value: hidden ? 'hidden' : 'visible', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }
}

/** What plugins do when they begin. */
function addPlugin() {
  converse.plugins.add('usual', {
    initialize() {
      const { api } = this._converse;
      api.settings.update({ usual_setting: 1 });
      api.settings.get('usual_setting');
      api.settings.set('usual_setting', 2);
      api.promises.add('usual');
      api.disco.own.features.add('urn:example:usual');
      api.disco.own.identities.add('client', 'web', 'usual');
      api.listen.on('connected', () => {});
      api.listen.once('message', () => {});
      api.listen.stanza('message', { type: 'error' }, () => true);
      api.waitUntil('rosterContactsFetched').then(() => api.contacts.get());
      api.emit('usual');
      api.user.jid();
    },
  });
}
