/** Rooms as a visitor meets them. */
import type { Page } from '@playwright/test';

import { expect, test } from './support/chat.ts';
import { newRoom } from './support/rooms.ts';

const SETTINGS = { view_mode: 'fullscreen' as const, show_controlbox_by_default: true };
const WIDE = { viewport: { width: 1200, height: 800 } };

/** Enters a room as a person would. */
async function enter(page: Page, room: string, nick: string): Promise<void> {
  await page.getByRole('button', { name: 'Enter a room' }).click();
  const dialog = page.getByRole('dialog', { name: 'Enter a room' });
  await dialog.getByLabel("The room's address").fill(room);
  await dialog.getByLabel('Nickname').fill(nick);
  await dialog.getByRole('button', { name: 'Enter', exact: true }).click();
  await expect(occupant(page, nick)).toBeVisible();
}

const occupant = (page: Page, nick: string) => page.locator(`.occupants .occupant[data-nick="${nick}"]`);
const field = (page: Page) => page.locator('converse-chat textarea.chat-textarea');

async function say(page: Page, text: string): Promise<void> {
  await field(page).fill(text);
  await field(page).press('Enter');
}

/** Chooses something in the menu of an occupant. */
async function choose(page: Page, nick: string, name: string): Promise<void> {
  await page.getByRole('button', { name: `What to do with ${nick}` }).click();
  await page.getByRole('menuitem', { name }).click();
}

test('two people meet in a room, and one of them has the say', async ({ newAccount, logIn }) => {
  const room = newRoom();
  const juliet = await logIn(await newAccount(), { client: WIDE, settings: SETTINGS });
  const romeo = await logIn(await newAccount(), { client: WIDE, settings: SETTINGS });
  await enter(juliet.page, room, 'Juliet');
  await enter(romeo.page, room, 'Romeo');

  const one = occupant(juliet.page, 'Romeo');
  await expect(one).toBeVisible();
  await expect(juliet.page.getByText('Romeo has entered.')).toBeVisible();
  await expect(occupant(juliet.page, 'Juliet').locator('.occupant-badges')).toHaveText('OwnerModerator');
  await expect(juliet.page.getByText('2 people are here').first()).toBeVisible();

  // A click on a name means them.
  await one.locator('.occupant-nick').click();
  await expect(field(juliet.page)).toHaveValue('@Romeo ');
  await expect(field(juliet.page)).toBeFocused();
  await juliet.page.keyboard.type('hello');
  await juliet.page.keyboard.press('Enter');
  await expect(romeo.page.locator('.chat-msg.them .chat-msg__text')).toHaveText('Romeo hello');

  // What one may do is offered, and nothing else.
  await romeo.page.getByRole('button', { name: 'What to do with Juliet' }).click();
  await expect(romeo.page.getByRole('menuitem')).toHaveText(['Write to them alone', 'Details']);
  await romeo.page.keyboard.press('Escape');
  await expect(romeo.page.getByRole('menuitem')).toHaveCount(0);
  await say(romeo.page, '/kick Juliet');
  await expect(romeo.page.getByText('You may not use /kick in this room.')).toBeVisible();

  await choose(juliet.page, 'Romeo', 'Put them out');
  await juliet.page.getByLabel('Why?').fill('It is late');
  await juliet.page.getByRole('button', { name: 'Put out' }).click();
  await expect(one).toHaveCount(0);
  await expect(juliet.page.getByText('Romeo was put out by Juliet. (It is late)')).toBeVisible();
  await expect(romeo.page.getByText('has put you out of this room.')).toBeVisible();
  await expect(romeo.page.getByText('They said: It is late')).toBeVisible();
  await romeo.page.getByRole('button', { name: 'Enter again' }).click();
  await expect(one).toBeVisible();

  await choose(juliet.page, 'Romeo', 'Make them member');
  await expect(one.locator('.occupant-badges')).toHaveText('Member');
  await choose(juliet.page, 'Romeo', 'Ban them');
  await juliet.page.getByRole('button', { name: 'Ban', exact: true }).click();
  await expect(romeo.page.getByText('has banned you from this room.')).toBeVisible();
  for (const { warnings } of [juliet, romeo]) {
    expect(warnings).toEqual([]);
  }
});

