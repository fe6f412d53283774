// How much of the WebAssembly is needed first: the functions that run until a user is logged in and sees a contact, with
// how many bytes of the code; `cargo xtask size parts` says of how many. V8 compiles a function when it is called first, and
// says so.

import { chromium } from '@playwright/test';

import { CLIENTS, folders } from './beside/clients.mjs';
import { DOMAIN, ME, startServer } from './beside/server.mjs';
import { startStaticServer } from '../tests/support/static-server.mjs';
import { heading } from './support.mjs';

const site = await startStaticServer({ folders: folders([CLIENTS[0]]), documents: { '/favicon.ico': '', '/page': CLIENTS[0].page } });
const xmpp = await startServer();
const launched = await chromium.launchServer({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--js-flags=--wasm-lazy-compilation --no-wasm-dynamic-tiering --trace-wasm-compilation-times'],
});
try {
  let said = '';
  for (const stream of [launched.process().stdout, launched.process().stderr]) stream?.on('data', (data) => { said += data; });
  const browser = await chromium.connect(launched.wsEndpoint());
  const page = await browser.newPage();
  const { url } = xmpp.session({ roster: [`<item jid='nurse@${DOMAIN}' name='Nurse' subscription='both'/>`] });
  await page.goto(`${site.url}page#${encodeURIComponent(JSON.stringify({ websocket_url: url, jid: ME, password: 'secret' }))}`);
  await page.locator(CLIENTS[0].contact).first().waitFor();
  await page.close();
  const sizes = new Map([...said.matchAll(/ompiled function \S*#(\d+) .*bodysize (\d+)/g)].map(([, index, size]) => [index, Number(size)]));
  if (sizes.size === 0) throw new Error('the browser did not say what it compiled: look for the flag that V8 has for it now');
  const ran = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  console.log(heading(browser));
  console.log(`${sizes.size} functions ran, ${Math.round(ran / 1000)} KB of code`);
  await browser.close();
} finally {
  await launched.close();
  await site.close();
  await xmpp.close();
}
