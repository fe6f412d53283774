// The client in Firefox, as a person meets it: on a page with a strict Content-Security-Policy, with a real Prosody.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { clientPage } from '../support/client-page.mjs';
import { startProsody } from '../support/prosody.mjs';
import { startProxy } from '../support/proxy.mjs';
import { logIn as connect } from '../support/raw-client.mjs';
import { startStaticServer } from '../support/static-server.mjs';
import { KEYS } from './page.mjs';
import { startFirefox } from './webdriver.mjs';

const folder = (path) => fileURLToPath(new URL(path, import.meta.url));
const WRITE = 'Write a message';
/** The first version that knows Trusted Types. */
const TRUSTED_TYPES_FROM = 148;
/** What the client says in its log of a wrong password, and of a network that is away. */
const MEANT = ['the server refused the log-in: not-authorized', 'the connection was lost', 'the server could not be reached'];
/** With these a page that is loaded anew needs no password. */
const TOKENS = ['sasl2', 'sasl2_bind2', 'sasl2_fast', 'mend_fast', 'sasl2_sm', 'mend_sm'];
const LARGE = { view_mode: 'fullscreen', show_controlbox_by_default: true };

let prosody, proxy, site, firefox, files;
let pages = [];
let people = 0;

let started;
// Not before the first test that runs: it may be that none is asked for.
beforeEach(() => (started ??= start()));

async function start() {
  files = await mkdtemp(join(tmpdir(), 'converse-files-'));
  prosody = await startProsody({ modules: TOKENS });
  proxy = await startProxy({ port: prosody.port });
  site = await startStaticServer({
    folders: { '/pkg/': folder('../../pkg/'), '/site/': folder('site/') },
    documents: { '/client': clientPage('/site/site.js'), '/elsewhere': '<!doctype html><title>Elsewhere</title>', '/favicon.ico': '' },
  });
  firefox = await startFirefox();
}

after(async () => {
  await firefox?.close();
  await site?.close();
  await proxy?.close();
  await prosody?.stop();
  if (files) await rm(files, { recursive: true, force: true });
});

afterEach(async () => {
  proxy?.accept();
  for (const page of pages) await page.close();
  pages = [];
});

test('a page that requires Trusted Types gets them', async (t) => {
  const page = await open({});
  const taken = await page.run(`
    const script = document.createElement('script');
    try { script.text = ''; return true; } catch { return false; }`);
  if (parseInt(firefox.version) < TRUSTED_TYPES_FROM) {
    t.diagnostic(`Firefox ${firefox.version} does not know Trusted Types: what follows ran without them`);
  } else {
    assert.equal(taken, false);
  }
});

