/** What messages say, and how they are written, on a page with a strict Content-Security-Policy. */
import type { Page } from '@playwright/test';

import { expect, test, type Account, type Chat } from './support/chat.ts';

const CLIENT = { client: { viewport: { width: 1000, height: 800 } } };
type NewAccount = (contacts?: { jid: string; subscription?: 'both' }[], name?: string) => Promise<Account>;
type LogIn = (account: Account, opening?: object) => Promise<Chat>;

/** Juliet sees the client, and Romeo writes to her; he is on her list if `known`. */
async function pair(newAccount: NewAccount, logIn: LogIn, { known = true, settings = {} }: { known?: boolean; settings?: object } = {}): Promise<{ chat: Chat; page: Page; other: Chat; me: Account; romeo: Account }> {
  const romeo = await newAccount([], 'romeo');
  const me = await newAccount(known ? [{ jid: romeo.jid, subscription: 'both' }] : []);
  const other = await logIn(romeo);
  const chat = await logIn(me, { ...CLIENT, settings });
  await chat.page.evaluate((jid) => (_converse.api as any).chats.open(jid), romeo.jid);
  await expect(chat.page.getByRole('textbox', { name: 'Write a message' })).toBeVisible();
  return { chat, page: chat.page, other, me, romeo };
}

/** Notes which other hosts are asked for something, and answers in their place. */
async function watched(page: Page): Promise<string[]> {
  const asked: string[] = [];
  const picture = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
  await page.route(/\.example\//, (route) => {
    asked.push(route.request().url());
    return route.request().url().includes('missing') ? route.fulfill({ status: 404 }) : route.fulfill({ contentType: 'image/png', body: picture });
  });
  return asked;
}

test('hostile texts become neither markup nor requests', async ({ newAccount, logIn }) => {
  const { chat, page, other, me } = await pair(newAccount, logIn, { known: false });
  const asked = await watched(page);
  const hostile = [
    '<img src=https://evil.example/a.png onerror=alert(1)>',
    '<script>alert(1)</script><svg onload=alert(1)>',
    'javascript:alert(1) data:text/html,<b>x</b> vbscript:x',
    'https://evil.example/\u202Egnp.exe',
    'https://bank.example@evil.example/ xmpp:" onclick="alert(1)',
    '> <b>quote</b>\n```\n<iframe src=https://evil.example/>\n```',
    '*<i>* `"><img src=x>` ~_',
  ];
  for (const body of hostile) {
    await other.send(me.jid, body);
  }
  await other.send(me.jid, 'the last');
  await expect(page.getByText('the last')).toBeVisible();
  const text = page.locator('.chat-msg.them .chat-msg__text');
  await expect(text).toHaveCount(hostile.length + 1);
  for (const at of [0, 1, 2, 6]) {
    await expect(text.nth(at)).toHaveText(hostile[at]!);
  }
  expect(await page.locator('.chat-msg__text :is(img, script, iframe, svg, i, b, [onclick], [onerror], [style])').count()).toBe(0);
  const hrefs = await page.locator('.chat-msg__text a').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
  expect(hrefs.filter((href) => !href!.startsWith('https://evil.example/'))).toEqual([]);
  expect(hrefs.filter((href) => /[@\u202E]/.test(href!))).toEqual([]);
  expect([asked, chat.warnings, await page.evaluate(() => probe.uncaught)]).toEqual([[], [], []]);
});

