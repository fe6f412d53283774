/** The views of conversations. */
import { close, putAway, setting, show, type Box } from '../elements/actions.ts';
import { state } from '../elements/state.ts';
import { api } from '../models/core.ts';
import type { ChatBox } from '../models/chat.ts';
import { __ } from '../words.ts';
import { replaceable } from '../models/replaced.ts';
import { View } from './view.ts';

/** What the element of a conversation can be told. */
interface ChatElement extends HTMLElement {
  note(lines: readonly string[], spinner: boolean): void;
  clearNotes(): void;
  clearMessages(): void;
  scrollDown(): void;
}

/** The view of a conversation with a person. */
export class ChatBoxView extends View {
  declare el: ChatElement;
  declare readonly model: ChatBox;

  /** Whether plugins know that it is put away. */
  declare minimized: boolean;

  protected get box(): Pick<Box, 'kind' | 'jid'> {
    return { kind: this.model.get('type') === 'chatroom' ? 'room' : 'chat', jid: this.model.get('jid') };
  }

  /** Puts the conversation where the user sees it. */
  show(): this {
    show(this.box);
    return this;
  }

  hide(): this {
    this.model.set('hidden', true);
    return this;
  }

  minimize(): this {
    putAway(this.box);
    return this;
  }

  maximize(): this {
    return this.show();
  }

  /** Ends the conversation. */
  close(): this {
    close(this.box);
    return this;
  }

  /** Puts the keyboard where one writes. */
  focus(): this {
    this.el.querySelector('textarea')?.focus();
    return this;
  }

  /** Shows the newest message. */
  scrollDown(): void {
    this.el.scrollDown();
  }

  viewUnreadMessages(): void {
    this.scrollDown();
  }

  /** Shows lines of text that nobody else sees. */
  showHelpMessages(messages: readonly string[], _type = 'info', spinner = false): void {
    this.el.note(messages, spinner);
  }

  showErrorMessage(message: string): void {
    this.el.note([message], false);
  }

  /** Empties the box on the screen; what was said stays in the archive. */
  clearMessages(): this {
    this.el.clearNotes();
    this.el.clearMessages();
    return this;
  }

  /** What the user has typed is perhaps no message: `true` if it was done, and nothing is to be sent. */
  parseMessageForCommands(text: string): boolean {
    switch (/^\/(\w+)\s*$/.exec(text)?.[1]) {
      case 'clear':
        this.clearMessages();
        return true;
      case 'help':
        this.showHelpMessages([__('/clear: empty this window; what was said stays in the archive'), __('/help: show these lines'), __('/me: say what you do, in the third person')]);
        return true;
      default:
        return false;
    }
  }

  /** The place where one writes is there, and its tools. */
  renderMessageForm(): this {
    this.renderToolbar();
    return this;
  }

  /** The tools are there. Plugins that add theirs do so after this. */
  renderToolbar(_toolbar?: unknown, _options?: unknown): this {
    api()['emit']('renderToolbar', this);
    return this;
  }

  /** Which tools are shown; plugins may say otherwise. */
  getToolbarOptions(options: Record<string, unknown> = {}): Record<string, unknown> {
    const visible = setting('visible_toolbar_buttons') ?? {};
    return Object.assign(options, {
      model: this.model,
      use_emoji: Boolean(visible.emoji),
      show_call_button: Boolean(visible.call),
      show_spoiler_button: Boolean(visible.spoiler),
      show_occupants_toggle: Boolean(visible.toggle_occupants),
    });
  }

  /** The user wants to call. */
  toggleCall(event?: Event): void {
    event?.stopPropagation();
    api()['emit']('callButtonClicked', { connection: state.closured['connection'], model: this.model });
  }
}

replaceable(ChatBoxView.prototype, 0, 'getToolbarOptions');
ChatBoxView.prototype.minimized = false;
