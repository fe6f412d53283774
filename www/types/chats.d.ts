// Conversations with people, their messages, and archives.
import type { Contact, ContactPresence } from './contacts.js';
import type { Builder, RsmOptions, RSM } from './env.js';
import type { Collection, Model } from './models.js';

/**
 * The **chats** grouping: conversations with single persons. Under the address of somebody in an open room,
 * `room@service/nickname`, stands the private conversation with that occupant.
 */
export interface ChatsApi {
  /**
   * The open conversation with this address, or those with several, or all. What is not open is undefined.
   *
   * @throws TypeError when something is no address.
   *
   * @example
   * _converse.api.chats.get('buddy@example.com');
   */
  get(): ChatBox[];
  get(jid: string): ChatBox | undefined;
  get(jids: readonly string[]): (ChatBox | undefined)[];
  /**
   * Opens a conversation, or several, as soon as it is known who the contacts are. `attributes` are given to those that
   * are new.
   *
   * Rejects when something is no address, and with a {@link ChatError} for somebody who is not in the roster while
   * `allow_non_roster_messaging` is false, or who is not in the room.
   */
  open(jid: string, attributes?: object): Promise<ChatBox>;
  open(jids: readonly string[], attributes?: object): Promise<ChatBox[]>;
  /** The same at once, and without the event `show` on the chat. */
  create(jid: string, attributes?: object): ChatBox;
  create(jids: readonly string[], attributes?: object): ChatBox[];
  create(): null;
}

/** The **archive** grouping: messages of long ago. */
export interface ArchiveApi {
  /**
   * Asks the archive for messages, from the oldest to the newest. Without a page size all there are come at once.
   *
   * `with` an open room, or with `groupchat`, the room's archive is asked; else the user's own.
   *
   * @throws Error before the log-in, and when the server has no archive; TypeError when an option cannot be right.
   *
   * @example
   * _converse.api.archive.query({ with: 'john@doe.net', max: 10 }, (messages, rsm) => {
   *   _converse.api.archive.query(rsm.next(10), callback, errback);
   * });
   */
  query(options?: ArchiveQuery | RSM | null, callback?: ArchiveCallback | null, errback?: ArchiveErrback | null): void;
  query(callback: ArchiveCallback, errback?: ArchiveErrback | null): void;
}

export type ArchiveQuery = Pick<RsmOptions, 'with' | 'start' | 'end' | 'groupchat' | 'max' | 'after' | 'before' | 'index' | 'first' | 'last' | 'count'>;
/** Gets the messages as they came, each wrapped as XEP-0313 says, and an object that leads to the pages beside them. */
export type ArchiveCallback = (messages: Element[], rsm: RSM) => void;
/** Gets the stanza with which the archive refused, or an error when none came in time. */
export type ArchiveErrback = (refusal: Element | Error) => void;

/**
 * A conversation with one person, or with one occupant of a room. The latter is with somebody, not with a nickname: who
 * takes that over gets another one.
 */
export interface ChatBox extends Model<ChatAttributes> {
  readonly id: string;
  readonly messages: Collection<Message>;
  readonly vcard: Model;
  readonly presence: ContactPresence;
  /** The other side, if it is a contact. */
  readonly contact: Contact | undefined;
  getDisplayName(): string;
  /** What {@link sendMessage} is to be given for a text, in which links to places of OpenStreetMap become `geo:` addresses. */
  getOutgoingMessageAttributes(text: string, spoilerHint?: string): OutgoingMessage;
  /**
   * Says something. The message is there at once and says in `delivery` what became of it; without a connection it waits
   * for one. A message that is marked as `correcting` is replaced.
   */
  sendMessage(message: OutgoingMessage | string): Message;
  /**
   * Sends files by way of the server's upload service (XEP-0363). Each becomes a message at once: its `progress` goes from
   * 0 to 1, then it leads to the file, and is sent. Where that fails, `type` is `error`, `message` says why for people and
   * `upload_error` for programs, `uploadFailed` happens, and `retry()` tries again.
   *
   * @throws TypeError for anything but files; nothing is sent then.
   */
  sendFiles(files: FileList | readonly File[]): Message[];
  /** The stanza that says what a message of the user's says; nothing is sent. */
  createMessageStanza(message: Message): Builder;
  /** Sends such a stanza as it is, and keeps no message of it. */
  sendMessageStanza(stanza: Builder | Element): void;
  /** Says that the message `id` has arrived. */
  sendReceiptStanza(to: string, id: string): void;
  /** Says what was done with the message `id`: `received`, `displayed` or `acknowledged`. */
  sendMarker(to: string, id: string, type: string): void;
  /** The references in a message's element. */
  getReferencesFromStanza(stanza: Element): object[];
  /** The ids in a message's element: `origin_id`, and `stanza_id` with a space and the address of who gave it. */
  getStanzaIDs(stanza: Element): Record<string, string>;
  /** What a message's element says, under the names of attributes; `original` is what it came in, such as an archive's result. */
  getMessageAttributesFromStanza(stanza: Element, original?: Element): Partial<MessageAttributes>;
  /** The message that its author's client calls as this element does. */
  findDuplicateFromOriginID(stanza: Element): Message | undefined;
  /** Whether the message in this result of an archive is in the conversation. */
  hasDuplicateArchiveID(stanza: Element): boolean;
  /** Whether a message is in the conversation to which somebody gave an id that this element has. */
  hasDuplicateStanzaID(stanza: Element): boolean;
  /** Tells the other side what the attribute `chat_state` says. Writing that attribute does so, too. */
  sendChatState(): void;
  isHidden(): boolean;
  isScrolledUp(): boolean;
  clearUnreadMsgCounter(): void;
  incrementUnreadMsgCounter(): void;
  maximize(): void;
  minimize(): void;
  /** Closes the conversation. Its messages stay in the archive. */
  close(): void;
}