test('a text is drawn as it was meant', async ({ newAccount, logIn }) => {
  const { page, other, me, romeo } = await pair(newAccount, logIn);
  await other.send(me.jid, 'See *this* and `that`:\n> a quote\n>> of a quote\n```\n  two  spaces\n```');
  const text = page.locator('.chat-msg.them .chat-msg__text');
  await expect(text.locator('span.strong:not(.styling-directive)')).toHaveText('this');
  await expect(text.locator('.styling-directive').first()).toHaveText('*');
  await expect(text.locator('code')).toHaveText('that');
  await expect(text.locator('blockquote blockquote')).toHaveText('of a quote');
  expect(await text.locator('pre').textContent()).toBe('  two  spaces');

  await other.send(me.jid, 'https://mün.example/a and xmpp:nurse@capulet.lit and geo:48.2,16.3');
  const link = page.getByRole('link', { name: 'https://mün.example/a' });
  await expect(link).toHaveAttribute('rel', 'noopener noreferrer nofollow');
  await expect(link).toHaveAttribute('target', '_blank');
  await expect(page.getByText('(xn--mn-xka.example)')).toBeVisible();
  await expect(page.getByRole('link', { name: 'geo:48.2,16.3' })).toHaveAttribute('href', 'https://www.openstreetmap.org/?mlat=48.2&mlon=16.3#map=18/48.2/16.3');
  // What an xmpp: link wants is done when the user agrees.
  await page.getByRole('link', { name: 'xmpp:nurse@capulet.lit' }).click();
  const dialog = page.getByRole('dialog', { name: 'Follow this link?' });
  await expect(dialog).toContainText('nurse@capulet.lit');
  expect(await page.evaluate(() => (_converse.api as any).chats.get('nurse@capulet.lit') ?? null)).toBe(null);
  await dialog.getByRole('button', { name: 'Open' }).click();
  await expect(page.locator('converse-chat[data-jid="nurse@capulet.lit"]')).toBeVisible();

  const box = page.locator(`converse-chat[data-jid="${romeo.jid}"]`);
  await other.send(me.jid, '/me sighs');
  await expect(box.locator('.chat-action')).toHaveText(new RegExp(`^${romeo.jid}\\s+sighs$`));
  await other.send(me.jid, '😀🎉');
  await expect(box.locator('.chat-msg__text--large')).toHaveText('😀🎉');
  await other.send(me.jid, `${'long '.repeat(2_500)}end`);
  await expect(box.getByText('end', { exact: false })).toHaveCount(0);
  await box.getByRole('button', { name: 'Show all' }).click();
  await expect(box.locator('.chat-msg__text').last()).toContainText('long end');
});

test('pictures of contacts are shown, and failed ones are links', async ({ newAccount, logIn }) => {
  const { chat, page, other, me } = await pair(newAccount, logIn);
  const asked = await watched(page);
  await other.send(me.jid, 'https://pictures.example/a%20b.png');
  await expect(page.getByRole('img', { name: 'Picture: a b.png' })).toBeVisible();
  await other.send(me.jid, 'http://pictures.example/plain.png');
  await expect(page.getByRole('link', { name: 'http://pictures.example/plain.png' })).toBeVisible();
  expect(asked).toEqual(['https://pictures.example/a%20b.png']);
  expect(chat.warnings).toEqual([]);
  await other.send(me.jid, 'https://pictures.example/missing.png');
  await expect(page.getByRole('link', { name: 'https://pictures.example/missing.png' })).toBeVisible();
});

test('nothing is fetched of what strangers send until the user wants to see it', async ({ newAccount, logIn }) => {
  const { chat, page, other, me } = await pair(newAccount, logIn, { known: false });
  const asked = await watched(page);
  await other.send(me.jid, 'https://pictures.example/spy.png');
  await expect(page.getByRole('link', { name: 'https://pictures.example/spy.png' })).toBeVisible();
  await other.send(me.jid, 'seen?');
  await expect(page.getByText('seen?')).toBeVisible();
  expect(asked).toEqual([]);
  await page.getByRole('button', { name: 'Show picture' }).click();
  await expect(page.getByRole('img', { name: 'Picture: spy.png' })).toBeVisible();
  expect(asked).toEqual(['https://pictures.example/spy.png']);
  expect(chat.warnings).toEqual([]);
});

test('who wants no pictures gets none', async ({ newAccount, logIn }) => {
  const { page, other, me } = await pair(newAccount, logIn, { settings: { show_images_inline: false } });
  const asked = await watched(page);
  await other.send(me.jid, 'https://pictures.example/a.png');
  await expect(page.getByRole('button', { name: 'Show picture' })).toBeVisible();
  expect(asked).toEqual([]);
});