test('roles and affiliations change, by menu and by command', async ({ newAccount, logIn }) => {
  const room = newRoom();
  const juliet = await logIn(await newAccount(), { client: WIDE, settings: SETTINGS });
  const romeo = await logIn(await newAccount(), { client: WIDE, settings: SETTINGS });
  await enter(juliet.page, room, 'Juliet');
  await enter(romeo.page, room, 'Romeo');
  const badges = occupant(juliet.page, 'Romeo').locator('.occupant-badges');
  for (const [entry, standing] of [
    ['Take away their voice', 'Visitor'],
    ['Let them speak', ''],
    ['Make them moderator', 'Moderator'],
    ['Make them no moderator', ''],
    ['Make them administrator', 'AdministratorModerator'],
    ['Take away their standing', ''],
    ['Make them owner', 'OwnerModerator'],
  ] as const) {
    await choose(juliet.page, 'Romeo', entry);
    await expect(badges, entry).toHaveText(standing);
  }
  for (const [command, standing] of [
    ['/revoke Romeo', ''],
    ['/mute Romeo Hush', 'Visitor'],
    ['/voice Romeo', ''],
    ['/op Romeo', 'Moderator'],
    ['/deop Romeo', ''],
    ['/admin Romeo', 'AdministratorModerator'],
    ['/owner Romeo', 'OwnerModerator'],
    ['/member Romeo', 'Member'],
  ] as const) {
    await say(juliet.page, command);
    await expect(badges, command).toHaveText(standing);
  }
  // Who may do no such thing is told so by the client, or by the room.
  await say(romeo.page, '/admin Juliet');
  await expect(romeo.page.getByText('You may not use /admin in this room.')).toBeVisible();
  await say(romeo.page, '/register');
  await expect(romeo.page.getByText('The room keeps your nickname for you.')).toBeVisible();
  await say(romeo.page, '/nick Juliet');
  await expect(romeo.page.locator('.chat-error[data-notice=nick-refused]')).toContainText('Somebody in this room is called Juliet already.');
  await expect(occupant(romeo.page, 'Romeo')).toBeVisible();
  await expect(juliet.page.locator('.chat-msg')).toHaveCount(0);
});

test('one speaks with somebody alone, and sends them a file', async ({ newAccount, logIn }) => {
  const room = newRoom();
  const juliet = await logIn(await newAccount(), { client: WIDE, settings: SETTINGS });
  const romeo = await logIn(await newAccount(), { client: WIDE, settings: SETTINGS });
  await enter(juliet.page, room, 'Juliet');
  await enter(romeo.page, room, 'Romeo');
  await say(juliet.page, 'Romeo: look');
  // Who is meant sees that in the line, and in its words.
  await expect(romeo.page.locator('.chat-msg.mentioned .mention--self')).toHaveText('Romeo');
  await expect(juliet.page.locator('.chat-msg.mentioned')).toHaveCount(0);

  await choose(juliet.page, 'Romeo', 'Write to them alone');
  await expect(juliet.page.getByRole('heading', { name: `Romeo (${room})` })).toBeVisible();
  await say(juliet.page, 'Psst');
  await romeo.page.locator('.open-chats-list').getByRole('button', { name: /^Juliet \(/ }).click();
  await expect(romeo.page.locator('.chat-msg.them .chat-msg__text')).toHaveText('Psst');
  // How much of a file has left is seen until all has.
  let leave = (): void => {};
  const held = new Promise<void>((go) => (leave = go));
  await juliet.page.route(/\/(upload|file_share)\//, async (route) => {
    await held;
    await route.continue();
  });
  const chooser = juliet.page.waitForEvent('filechooser');
  await juliet.page.getByRole('button', { name: 'Send a file' }).click();
  await (await chooser).setFiles({ name: 'letter.txt', mimeType: 'text/plain', buffer: Buffer.from('Good night') });
  await expect(juliet.page.getByRole('progressbar', { name: 'Sending letter.txt' })).toBeVisible();
  leave();
  await expect(juliet.page.getByRole('progressbar')).toHaveCount(0);
  await expect(romeo.page.locator('.chat-msg.them a[href$="letter.txt"]')).toBeVisible();
  await expect(romeo.page.locator('converse-chat .chat-head')).toContainText('Juliet (');
  for (const { warnings } of [juliet, romeo]) {
    expect(warnings).toEqual([]);
  }
});

