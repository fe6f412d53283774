/** Handles of rooms. */
import { $build, type Builder } from '../compat/builder.ts';
import { computeAffiliationsDelta, parseMemberListIQ, type Member } from '../compat/muc.ts';
import { NS } from '../compat/namespaces.ts';
import { ChatBox, withPlaces, type Message } from './chat.ts';
import { api, core } from './core.ts';
import { handle } from './handles.ts';
import { isReplaced, receive, replaceable, Step, takenByStep, unwrapped } from './replaced.ts';
import { Kind } from './kinds.ts';
import type { Attributes, Model } from './model.ts';
import { ChatRoomOccupants, type ChatRoomOccupant } from './occupant.ts';

/** How far the user is in a room. */
export const ROOMSTATUS = {
  CONNECTED: 0,
  CONNECTING: 1,
  NICKNAME_REQUIRED: 2,
  PASSWORD_REQUIRED: 3,
  DISCONNECTED: 4,
  ENTERED: 5,
} as const;

/** What rooms say they are. */
export const ROOM_FEATURES = [
  'passwordprotected',
  'unsecured',
  'hidden',
  'publicroom',
  'membersonly',
  'open',
  'persistent',
  'temporary',
  'nonanonymous',
  'semianonymous',
  'moderated',
  'unmoderated',
  'mam_enabled',
] as const;

/** The status code of a changed nickname (XEP-0045). */
export const MUC_NICK_CHANGED_CODE = '303';

/** A part of a text that means somebody; the places count code points. */
interface Mention {
  begin: number;
  end: number;
  value: string;
  type: 'mention';
  uri: string;
}

type Handler = (stanza: Element) => unknown;

/** A room, which is a conversation of many. */
export class ChatRoom extends ChatBox {
  readonly occupants: ChatRoomOccupants = new ChatRoomOccupants(Kind.Occupant, this.place?.id ?? '');

  get features(): Model {
    return handle(Kind.RoomFeatures, '', this.id);
  }

  override getDisplayName(): string {
    return this.get('name') || this.get('jid');
  }

  override clearUnreadMsgCounter(): void {
    this.set({ num_unread: 0, num_unread_general: 0 });
  }

  /** Enters the room. Without a nickname it is the one that the room knows, the settings name, or the address begins with. */
  join(nick?: string, password?: string): this {
    core().joinRoom(this.id, nick || undefined, password || undefined);
    return this;
  }

  /** Leaves the room, which stays open. */
  leave(exit_msg?: string): void {
    core().leaveRoom(this.id, exit_msg);
  }

  sendUnavailablePresence(exit_msg?: string): void {
    this.leave(exit_msg);
  }

  /** Takes another nickname. The room says whether that is possible. */
  setNickname(nick: string): void {
    this.join(nick);
  }

  override close(): void {
    core().closeRoom(this.id);
  }

  override getOutgoingMessageAttributes(text: string, spoiler_hint?: string): Attributes {
    const [message, references] = this.parseTextForReferences(withPlaces(text));
    return { ...super.getOutgoingMessageAttributes(message, spoiler_hint), references };
  }

  protected override transmit(attributes: Attributes): Message {
    return core().sendRoomMessage(this.id, attributes);
  }

  /** Tells those in the room what the user is doing, as `chat_state` says. */
  override sendChatState(state?: unknown): void {
    if (this.get('connection_status') === ROOMSTATUS.ENTERED) {
      super.sendChatState(state);
    }
  }

  setSubject(subject: string): void {
    core().setRoomSubject(this.id, subject);
  }

  /** Invites somebody. Where only members may enter, and the user may make members, they become one first. */
  directInvite(recipient: string, reason?: string): Promise<void> {
    return core().inviteToRoom(this.id, recipient, reason || undefined, false);
  }

  /** Has the room invite somebody. It may refuse to, and admits them where only members may enter. */
  mediatedInvite(recipient: string, reason?: string): Promise<void> {
    return core().inviteToRoom(this.id, recipient, reason || undefined, true);
  }

  /** What the room is, asked for if it has not said so yet. */
  async getRoomFeatures(): Promise<Model> {
    if (!this.features.get('fetched')) {
      await this.refreshRoomFeatures();
    }
    return this.features;
  }

  /** Asks the room anew. */
  async refreshRoomFeatures(): Promise<Model> {
    await core().refreshRoom(this.id);
    return this.features;
  }

  /** Asks for the form that says how the room is; for owners. */
  fetchRoomConfiguration(): Promise<Element> {
    return core().fetchRoomConfig(this.id);
  }

