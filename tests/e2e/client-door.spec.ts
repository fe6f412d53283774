/** The ways in, the connection as the user sees it, and the shapes that the client takes on a page. */
import type { Page, WebSocketRoute } from '@playwright/test';

import { startProsody } from '../support/prosody.mjs';
import { expect, service, test, type Account } from './support/chat.ts';
import { prebind } from './support/prebind.ts';
import { offering } from './support/scripted-socket.ts';

const ROOM = 'orchard@rooms.capulet.lit';

async function logInByHand(page: Page, { jid, password }: Account): Promise<void> {
  await page.getByLabel('XMPP address').fill(jid);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
}

test('on a device that is not trusted nothing is kept', async ({ newAccount, openPage, server }) => {
  const account = await newAccount([{ jid: 'romeo@example.com', name: 'Romeo' }]);
  for (const trusted of [true, false]) {
    const chat = await openPage({ client: {}, settings: { ...service(server, 'websocket'), show_controlbox_by_default: true } });
    await chat.page.getByLabel('This is a trusted device').setChecked(trusted);
    await logInByHand(chat.page, account);
    await expect(chat.page.locator('.roster-contact')).toBeVisible();
    // The page that is left writes down what it has to.
    await chat.page.evaluate(() => window.dispatchEvent(new Event('pagehide')));
    expect((await chat.stored()).length > 0).toBe(trusted);
    expect(await chat.page.evaluate(() => _converse.api.settings.get('trusted'))).toBe(trusted);
  }
});

test('whether the device is trusted is not asked where the page knows', async ({ openPage, server }) => {
  const { page } = await openPage({ client: {}, settings: { ...service(server, 'websocket'), show_controlbox_by_default: true, trusted: 'off' } });
  await expect(page.getByLabel('Password')).toBeVisible();
  await expect(page.getByRole('checkbox')).toHaveCount(0);
});

test('a name is enough where there is one domain, and no other domain leads in', async ({ newAccount, openPage, server }) => {
  const account = await newAccount();
  const { page } = await openPage({
    client: {},
    settings: { ...service(server, 'websocket'), show_controlbox_by_default: true, locked_domain: server.domain },
  });
  await page.getByLabel('Username').fill('juliet@montague.lit');
  await page.getByLabel('Password').fill(account.password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('alert')).toHaveText(`Only accounts of ${server.domain} can log in here.`);
  await page.getByLabel('Username').fill(account.jid.split('@')[0]!);
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByText('Nobody is on your list yet.')).toBeVisible();
});

test('one may come without an account', async ({ openPage, server }) => {
  const { page } = await openPage({
    client: {},
    settings: { ...service(server, 'websocket'), authentication: 'anonymous', jid: `anonymous.${server.domain}`, show_controlbox_by_default: true },
  });
  await expect(page.getByRole('textbox')).toHaveCount(0);
  await page.getByRole('button', { name: 'Chat without an account' }).click();
  await expect(page.getByText('Nobody is on your list yet.')).toBeVisible();
});

test('who is known by a certificate, or to the site, needs no password', async ({ newAccount, openPage, server }) => {
  await using certified = await offering('EXTERNAL');
  const external = await openPage({ client: {}, settings: { websocket_url: certified.url, authentication: 'external', show_controlbox_by_default: true } });
  await external.page.getByLabel('XMPP address').fill('juliet@capulet.lit');
  await expect(external.page.getByLabel('Password')).toHaveCount(0);
  await external.page.getByRole('button', { name: 'Log in' }).click();
  await expect(external.page.getByText('Nobody is on your list yet.')).toBeVisible();
  expect(await external.page.evaluate(() => _converse.api.user.jid())).toBe('juliet@capulet.lit/x');

  // The site begins a session for the user, at the second time.
  const session = await prebind(server, await newAccount());
  const prebound = await openPage({ client: {} });
  const { page } = prebound;
  let asked = 0;
  await page.route('**/prebind', (route) => {
    asked += 1;
    return asked === 1 ? route.fulfill({ status: 500 }) : route.fulfill({ json: session });
  });
  await prebound.initialize({ ...service(server, 'bosh'), authentication: 'prebind', prebind_url: '/prebind', auto_login: true, show_controlbox_by_default: true });
  await expect(page.getByRole('alert')).toHaveText('This site could not log you in. Try again in a while.');
  await expect(page.getByRole('textbox')).toHaveCount(0);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText('Nobody is on your list yet.')).toBeVisible();
  expect([await page.evaluate(() => _converse.api.user.jid()), asked]).toEqual([session.jid, 2]);
});

