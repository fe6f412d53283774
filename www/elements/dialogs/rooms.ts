/** The dialogs about rooms. */
import { html, nothing, type TemplateResult } from 'lit';

import { core } from '../../models/core.ts';
import { Kind } from '../../models/kinds.ts';
import { ROOM_FEATURES } from '../../models/room.ts';
import { __, plural } from '../../words.ts';
import { openRoom, setting, type Box } from '../actions.ts';
import { badgeWords } from '../occupants.ts';
import { asked, change, roomOf, type Invitation, type Occupant, type RoomBox } from '../room-actions.ts';
import { state } from '../state.ts';
import { closeDialog, form, type Content } from './form.ts';

import '../room-browser.ts';
import '../room-config.ts';

interface About {
  box: RoomBox;
  occupant: Occupant;
}

export const ROOM_DIALOGS: Readonly<Record<string, (about: any) => Content>> = {
  'join-room': () => ({
    title: __('Enter a room'),
    body: form(({ jid, nick }) => openRoom(withDomain(jid), nick ? { nick } : {}), __('Enter'), html`
      <label for="converse-room-jid">${__("The room's address")}</label>
      <input id="converse-room-jid" name="jid" type="text" required autocapitalize="none" spellcheck="false" dir="ltr"
        placeholder=${setting('muc_domain') ? __('room') : __('room@domain')} />
      <label for="converse-room-nick">${__('Nickname')}</label>
      <input id="converse-room-nick" name="nick" type="text" .value=${setting('nickname') ?? ''} />
      <p class="hint">${__('If there is no such room, it is made.')}</p>
    `),
  }),
  'list-rooms': () => ({ title: __('Rooms of a service'), body: html`<converse-room-browser></converse-room-browser>` }),
  'room-details': details,
  'room-config': ({ jid, name }: Box) => ({ title: __('How %s is to be', name), body: html`<converse-room-config .jid=${jid}></converse-room-config>` }),
  topic: (box: Box) => ({
    title: __('The topic of %s', box.name),
    body: form(({ topic }) => roomOf(box).setSubject(topic ?? ''), __('Save'), html`
      <label for="converse-topic">${__('Topic')}</label>
      <textarea id="converse-topic" name="topic" rows="3" dir="auto" .value=${box.subject ?? ''}></textarea>
    `),
  }),
  bookmark: bookmark,
  invite: (box: Box) => ({
    title: __('Invite somebody to %s', box.name),
    body: form(({ jid, reason }) => asked(roomOf(box).directInvite(jid ?? '', reason)), __('Invite'), html`
      <label for="converse-invite-jid">${__('Whom?')}</label>
      <input id="converse-invite-jid" name="jid" type="text" required list="converse-invite-whom" autocomplete="off" autocapitalize="none"
        spellcheck="false" dir="ltr" placeholder=${__('user@domain')} />
      <datalist id="converse-invite-whom">${contacts().map(({ jid, name }) => html`<option value=${jid}>${name}</option>`)}</datalist>
      <label for="converse-invite-reason">${__('What do you want to say to them?')}</label>
      <input id="converse-invite-reason" name="reason" type="text" dir="auto" />
    `),
  }),
  invitation: (invitation: Invitation) => {
    const { room, reason, declinable } = invitation;
    const from = inviter(invitation);
    const decline = (): void => state.set({ dialog: { name: 'decline-invitation', about: invitation } });
    return {
      title: __('An invitation'),
      body: html`
        <p>${from ? __('%1$s invites you to the room %2$s.', from, room) : __('You are invited to the room %s.', room)}</p>
        ${reason ? html`<blockquote class="invitation-reason" dir="auto">${reason}</blockquote>` : nothing}
        ${form(() => openRoom(room), __('Enter'), html``, declinable ? html`<button type="button" class="btn-secondary decline-invitation" @click=${decline}>${__('Decline …')}</button>` : nothing)}
      `,
    };
  },
  'decline-invitation': (invitation: Invitation) => ({
    title: __('Decline the invitation?'),
    body: form(({ reason }) => core().declineInvitation(invitation.room, reason || undefined), __('Decline'), html`
      <p>${__('%1$s hears that you do not come to %2$s.', inviter(invitation), invitation.room)}</p>
      <label for="converse-decline-reason">${__('Why?')}</label>
      <input id="converse-decline-reason" name="reason" type="text" dir="auto" />
    `),
  }),
  'destroy-room': ({ jid, reason }: { jid: string; reason?: string }) => ({
    title: __('Close this room for ever?'),
    body: form(({ reason, instead }) => asked(roomOf({ jid }).sendDestroyIQ(reason, instead)), __('Close it for everybody'), html`
      <p>${__('Everybody is put out, and what is kept of %s is gone.', jid)}</p>
      <label for="converse-destroy-reason">${__('Why?')}</label>
      <input id="converse-destroy-reason" name="reason" type="text" dir="auto" .value=${reason ?? ''} />
      <label for="converse-destroy-instead">${__('Where can they go instead?')}</label>
      <input id="converse-destroy-instead" name="instead" type="text" autocapitalize="none" spellcheck="false" dir="ltr" placeholder=${__('room@domain')} />
    `),
  }),
  kick: ({ box, occupant }: About) => ({
    title: __('Put %s out?', occupant.name),
    body: form(({ reason }) => change(box, occupant, 'kick', reason), __('Put out'), why(__('They can enter again.'))),
  }),
  ban: ({ box, occupant }: About) => ({
    title: __('Ban %s?', occupant.name),
    body: form(({ reason }) => change(box, occupant, 'ban', reason), __('Ban'), why(__('They are put out, and cannot enter any more.'))),
  }),
  'occupant-details': ({ occupant }: About) => ({
    title: occupant.name,
    body: list([
      [__('Nickname'), occupant.nick],
      [__('XMPP address'), occupant.jid],
      [__('Standing'), occupant.badges.map(badgeWords).join(', ')],
      [__('Says'), occupant.status],
    ]),
  }),
};

