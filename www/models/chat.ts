/** Handles of conversations with people, and of messages. */
import { $msg, type Builder } from '../compat/builder.ts';
import { NS } from '../compat/namespaces.ts';
import { b64_sha1 } from '../compat/sha1.ts';
import { utils } from '../compat/utils.ts';
import { Collection } from './collection.ts';
import { api, core } from './core.ts';
import type { Presence, RosterContact } from './contact.ts';
import { handle } from './handles.ts';
import { Kind } from './kinds.ts';
import { Model, type Attributes, type Options } from './model.ts';
import { childOf, receiveCurrent, replaceable, stanzaOf, Step } from './replaced.ts';
import { readIds, readMessage, readReferences } from './stanza.ts';
import { wantVCard } from './vcard.ts';

/** The text with the links to places of OpenStreetMap as `geo:` addresses, which any client can show. */
export function withPlaces(text: string): string {
  const given: unknown = api()['settings'].get('geouri_regex');
  return String(text).replace(given instanceof RegExp ? given : PLACE, 'geo:$1,$2');
}

const PLACE = /https:\/\/www\.openstreetmap\.org\/\S*#map=\d+\/(-?[\d.]+)\/(-?[\d.]+)\S*/g;

/** One message of a conversation. */
export class Message extends Model {
  getDisplayName(): string {
    return this.get('nick') || this.get('fullname') || this.get('from');
  }

  isOnlyChatStateNotification(): boolean {
    return !this.get('message') && !this.get('oob_url');
  }

  /** The file that is being sent, or could not be, as long as it is here. */
  get file(): File | undefined {
    return core().fileOf(this.place!.of, this.id);
  }

  /** Sends the message once more, if it did not arrive. */
  retry(): boolean {
    if (this.get('upload') === 'failure') {
      return core().sendFileAgain(this.place!.of, this.id);
    }
    const again = this.get('type') === 'groupchat' ? core().sendRoomMessageAgain : core().sendMessageAgain;
    return again(this.place!.of, this.id);
  }
}

/** The messages of a conversation. */
export class Messages extends Collection<Message> {}

let bringUp: (box: ChatBox) => void = () => {};

/** Says what puts a conversation where the user sees it: the event `show` of its handle asks for that. */
export function whenShown(then: (box: ChatBox) => void): void {
  bringUp = then;
}

/** What plugins are told of a conversation with: its view, where there is one. */
export function viewOf(box: ChatBox): unknown {
  return view(box);
}

let view: (box: ChatBox) => unknown = (box) => box;

/** Says what the view of a conversation is. */
export function whenViewed(find: (box: ChatBox) => unknown): void {
  view = find;
}

/** A conversation with one person. */
export class ChatBox extends Model {
  readonly messages: Messages = new Messages(Kind.Message, this.place?.id ?? '');

  /** Events whose argument is a view have this in its place where there are none. */
  get model(): this {
    return this;
  }

  /** An id for the document. */
  get box_id(): string {
    return b64_sha1(this.id);
  }

  /** What the person says about themselves; it is fetched when somebody looks. */
  get vcard(): Model {
    wantVCard(this.id);
    return this.#vcard;
  }

