// Rooms, and those in them.
import type { Message } from './chats.js';
import type { Collection, Model } from './models.js';

/** The **rooms** grouping: conversations of many (XEP-0045). */
export interface Rooms {
  /** All open rooms. */
  get(): ChatRoom[];
  /**
   * The open room with this address. With `create` one that is not open is opened and entered.
   *
   * @throws TypeError when it is no address of a room.
   * @example
   * const room = _converse.api.rooms.get('group@muc.example.com', { nick: 'dread-pirate-roberts' }, true);
   */
  get(jid: string, attributes: RoomOptions | string | undefined | null, create: true): ChatRoom;
  get(jid: string, attributes?: RoomOptions | string | null, create?: boolean): ChatRoom | undefined;
  /** The rooms with these addresses, in that order. */
  get(jids: readonly string[], attributes?: RoomOptions | string | null, create?: boolean): (ChatRoom | undefined)[];
  /**
   * Opens a room and enters it. Resolves as soon as the room is open, before the user is in: its attribute
   * `connection_status` says when, and `error` why not. A text in the place of the attributes is the nickname. Of a room
   * that is open the attributes stay as they are.
   *
   * Rejects with a TypeError when it is no address of a room, and with a {@link SendError} before the log-in.
   *
   * @example
   * const room = await _converse.api.rooms.open('myroom@conference.example.org', {
   *   nick: 'coolguy69',
   *   auto_configure: true,
   *   roomconfig: { membersonly: true, persistentroom: true, roomdesc: 'Comfy room for hanging out' },
   * });
   */
  open(jid: string, attributes?: RoomOptions | string | null): Promise<ChatRoom>;
  /** The same for several rooms. */
  open(jids: readonly string[], attributes?: RoomOptions | string | null): Promise<ChatRoom[]>;
  /** All open rooms. */
  open(): Promise<ChatRoom[]>;
  /** The same at once, and without the event `show` on the room. An address may be a link, `xmpp:…?join`. */
  create(jid: string, attributes?: RoomOptions | string | null): ChatRoom;
  create(jids: readonly string[], attributes?: RoomOptions | string | null): ChatRoom[];
  /** Leaves and closes all rooms, one, or several. `chatBoxClosed` follows for each. */
  close(jids?: string | readonly string[]): void;
}

/** What a room is opened with. Attributes of your own are kept with it. */
export interface RoomOptions {
  /**
   * The nickname. Without one it is that which the user has registered with the room, else the setting `nickname`, else
   * what stands before the @ in the user's address.
   */
  nick?: string;
  /** What leads in. It is kept nowhere. */
  password?: string;
  /** If the room is new, make it what `roomconfig` says. */
  auto_configure?: boolean;
  /** How it is to be: the names of XEP-0045's form without `muc#roomconfig_`. */
  roomconfig?: Record<string, string | number | boolean | readonly string[]>;
  /** Maximize a room that is minimized. */
  maximize?: boolean;
  /** Show it in the place of what is shown. */
  bring_to_foreground?: boolean;
  [name: string]: unknown;
}

/** 0 connected, 1 entering, 2 a nickname is needed, 3 a password is needed, 4 not in, 5 in; `converse.ROOMSTATUS`. */
export type RoomStatus = 0 | 1 | 2 | 3 | 4 | 5;
export type Affiliation = 'owner' | 'admin' | 'member' | 'none' | 'outcast';
export type Role = 'moderator' | 'participant' | 'visitor' | 'none';

export interface ChatRoomAttributes {
  id: string;
  jid: string;
  type: 'chatroom';
  message_type: 'groupchat';
  connection_status: RoomStatus;
  nick: string | undefined;
  /** The nickname that the room keeps for the user, if it was asked. */
  reserved_nick: string | undefined;
  name: string;
  description: string;
  subject: { readonly author: string; readonly text: string } | undefined;
  affiliation: Affiliation | null;
  role: Role | undefined;
  roomconfig: Record<string, unknown>;
  auto_configure: boolean;
  hidden: boolean;
  bookmarked: boolean;
  /** How many messages that mention the user were not seen yet. */
  num_unread: number;
  /** How many were not seen in all. */
  num_unread_general: number;
  time_opened: number;
  error: RoomError | undefined;
}

/** Why the user is not in the room, or not any more, or under another nickname than wanted. */
export interface RoomError {
  /**
   * The condition of the room's refusal, such as `conflict` or `registration-required`; or `kicked`, `banned`,
   * `removed`, `destroyed`, `shutdown`, `connection-lost`, `left`; or `timed-out`.
   */
  readonly condition: string;
  readonly text?: string;
  /** The nickname of whoever brought it about. */
  readonly actor?: string;
  /** The room to go to instead. */
  readonly jid?: string;
}

