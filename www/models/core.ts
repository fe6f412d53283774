/** What the handles need of the core; `src/api/` has the other side. */
export interface Core {
  /** Who listens to an event of `_converse`, each with the context to be called with; those who did so once, no more. */
  handlersOf(name: string): [(...args: unknown[]) => unknown, unknown][];
  attributes(kind: number, of: string, id: string): Record<string, any> | undefined;
  ids(kind: number, of: string): string[];
  /** The ids of those to whom an attribute has been given. */
  given(kind: number, of: string, attribute: string): string[];
  /** How many those are. */
  count(kind: number, of: string): number;
  /** Whether an entity is in the collection of its kind. */
  has(kind: number, of: string, id: string): boolean;
  write(kind: number, of: string, id: string, attributes: object): void;
  sendMessage(jid: string, message: object): any;
  sendMessageAgain(jid: string, id: string): boolean;
  /** The message that tells how far the file is. */
  sendFile(jid: string, file: File): any;
  sendFileAgain(of: string, id: string): boolean;
  fileOf(of: string, id: string): File | undefined;
  /** Which steps are left to the page (`replaced.ts`), as bits. */
  leave(steps: number): void;
  /** Takes in a stanza that was left to the page. */
  receive(stanza: Element): void;
  /** Sends a stanza, or asks something, without telling of it. */
  transmit(stanza: unknown): void;
  request(stanza: unknown, timeout?: number): Promise<Element>;
  /** The message with this id, which was left to the page, is not sent. */
  giveUp(id: string): void;
  /** Tells plugins that stanzas can be exchanged. */
  tellConnected(): void;
  /** Whether what goes over the wire is to be shown. */
  watchWire(watched: boolean): void;
  createChat(jid: string, attributes: object): any;
  closeChat(jid: string): void;
  createRoom(jid: string, attributes: object): any;
  joinRoom(jid: string, nick?: string, password?: string): void;
  hookRoom(jid: string, hooked: boolean): void;
  leaveRoom(jid: string, message?: string): void;
  closeRoom(jid: string): void;
  sendRoomMessage(jid: string, message: object): any;
  sendRoomMessageAgain(jid: string, id: string): boolean;
  setRoomSubject(jid: string, subject: string): void;
  refreshRoom(jid: string): Promise<any>;
  fetchRoomConfig(jid: string): Promise<Element>;
  submitRoomConfig(jid: string, form?: unknown): Promise<any>;
  autoConfigureRoom(jid: string): Promise<any>;
  destroyRoom(jid: string, instead?: string, reason?: string): Promise<any>;
  fetchRoomMembers(jid: string, affiliation: string): Promise<Element>;
  changeRoomPlace(jid: string, wish: object): Promise<any>;
  inviteToRoom(jid: string, recipient: string, reason: string | undefined, through: boolean): Promise<any>;
  declineInvitation(jid: string, reason?: string): void;
  registerRoomNick(jid: string): Promise<string>;
  fetchReservedNick(jid: string): Promise<string | undefined>;
  findOccupant(jid: string, nick?: string, real?: string): string | undefined;
  watch(kind: number, of: string, id: string, watched: boolean): void;
  /** Has `wake` called when something changes that is shown: once, until `takeShown` is called. */
  onShown(wake: () => void): void;
  /** The kinds of entities that have changed, each followed by whom the entities belong to. */
  takeShown(): (number | string)[];
  /** Has `show` called with what the user is to be told of when nobody looks, as `src/view/notice.rs` makes it. */
  onNotice(show: (notice: any) => void): void;
  /** Where a fragment of the page's address leads, if it is one of ours. */
  readFragment(fragment: string): any;
  /** Lists the contacts anew and says how many rows that makes. */
  listContacts(filter: object): number;
  contactRows(from: number, to: number): any[];
  /** Lists those in a room anew and says how many rows that makes, and how many of those are there. */
  listOccupants(jid: string, filter: string): number[];
  occupantRows(jid: string, from: number, to: number): any[];
  /** What has happened in a room before anything was said. */
  firstNotices(of: string): any[];
  /** What is typed into a room, if it is a command and no message. */
  roomCommand(jid: string, text: string, disabled: readonly string[]): any;
  /** The fields of the form in a stanza, as they are shown. */
  formFields(stanza: Element): any[];
  /** The version of the library. */
  version(): string;
  /** The open conversations, as they are listed. */
  boxes(): any[];
  /** How many messages a conversation has here. */
  lineCount(of: string): number;
  /** The place of a message of a conversation. */
  linePlace(of: string, number: number): number | undefined;
  /** How far back a conversation is here: its archive may have more (`open`), is being read (`asked`), or has no more (`whole`). */
  past(of: string): string;
  /** Has the archive of a conversation read further back, if there is more to read. */
  fetchOlder(of: string): void;
  /** The messages of a conversation from one place to before another. */
  lines(of: string, from: number, to: number): any[];
  /** The message of the user's own that can be changed and comes after the message `beside`, or before it; the newest without one. */
  correctable(of: string, beside: number | undefined, after: boolean): number | undefined;
  /** Nicknames of those in a room that begin so. */
  nicknames(of: string, start: string, most: number): string[];
  /** One of them with all of its text, however long. */
  wholeLine(of: string, number: number): any;
  /** Resolves with the entity when it is known what it can do. */
  discover(jid: string): Promise<any>;
  /** Has somebody's vCard fetched when there is time, unless it is known. */
  wantVCard(jid: string): boolean;
  /** Takes in what a plugin knows of somebody. */
  keepVCard(jid: string, attributes: object): void;
  setBookmark(jid: unknown, name: unknown, nick: unknown, autojoin: boolean): Promise<any>;
  removeBookmark(jid: string): Promise<void>;
  fetchBookmarks(): Promise<void>;
  /** The presence that tells the user's status, or another one. */
  presence(show?: string, message?: string): Element;
  tellSubscription(word: string, jid: string, message?: string): void;
  setContact(jid: string, name: string | undefined, groups: unknown, subscribe: boolean, message?: string): Promise<any>;
  removeContact(jid: string): Promise<any>;
  fetchContacts(): Promise<any>;
  rosterVersion(): string | undefined;
  onlineContacts(): number;
  /** What a server wants to know of somebody who would have an account there. */
  registrationForm(domain: string): Promise<any>;
  /** Sends the answers. */
  register(answers: object): Promise<void>;
  stopRegistering(): void;
  /** Milliseconds until a connection that was lost is tried to be made again; `undefined` if none waits for that. */
  nextAttempt(): number | undefined;
  /** Does so at once. */
  connectNow(): void;
}

/** `_converse.api`: what a handle does by it, plugins that replace its functions see. */
export type Api = Record<string, any>;

let lent: Core | undefined;
let lentApi: Api = {};

/** `api.vcard.get` as it is without plugins. */
let vcard: unknown;

/** Says which core the handles belong to. */
export function useCore(core: Core, api: Api): void {
  lent = core;
  vcard ??= api['vcard'].get;
  lentApi = api;
}

export function api(): Api {
  return lentApi;
}

export function core(): Core {
  if (!lent) {
    throw new Error('converse: there are no models before initialize');
  }
  return lent;
}

/** Whether a plugin has put a function of its own in the place of `api.vcard.get`. */
export function isVCardReplaced(): boolean {
  return lentApi['vcard'].get !== vcard;
}