  get #vcard(): Model {
    return handle(Kind.VCard, '', this.id);
  }

  get presence(): Presence {
    return handle(Kind.Presence, '', this.id) as Presence;
  }

  get contact(): RosterContact | undefined {
    const contact = handle(Kind.Contact, '', this.id) as RosterContact;
    return contact.removed ? undefined : contact;
  }

  override get(name: string): any {
    return name === 'box_id' ? this.box_id : super.get(name);
  }

  getDisplayName(): string {
    return this.#vcard.get('fullname') || this.get('jid');
  }

  /** What {@link sendMessage} is to be given for a text. */
  getOutgoingMessageAttributes(text: string, spoiler_hint?: string): Attributes {
    const is_spoiler = Boolean(this.get('composing_spoiler'));
    return { message: withPlaces(text), is_spoiler, spoiler_hint: is_spoiler ? spoiler_hint : undefined, references: [] };
  }

  /** Says something. A message that is marked as being corrected is replaced. */
  sendMessage(attributes: Attributes | string, spoiler_hint?: string): Message {
    const given = typeof attributes === 'string' ? this.getOutgoingMessageAttributes(attributes, spoiler_hint) : attributes;
    // There may be very many messages: one is made of those alone that somebody has marked.
    const marked = core().given(Kind.Message, this.messages.of, 'correcting').map((id) => this.messages.get(id));
    const correcting = marked.find((message) => message?.get('correcting') === true);
    correcting?.unset('correcting');
    return this.transmit(correcting ? { ...given, correcting: correcting.id } : given);
  }

  /** Sends files. Each becomes a message, which tells how far it is, and in the end leads there or says why not. */
  sendFiles(files: Iterable<File> | ArrayLike<File>): Message[] {
    const given = Object(files);
    const all: File[] = Array.from(given);
    if (!('length' in given || Symbol.iterator in given) || !all.every((file) => file instanceof File)) {
      throw new TypeError('sendFiles: the files must be an array or a FileList of files');
    }
    return all.map((file) => core().sendFile(this.id, file));
  }

  protected transmit(attributes: Attributes): Message {
    return core().sendMessage(this.id, attributes);
  }

  /** The stanza that says what a message of the user's says; nothing is sent. */
  createMessageStanza(message: Model): Builder {
    const due = stanzaOf(message);
    if (due) {
      const builder = $msg();
      builder.nodeTree = due;
      return builder.root();
    }
    const [id, first] = [message.get('edited') ? utils.getUniqueId() : message.get('msgid'), message.get('msgid')];
    const stanza = $msg({ from: api()['user'].jid(), to: this.get('jid'), type: this.get('message_type'), id });
    stanza.c('body').t(message.get('message') ?? '').up();
    stanza.c('active', { xmlns: NS['CHATSTATES'] }).up().c('request', { xmlns: NS['RECEIPTS'] }).up();
    if (message.get('is_spoiler')) {
      stanza.c('spoiler', { xmlns: NS['SPOILER'] }).t(message.get('spoiler_hint') ?? '').up();
    }
    for (const { type, begin, end, uri } of message.get('references') ?? []) {
      stanza.c('reference', { xmlns: NS['REFERENCE'], type, begin, end, uri }).up();
    }
    if (message.get('oob_url')) {
      stanza.c('x', { xmlns: NS['OUTOFBAND'] }).c('url').t(message.get('oob_url')).up().up();
    }
    if (message.get('edited')) {
      stanza.c('replace', { xmlns: NS['MESSAGE_CORRECT'], id: first }).up();
    }
    return stanza.c('origin-id', { xmlns: NS['SID'], id: message.get('origin_id') ?? first }).root();
  }

  /** Sends such a stanza as it is. What becomes of it no message says: {@link sendMessage} makes one that does. */
  sendMessageStanza(stanza: Builder | Element): unknown {
    return api()['send'](stanza);
  }

  /** What is to be noted with a message that has come back, from a room say. */
  getUpdatedMessageAttributes(_message: Model, stanza: Element): Attributes {
    return readIds(stanza);
  }

  /** Takes in a message if it is to take the place of another one. */
  handleMessageCorrection(stanza: Element): boolean {
    return takenIf(childOf(stanza, 'replace', NS['MESSAGE_CORRECT']), stanza);
  }

  /** Takes in a message if it says that another one has arrived. */
  handleReceipt(stanza: Element, _from?: string, _is_carbon?: boolean, _is_me?: boolean, _is_mam?: boolean): boolean {
    return takenIf(childOf(stanza, 'received', NS['RECEIPTS']), stanza);
  }

  /** Takes in a message if it says what was done with another one. */
  handleChatMarker(stanza: Element, _from?: string, _is_carbon?: boolean, _is_contact?: boolean, _is_mam?: boolean): boolean {
    const marker = ['received', 'displayed', 'acknowledged'].map((name) => childOf(stanza, name, NS['MARKERS'])).find(Boolean);
    return takenIf(marker, stanza);
  }

  /** Says that the message `id` has arrived. */
  sendReceiptStanza(to: string, id: string): void {
    const receipt = $msg({ from: api()['user'].jid(), to, type: 'chat', id: utils.getUniqueId() }).c('received', { xmlns: NS['RECEIPTS'], id }).up();
    api()['send'](receipt.c('store', { xmlns: NS['HINTS'] }));
  }

  /** Says what was done with the message `id`: `received`, `displayed` or `acknowledged`. */
  sendMarker(to: string, id: string, type: string): void {
    api()['send']($msg({ from: api()['user'].jid(), to, type: 'chat', id: utils.getUniqueId() }).c(type, { xmlns: NS['MARKERS'], id }));
  }

  /** The references in a message's element. */
  getReferencesFromStanza(stanza: Element): Attributes[] {
    return readReferences(stanza);
  }

  /** Why there must be no conversation with these attributes, if so. */
  override validate(attributes: Attributes, _options?: Options): unknown {
    return attributes['jid'] ? undefined : 'Ignored ChatBox without JID';
  }

  /** The ids in a message's element, under the names of attributes. */
  getStanzaIDs(stanza: Element): Attributes {
    return readIds(stanza);
  }

  /** What a message's element says, under the names of attributes. Nothing becomes of it here. */
  getMessageAttributesFromStanza(stanza: Element, original: Element = stanza): Attributes {
    const from = stanza.getAttribute('from') ?? '';
    const author = from.split('/')[0]!;
    const mine = author.toLowerCase() === String(api()['user'].jid()).split('/')[0];
    return { ...readMessage(stanza, original), from: author, sender: mine ? 'me' : 'them' };
  }

  /** The message that the author's client calls as this element does. */
  findDuplicateFromOriginID(stanza: Element): Message | undefined {
    const { origin_id } = readIds(stanza);
    return origin_id && this.messages.find({ origin_id, from: this.getMessageAttributesFromStanza(stanza)['from'] });
  }

  /** Whether the message in this result of an archive is here. */
  hasDuplicateArchiveID(stanza: Element): boolean {
    const { archive_id } = readMessage(stanza, stanza);
    return Boolean(archive_id && this.messages.some({ archive_id }));
  }

  /** Whether a message is here that somebody calls as this element says. */
  hasDuplicateStanzaID(stanza: Element): boolean {
    const { origin_id: _, ...ids } = readIds(stanza);
    return Object.entries(ids).some(([by, id]) => this.messages.some({ [by]: id }));
  }

  /** Tells the other side what the user is doing, as `chat_state` says. */
  sendChatState(state: unknown = this.get('chat_state')): void {
    if (state && api()['settings'].get('send_chat_state_notifications')) {
      const message = $msg({ to: this.get('jid'), type: this.get('message_type'), id: utils.getUniqueId() });
      message.c(String(state), { xmlns: NS['CHATSTATES'] }).up().c('no-store', { xmlns: NS['HINTS'] }).up();
      api()['send'](message.c('no-permanent-store', { xmlns: NS['HINTS'] }));
    }
  }

  isHidden(): boolean {
    return Boolean(this.get('hidden')) || this.isScrolledUp() || document.hidden;
  }

  isScrolledUp(): boolean {
    return Boolean(this.get('scrolled'));
  }

  clearUnreadMsgCounter(): void {
    this.set('num_unread', 0);
  }

  incrementUnreadMsgCounter(): void {
    this.set('num_unread', (this.get('num_unread') ?? 0) + 1);
  }

  maximize(): void {
    this.set({ minimized: false, hidden: false });
  }

  minimize(): void {
    this.set({ minimized: true, hidden: true });
  }

  /** Closes the conversation. Its messages stay in the archive. */
  close(): void {
    core().closeChat(this.id);
  }

  override trigger(names: string, ...args: unknown[]): this {
    super.trigger(names, ...args);
    if (names === 'show') {
      bringUp(this);
    }
    return this;
  }

  override destroy(): unknown {
    this.trigger('destroy', this, this.collection, {});
    this.close();
    return false;
  }
}