test('a connection that is lost is told of, with what comes next', async ({ newAccount, openPage, loginSettings, server }) => {
  const chat = await openPage({ client: {} });
  const { page } = chat;
  const sockets: WebSocketRoute[] = [];
  let reachable = true;
  await page.routeWebSocket(server.websocketUrl, (socket) => {
    if (reachable) {
      socket.connectToServer();
      sockets.push(socket);
    } else {
      void socket.close({ code: 1001 });
    }
  });
  await chat.initialize({ ...loginSettings(await newAccount()), show_controlbox_by_default: true });
  await expect(page.getByText('Nobody is on your list yet.')).toBeVisible();
  reachable = false;
  await sockets[0]!.close({ code: 1001 });
  await expect(page.getByText('The connection was lost.')).toBeVisible();
  await expect(page.getByText(/Next attempt in \d+ seconds?\.|Trying to get it back/)).toBeVisible();
  // Contacts and chats stay where they are meanwhile.
  await expect(page.getByText('Nobody is on your list yet.')).toBeVisible();
  reachable = true;
  await expect(async () => {
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
    await expect(page.getByText('The connection was lost.')).toHaveCount(0, { timeout: 1_000 });
  }).toPass();
});

test('a server that cannot be reached is told of', async ({ openPage }) => {
  const chat = await openPage({ client: {} });
  await chat.page.routeWebSocket('ws://127.0.0.1:1/', (socket) => void socket.close({ code: 1001 }));
  await chat.initialize({ websocket_url: 'ws://127.0.0.1:1/', show_controlbox_by_default: true });
  await logInByHand(chat.page, { jid: 'juliet@capulet.lit', password: 'secret' });
  await expect(chat.page.getByRole('alert')).toHaveText('The server cannot be reached. Try again in a while.');
});

