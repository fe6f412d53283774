// What is on the screen, as plugins have it.
import type { ChatBox } from './chats.js';
import type { Model } from './models.js';
import type { ChatRoom } from './rooms.js';

/** What is on the screen: an element, and what it shows. */
export interface View<M = Model> {
  readonly el: HTMLElement;
  readonly model: M;
  readonly id: string;
  /** Shows the element anew. It does so by itself when what it shows changes. */
  render(): this;
  /** Methods, or their names, by an event and if you like a selector: `'click .send-button'`. Plugins add to it. */
  events: object;
  /** Called when the view is made, with its element and its model there. */
  initialize(): void;
  setElement(el: HTMLElement): this;
  delegateEvents(events?: object): this;
  /** Takes the element out of the document. */
  remove(): this;
}

/** The view of a conversation with a person. `el` has `textarea.chat-textarea`, `.chat-toolbar` and `.chat-content`. */
export interface ChatBoxView<M = ChatBox> extends View<M> {
  /** Puts the conversation where the user sees it. */
  show(): this;
  hide(): this;
  minimize(): this;
  maximize(): this;
  /** Ends the conversation. */
  close(): this;
  /** Puts the keyboard where one writes. */
  focus(): this;
  /** Shows the newest message. */
  scrollDown(): void;
  /** Shows lines of text that nobody else sees; with `spinner`, that there is more to come. */
  showHelpMessages(messages: readonly string[], type?: string, spinner?: boolean): void;
  showErrorMessage(message: string): void;
  /** Empties the box on the screen; what was said stays in the archive. */
  clearMessages(): this;
  /** Does what the text commands; `true` if that was a command, and nothing is to be sent. */
  parseMessageForCommands(text: string): boolean;
  /** The tools are there: plugins that add theirs do so after this, or on the event `renderToolbar`. */
  renderToolbar(): this;
  /** The place where one writes is there. Calls `renderToolbar`. */
  renderMessageForm(): this;
  /** Which tools are shown: `use_emoji`, `show_call_button` and `show_spoiler_button`. */
  getToolbarOptions(options?: Record<string, unknown>): Record<string, unknown>;
  /** The user wants to call. Tells the event `callButtonClicked`. */
  toggleCall(event?: Event): void;
}

/** The view of a room. */
export interface ChatRoomView extends ChatBoxView<ChatRoom> {
  /** The list of those who are here; null while it is not shown. */
  readonly occupantsview: View | null;
  /** Called when the view is made; the list comes and goes by itself. */
  createOccupantsView(): this;
  /** How far the user is in the room has changed. */
  renderAfterTransition(): this;
  toggleOccupants(): this;
  /** Shows the form by which owners say how the room is to be. */
  getAndRenderConfigurationForm(): this;
}

/** The view of a message. There are such views only where a plugin has replaced one of its methods. */
export interface MessageView extends View {
  /** The message is drawn when this is called. A plugin that replaces it changes the element afterwards. */
  renderChatMessage(): Promise<void>;
  /** What is shown of an address that goes with the message, as HTML. */
  transformOOBURL(url: string): unknown;
  /** Puts another element in the place of this one. */
  replaceElement(el: HTMLElement): this;
}

/** The view of the form to log in with, where a plugin has replaced a method of it. */
export interface LoginPanel extends View {
  render(cfg?: unknown): this;
}

/** The view of the control box. */
export interface ControlBoxView extends View {
  show(): this;
  hide(): this;
  close(): this;
  /** Puts the keyboard where one begins. */
  focus(): this;
}

/** The **chatviews** grouping: what shows conversations. Without the client (`converse.headless.js`) nothing does. */
export interface ChatViewsApi {
  /**
   * The view of the open conversation with this address; undefined if there is none.
   *
   * @example
   * _converse.api.chatviews.get('buddy@example.com');
   */
  get(jid: string): ChatBoxView | undefined;
  /** The views of the open conversations with these addresses, in their order. */
  get(jids: readonly string[]): (ChatBoxView | undefined)[];
}

/** The **roomviews** grouping: what shows rooms. Without the client there is only `close`. */
export interface RoomViewsApi {
  /** The views of all open rooms. */
  get?(): ChatRoomView[];
  /** The view of the open room with this address; undefined if there is none. */
  get?(jid: string): ChatRoomView | undefined;
  /** The views of the open rooms with these addresses, in their order. */
  get?(jids: readonly string[]): (ChatRoomView | undefined)[];
  /** Leaves and closes the room with this address, those with these, or all; as `rooms.close`. */
  close(jids?: string | readonly string[]): void;
}

/** The **controlbox** grouping, which only the client has. */
export interface ControlBoxApi {
  /** The view of the control box while it is open. */
  get(): ControlBoxView | undefined;
  open(): void;
  close(): void;
}