  /** Submits fields of that form: elements, or values by name. */
  sendConfiguration(
    config: readonly (Element | Builder)[] | Record<string, unknown> = [],
    callback?: () => void,
    errback?: (error: unknown) => void,
  ): Promise<void> {
    const form = $build('x', { xmlns: NS['XFORM']!, type: 'submit' });
    if (Array.isArray(config)) {
      config.forEach((field: Element | Builder) => form.cnode(field).up());
    } else {
      const values = { FORM_TYPE: NS['MUC_ROOMCONF']!, ...(config as Record<string, unknown>) };
      for (const [name, value] of Object.entries(values)) {
        form.c('field', { var: name.includes('#') || name === 'FORM_TYPE' ? name : `muc#roomconfig_${name}` });
        [value].flat().forEach((one) => form.c('value', {}, typeof one === 'boolean' ? String(Number(one)) : String(one)));
        form.up();
      }
    }
    const sent = core().submitRoomConfig(this.id, form);
    if (callback || errback) {
      sent.then(callback, errback);
    }
    return sent;
  }

  /** Submits an HTML form whose fields are called like those of the room's; without one the service decides. */
  saveConfiguration(form?: HTMLFormElement): Promise<void> {
    if (!form) {
      return core().submitRoomConfig(this.id);
    }
    const values: Record<string, string[]> = Object.create(null);
    for (const field of Array.from(form.elements) as HTMLInputElement[]) {
      if (!field.name || field.type === 'submit') {
        continue;
      }
      const options = (field as unknown as HTMLSelectElement).selectedOptions;
      const chosen = options ? Array.from(options, ({ value }) => value) : [field.value];
      values[field.name] = field.type === 'checkbox' ? [field.checked ? '1' : '0'] : chosen;
    }
    return this.sendConfiguration(values);
  }

  /** Makes the room as the attribute `roomconfig` says. */
  autoConfigureChatRoom(): Promise<void> {
    return core().autoConfigureRoom(this.id);
  }

  /** Ends the room for everybody. */
  sendDestroyIQ(reason?: string, new_jid?: string): Promise<Element> {
    return core().destroyRoom(this.id, new_jid || undefined, reason || undefined);
  }

  /** Asks who has an affiliation to the room; `converse.env.utils.parseMemberListIQ` reads the answer. */
  requestMemberList(affiliation = 'member'): Promise<Element> {
    return core().fetchRoomMembers(this.id, affiliation);
  }

  /** Those who have one of these affiliations. */
  async getJidsWithAffiliations(affiliations: string | readonly string[]): Promise<Member[]> {
    const wanted = typeof affiliations === 'string' ? [affiliations] : affiliations;
    const answers = await Promise.all(wanted.map((affiliation) => this.requestMemberList(affiliation)));
    return answers.flatMap((answer) => parseMemberListIQ(answer) as unknown as Member[]);
  }

  /** Gives those of `members` an affiliation who are to have no other one. */
  setAffiliation(affiliation: string, members: readonly Member[]): Promise<Element[]> {
    const meant = members.filter((member) => !member.affiliation || member.affiliation === affiliation);
    return Promise.all(meant.map((member) => this.sendAffiliationIQ(affiliation, member)));
  }

  /** Gives each of `members` the affiliation they are said to have. */
  setAffiliations(members: readonly Member[]): Promise<Element[]> {
    return Promise.all(members.map((member) => this.sendAffiliationIQ(member.affiliation, member)));
  }

  sendAffiliationIQ(affiliation: string, member: Member & { nick?: string }): Promise<Element> {
    const { jid, nick, reason } = member;
    return core().changeRoomPlace(this.id, { jid, nick, reason, affiliation });
  }

  /** Makes the room's lists what `members` says, as far as `delta` finds a difference. */
  async updateMemberLists(
    members: readonly Member[],
    affiliations: readonly string[] = ['member', 'admin', 'owner'],
    delta = (wanted: readonly Member[], known: readonly Member[]) => computeAffiliationsDelta(true, false, wanted, known),
  ): Promise<Element[]> {
    return this.setAffiliations(delta(members, await this.getJidsWithAffiliations(affiliations)));
  }

  /** Gives an occupant another role; `none` is a kick. */
  setRole(occupant: ChatRoomOccupant | string, role: string, reason?: string): Promise<Element> {
    const nick: unknown = typeof occupant === 'string' ? occupant : occupant.get('nick');
    return core().changeRoomPlace(this.id, { nick, role, reason });
  }

  /** Has the room keep the user's nickname. */
  registerNickname(): Promise<string> {
    return core().registerRoomNick(this.id);
  }

  /** The nickname that the room keeps for the user, if it does. */
  checkForReservedNick(): Promise<string | undefined> {
    return core().fetchReservedNick(this.id);
  }

  /** The nickname of somebody who says none. */
  getDefaultNick(): string {
    const { nickname, muc_nickname_from_jid } = settings();
    const local = String(api()['user']?.jid?.() ?? '').split('@')[0]!;
    return this.get('reserved_nick') || (muc_nickname_from_jid ? local : nickname || local);
  }

  getRoomJIDAndNick(nick?: string): string {
    const jid = String(this.get('jid')).split('/')[0]!;
    const wanted = nick || this.get('nick');
    return wanted ? `${jid}/${wanted}` : jid;
  }