test('an account is made, and leads in at once', async ({ openPage }) => {
  const server = await startProsody({ domain: 'montague.lit', hostLua: 'allow_registration = true' });
  try {
    const { page } = await openPage({ client: {}, settings: { ...service(server, 'websocket') } });
    await page.evaluate(() => {
      location.hash = '#converse/register';
    });
    await page.getByLabel('Where do you want to have your account?').fill(server.domain);
    await page.keyboard.press('Enter');
    const name = page.getByLabel('Username');
    await expect(name).toBeFocused();
    await name.fill('romeo');
    await page.getByLabel('Password').fill('juliet!');
    await page.getByRole('button', { name: 'Create the account' }).click();
    await expect(page.getByText('Nobody is on your list yet.')).toBeVisible();
    expect(await page.evaluate(() => _converse.api.user.jid())).toMatch(/^romeo@montague\.lit\//);
    await page.getByRole('button', { name: 'Log out' }).click();
    // The name is taken now, and another may be tried.
    await page.getByRole('button', { name: 'Create one' }).click();
    await page.getByLabel('Where do you want to have your account?').fill(server.domain);
    await page.keyboard.press('Enter');
    await name.fill('romeo');
    await page.getByLabel('Password').fill('juliet!');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alert')).toHaveText('Somebody has this name already. Choose another one.');
    await name.fill('paris');
    await page.keyboard.press('Enter');
    await expect(page.getByText('Nobody is on your list yet.')).toBeVisible();
  } finally {
    await server.stop();
  }
});

/** A server that makes accounts for those who can read a picture; of the second answer it says that the account is there. */
async function askWithPictures(page: Page, url: string, sent: string[]): Promise<void> {
  let asked = 0;
  await page.routeWebSocket(url, (socket) => {
    socket.onMessage((frame) => {
      const text = String(frame);
      const [, id] = /id="([^"]+)"/.exec(text) ?? [];
      if (text.startsWith('<open')) {
        socket.send("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' id='s' from='montague.lit'/>");
        socket.send("<stream:features xmlns:stream='http://etherx.jabber.org/streams'/>");
      } else if (text.includes('type="get"')) {
        asked += 1;
        socket.send(`<iq xmlns='jabber:client' type='result' id='${id}'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='form'>
          <title>Join the Montagues</title><instructions>&lt;b&gt;All&lt;/b&gt; of it.</instructions>
          <field type='hidden' var='challenge'><value>${asked}</value></field>
          <field var='username' label='Name'><required/></field><field var='password' type='text-private' label='Secret'><required/></field>
          <field var='house' type='list-single' label='House'><option label='Montague'><value>m</value></option><option label='Other'><value>o</value></option></field>
          <field var='news' type='boolean' label='Send me news'><value>1</value></field>
          <field var='ocr' label='What do you see?'><required/><media xmlns='urn:xmpp:media-element'><uri type='image/png'>cid:p@bob.xmpp.org</uri></media></field>
          </x><data xmlns='urn:xmpp:bob' cid='p@bob.xmpp.org' type='image/png'>iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==</data></query></iq>`);
      } else if (text.includes('type="set"')) {
        sent.push(text);
        socket.send(sent.length > 1
          ? `<iq xmlns='jabber:client' type='result' id='${id}'/>`
          : `<iq xmlns='jabber:client' type='error' id='${id}'><error type='cancel'><not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
              <text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>Look again.</text></error></iq>`);
      }
    });
  });
}

test('a form is shown as the server made it, and a new picture after a wrong answer', async ({ openPage }) => {
  const chat = await openPage({ client: {} });
  const { page } = chat;
  const sent: string[] = [];
  await askWithPictures(page, 'ws://127.0.0.1:1/', sent);
  await chat.initialize({ websocket_url: 'ws://127.0.0.1:1/', show_controlbox_by_default: true, registration_domain: 'montague.lit' });
  await page.getByRole('button', { name: 'Create one' }).click();
  await expect(page.getByRole('heading', { name: 'Join the Montagues' })).toBeVisible();
  await expect(page.getByText('<b>All</b> of it.')).toBeVisible();
  await expect(page.getByRole('img', { name: 'A picture that the server sent' })).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill('romeo');
  await page.getByLabel('Secret').fill(' juliet ');
  await page.getByLabel('House').selectOption('Other');
  await page.getByLabel('Send me news').uncheck();
  await page.getByLabel('What do you see?').fill('a rose');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toHaveText('Look again.');
  await page.getByLabel('What do you see?').fill('a nightingale');
  await page.getByRole('button', { name: 'Create the account' }).click();
  await expect.poll(() => sent.length).toBe(2);
  const values = (stanza: string): string[] => [...stanza.matchAll(/<field var="(\w+)"[^>]*><value>([^<]*)/g)].map(([, name, value]) => `${name}=${value}`);
  const [wrong, right] = sent.map(values);
  expect(wrong).toEqual(['challenge=1', 'username=romeo', 'password= juliet ', 'house=o', 'news=0', 'ocr=a rose']);
  expect(right).toEqual(['challenge=2', 'username=romeo', 'password= juliet ', 'house=o', 'news=0', 'ocr=a nightingale']);
});

