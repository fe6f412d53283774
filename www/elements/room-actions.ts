/** What clicks and commands do in rooms. */
import { api, core } from '../models/core.ts';
import type { ChatRoom } from '../models/room.ts';
import { viewOf } from '../views/index.ts';
import { __ } from '../words.ts';
import { attempt, modelOf, openChat, setting, type Box } from './actions.ts';
import { state } from './state.ts';

/** Somebody in a room, as the core lists them. */
export interface Occupant {
  id: string;
  nick?: string;
  name: string;
  jid?: string;
  show: string;
  status?: string;
  role?: string;
  affiliation?: string;
  own: boolean;
  badges: string[];
  actions: string[];
}

/** As the event `roomInviteReceived` tells it. */
export interface Invitation {
  room: string;
  from?: string;
  reason?: string;
  declinable: boolean;
}

export type RoomBox = Pick<Box, 'kind' | 'jid'>;

export function roomOf(box: Pick<Box, 'jid'>): ChatRoom {
  return modelOf({ kind: 'room', jid: box.jid }) as ChatRoom;
}

/** Puts somebody's name where one writes. */
export function mention(box: RoomBox, nick: string): void {
  insert(box, `@${nick} `);
}

/** Puts a text where one writes, at the place of the cursor, and the keyboard there. */
export function insert(box: RoomBox, text: string): void {
  const field = viewOf(box).el.querySelector<HTMLTextAreaElement>('textarea.chat-textarea');
  if (!field || field.disabled) {
    return;
  }
  const before = field.value.slice(0, field.selectionStart);
  const gap = before === '' || /\s$/.test(before) ? '' : ' ';
  field.setRangeText(gap + text, field.selectionStart, field.selectionEnd, 'end');
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  field.focus();
}

/** Does with an occupant what `word` says, one of those that the core has listed. */
export function doWith(box: RoomBox, occupant: Occupant, word: string): void {
  switch (word) {
    case 'message':
      return attempt(openChat(`${box.jid}/${occupant.nick}`));
    case 'details':
    case 'kick':
    case 'ban':
      return state.set({ dialog: { name: word === 'details' ? 'occupant-details' : word, about: { box, occupant } } });
    default:
      attempt(change(box, occupant, word));
  }
}

const ROLES: Readonly<Record<string, string>> = { voice: 'participant', mute: 'visitor', op: 'moderator', deop: 'participant', kick: 'none' };
const AFFILIATIONS: Readonly<Record<string, string>> = { ban: 'outcast', revoke: 'none' };

/** Gives somebody another role or affiliation. */
export async function change(box: RoomBox, { nick, jid }: { nick?: string; jid?: string }, word: string, reason?: string): Promise<void> {
  const room = roomOf(box);
  const role = ROLES[word];
  await asked(
    role
      ? room.setRole(nick ?? '', role, reason)
      : room.sendAffiliationIQ(AFFILIATIONS[word] ?? word, { ...(nick ? { nick } : {}), ...(jid ? { jid } : {}), ...(reason ? { reason } : {}) } as any),
  );
}

/** The same promise, with the reason of a refusal in words. */
export async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw refusal(error) ?? error;
  }
}

/** What a room means by refusing, if it has refused. */
function refusal(error: any): Error | undefined {
  const stanza: Element | undefined = error instanceof Element ? error : error?.stanza;
  const answer = stanza?.querySelector?.('error');
  if (!answer) {
    return undefined;
  }
  const said = answer.querySelector('text')?.textContent?.trim();
  switch (answer.firstElementChild?.localName) {
    case 'forbidden':
    case 'not-allowed':
      return new Error(said || __('The room does not let you do this.'));
    case 'conflict':
      return new Error(said || __('The room must keep an owner, or somebody has this name already.'));
    case 'item-not-found':
      return new Error(said || __('There is nobody like this.'));
    default:
      return new Error(said || __('The room refused.'));
  }
}

