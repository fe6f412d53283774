/** What the user has done with the screen is there again after a reload. */
import { expect, test } from './support/chat.ts';
import { newRoom } from './support/rooms.ts';

test('the screen is after a reload as it was left, until the log-out', async ({ newAccount, openPage, loginSettings }) => {
  const room = newRoom();
  const romeo = await newAccount([], 'romeo');
  const settings = { ...loginSettings(await newAccount([{ jid: romeo.jid, name: 'Romeo' }, { jid: 'nurse@capulet.lit', name: 'Nurse' }])), show_controlbox_by_default: true, show_desktop_notifications: true as never };
  const chat = await openPage({ client: { viewport: { width: 1600, height: 800 } } });
  const { page } = chat;
  await page.addInitScript(() => Object.defineProperty(Notification, 'permission', { get: () => 'default' }));
  await page.reload();
  await chat.initialize(settings);

  // Whose chat is open, the list says.
  const row = (name: string) => page.locator('.roster-contact', { hasText: name });
  await expect(page.locator('.roster-contact.open')).toHaveCount(0);
  await row('Romeo').locator('.open-chat').click();
  await expect(row('Romeo')).toHaveClass(/ open/);
  await expect(page.getByRole('button', { name: 'Romeo, Offline, the chat is open' })).toBeVisible();
  await expect(row('Nurse')).not.toHaveClass(/ open/);

  // Who is in a room is shown or hidden by a tool.
  await page.evaluate((room) => void _converse.api.rooms.open(room, { nick: 'juliet' }), room);
  const group = page.locator(`converse-chat[data-jid="${room}"]`);
  await expect(group.locator('.occupants')).toBeVisible();
  await group.locator('.chat-toolbar').getByRole('button', { name: 'Hide who is here' }).click();
  await expect(group.locator('.occupants')).toHaveCount(0);
  await expect(group.getByRole('button', { name: 'Show who is here' })).toHaveCount(1);

  const control = page.locator('#controlbox');
  const width = () => control.evaluate((element) => element.getBoundingClientRect().width);
  const before = await width();
  await control.getByRole('separator', { name: 'Width of this box' }).focus();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(width).toBe(before + 20);
  await control.getByRole('button', { name: 'Not now' }).click();
  await expect(page.locator('.notify-question')).toHaveCount(0);

  await page.reload();
  await chat.initialize(settings);
  await expect(row('Romeo')).toHaveClass(/ open/);
  await expect(group.getByRole('button', { name: 'Show who is here' })).toBeVisible();
  expect(await width()).toBe(before + 20);
  await expect(page.locator('.notify-question')).toHaveCount(0);
  await control.getByRole('button', { name: 'Close', exact: true }).click();

  await page.reload();
  await chat.initialize(settings);
  await expect(group.locator('textarea')).toBeEnabled();
  await expect(control).toHaveCount(0);
  await chat.logOut();
  expect(await chat.stored()).toEqual([]);
  expect(chat.warnings).toEqual([]);
});