test('a server that makes no accounts says so', async ({ openPage, server }) => {
  const { page } = await openPage({
    client: {},
    settings: { ...service(server, 'websocket'), show_controlbox_by_default: true, registration_domain: server.domain },
  });
  await page.getByRole('button', { name: 'Create one' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await page.getByRole('button', { name: 'Back to the log-in' }).click();
  await expect(page.getByLabel('XMPP address')).toBeVisible();
});

test('a page embeds one room, and nothing around it', async ({ newAccount, openPage, loginSettings }) => {
  const chat = await openPage({ client: {} });
  const { page } = chat;
  await page.evaluate(() => {
    const place = document.createElement('div');
    place.id = 'conversejs';
    place.style.setProperty('height', '400px');
    document.querySelector('main')!.append(place);
  });
  await chat.initialize({ ...loginSettings(await newAccount()), view_mode: 'embedded', auto_join_rooms: [{ jid: ROOM, nick: 'juliet' }] });
  await expect(page.locator('main #conversejs .chatroom textarea:not([disabled])')).toBeVisible();
  await expect(page.locator('#controlbox, .toggle-controlbox, .close-chatbox-button')).toHaveCount(0);
  // Who writes meanwhile does not take its place.
  await page.evaluate(() => _converse.api.chats.open('romeo@example.com'));
  await expect(page.locator('converse-chat')).toHaveCount(1);
  await expect(page.locator('.chatroom')).toBeVisible();
  expect(await page.evaluate(() => _converse.api.settings.get('allow_logout'))).toBe(false);
});

test('a page embeds the chat with one person, and nothing around it', async ({ newAccount, openPage, logIn, loginSettings }) => {
  const romeo = await newAccount([], 'romeo');
  const other = await logIn(romeo);
  const enemy = await newAccount([], 'tybalt');
  const tybalt = await logIn(enemy);
  const juliet = await newAccount();
  const chat = await openPage({ client: {} });
  const { page } = chat;
  await chat.initialize({ ...loginSettings(juliet), view_mode: 'embedded', auto_join_private_chats: [romeo.jid] });
  const field = page.locator('converse-chat textarea');
  await field.fill('Wherefore art thou?');
  await field.press('Enter');
  await other.message('Wherefore art thou?');
  // Who else writes does not take their place.
  await tybalt.send(juliet.jid, 'What, drawn, and talk of peace?');
  await expect.poll(() => page.evaluate((jid) => (_converse.api as any).chats.get(jid)?.messages.length, enemy.jid)).toBe(1);
  await other.send(juliet.jid, 'Here');
  await expect(page.locator('.chat-msg.them .chat-msg__text')).toHaveText('Here');
  await expect(page.locator('converse-chat')).toHaveAttribute('data-jid', romeo.jid);
  await expect(page.locator('#controlbox, .toggle-controlbox, .close-chatbox-button, .chatbox-navback')).toHaveCount(0);
  expect(chat.warnings).toEqual([]);
});

test('it stands in a shadow root, with its style, and dialogs give the keyboard back there', async ({ newAccount, openPage, loginSettings }) => {
  const chat = await openPage({ client: {} });
  const { page } = chat;
  const settings = { ...loginSettings(await newAccount()), show_controlbox_by_default: true };
  await page.evaluate((settings) => {
    document.querySelector('link[rel=stylesheet]')!.remove();
    const host = document.body.appendChild(document.createElement('div'));
    return probe.initialize({ ...settings, root: host.attachShadow({ mode: 'open' }) });
  }, settings);
  const opener = page.getByRole('button', { name: 'Online' });
  await expect(opener).toBeVisible();
  await expect(page.locator('#controlbox .box-flyout')).toHaveCSS('display', 'flex');
  await opener.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Your status' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(opener).toBeFocused();
  expect(chat.warnings).toEqual([]);
});

test('who writes does not take a small screen away from what is read there', async ({ newAccount, openPage, logIn, loginSettings }) => {
  const [juliet, romeo] = [await newAccount(), await newAccount([], 'romeo')];
  const { page } = await logIn(juliet, { client: { viewport: { width: 360, height: 640 } }, settings: { show_controlbox_by_default: true } });
  const other = await openPage({ settings: loginSettings(romeo) });
  await other.event('rosterContactsFetched');
  await other.send(juliet.jid, 'Psst!');
  const minimized = (): Promise<unknown> =>
    page.evaluate((jid) => (_converse.api as any).chatviews.get(jid)?.model.get('minimized'), romeo.jid);
  await expect.poll(minimized).toBe(true);
  await expect(page.locator('#controlbox')).toBeVisible();
  await expect(page.locator('converse-chat')).toHaveCount(0);
});

test('a control box may be there for good', async ({ openPage, server }) => {
  const { page } = await openPage({ client: {}, settings: { ...service(server, 'websocket'), sticky_controlbox: true } });
  await expect(page.getByLabel('Password')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Close' })).toHaveCount(0);
});

test('boxes that find no room are minimised, those first that nobody has looked at for longest', async ({ newAccount, logIn }) => {
  const contacts = ['romeo', 'nurse', 'tybalt', 'paris'].map((name) => ({ jid: `${name}@example.com`, name }));
  const { page } = await logIn(await newAccount(contacts), {
    client: { viewport: { width: 1100, height: 700 } },
    settings: { show_controlbox_by_default: true },
  });
  const names = (): Promise<string[]> => page.locator('converse-chat .chat-name').allTextContents();
  for (const { name } of contacts) {
    await page.getByRole('button', { name: `${name}, ` }).click();
    await expect(page.getByRole('heading', { name, exact: true })).toBeVisible();
  }
  await expect.poll(names).toEqual(['paris', 'tybalt']);
  await expect(page.locator('#minimized-chats button')).toHaveCount(2);
  await page.locator('#minimized-chats').getByRole('button', { name: 'romeo' }).click();
  await expect.poll(async () => (await names()).sort()).toEqual(['paris', 'romeo']);
  await page.setViewportSize({ width: 400, height: 700 });
  await expect.poll(names).toEqual(['romeo']);
});

test('a box is as large as one likes, and stays so', async ({ newAccount, logIn }) => {
  const { page } = await logIn(await newAccount([{ jid: 'romeo@example.com', name: 'Romeo' }]), {
    client: { viewport: { width: 1200, height: 800 } },
    settings: { show_controlbox_by_default: true },
  });
  await page.getByRole('button', { name: 'Romeo, ' }).click();
  const box = page.locator('converse-chat');
  const { width, height } = (await box.boundingBox())!;
  await box.getByRole('separator', { name: 'Width of this box' }).focus();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(async () => (await box.boundingBox())!.width).toBe(width + 20);
  const top = (await box.getByRole('separator', { name: 'Height of this box' }).boundingBox())!;
  await page.mouse.move(top.x + 60, top.y + 2);
  await page.mouse.down();
  await page.mouse.move(top.x + 60, top.y + 52);
  await page.mouse.up();
  await expect.poll(async () => (await box.boundingBox())!.height).toBe(height - 50);
  const kept = await page.evaluate(() => {
    const { width, height } = (_converse.api as any).chatviews.get('romeo@example.com').model.attributes;
    return [width, height];
  });
  expect(kept).toEqual([width + 20, height - 50]);
});

test('the user changes what others read about them', async ({ newAccount, logIn }) => {
  const { page } = await logIn(await newAccount(), { client: {}, settings: { show_controlbox_by_default: true } });
  await page.getByRole('button', { name: 'Your profile' }).click();
  const dialog = page.getByRole('dialog', { name: 'Your profile' });
  await dialog.getByLabel('Nickname').fill('Jule');
  await dialog.getByLabel('Choose a picture').setInputFiles({
    name: 'one.png',
    mimeType: 'image/png',
    buffer: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==', 'base64'),
  });
  await expect(dialog.locator('img.avatar')).toBeVisible();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.locator('.userinfo .username')).toHaveText('Jule');
  await expect(page.locator('.userinfo img.avatar')).toBeVisible();
  const vcard = await page.evaluate(async () => (await _converse.api.vcard.get(_converse.api.user.jid().split('/')[0]!)) as any);
  expect([vcard.nickname, vcard.image_type]).toEqual(['Jule', 'image/jpeg']);
});