/** Does what somebody has typed, if it is a command: `true` if it was one, and nothing is to be sent. */
export function runCommand(box: RoomBox, text: string): boolean {
  const disabled: unknown = setting('muc_disable_moderator_commands');
  const command = core().roomCommand(box.jid, text, Array.isArray(disabled) ? disabled : disabled ? ['*'] : []);
  if (!command) {
    return false;
  }
  const view = viewOf(box);
  const room = roomOf(box);
  const complain = (action: Promise<unknown>): void => {
    asked(action).catch((error: unknown) => view.showErrorMessage(error instanceof Error ? error.message : __('The room refused.')));
  };
  const { nick, jid, reason } = command;
  switch (command.do) {
    case 'help':
      view.showHelpMessages(command.names.map((name: string) => `/${name}: ${commandWords(name)}`));
      break;
    case 'clear':
      view.clearMessages();
      break;
    case 'nick':
      complain((async () => room.setNickname(nick))());
      break;
    case 'subject':
      complain((async () => room.setSubject(command.text))());
      break;
    case 'register':
      complain(room.registerNickname().then(() => view.showHelpMessages([__('The room keeps your nickname for you.')])));
      break;
    case 'destroy':
      state.set({ dialog: { name: 'destroy-room', about: { ...box, reason } } });
      break;
    case 'role':
      complain(room.setRole(nick, command.role, reason));
      break;
    case 'affiliation':
      complain(room.sendAffiliationIQ(command.affiliation, { jid, ...(nick ? { nick } : {}), ...(reason ? { reason } : {}) } as any));
      break;
    default:
      view.showErrorMessage(wrongWords(command.why, command.about));
  }
  return true;
}

function wrongWords(why: string, about: string): string {
  switch (why) {
    case 'disabled':
      return __('/%s is switched off here.', about);
    case 'forbidden':
      return __('You may not use /%s in this room.', about);
    case 'nobody':
      return __('Say whom you mean: /%s and a name.', about);
    case 'not-with-them':
      return __('/%s does not go with this person.', about);
    default:
      return __('Nobody here is called “%s”.', about);
  }
}

function commandWords(name: string): string {
  switch (name) {
    case 'admin':
      return __('make somebody administrator');
    case 'ban':
      return __('ban somebody from the room');
    case 'clear':
      return __('clear the messages on your screen');
    case 'deop':
      return __('make somebody participant again');
    case 'destroy':
      return __('close the room for everybody, for ever');
    case 'help':
      return __('show these lines');
    case 'kick':
      return __('put somebody out of the room');
    case 'me':
      return __('say what you are doing');
    case 'member':
      return __('make somebody member');
    case 'mute':
      return __('take away somebody’s voice');
    case 'nick':
      return __('call yourself something else');
    case 'op':
      return __('make somebody moderator');
    case 'owner':
      return __('make somebody owner');
    case 'register':
      return __('have the room keep your nickname');
    case 'revoke':
      return __('take away somebody’s standing');
    case 'voice':
      return __('let somebody speak');
    default:
      return __('set the topic');
  }
}

/** Asks the user when somebody invites them. */
export function followInvitations(): void {
  api()['listen'].on('roomInviteReceived', (invitation: Invitation) => {
    if (invitations.length < MAX_INVITATIONS) {
      invitations.push(invitation);
    }
    nextInvitation();
  });
  api()['listen'].on('roomInviteDeclined', ({ room, from, reason }: { room: ChatRoom; from: string; reason?: string }) => {
    const who = from.split('/')[0]!;
    viewOf({ kind: 'room', jid: room.get('jid') }).showHelpMessages([reason ? __('%1$s does not come: %2$s', who, reason) : __('%s does not come.', who)]);
  });
  state.addEventListener('change', nextInvitation);
}

/** The most that wait for the user: anybody can send them. */
const MAX_INVITATIONS = 5;
/** The invitations that the user has not seen yet. */
const invitations: Invitation[] = [];

/** Shows the next one when nothing else is in the way. */
function nextInvitation(): void {
  if (!state.dialog && state.isIn && invitations.length > 0) {
    state.set({ dialog: { name: 'invitation', about: invitations.shift() } });
  }
}