test('commands change nicknames and the topic, and say what is wrong', async ({ newAccount, logIn }) => {
  const { page } = await logIn(await newAccount(), { client: WIDE, settings: SETTINGS });
  await enter(page, newRoom(), 'Juliet');
  await say(page, '/topic The orchard, at night');
  await expect(page.locator('.chat-desc')).toHaveText('The orchard, at night');
  await say(page, '/nick The Nurse');
  await expect(occupant(page, 'The Nurse')).toBeVisible();
  await expect(occupant(page, 'Juliet')).toHaveCount(0);
  await expect(page.getByText('Juliet is called The Nurse now.')).toBeVisible();
  // Prosody closes a room that is not kept when the only one who is in it takes another nickname: one is told, and enters anew.
  await say(page, '/topic The balcony');
  await expect(page.locator('.chat-error[data-notice=topic-refused]')).toContainText('You are entering it again.');
  await expect(occupant(page, 'The Nurse')).toBeVisible();
  await expect(field(page)).toBeEnabled();
  await say(page, '/topic The balcony');
  await expect(page.locator('.chat-desc')).toHaveText('The balcony');
  await say(page, '/kick Tybalt');
  await expect(page.getByText('Nobody here is called “Tybalt”.')).toBeVisible();
  await say(page, '/help');
  await expect(page.getByText('/destroy:')).toBeVisible();
  await expect(page.locator('.chat-msg')).toHaveCount(0);
});

test('an owner configures the room, and who enters then is asked for the password', async ({ newAccount, logIn }) => {
  const room = newRoom();
  const juliet = await logIn(await newAccount(), { client: WIDE, settings: { ...SETTINGS, roomconfig_whitelist: ['roomname', 'roomsecret'] } });
  await enter(juliet.page, room, 'Juliet');
  await juliet.page.getByRole('button', { name: 'Details' }).click();
  await juliet.page.getByRole('button', { name: 'Configure the room' }).click();
  const form = juliet.page.locator('.room-config-form');
  await expect(form.locator('input')).toHaveCount(2);
  await form.locator('input[name$=roomname]').fill('The Orchard');
  await form.locator('input[name$=roomsecret]').fill('rose');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form).toHaveCount(0);
  await expect(juliet.page.locator('.chat-name')).toHaveText('The Orchard');

  const romeo = await logIn(await newAccount(), { client: WIDE, settings: SETTINGS });
  await romeo.page.evaluate((room) => void _converse.api.rooms.open(room, { nick: 'Juliet' }), room);
  await romeo.page.getByLabel('This room has a password').fill('rose');
  await romeo.page.getByRole('button', { name: 'Enter', exact: true }).click();
  // Then it says that the name is taken.
  await expect(romeo.page.getByText('Somebody here is called so already.')).toBeVisible();
  await romeo.page.getByLabel('What do you want to be called in this room?').fill('Romeo');
  await romeo.page.getByRole('button', { name: 'Enter', exact: true }).click();
  await expect(occupant(romeo.page, 'Romeo')).toBeVisible();
});

test('somebody is invited, and what they bookmark is kept', async ({ newAccount, logIn }) => {
  const room = newRoom();
  const who = await newAccount();
  const juliet = await logIn(await newAccount([{ jid: who.jid, name: 'Romeo' }]), { client: WIDE, settings: SETTINGS });
  const romeo = await logIn(who, { client: WIDE, settings: { ...SETTINGS, nickname: 'Romeo' } });
  await enter(juliet.page, room, 'Juliet');
  await juliet.page.getByRole('button', { name: 'Invite somebody' }).click();
  await juliet.page.getByLabel('Whom?').fill(who.jid);
  await juliet.page.getByLabel('What do you want to say to them?').fill('The night is fair');
  await juliet.page.getByRole('button', { name: 'Invite', exact: true }).click();
  const invitation = romeo.page.getByRole('dialog', { name: 'An invitation' });
  await expect(invitation).toContainText('The night is fair');
  await invitation.getByRole('button', { name: 'Enter' }).click();
  await expect(occupant(juliet.page, 'Romeo')).toBeVisible();

  await romeo.page.getByRole('button', { name: 'Details' }).click();
  await romeo.page.getByRole('button', { name: 'Keep a bookmark' }).click();
  await romeo.page.getByLabel('What do you call this room?').fill('Orchard');
  await romeo.page.getByRole('button', { name: 'Save' }).click();
  await expect(romeo.page.locator('.chat-name')).toHaveText('Orchard');
  await romeo.page.locator('converse-chat').getByRole('button', { name: 'Leave this room' }).click();
  await romeo.page.getByRole('button', { name: 'Change the bookmark' }).click();
  await romeo.page.getByRole('button', { name: 'Remove the bookmark' }).click();
  await expect(romeo.page.locator('.bookmark')).toHaveCount(0);
});

