// Pictures of the main views, in both themes and three widths, as test-results/screenshots/. `cargo xtask screenshots`
// runs this after a build; somebody looks at them.

import { mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { chromium } from '@playwright/test';

import { startProsody } from './support/prosody.mjs';
import { startStaticServer } from './support/static-server.mjs';

const FOLDER = fileURLToPath(new URL('../test-results/screenshots/', import.meta.url));
const DOMAIN = 'capulet.lit';
const PASSWORD = 'secret';
const BALCONY = `balcony@rooms.${DOMAIN}`;
const NAMES = ['Juliet', 'Romeo', 'Nurse', 'Mercutio', 'Tybalt', 'Benvolio', 'Rosaline'];
const PEOPLE = NAMES.map((name, at) => ({
  name,
  password: PASSWORD,
  jid: `${name.toLowerCase()}@${DOMAIN}`,
  groups: [at % 2 ? 'Montagues' : 'Capulets'],
}));
const THEMES = /** @type {const} */ (['light', 'dark']);
const WIDTHS = { narrow: { width: 360, height: 720 }, medium: { width: 1280, height: 800 }, wide: { width: 2560, height: 1440 } };
const [only = ''] = process.argv.slice(2);

const prosody = await startProsody({
  domain: DOMAIN,
  hostLua: 'allow_registration = true',
  accounts: PEOPLE.map(({ jid, password }) => ({
    jid,
    password,
    contacts: PEOPLE.filter((other) => other.jid !== jid).map(({ jid, name, groups }) => ({ jid, name, groups })),
  })),
  rooms: [{ jid: BALCONY, name: 'The Balcony', owner: PEOPLE[0].jid }],
});
const site = await startStaticServer({
  folders: { '/pkg/': fileURLToPath(new URL('../pkg/', import.meta.url)) },
  documents: { '/favicon.ico': '', '/': page(''), '/embedded': page('<div id="conversejs"></div>') },
});
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
try {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  const romeo = await open('romeo', 'overlayed', {});
  await talk(romeo);
  for (const theme of THEMES) {
    for (const [width, viewport] of Object.entries(WIDTHS)) {
      await showAll(`${theme}-${width}`, { colorScheme: theme, viewport });
    }
  }
} finally {
  await browser.close();
  await site.close();
  await prosody.stop();
}

/** All views in one theme and width. */
async function showAll(name, look) {
  const take = async (page, view) => {
    if (`${view}-${name}`.includes(only)) {
      await page.screenshot({ path: `${FOLDER}${view}-${name}.png` });
    }
  };
  const narrow = look.viewport.width < 500;
  const stranger = await open(undefined, 'overlayed', look);
  await stranger.waitForSelector('#converse-login');
  await take(stranger, 'log-in');
  await stranger.fill('#converse-login-jid', `juliet@${DOMAIN}`);
  await stranger.fill('#converse-login-password', 'wrong');
  await stranger.click('#converse-login .btn-primary');
  await stranger.waitForSelector('.conn-feedback.error');
  await take(stranger, 'log-in-refused');
  await stranger.click('.register-account');
  await stranger.fill('#converse-register-domain', DOMAIN);
  await stranger.keyboard.press('Enter');
  await stranger.waitForSelector('#converse-register');
  await take(stranger, 'register');
  await stranger.context().close();

  const overlayed = await open('juliet', 'overlayed', look);
  await take(overlayed, 'overlayed-contacts');
  await overlayed.evaluate(`_converse.api.rooms.open('${BALCONY}', { nick: 'juliet' })`);
  await overlayed.waitForSelector('.chatroom .chat-msg');
  await overlayed.evaluate(`_converse.api.chats.open('romeo@${DOMAIN}').then((chat) => chat.trigger('show'))`);
  await overlayed.waitForSelector('converse-chat:not(.chatroom) .chat-msg');
  await take(overlayed, 'overlayed-chats');
  await overlayed.context().close();

  for (const mode of narrow ? ['mobile', 'fullscreen'] : ['fullscreen']) {
    const page = await open('juliet', mode, look);
    await take(page, mode);
    await page.click('.change-status');
    await page.waitForSelector('dialog');
    await take(page, `${mode}-dialog`);
    await page.keyboard.press('Escape');
    await page.click('.show-profile');
    await page.waitForSelector('dialog');
    await take(page, `${mode}-profile`);
    await page.keyboard.press('Escape');
    await page.evaluate(`_converse.api.chats.open('romeo@${DOMAIN}').then((chat) => chat.trigger('show'))`);
    await page.waitForSelector('converse-chat .chat-msg');
    await take(page, `${mode}-chat`);
    await page.evaluate(`_converse.api.rooms.open('${BALCONY}', { nick: 'juliet' })`);
    await page.waitForSelector('.chatroom .chat-msg');
    await take(page, `${mode}-room`);
    await page.context().close();
  }

  const embedded = await open('juliet', 'embedded', look, { auto_join_rooms: [{ jid: BALCONY, nick: 'juliet' }] });
  await embedded.waitForSelector('.chatroom .chat-msg');
  await take(embedded, 'embedded');
  await embedded.context().close();
}

/** A page in this mode, of somebody who is logged in if there is a name. */
async function open(who, mode, look, more = {}) {
  const context = await browser.newContext({ ...look, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error(error));
  page.on('console', (message) => ['warning', 'error'].includes(message.type()) && console.error(message.text()));
  await page.goto(`${site.url}${mode === 'embedded' ? 'embedded' : ''}`);
  const settings = {
    websocket_url: prosody.websocketUrl,
    view_mode: mode,
    whitelisted_plugins: ['probe'],
    allow_non_roster_messaging: true,
    show_controlbox_by_default: true,
    ...(who && { auto_login: true, jid: `${who}@${DOMAIN}`, password: PASSWORD }),
    ...more,
  };
  await page.evaluate((settings) => {
    globalThis.converse.plugins.add('probe', {
      initialize() {
        globalThis._converse = this._converse;
      },
    });
    void globalThis.converse.initialize(settings);
  }, settings);
  if (who && mode !== 'embedded') {
    await page.waitForSelector('.roster-contact');
  }
  return page;
}

/** Fills a chat and a room with words. */
async function talk(romeo) {
  const juliet = await open('juliet', 'fullscreen', {});
  const say = (page, to, room, words) =>
    page.evaluate(
      async ([to, room, words]) => {
        const chat = await (room ? _converse.api.rooms.open(to, { nick: _converse.bare_jid.split('@')[0] }) : _converse.api.chats.open(to));
        await chat.sendMessage(chat.getOutgoingMessageAttributes(words));
      },
      [to, room, words],
    );
  const dialogue = [
    [romeo, 'But, soft! what light through yonder window breaks?'],
    [romeo, 'It is the east, and Juliet is the *sun*.'],
    [juliet, 'O Romeo, Romeo! wherefore art thou Romeo?\nDeny thy father and refuse thy name;'],
    [romeo, 'Shall I hear more, or shall I speak at this?'],
    [juliet, '/me leans upon the balcony'],
    [juliet, 'Read on: https://example.org/plays/romeo-and-juliet'],
  ];
  for (const page of [romeo, juliet]) {
    await page.evaluate(`_converse.api.rooms.open('${BALCONY}', { nick: _converse.bare_jid.split('@')[0] })`);
    await page.waitForSelector('.chatroom textarea:not([disabled])');
  }
  for (const [page, words] of dialogue) {
    await say(page, page === romeo ? `juliet@${DOMAIN}` : `romeo@${DOMAIN}`, false, words);
    await say(page, BALCONY, true, words);
    await page.waitForTimeout(60);
  }
  await juliet.context().close();
}

function page(body) {
  const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src *; require-trusted-types-for 'script'";
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
    <meta http-equiv="Content-Security-Policy" content="${policy}"><title>An ordinary site</title>
    <link rel="stylesheet" href="/pkg/converse.css"><script src="/pkg/converse.js"></script>
    <body><h1>An ordinary site</h1><p>With words of its own.</p>${body}</body></html>`;
}