  /** Calls `callback` with each stanza of a type, `presence` or `message`, that the room sends, before the room takes it in. */
  addHandler(type: 'presence' | 'message', name: string, callback: Handler): void {
    const hooked: Map<string, Handler> = hooks.get(this)?.get(type) ?? new Map();
    hooked.set(name, callback);
    hooks.set(this, (hooks.get(this) ?? new Map()).set(type, hooked));
    core().hookRoom(this.id, true);
  }

  removeHandler(type: 'presence' | 'message', name: string): void {
    const hooked = hooks.get(this);
    hooked?.get(type)?.delete(name);
    if (hooked && [...hooked.values()].every(({ size }) => size === 0)) {
      hooks.delete(this);
      core().hookRoom(this.id, false);
    }
  }

  /** The same as of a person, but for who has said it. */
  override getMessageAttributesFromStanza(stanza: Element, original: Element = stanza): Attributes {
    const from = stanza.getAttribute('from') ?? '';
    const nick = from.slice(from.indexOf('/') + 1);
    const mine = nick === this.get('nick');
    return { ...super.getMessageAttributesFromStanza(stanza, original), from, nick, sender: mine ? 'me' : 'them' };
  }

  /** Takes in a message of the room. */
  onMessage(stanza: Element): unknown {
    const inner = unwrapped(stanza, this.id);
    if (takenByStep(this, stanza, inner)) {
      return true;
    }
    const id = inner.getAttribute('id');
    const known = isReplaced(this, 'getUpdatedMessageAttributes') ? (this.findDuplicateFromOriginID(inner) ?? this.messages.find({ msgid: id, sender: 'me' })) : undefined;
    receive(stanza);
    if (known) {
      known.save(this.getUpdatedMessageAttributes(known, inner));
    }
    return true;
  }

  /** Called by the core. What a handler returns changes nothing, as in converse.js 4. */
  runHandlers(type: string, stanza: Element): void {
    for (const callback of [...(hooks.get(this)?.get(type)?.values() ?? [])]) {
      try {
        callback.call(this, stanza);
      } catch (exception) {
        reportError(exception);
      }
    }
  }

  /** A text without the `@` before the nicknames of those in the room, and where these are. */
  parseTextForReferences(text: string): [string, Mention[]] {
    const references: Mention[] = [];
    let rest = text;
    let said = '';
    let at: number;
    while ((at = rest.indexOf('@')) >= 0) {
      const before = said + rest.slice(0, at);
      const after = rest.slice(at + 1);
      const nick = WORD_AT_END.test(before) ? undefined : this.#nickAtStartOf(after);
      if (nick === undefined) {
        [said, rest] = [`${before}@`, after];
        continue;
      }
      const begin = length(before);
      references.push({ begin, end: begin + length(nick), value: nick, type: 'mention', uri: this.#uriOf(nick) });
      [said, rest] = [before + nick, after.slice(nick.length)];
    }
    return [said + rest, references];
  }

  /** Whether a message means the user. */
  isUserMentioned(message: Model): boolean {
    const nick: string | undefined = this.get('nick');
    const text = String(message.get('message') ?? '');
    const me = [this.getRoomJIDAndNick(), String(api()['user']?.jid?.() ?? '').split('/')[0]];
    const references = (message.get('references') ?? []) as Mention[];
    const meant = references.some(({ type, uri }) => type === 'mention' && me.some((jid) => uri === `xmpp:${jid}`));
    const parts = nick ? text.split(nick) : [];
    return meant || parts.some((part, index) => index > 0 && !WORD_AT_END.test(parts[index - 1]!) && !WORD_AT_START.test(part));
  }

  /** The longest nickname that `text` begins with, if it ends there. */
  #nickAtStartOf(text: string): string | undefined {
    for (let end = Math.min(text.length, MAX_NICK); end > 0; end -= 1) {
      const nick = text.slice(0, end);
      if (!WORD_AT_START.test(text.slice(end)) && core().findOccupant(this.id, nick) !== undefined) {
        return nick;
      }
    }
    return undefined;
  }

  #uriOf(nick: string): string {
    const jid: unknown = this.occupants.findOccupant({ nick })?.get('jid');
    return `xmpp:${jid || this.getRoomJIDAndNick(nick)}`;
  }
}

replaceable(ChatRoom.prototype, Step.ChatState, 'sendChatState');
replaceable(ChatRoom.prototype, Step.RoomMessage, 'onMessage', 'getUpdatedMessageAttributes');

/** What plugins have hooked into rooms, which live as long. */
const hooks = new Map<ChatRoom, Map<string, Map<string, Handler>>>();

const WORD_AT_START = /^[\p{L}\p{N}]/u;
const WORD_AT_END = /[\p{L}\p{N}]$/u;
/** The longest nickname that is looked for, in UTF-16 code units. */
const MAX_NICK = 128;

/** The number of code points. */
function length(text: string): number {
  return [...text].length;
}

function settings(): { nickname?: string; muc_nickname_from_jid?: boolean } {
  const get = (name: string): any => api()['settings']?.get?.(name);
  return { nickname: get('nickname'), muc_nickname_from_jid: get('muc_nickname_from_jid') };
}