/** A room. */
export interface ChatRoom extends Model<ChatRoomAttributes> {
  readonly id: string;
  readonly occupants: ChatRoomOccupants;
  readonly messages: Collection;
  /** What the room says it is: an attribute for each of `converse.ROOM_FEATURES`, and `fetched`. */
  readonly features: Model;
  readonly vcard: Model;
  /** The name, else the address. */
  getDisplayName(): string;
  /** Enters the room, if the user is not in. */
  join(nick?: string, password?: string): this;
  /** Leaves the room; it stays open. */
  leave(exit_msg?: string): void;
  /** Leaves and closes it. */
  close(): void;
  /** Takes another nickname. */
  setNickname(nick: string): void;
  /** Says something. In a text, `@nick` mentions somebody. The message comes back. */
  sendMessage(message: string | Record<string, unknown>): Model;
  /** What {@link sendMessage} makes of a text. */
  getOutgoingMessageAttributes(text: string, spoiler_hint?: string): Record<string, any>;
  /** Sends files, as {@link ChatBox.sendFiles} does. */
  sendFiles(files: FileList | readonly File[]): Message[];
  setSubject(subject: string): void;
  sendChatState(): void;
  /** Invites somebody (XEP-0249); `roomInviteSent` follows. Where only members may enter, they become one first. */
  directInvite(jid: string, reason?: string): Promise<void>;
  /**
   * Has the room invite somebody (XEP-0045), who becomes a member where only members may enter; `roomInviteSent` follows,
   * and `roomInviteDeclined` if they do not come. Rejects with the room's error if it refuses.
   */
  mediatedInvite(jid: string, reason?: string): Promise<void>;
  /** What the room is; it is asked if it has not said so yet. */
  getRoomFeatures(): Promise<Model>;
  refreshRoomFeatures(): Promise<Model>;
  /** The answer with the form that says how the room is; for owners. */
  fetchRoomConfiguration(): Promise<Element>;
  /** Submits fields of it: elements, or values by their names with or without `muc#roomconfig_`. */
  sendConfiguration(
    config?: readonly (Element | object)[] | Record<string, unknown>,
    callback?: () => void,
    errback?: (error: unknown) => void,
  ): Promise<void>;
  /** Submits an HTML form; without one the service decides how the room is. */
  saveConfiguration(form?: HTMLFormElement): Promise<void>;
  /** Makes the room what the attribute `roomconfig` says. */
  autoConfigureChatRoom(): Promise<void>;
  /** Ends the room for everybody. */
  sendDestroyIQ(reason?: string, new_jid?: string): Promise<Element>;
  /** The answer that lists who has an affiliation. */
  requestMemberList(affiliation?: Affiliation): Promise<Element>;
  getJidsWithAffiliations(affiliations: Affiliation | readonly Affiliation[]): Promise<RoomMember[]>;
  setAffiliation(affiliation: Affiliation, members: readonly Partial<RoomMember>[]): Promise<Element[]>;
  setAffiliations(members: readonly RoomMember[]): Promise<Element[]>;
  updateMemberLists(members: readonly RoomMember[], affiliations?: readonly Affiliation[]): Promise<Element[]>;
  /** Gives an occupant another role; `none` is a kick. */
  setRole(occupant: ChatRoomOccupant | string, role: Role, reason?: string): Promise<Element>;
  /** Has the room keep the user's nickname, which comes back. */
  registerNickname(): Promise<string>;
  /** The nickname that the room keeps for the user. */
  checkForReservedNick(): Promise<string | undefined>;
  getDefaultNick(): string;
  getRoomJIDAndNick(nick?: string): string;
  /**
   * Calls `callback` with each presence, or each message to all, that the room sends, before the room takes it in. What
   * the callback returns changes nothing.
   */
  addHandler(type: 'presence' | 'message', name: string, callback: (stanza: Element) => unknown): void;
  removeHandler(type: 'presence' | 'message', name: string): void;
  /** The text without the @ before nicknames of those in the room, and where they are, in code points. */
  parseTextForReferences(text: string): [text: string, references: RoomMention[]];
  isUserMentioned(message: Model): boolean;
}

export interface RoomMember {
  jid: string;
  affiliation: Affiliation;
  nick?: string;
  reason?: string;
}

export interface RoomMention {
  begin: number;
  end: number;
  value: string;
  type: 'mention';
  uri: string;
}

/** Somebody in a room, or who belongs to it. */
export interface ChatRoomOccupant extends Model<ChatRoomOccupantAttributes> {
  getDisplayName(): string;
  /** Whether they are owner, admin or member. */
  isMember(): boolean;
  /** Whether it is the user. */
  isSelf(): boolean;
}

export interface ChatRoomOccupantAttributes {
  id: string;
  nick: string | undefined;
  /** The bare address, where the room tells it. */
  jid: string | undefined;
  resource: string | undefined;
  from: string | undefined;
  role: Role | undefined;
  affiliation: Affiliation | undefined;
  show: 'online' | 'chat' | 'away' | 'xa' | 'dnd' | 'offline';
  status: string | undefined;
  /** The status codes of the last presence. */
  states: string[];
  /** What the room calls them, whatever the nickname is (XEP-0421). */
  occupant_id: string | undefined;
}

export interface ChatRoomOccupants extends Collection<ChatRoomOccupant> {
  findOccupant(data: { nick?: string; jid?: string }): ChatRoomOccupant | undefined;
  /** Asks the room who belongs to it. */
  fetchMembers(): Promise<void>;
}

/** Somebody invites the user. */
export interface RoomInvitation {
  /** The room's address; open it to follow. */
  readonly room: string;
  /** Who invites. Where the room sent the invitation, it is the room that says so. */
  readonly from: string | undefined;
  readonly reason: string | undefined;
  /** Whoever invites can be told that the user does not come: it was the room that sent the invitation. */
  readonly declinable: boolean;
}