function takenIf(part: Element | undefined, stanza: Element): boolean {
  if (part) {
    receiveCurrent(stanza);
  }
  return part !== undefined;
}

replaceable(ChatBox.prototype, Step.Message, 'handleMessageCorrection', 'handleReceipt', 'handleChatMarker');
replaceable(ChatBox.prototype, Step.Send, 'createMessageStanza', 'sendMessageStanza');
replaceable(ChatBox.prototype, Step.Receipt, 'sendReceiptStanza', 'sendMarker');
replaceable(ChatBox.prototype, Step.ChatState, 'sendChatState');
replaceable(ChatBox.prototype, 0, 'validate');

/**
 * A conversation with one occupant of a room: whoever takes the nickname over is somebody else. `jid` is where they are
 * in the room now, or were last.
 */
export class PrivateChat extends ChatBox {
  /** The nickname, and in which room, because anybody can call themselves like a contact. */
  override getDisplayName(): string {
    const room = handle(Kind.Room, '', this.get('room'));
    return `${this.get('nick')} (${room.get('name') || this.get('room')})`;
  }

  /** The same with what says that it is of a room. */
  override createMessageStanza(message: Model): Builder {
    const stanza = super.createMessageStanza(message);
    return stanzaOf(message) ? stanza : stanza.c('x', { xmlns: NS['MUC_USER'] }).root();
  }
}
