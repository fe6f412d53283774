// What plugins hear of, event by event.
import type { Feature } from './disco.js';
import type { Stanza } from './api.js';
import type { ChatBox, Message, UploadError } from './chats.js';
import type { Contact, ContactAttributes, ContactSuggestions, Roster } from './contacts.js';
import type { Connection } from './connection.js';
import type { ConnectionError } from './errors.js';
import type { ChatBoxView, ControlBoxView } from './views.js';
import type { Model } from './models.js';
import type { ChatRoom, RoomInvitation } from './rooms.js';
import type { UserStatusValue } from './user.js';

/**
 * What happens, by name, with what a callback is given. Plugins that have events of their own add them:
 *
 * @example
 * declare module 'converse-wasm' {
 *   interface Events {
 *     'foo-completed': [how: string];
 *   }
 * }
 */
export interface Events {
  /** All plugins are initialised. */
  pluginsInitialized: [];
  /** `_converse.chatboxes` is there. */
  chatBoxesInitialized: [];
  /** `_converse.chatboxviews` is there. */
  chatBoxViewsInitialized: [];
  /** The last of what `initialize` tells at once. */
  registeredGlobalEventHandlers: [];
  /** The page can be seen, or cannot any more; told at the beginning, too. `_converse.windowState` says the same. */
  windowStateChanged: [window: { state: 'visible' | 'hidden' }];
  /** The settings suffice to connect. */
  connectionInitialized: [];
  /** The state of the connection changed. */
  connfeedback: [feedback: ConnectionFeedback];
  /** `_converse.jid` and its parts are those of the user. */
  setUserJID: [];
  /** The session has begun: the step `initSession` is done. */
  sessionInitialized: [];
  /** What the server offers is known (`disco.stream.getFeature`). */
  streamFeaturesAdded: [];
  /** The user's own status is there; `true` if that is so again, after the connection was lost. */
  statusInitialized: [again: true | undefined];
  /** `_converse.presences` is there. */
  presencesInitialized: [again: true | undefined];
  /** `_converse.roster` is there; the contacts follow. */
  rosterInitialized: [];
  /** The open conversations and their messages are there, as an earlier load of the page left them. */
  chatBoxesFetched: [];
  /** The chats that the settings name are being opened. */
  privateChatsAutoJoined: [];
  /** The rooms that the settings name are being entered. */
  roomsAutoJoined: [];
  /** A conversation has one message more, whoever wrote it. */
  messageAdded: [added: { message: Message; chatbox: ChatBox | undefined }];
  /** A message has come that the user does not see, and is told of: its element. */
  messageNotification: [message: Element];
  /** A file could not be sent; the message says why. */
  uploadFailed: [failed: { message: Message; chatbox: ChatBox | undefined; error: UploadError }];
  /**
   * The core has failed. If it `restarts`, another one goes on with the session where plugins left it: what they hold and listen to
   * stays as it is, `reconnected` follows, and what they were waiting for is rejected with this error. Else it is over until
   * the page is loaded again; `disconnected` follows.
   */
  coreFailed: [failure: { error: Error; restarts: boolean }];
  /** Somebody is logged in, or the session of the page's last load goes on. */
  initialized: [];
  /** Stanzas can be sent. */
  connected: [];
  /** Now is the time to add features with `disco.own.features.add`. */
  addClientFeatures: [];
  /** Entities can be asked what they can do. */
  discoInitialized: [];
  /** An entity can do this. */
  serviceDiscovered: [feature: Feature];
  /** An entity says this of itself in a form. */
  discoExtensionFieldDiscovered: [field: { get(name: 'var' | 'value' | 'from'): any }];
  /** The bookmarks are there, or the account keeps none. */
  bookmarksInitialized: [];
  /** `_converse.rostergroups` is there. */
  rosterGroupsFetched: [];
  /** The server sent the contacts. */
  roster: [iq: Element];
  /** The contacts are there, or could not be had. */
  rosterContactsFetched: [];
  /** The server told of a change of the contacts. */
  rosterPush: [iq: Element];
  /** The contacts are those that an earlier load of the page left; what the server says follows. */
  cachedRoster: [roster: Roster];
  /** Somebody asks to see the user's presence. */
  contactRequest: [contact: Contact];
  /** A contact is not in the roster any more. */
  contactRemoved: [contact: Contact];
  /** A contact can be reached otherwise than before. */
  contactPresenceChanged: [contact: Contact];
  /** A contact says something else about how it can be reached. */
  contactStatusMessageChanged: [change: { contact: ContactAttributes; message: string }];
  /** A contact suggests others. They are not added unless somebody does. */
  contactsSuggested: [suggestions: ContactSuggestions];
  /** The user's status is another. */
  statusChanged: [status: UserStatusValue];
  /** What the user says about it is something else. */
  statusMessageChanged: [message: string | undefined];
  /** Somebody wrote. */
  message: [message: MessageElement];
  /** The user is about to enter a room. */
  chatRoomOpened: [view: { readonly model: ChatRoom }];
  /** A conversation was closed; with `converse.headless.js`, where there are no views, the model stands for its view. */
  chatBoxClosed: [view: { readonly model: Model }];
  /** The client shows a conversation for the first time: the view is in the document. */
  chatBoxInitialized: [view: ChatBoxView];
  /** A conversation is shown. */
  chatBoxOpened: [view: ChatBoxView];
  /** The messages of a conversation that are here are in its view. */
  afterMessagesFetched: [view: ChatBoxView];
  /** The tools of a conversation are there: plugins put theirs among them. */
  renderToolbar: [view: ChatBoxView];
  /** The user may write in it. */
  chatBoxFocused: [view: ChatBoxView];
  /** A conversation was put away. */
  chatBoxMinimized: [view: ChatBoxView];
  /** A conversation was taken up again. */
  chatBoxMaximized: [view: ChatBoxView];
  /** The control box is there; a promise, too, where there is a client. */
  controlboxInitialized: [view: ControlBoxView];
  /** The control box is shown. */
  controlBoxOpened: [view: ControlBoxView];
  /** The control box is not shown any more. */
  controlBoxClosed: [];
  /** The contacts in the control box are there; a promise, too, where there is a client. */
  rosterViewInitialized: [];
  /** The list of rooms in the control box is there; a promise, too, where there is a client. */
  roomsListInitialized: [];
  /** Conversations can be put away; a promise, too, where there is a client. */
  minimizedChatsInitialized: [];
  /** Somebody who had scrolled up sees the newest message again. */
  chatBoxScrolledDown: [where: { chatbox: ChatBox | ChatRoom }];
  /** The user looks at what others see of them. */
  profileModalInitialized: [status: Model];
  /** The user looks at what is known of a contact. */
  userDetailsModalInitialized: [chatbox: ChatBox];
  /** The user wants to call. */
  callButtonClicked: [call: { connection: Connection; model: ChatBox }];
  /** Somebody was invited to a room. */
  roomInviteSent: [invitation: { room: ChatRoom; recipient: string; reason: string | undefined }];
  /** Somebody invites the user to a room. Nothing happens unless somebody opens it. */
  roomInviteReceived: [invitation: RoomInvitation];
  /** Somebody whom a room has invited for the user says that they do not come. */
  roomInviteDeclined: [answer: { room: ChatRoom; from: string; reason: string | undefined }];
  /** A plugin sent a stanza, or several; as it passed them. */
  send: [stanza: Stanza | readonly Stanza[]];
  /** What became of a message: `pending` when it was taken, `sent` when the server has it, or `failed`. */
  stanzaDelivery: [delivery: StanzaDelivery];
  /** The connection is lost, and will be made again. */
  'will-reconnect': [error: ConnectionError];
  /** The same, by the name the documentation gives it. */
  reconnecting: [error: ConnectionError];
  /** In the place of `rosterInitialized` when the connection was made again. */
  rosterReadyAfterReconnection: [];
  /** The connection was lost and has been made again. */
  reconnected: [];
  /** `credentials_url` or `prebind_url` did not answer with what is needed. */
  noResumeableSession: [error: ConnectionError];
  /** The connection, and what hangs on it, is about to be given up. */
  beforeTearDown: [];
  /** They are given up. */
  afterTearDown: [];
  /** What is known of the session is to be forgotten: at a log-out, because it is over, or because that of an earlier page is gone. */
  clearSession: [];
  /** The user asked to be logged out. */
  logout: [];
  /** There is no session any more: without an error because somebody asked for that, otherwise for this reason. */
  disconnected: [error: ConnectionError | undefined];
  /** Every event. */
  all: [name: string, ...args: unknown[]];
}