export type ChatState = 'active' | 'composing' | 'paused' | 'inactive' | 'gone';

export interface ChatAttributes {
  id: string;
  jid: string;
  user_id: string | undefined;
  type: 'chatbox';
  message_type: 'chat';
  /** Milliseconds since 1970. */
  time_opened: number;
  /** What the user is doing, and what the other side is. */
  chat_state: ChatState | undefined;
  their_chat_state: ChatState | undefined;
  num_unread: number;
  hidden: boolean;
  bookmarked: boolean;
  url: string;
  fullname: string | undefined;
  /** The room's address, if it is with an occupant; all of the following are of those only. */
  room?: string;
  /** What the occupant is called, or was last; `jid` is that in the room. */
  nick?: string;
  /** What the room calls them, whatever the nickname is (XEP-0421). */
  occupant_id?: string | undefined;
  /** How they can be reached there: `offline` if they are not in the room. */
  show?: string;
}

export interface OutgoingMessage {
  message: string;
  is_spoiler?: boolean;
  spoiler_hint?: string | undefined;
  references?: readonly Reference[];
  oob_url?: string;
}

/** A part of a text that means somebody or something (XEP-0372); places count code points. */
export interface Reference {
  begin?: number;
  end?: number;
  type: string;
  uri: string;
  /** The part of the text, of a message that is there. */
  value?: string;
}

/** One message of a conversation, with a person or in a room. */
export interface Message extends Model<MessageAttributes> {
  readonly id: string;
  getDisplayName(): string;
  isOnlyChatStateNotification(): boolean;
  /** The file that is being sent, or could not be, as long as this page has it. */
  readonly file: File | undefined;
  /** Sends the message, or its file, once more, if it did not arrive; `false` otherwise. */
  retry(): boolean;
}

export interface MessageAttributes {
  id: string;
  type: 'chat' | 'groupchat' | 'headline' | 'error';
  from: string;
  sender: 'me' | 'them';
  /** The id of its stanza. */
  msgid: string | undefined;
  origin_id: string | undefined;
  archive_id: string | undefined;
  /** When it was said (ISO 8601). */
  time: string;
  message: string | undefined;
  is_delayed: boolean;
  is_archived: boolean;
  is_spoiler: boolean;
  spoiler_hint: string | undefined;
  nick: string | undefined;
  occupant_id: string | undefined;
  subject: string | undefined;
  thread: string | undefined;
  oob_url: string | undefined;
  oob_desc: string | undefined;
  references: Reference[];
  /** When the other side said that it has arrived (ISO 8601). */
  received: string | undefined;
  /** When it was changed last (ISO 8601), and what it said before. */
  edited: string | undefined;
  older_versions: string[];
  /** What became of it, if the user wrote it. */
  delivery: 'pending' | 'sent' | 'failed' | undefined;
  /** Why it failed: it was not sent, nobody knows whether it was, or somebody refused it. */
  delivery_reason: 'not-sent' | 'in-doubt' | 'refused' | undefined;
  /** Of a message that leads to a file sent from here: what that is. */
  file?: { name: string; size: number; type: string };
  /** How much of it has left, from 0 to 1. */
  progress?: number;
  /** What became of it; undefined as long as it is under way. */
  upload?: 'success' | 'failure' | undefined;
  upload_error?: UploadError | undefined;
  /** The largest file that the server takes, in bytes, if this one was too large. */
  upload_max_size?: number | undefined;
  /** When to try again (ISO 8601), if the server says so. */
  upload_retry_at?: string | undefined;
  /** The service that takes it, and where it can be had. */
  slot_request_url?: string | undefined;
  get?: string | undefined;
}

/**
 * Why a file was not sent: the server has no service, it takes no file so large, it refused, it offers a place that is not
 * safe, the place could not be reached or did not take the file, nothing was heard of it in time, the session ended, or the
 * page was left.
 */
export type UploadError =
  | 'unsupported'
  | 'file-too-large'
  | 'refused'
  | 'unsafe-slot'
  | 'failed'
  | 'timed-out'
  | 'disconnected'
  | 'interrupted';