for (const transport of ['WebSocket', 'BOSH']) {
  const service = () => (transport === 'BOSH' ? { bosh_service_url: proxy.url(prosody.boshUrl) } : { websocket_url: proxy.url(prosody.websocketUrl) });
  test(`two people find each other, talk, lose the network and come back, over ${transport}`, async () => {
    const [juliet, romeo] = await friends();
    const one = await open({ ...service(), ...LARGE });
    await logIn(one, { ...juliet, password: 'wrong' });
    await one.sees('The address or the password is not right.', '[role=alert]');
    await logIn(one, juliet);
    const other = await open({ ...service(), show_controlbox_by_default: true, auto_login: true, jid: romeo.jid, password: romeo.password });
    await other.find('button', /^Juliet, /);

    // A box opens by itself for what comes, and what others write is text.
    await one.click('button', /^Romeo, /);
    await say(one, '<b>Shall I hear more?</b>');
    await other.sees('<b>Shall I hear more?</b>', '.chat-msg.them');
    await one.find('image', 'Delivered');
    await say(other, 'What man art thou?');
    await one.sees('What man art thou?', '.chat-msg.them');

    // What was written is changed.
    await one.fill('textbox', WRITE, '');
    await one.press(KEYS.ArrowUp);
    await one.fill('textbox', 'Change your message', 'Shall I speak at this?');
    await one.press(KEYS.Enter);
    await other.sees('Shall I speak at this?', '.chat-msg.them');
    await other.find('button', 'This message has been changed');
    assert.equal(await count(other), 2);

    // What is said while the network is away arrives after it has come back, once.
    // Over BOSH a connection that is away for some seconds is not lost.
    proxy.refuse();
    if (transport === 'WebSocket') await one.sees('The connection was lost.', '[role=status]');
    await say(one, 'By a name I know not how');
    await one.find('image', 'On its way');
    proxy.accept();
    await other.sees('By a name I know not how', '.chat-msg.them');
    await one.seesNo('The connection was lost.');
    await one.misses('image', 'On its way');
    await other.seesNo('The connection was lost.');
    await say(other, 'My ears have not yet drunk');
    await one.sees('My ears have not yet drunk', '.chat-msg.them');
    assert.deepEqual([await count(one), await count(other)], [4, 4]);

    // A page that is loaded anew, or left and gone back to, goes on where it was.
    await clean(one, other);
    await one.reload();
    await one.sees('My ears have not yet drunk', '.chat-msg.them');
    await say(one, 'after the reload');
    await other.sees('after the reload', '.chat-msg.them');
    await one.go(`${site.url}elsewhere`);
    await say(other, 'while you were elsewhere');
    await one.back();
    await one.sees('while you were elsewhere', '.chat-msg.them');
    await say(one, 'back again');
    await other.sees('back again', '.chat-msg.them');
    assert.deepEqual([await count(one), await count(other)], [7, 7]);

    await one.click('button', 'Log out');
    await one.find('textbox', 'XMPP address');
    await other.find('button', 'Juliet, Offline, the chat is open');
    assert.equal(await one.run('return sessionStorage.length'), 0);
    await clean(one, other);
  });
}

test('a file is sent', async () => {
  const [juliet, romeo] = await friends();
  const one = await enter(juliet, LARGE);
  const other = await enter(romeo);
  await one.click('button', /^Romeo, /);
  await one.find('button', 'Send a file');
  const file = join(files, 'a letter.txt');
  await writeFile(file, 'Come tomorrow');
  await one.choose('input.fileupload', file);
  await other.find('link', /letter/);
  const address = await other.run('return document.querySelector(".chat-msg.them a").href');
  assert.equal(await (await fetch(address)).text(), 'Come tomorrow');
  await clean(one, other);
});

test('two people meet in a room, and one of them has the say', async () => {
  const [juliet, romeo] = await friends();
  const room = `orchard@${prosody.roomsDomain}`;
  const one = await enter(juliet, LARGE);
  const other = await enter(romeo, LARGE);
  for (const [page, nick] of [[one, 'Juliet'], [other, 'Romeo']]) {
    await page.click('button', 'Enter a room');
    await page.fill('textbox', "The room's address", room, 'dialog');
    await page.fill('textbox', 'Nickname', nick, 'dialog');
    await page.click('button', 'Enter', 'dialog');
    await page.sees(nick, `.occupants [data-nick="${nick}"]`);
  }
  await one.sees('Romeo has entered.');
  await say(other, 'Good morrow');
  await one.sees('Good morrow', '.chat-msg.them');
  await say(other, '/kick Juliet');
  await other.sees('You may not use /kick in this room.');
  await one.click('button', 'What to do with Romeo');
  await one.click('menuitem', 'Put them out …');
  await one.fill('textbox', 'Why?', 'It is late', 'dialog');
  await one.click('button', 'Put out', 'dialog');
  await one.sees('Romeo was put out by Juliet. (It is late)');
  await other.sees('They said: It is late');
  await other.click('button', 'Enter again');
  await one.sees('Romeo', '.occupants [data-nick="Romeo"]');
  await clean(one, other);
});