/** Who invites: an occupant of the room by their nickname. */
function inviter({ room, from = '' }: Invitation): string {
  return from.startsWith(`${room}/`) ? from.slice(room.length + 1) : from;
}

function details(about: Box): Content {
  // What was known when the dialog was opened may be old.
  const box = (core().boxes() as Box[]).find(({ jid }) => jid === about.jid) ?? about;
  const room = core().attributes(Kind.Room, '', box.jid) ?? {};
  const features = core().attributes(Kind.RoomFeatures, '', box.jid) ?? {};
  const owns = box.entered && box.affiliation === 'owner';
  const go = (name: string) => (): void => state.set({ dialog: { name, about: box } });
  const button = (name: string, words: string): TemplateResult => html`<button type="button" class="btn-secondary" data-dialog=${name} @click=${go(name)}>${words}</button>`;
  return {
    title: box.name,
    body: html`
      ${list([
        [__('Address'), box.jid],
        [__('About'), room['description']],
        [__('Topic'), box.subject],
        [__('Your nickname'), box.nick],
        [__('Here now'), plural('%s person is here', '%s people are here', box.people ?? 0)],
      ])}
      <ul class="room-features">${ROOM_FEATURES.filter((name) => features[name]).map((name) => html`<li>${featureWords(name)}</li>`)}</ul>
      <div class="buttons room-buttons">
        ${box.entered && box.role !== 'visitor' ? button('topic', __('Change the topic')) : nothing}
        ${setting('allow_bookmarks') ? button('bookmark', box.bookmarked ? __('Change the bookmark') : __('Keep a bookmark')) : nothing}
        ${box.entered && setting('allow_muc_invitations') ? button('invite', __('Invite somebody')) : nothing}
        ${owns ? button('room-config', __('Configure the room')) : nothing} ${owns ? button('destroy-room', __('Close the room for ever')) : nothing}
      </div>
    `,
  };
}

function bookmark(box: Box): Content {
  const kept = core().attributes(Kind.Bookmark, '', box.jid);
  const remove = async (): Promise<void> => {
    await core().removeBookmark(box.jid);
    closeDialog();
  };
  return {
    title: __('Bookmark of %s', box.name),
    body: html`
      ${form(({ name, nick, autojoin }) => asked(core().setBookmark(box.jid, name, nick, autojoin === 'on')), __('Save'), html`
        <label for="converse-bookmark-name">${__('What do you call this room?')}</label>
        <input id="converse-bookmark-name" name="name" type="text" dir="auto" .value=${kept?.['name'] ?? box.name} />
        <label for="converse-bookmark-nick">${__('Your nickname there')}</label>
        <input id="converse-bookmark-nick" name="nick" type="text" .value=${kept?.['nick'] ?? box.nick ?? ''} />
        <label class="checkbox"><input type="checkbox" name="autojoin" ?checked=${kept ? kept['autojoin'] : true} /> ${__('Enter it whenever I log in')}</label>
      `)}
      ${kept ? html`<button type="button" class="btn-secondary remove-bookmark" @click=${() => void remove()}>${__('Remove the bookmark')}</button>` : nothing}
    `,
  };
}

function why(hint: string): TemplateResult {
  return html`
    <p>${hint}</p>
    <label for="converse-why">${__('Why?')}</label>
    <input id="converse-why" name="reason" type="text" dir="auto" />
  `;
}

function list(lines: readonly (readonly [string, string | undefined])[]): TemplateResult {
  return html`<dl class="details">${lines.map(([term, value]) => (value ? html`<dt>${term}</dt><dd dir="auto">${value}</dd>` : nothing))}</dl>`;
}

/** Whom one invites oftener than others. */
function contacts(): { jid: string; name: string }[] {
  const known = core().ids(Kind.Contact, '').slice(0, MAX_SUGGESTIONS);
  return known.map((jid) => ({ jid, name: core().attributes(Kind.Contact, '', jid)?.['nickname'] || jid }));
}

/** The most addresses that are offered: the browser shows few, and each is in the document. */
const MAX_SUGGESTIONS = 500;

function featureWords(name: string): string {
  switch (name) {
    case 'passwordprotected':
      return __('One needs a password to enter.');
    case 'unsecured':
      return __('One needs no password to enter.');
    case 'hidden':
      return __('It is in no list.');
    case 'publicroom':
      return __('Everybody can find it.');
    case 'membersonly':
      return __('Only members may enter.');
    case 'open':
      return __('Everybody may enter.');
    case 'persistent':
      return __('It stays when everybody has left.');
    case 'temporary':
      return __('It is gone when the last person leaves.');
    case 'nonanonymous':
      return __('Everybody sees the addresses of all.');
    case 'semianonymous':
      return __('Only moderators see the addresses of others.');
    case 'moderated':
      return __('Only those with a voice can write.');
    case 'unmoderated':
      return __('Everybody can write.');
    default:
      return __('What is said is kept in an archive.');
  }
}

function withDomain(jid = ''): string {
  const domain: string | undefined = setting('muc_domain');
  return jid.includes('@') || !domain ? jid : `${jid}@${domain}`;
}