test('a file is sent by the button, by pasting and by dropping, and again if it fails', async ({ newAccount, logIn }) => {
  const { page, other, me } = await pair(newAccount, logIn);
  const bodies = (): Promise<string[]> => other.page.evaluate((jid) => (_converse.api as any).chats.get(jid)?.messages.map((one: any) => one.get('oob_url') ?? '') ?? [], me.jid);
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Send a file' }).click();
  await (await chooser).setFiles({ name: 'chosen.txt', mimeType: 'text/plain', buffer: Buffer.from('1') });
  await expect.poll(async () => (await bodies()).some((url) => url.endsWith('chosen.txt'))).toBe(true);

  const put = /\/(upload|file_share)\//;
  await page.route(put, (route) => (route.request().method() === 'PUT' ? route.fulfill({ status: 507, headers: { 'Access-Control-Allow-Origin': '*' } }) : route.continue()));
  const give = (kind: 'paste' | 'drop', name: string): Promise<unknown> =>
    page.evaluate(([kind, name]) => {
      const data = new DataTransfer();
      data.items.add(new File(['2'], name!, { type: 'text/plain' }));
      const target = document.querySelector('.chat-textarea')!;
      if (kind === 'paste') {
        return target.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
      }
      target.dispatchEvent(new DragEvent('dragover', { dataTransfer: data, bubbles: true, cancelable: true }));
      const shown = document.querySelector('.chat-area')!.classList.contains('drop-target');
      target.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
      return shown && !document.querySelector('.drop-target');
    }, [kind, name]);
  await give('paste', 'pasted.txt');
  await expect(page.getByRole('alert').getByText('The file could not be sent.')).toBeVisible();
  await page.unroute(put);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(async () => (await bodies()).some((url) => url.endsWith('pasted.txt'))).toBe(true);
  expect(await give('drop', 'dropped.txt')).toBe(true);
  await expect.poll(async () => (await bodies()).some((url) => url.endsWith('dropped.txt'))).toBe(true);
});

test('emoji are loaded when they are wanted, and inserted where one writes', async ({ newAccount, logIn }) => {
  const { chat, page } = await pair(newAccount, logIn);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const field = page.getByRole('textbox', { name: 'Write a message' });
  await field.fill('ab');
  await field.press('ArrowLeft');
  expect(asked.filter((path) => path.includes('emoji'))).toEqual([]);
  await page.getByRole('button', { name: 'Insert an emoji' }).click();
  const picker = page.getByRole('dialog', { name: 'Emoji' });
  await expect(picker.getByRole('searchbox')).toBeFocused();
  await expect(picker.getByRole('button', { name: 'grinning face', exact: true })).toBeVisible();
  await picker.getByRole('searchbox').fill('thumbs up');
  await picker.getByLabel('Colour of skin').selectOption('3');
  await picker.getByRole('button', { name: 'thumbs up', exact: true }).click();
  await expect(field).toHaveValue('a👍🏽b');
  await expect(field).toBeFocused();
  await expect(picker).toHaveCount(0);
  await page.getByRole('button', { name: 'Insert an emoji' }).click();
  await page.keyboard.press('Escape');
  await expect(picker).toHaveCount(0);
  await expect(field).toBeFocused();
  expect(asked.filter((path) => path.includes('emoji'))).toEqual(['/pkg/emoji/en.json']);
  expect(chat.warnings).toEqual([]);
});

test('plugins put tools among ours, and these stay', async ({ newAccount, logIn }) => {
  const romeo = await newAccount([], 'romeo');
  const plugin = (_converse: any): void => {
    const { api } = _converse;
    api.listen.on('renderToolbar', (view: any) => {
      const item = document.createElement('li');
      item.className = 'from-plugin';
      item.textContent = 'Mine';
      view.el.querySelector('.chat-toolbar .toggle-smiley.dropup').insertAdjacentElement('beforebegin', item);
    });
    api.listen.on('callButtonClicked', ({ model }: any) => ((globalThis as any).called = model.get('jid')));
  };
  const { page } = await logIn(await newAccount(), { ...CLIENT, plugin, settings: { show_send_button: true, visible_toolbar_buttons: { call: true, spoiler: true, emoji: true } } });
  await page.evaluate((jid) => (_converse.api as any).chats.open(jid), romeo.jid);
  await expect(page.locator('ul.chat-toolbar > li.from-plugin + li.toggle-toolbar-menu.toggle-smiley.dropup')).toHaveCount(1);
  await page.getByRole('button', { name: 'Call' }).click();
  expect(await page.evaluate(() => (globalThis as any).called)).toBe(romeo.jid);
  // What is hidden on purpose says what it is about.
  await page.getByRole('button', { name: 'Hide the text' }).click();
  await page.getByRole('textbox', { name: 'What is it about?' }).fill('The end');
  await page.getByRole('textbox', { name: 'Write a message' }).fill('They die.');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.locator('details.spoiler summary')).toHaveText('The end');
  await expect(page.getByText('They die.')).toBeHidden();
  await expect(page.getByRole('textbox', { name: 'What is it about?' })).toHaveCount(0);
  await expect(page.locator('.from-plugin')).toHaveCount(1);
});

