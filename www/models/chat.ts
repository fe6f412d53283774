import { b64_sha1 } from '../compat/sha1.ts';
import { Collection } from './collection.ts';
import { core } from './core.ts';
import type { Presence, RosterContact } from './contact.ts';
import { handle } from './handles.ts';
import { Kind } from './kinds.ts';
import { Model, type Attributes } from './model.ts';

/** One message of a conversation. */
export class Message extends Model {
  getDisplayName(): string {
    return this.get('nick') || this.get('fullname') || this.get('from');
  }

  isOnlyChatStateNotification(): boolean {
    return !this.get('message') && !this.get('oob_url');
  }

  /** Sends the message once more, if it did not arrive. */
  retry(): boolean {
    const again = this.get('type') === 'groupchat' ? core().sendRoomMessageAgain : core().sendMessageAgain;
    return again(this.place!.of, this.id);
  }
}

/** The messages of a conversation. */
export class Messages extends Collection<Message> {}

/** A conversation with one person. */
export class ChatBox extends Model {
  readonly messages: Messages = new Messages(Kind.Message, this.place?.id ?? '');

  /** An id for the document. */
  get box_id(): string {
    return b64_sha1(this.id);
  }

  get vcard(): Model {
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
    return this.vcard.get('fullname') || this.get('jid');
  }

  /** What {@link sendMessage} is to be given for a text. */
  getOutgoingMessageAttributes(text: string, spoiler_hint?: string): Attributes {
    const is_spoiler = Boolean(this.get('composing_spoiler'));
    return { message: text, is_spoiler, spoiler_hint: is_spoiler ? spoiler_hint : undefined, references: [] };
  }

  /** Says something. A message that is marked as being corrected is replaced. */
  sendMessage(attributes: Attributes | string, spoiler_hint?: string): Message {
    const given = typeof attributes === 'string' ? this.getOutgoingMessageAttributes(attributes, spoiler_hint) : attributes;
    const correcting = this.messages.findWhere({ correcting: true });
    correcting?.unset('correcting');
    return this.transmit(correcting ? { ...given, correcting: correcting.id } : given);
  }

  protected transmit(attributes: Attributes): Message {
    return core().sendMessage(this.id, attributes);
  }

  /** Tells the other side what the user is doing, as `chat_state` says. */
  sendChatState(): void {
    const state: unknown = this.get('chat_state');
    core().write(Kind.Chat, '', this.id, { chat_state: state ?? 'active' });
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

  override destroy(): unknown {
    this.trigger('destroy', this, this.collection, {});
    this.close();
    return false;
  }
}

/** The open conversations, with single persons and in rooms. */
export class ChatBoxes extends Collection<ChatBox> {
  protected override get kinds(): readonly Kind[] {
    return [Kind.Chat, Kind.Room];
  }

  /** The conversation with this address; a new one if there is none and `create` says so. */
  getChatBox(jid: string, attributes?: Attributes | boolean, create?: boolean): ChatBox | undefined {
    const wanted = String(jid).toLowerCase().split('/')[0]!;
    const known = this.get(wanted);
    if (known || !(attributes === true || create)) {
      return known;
    }
    return this.create({ ...(typeof attributes === 'object' ? attributes : {}), jid: wanted });
  }

  override create(attributes: Attributes): any {
    const create = attributes['type'] === 'chatroom' ? core().createRoom : core().createChat;
    return create(attributes['jid'], attributes);
  }

  protected override removeModel(model: ChatBox): void {
    model.close();
  }
}

ChatBoxes.prototype.comparator = 'time_opened';