test('an invitation is declined, and one by a contact may lead in unasked', async ({ newAccount, logIn, server }) => {
  const room = newRoom();
  const [one, who, other] = [await newAccount(), await newAccount([], 'romeo'), await newAccount([], 'nurse')];
  await server.addUser({ ...other, contacts: [{ jid: one.jid, name: 'Juliet', subscription: 'both' }] });
  const juliet = await logIn(one, { client: WIDE, settings: SETTINGS });
  const romeo = await logIn(who, { client: WIDE, settings: SETTINGS });
  const nurse = await logIn(other, { client: WIDE, settings: { ...SETTINGS, auto_join_on_invite: true, nickname: 'Nurse' } });
  await enter(juliet.page, room, 'Juliet');
  await juliet.page.evaluate(([room, jid]) => _converse.api.rooms.get(room!)!.mediatedInvite(jid!, 'Come'), [room, who.jid]);
  await romeo.page.getByRole('button', { name: 'Decline …' }).click();
  const dialog = romeo.page.getByRole('dialog', { name: 'Decline the invitation?' });
  await expect(dialog).toContainText(`hears that you do not come to ${room}.`);
  await dialog.getByLabel('Why?').fill('It is late');
  await dialog.getByRole('button', { name: 'Decline', exact: true }).click();
  await expect(romeo.page.getByRole('dialog')).toHaveCount(0);
  await expect(juliet.page.getByText(`${who.jid} does not come: It is late`)).toBeVisible();

  await juliet.page.evaluate(([room, jid]) => _converse.api.rooms.get(room!)!.directInvite(jid!, 'Come'), [room, other.jid]);
  await expect(occupant(juliet.page, 'Nurse')).toBeVisible();
  await expect(nurse.page.getByRole('dialog')).toHaveCount(0);
  // It waits in the list: what one looks at stays where it is.
  await nurse.page.locator(`.room-item[data-room-jid="${room}"] .open-room`).click();
  await expect(field(nurse.page)).toBeEnabled();
});

test('rooms are found, and one that is closed leads on', async ({ newAccount, logIn }) => {
  const [old, next] = [newRoom(), newRoom()];
  const juliet = await logIn(await newAccount(), { client: WIDE, settings: SETTINGS });
  const romeo = await logIn(await newAccount(), { client: WIDE, settings: { ...SETTINGS, muc_domain: old.split('@')[1]!, auto_list_rooms: true, nickname: 'Romeo' } });
  await enter(juliet.page, old, 'Juliet');
  await juliet.page.evaluate((room) => _converse.api.rooms.get(room)!.sendConfiguration({ publicroom: true }), old);
  await romeo.page.getByRole('button', { name: 'Rooms of a service' }).click();
  await romeo.page.getByRole('dialog').locator(`.open-room[title="${old}"]`).click();
  await expect(occupant(romeo.page, 'Romeo')).toBeVisible();
  await say(juliet.page, '/destroy Too cold');
  await juliet.page.getByLabel('Where can they go instead?').fill(next);
  await juliet.page.getByRole('button', { name: 'Close it for everybody' }).click();
  await expect(romeo.page.getByText('This room does not exist any more.')).toBeVisible();
  await romeo.page.getByRole('button', { name: `Go to ${next}` }).click();
  await expect(romeo.page.locator('converse-chat')).toHaveAttribute('data-jid', next);
  await expect(occupant(romeo.page, 'Romeo')).toBeVisible();
});