test('messages are changed by going back to them, and the draft comes back', async ({ newAccount, logIn }) => {
  const { page, other, me } = await pair(newAccount, logIn);
  const field = page.locator('textarea.chat-textarea');
  for (const words of ['first', 'second']) {
    await field.fill(words);
    await field.press('Enter');
    await expect(field).toHaveValue('');
  }
  await field.fill('a draft');
  await field.press('Home');
  await field.press('ArrowUp');
  await expect(field).toHaveValue('second');
  await field.press('ArrowUp');
  await expect(field).toHaveValue('first');
  await field.press('End');
  await field.press('ArrowDown');
  await expect(field).toHaveValue('second');
  await field.press('Escape');
  await expect(field).toHaveValue('a draft');
  await field.press('Home');
  await field.press('ArrowUp');
  await expect(page.locator('.message-form-container')).toHaveClass(/ correcting/);
  await field.fill('*second* thoughts');
  await field.press('Enter');
  await expect(field).toHaveValue('a draft');
  await expect.poll(() => other.page.evaluate((jid) => (_converse.api as any).chats.get(jid).messages.map((one: any) => one.get('message')), me.jid)).toEqual(['first', '*second* thoughts']);
  await expect(page.locator('.message-form-container')).not.toHaveClass(/correcting/);
  await expect(page.locator('.chat-msg__text').last().locator('.strong:not(.styling-directive)')).toHaveText('second');
  await page.getByRole('button', { name: 'This message has been changed' }).click();
  await expect(page.getByRole('dialog')).toContainText('second');
  await page.keyboard.press('Escape');

  await field.fill('/help');
  await field.press('Enter');
  await expect(page.getByText('/clear: empty this window')).toBeVisible();
  await field.fill('/clear');
  await field.press('Enter');
  await expect(page.locator('.chat-msg')).toHaveCount(0);
  await other.send(me.jid, 'What now?');
  await expect(page.locator('.chat-msg')).toHaveCount(1);
});

test('nicknames are completed, and who is mentioned is told', async ({ newAccount, logIn, server }) => {
  const room = `talk-${Date.now()}@rooms.${server.domain}`;
  const other = await logIn(await newAccount([], 'romeo'));
  await other.page.evaluate((jid) => void (_converse.api as any).rooms.open(jid, { nick: 'Romeo M' }), room);
  await expect.poll(() => other.page.evaluate((jid) => _converse.api.rooms.get(jid)?.get('connection_status'), room)).toBe(5);
  const { page } = await logIn(await newAccount(), CLIENT);
  await page.evaluate((jid) => void (_converse.api as any).rooms.open(jid, { nick: 'juliet' }), room);
  const field = page.getByRole('textbox', { name: 'Write a message' });
  await expect(field).toBeEnabled();
  await field.pressSequentially('O @ro');
  await expect(page.getByRole('option', { name: 'Romeo M' })).toHaveAttribute('aria-selected', 'true');
  await field.press('Enter');
  await expect(field).toHaveValue('O @Romeo M ');
  await field.press('Enter');
  await expect(page.locator('.chat-msg .mention')).toHaveText('Romeo M');
  const references = (): Promise<any> => other.page.evaluate((jid) => _converse.api.rooms.get(jid)!.messages.last()?.get('references'), room);
  await expect.poll(references).toMatchObject([{ begin: 2, end: 9, value: 'Romeo M', type: 'mention' }]);
  await other.page.evaluate((jid) => (_converse.api as any).rooms.get(jid).sendMessage('juliet: here'), room);
  await expect(page.locator('.mention--self')).toHaveText('juliet');
  await field.fill('ro');
  await field.press('Tab');
  await expect(page.getByRole('option')).toHaveCount(1);
  await field.press('Escape');
  await expect(page.getByRole('option')).toHaveCount(0);
});