/** What a callback for the event is given. Events that are not in {@link Events} can have anything. */
export type EventArguments<E extends string> = E extends keyof Events ? Events[E] : any[];

/**
 * The message's element. `stanza` is the element itself, for plugins that expect an object with it; `chatbox` the open
 * conversation that it is of.
 */
export type MessageElement = Element & { readonly stanza: Element; readonly chatbox: ChatBox | undefined };

/**
 * What became of a message that was sent under `id`. One that the caller gave an id to is `pending` at first: before
 * `send` returns. In the end it is `sent` or `failed`, perhaps after the page was reloaded.
 */
export interface StanzaDelivery {
  readonly id: string;
  readonly state: 'pending' | 'sent' | 'failed';
  /** Of one that failed: it was certainly not sent, or the connection broke before the server said whether it has it. */
  readonly reason?: 'not-sent' | 'in-doubt' | undefined;
}

/** The promises that are there from the beginning. */
export type PromiseName =
  | 'bookmarksInitialized'
  | 'cachedRoster'
  | 'chatBoxViewsInitialized'
  | 'chatBoxesFetched'
  | 'chatBoxesInitialized'
  | 'connectionInitialized'
  | 'discoInitialized'
  | 'initialized'
  | 'pluginsInitialized'
  | 'privateChatsAutoJoined'
  | 'roomsAutoJoined'
  | 'roomsPanelRendered'
  | 'roster'
  | 'rosterContactsFetched'
  | 'rosterGroupsFetched'
  | 'rosterInitialized'
  | 'statusInitialized';

export type ConnectionFeedback = Model<{
  /** None before there is anything to say. */
  connection_status?: ConnectionStatus;
  /** The same in words, in English. */
  message?: string;
}>;

/**
 * 1 connecting, 2 not to be reached, 3 checking the credentials, 4 refused, 5 connected, 6 disconnected,
 * 7 disconnecting, 8 going on with the session of the page's last load, 10 waiting to connect again.
 */
export type ConnectionStatus = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 10;