test('the keyboard alone leads from the log-in to a message, and back', async () => {
  const [juliet] = await friends();
  const page = await open({ websocket_url: prosody.websocketUrl, show_controlbox_by_default: true });
  await page.find('password', 'Password');
  await page.tabTo('textbox', 'XMPP address');
  await page.press(juliet.jid);
  await page.tabTo('password', 'Password');
  await page.press(juliet.password + KEYS.Enter);
  await page.find('button', /^Romeo, /);
  await page.tabTo('button', /^Romeo, /);
  await page.press(KEYS.Enter);
  await page.until('return document.activeElement.matches("textarea.chat-textarea")');
  await page.press(`Good night!${KEYS.Enter}`);
  await page.sees('Good night!', '.chat-msg.me');
  await page.press(KEYS.Escape);
  await page.until('return document.activeElement.matches("[data-jid] .open-chat")');
  await page.tabBackTo('button', 'Online');
  await page.press(KEYS.Enter);
  await page.find('dialog', 'Your status');
  await page.press(KEYS.Escape);
  await page.until('return document.activeElement.matches(".change-status")');
  await clean(page);
});

test('what was said before is scrolled to', async () => {
  const [juliet, romeo] = await friends();
  const sender = await connect({ websocketUrl: prosody.websocketUrl, ...romeo });
  for (let n = 1; n <= 150; n += 1) sender.send(`<message xmlns="jabber:client" to="${juliet.jid}" type="chat" id="m${n}"><body>Message ${n}.</body></message>`);
  sender.send(`<iq xmlns="jabber:client" type="get" id="last"><ping xmlns="urn:xmpp:ping"/></iq>`);
  await sender.next(/id=['"]last['"]/);
  sender.close();
  const page = await enter(juliet, { ...LARGE, archived_messages_page_size: 30 });
  await page.click('button', /^Romeo, /);
  await page.sees('Message 150.', '.chat-msg');
  // Each turn of the wheel leaves some of what was seen before on the page, whatever comes above it meanwhile.
  const seen = new Set();
  while (!seen.has('Message 1.')) {
    const before = [...seen];
    const texts = await page.until('return [...document.querySelectorAll(".chat-msg__text")].map((one) => one.innerText)');
    texts.forEach((text) => seen.add(text));
    assert.ok(before.length === 0 || texts.some((text) => before.includes(text)));
    await page.wheel('converse-messages', -600);
  }
  assert.equal(seen.size, 150);
  await clean(page);
});

// Steps

/** Two people who have each other on their lists. */
async function friends() {
  people += 1;
  const [juliet, romeo] = ['Juliet', 'Romeo'].map((name) => ({ name, jid: `${name.toLowerCase()}-${people}@${prosody.domain}`, password: `secret-${people}` }));
  await prosody.addUser({ ...juliet, contacts: [{ jid: romeo.jid, name: romeo.name }] });
  await prosody.addUser({ ...romeo, contacts: [{ jid: juliet.jid, name: juliet.name }] });
  return [juliet, romeo];
}

/** Opens the site's page in a window of its own, with these settings. */
async function open(settings, size) {
  const page = await firefox.open(`${site.url}client?settings=${encodeURIComponent(JSON.stringify(settings))}`, size);
  pages.push(page);
  return page;
}

/** Opens the page, which logs in by itself. */
async function enter({ jid, password }, settings = { show_controlbox_by_default: true }) {
  const page = await open({ websocket_url: prosody.websocketUrl, auto_login: true, jid, password, ...settings });
  await page.find('button', 'Log out');
  return page;
}

async function logIn(page, { jid, password }) {
  await page.fill('textbox', 'XMPP address', jid);
  await page.fill('password', 'Password', password);
  await page.click('button', 'Log in');
}

async function say(page, words) {
  await page.fill('textbox', WRITE, words);
  await page.press(KEYS.Enter);
}

/** How many messages are to be seen. */
function count(page) {
  return page.run('return document.querySelectorAll(".chat-msg").length');
}

/** Nothing went wrong on the pages but what was to, and nothing was against their policy. */
async function clean(...pages) {
  for (const page of pages) {
    const noted = await page.noted();
    assert.deepEqual(noted.filter((note) => !MEANT.some((meant) => note.startsWith(`warn converse: ${meant}`))), []);
  }
}
