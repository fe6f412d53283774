/** Where one writes. */
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';

import { api, core } from '../models/core.ts';
import type { ChatBox } from '../models/chat.ts';
import { Kind } from '../models/kinds.ts';
import type { ChatRoom } from '../models/room.ts';
import { viewOf } from '../views/index.ts';
import { __ } from '../words.ts';
import { attempt, modelOf, setting, type Box } from './actions.ts';
import { define, ShownElement } from './element.ts';
import { hooked } from './hooked.ts';
import { icon } from './icons.ts';
import { coversRoom, hidesOccupants } from './modes.ts';
import { Suggestions } from './suggestions.ts';
import { askForUploads, bringsFiles, filesIn, toolbar } from './toolbar.ts';

import './emoji.ts';

/** `connection_status` of a room that one is in. */
const ENTERED = 5;

class Composer extends ShownElement {
  static override properties = { box: { attribute: false } };
  declare box: Box;
  /** The id of the message that is being changed. */
  #correcting: string | undefined;
  /** What was written before that. */
  #draft = '';
  #picks = false;
  readonly #suggestions = new Suggestions(this);
  /** What receives files, and what shows that it does. */
  #place: HTMLElement | null = null;

  override get watches(): readonly (readonly [Kind])[] {
    return [[Kind.Status]];
  }

  /** What plugins ask of the element that they add tools to. */
  get model(): ChatBox | ChatRoom {
    return modelOf(this.box);
  }

  get is_groupchat(): boolean {
    return this.box.kind === 'room';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#place = this.closest('.chat-area');
    this.#place?.addEventListener('dragover', this.#dragged);
    this.#place?.addEventListener('dragleave', this.#left);
    this.#place?.addEventListener('drop', this.#dropped);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#place?.removeEventListener('dragover', this.#dragged);
    this.#place?.removeEventListener('dragleave', this.#left);
    this.#place?.removeEventListener('drop', this.#dropped);
  }

  protected override firstUpdated(): void {
    const view = viewOf(this.box);
    view.renderMessageForm();
    api()['emit']('afterMessagesFetched', view);
  }

  protected override updated(_changed: PropertyValues): void {
    askForUploads(() => this.requestUpdate());
  }

  override render(): TemplateResult {
    const { box } = this;
    const shut = this.#shut;
    const spoils = Boolean(modelOf(box).get('composing_spoiler'));
    const words = this.#correcting ? __('Change your message') : __('Write a message');
    const hidden = box.kind === 'room' && !coversRoom() ? hidesOccupants(box) : undefined;
    const tools = {
      shut, visible: viewOf(box).getToolbarOptions({}), picks: this.#picks, spoils, hidesOccupants: hidden,
      onEmoji: this.#togglePicker, onFiles: this.#sendFiles, onCall: this.#call, onSpoiler: this.#toggleSpoiler,
      onOccupants: () => modelOf(box).set('hidden_occupants', !hidden),
      added: hooked('getToolbarButtons', () => this, (tool) => html`<li class="added-tool">${tool}</li>`),
    };
    const suggestions = this.#suggestions;
    return html`
      <form class="message-form-container sendXMPPMessage ${this.#correcting ? 'correcting' : ''}" @submit=${this.#submit}>
        <converse-chat-toolbar .model=${this.model}>${setting('show_toolbar') ? toolbar(tools) : nothing}</converse-chat-toolbar>
        ${this.#picks ? html`<converse-emoji @converse-emoji=${this.#insertEmoji} @converse-closed=${this.#closePicker}></converse-emoji>` : nothing}
        ${spoils ? html`<input type="text" class="spoiler-hint spoiler-hint-field" aria-label=${__('What is it about?')} placeholder=${__('What is it about?')} />` : nothing}
        <div class="suggestion-box">
          ${suggestions.list()}
          <textarea class="chat-textarea" rows="1" dir="auto" aria-label=${words} placeholder=${words} ?disabled=${shut}
            aria-autocomplete=${box.kind === 'room' ? 'list' : nothing} aria-controls=${suggestions.any ? suggestions.listId : nothing}
            aria-activedescendant=${suggestions.any ? suggestions.chosenId : nothing}
            @focus=${this.#focused} @keydown=${this.#key} @input=${this.#typed} @paste=${this.#pasted} @blur=${suggestions.stop}></textarea>
          ${setting('show_send_button')
            ? html`<button class="send-button" ?disabled=${shut} title=${__('Send')} aria-label=${__('Send')}>${icon('send')}</button>`
            : nothing}
        </div>
      </form>
    `;
  }

  override focus(): void {
    this.field?.focus();
  }

  get field(): HTMLTextAreaElement | null {
    return this.querySelector('textarea');
  }

  get #shut(): boolean {
    return this.box.kind === 'room' && this.box.connection !== ENTERED;
  }

  #key(event: KeyboardEvent): void {
    const field = event.target as HTMLTextAreaElement;
    if (event.isComposing || this.#suggestions.key(event)) {
      return;
    }
    const { selectionStart: start, selectionEnd: end, value } = field;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      this.#send();
    } else if (event.key === 'ArrowUp' && start === 0 && end === 0 && !event.shiftKey) {
      this.#correct(event, -1);
    } else if (event.key === 'ArrowDown' && start === value.length && this.#correcting && !event.shiftKey) {
      this.#correct(event, 1);
    } else if (event.key === 'Escape' && this.#correcting) {
      event.preventDefault();
      this.#endCorrection();
    } else if (event.key === 'Tab' && !event.shiftKey && this.#suggestions.find(true)) {
      event.preventDefault();
    }
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    this.#send();
  }

  #typed(): void {
    this.#fit();
    this.#suggestions.find(false);
    modelOf(this.box).set('chat_state', this.field!.value === '' ? 'active' : 'composing');
  }

  /** As many lines as there are; the style sheet says how many at most. */
  #fit(): void {
    const field = this.field!;
    field.rows = Math.max(1, field.value.split('\n').length);
  }

  #send(): void {
    const field = this.field;
    const words = field?.value ?? '';
    if (!field || words.trim() === '') {
      return;
    }
    const view = viewOf(this.box);
    if (view.parseMessageForCommands(words)) {
      this.#write('');
      return this.#endCorrection();
    }
    const model = view.model as any;
    const hint = this.querySelector<HTMLInputElement>('.spoiler-hint');
    if (this.#correcting) {
      model.messages.get(this.#correcting)?.set('correcting', true);
    }
    // What cannot be sent stays where it was written.
    attempt((async () => {
      await model.sendMessage(model.getOutgoingMessageAttributes(words, hint?.value));
      model.unset('composing_spoiler');
      if (this.#correcting) {
        this.#endCorrection();
      } else {
        this.#write('');
      }
      api()['emit']('messageSend', words);
    })());
  }

  /** Goes from what is being written to the message before, or the one after, of those that can be changed. */
  #correct(event: KeyboardEvent, step: 1 | -1): void {
    const beside = this.#correcting === undefined ? undefined : Number(this.#correcting);
    const number = core().correctable(this.box.jid, beside, step > 0);
    const next = number === undefined ? undefined : modelOf(this.box).messages.get(number);
    if (!next) {
      if (step > 0) {
        event.preventDefault();
        this.#endCorrection();
      }
      return;
    }
    event.preventDefault();
    if (this.#correcting === undefined) {
      this.#draft = this.field!.value;
    }
    this.#correcting = next.id;
    this.#write(next.get('message'));
    // Up goes on upwards, down downwards.
    const caret = step < 0 ? 0 : this.field!.value.length;
    this.field!.setSelectionRange(caret, caret);
  }

  #endCorrection(): void {
    if (this.#correcting !== undefined) {
      this.#correcting = undefined;
      this.#write(this.#draft);
      this.#draft = '';
    }
  }

  #write(words: string): void {
    this.field!.value = words;
    this.#fit();
    this.#suggestions.stop();
    this.requestUpdate();
  }

  /** Puts `words` in the place of what is between two places in the field. */
  insert(words: string, from: number, to: number): void {
    const field = this.field!;
    field.setRangeText(words, from, to, 'end');
    field.focus();
    this.#fit();
  }

  // Emoji

  readonly #togglePicker = (): void => {
    this.#picks ? this.#closePicker() : this.#showPicker(true);
  };

  #showPicker(shown: boolean): void {
    this.#picks = shown;
    this.requestUpdate();
  }

  readonly #closePicker = (): void => {
    this.#showPicker(false);
    this.field?.focus();
  };

  #insertEmoji(event: CustomEvent<string>): void {
    const field = this.field!;
    this.insert(event.detail, field.selectionStart, field.selectionEnd);
    this.#closePicker();
    this.#typed();
  }

  readonly #focused = (): void => void api()['emit']('chatBoxFocused', viewOf(this.box));

  // Other tools

  readonly #call = (event: Event): void => viewOf(this.box).toggleCall(event);

  readonly #toggleSpoiler = (): void => {
    const model = modelOf(this.box);
    model.set('composing_spoiler', !model.get('composing_spoiler'));
    this.requestUpdate();
    this.field?.focus();
  };

  // Files

  readonly #sendFiles = (files: Iterable<File>): void => {
    attempt((async () => void modelOf(this.box).sendFiles([...files]))());
    this.field?.focus();
  };

  #pasted(event: ClipboardEvent): void {
    const files = filesIn(event.clipboardData);
    if (files) {
      event.preventDefault();
      this.#sendFiles(files);
    }
  }

  readonly #dragged = (event: DragEvent): void => {
    if (bringsFiles(event.dataTransfer) && !this.#shut) {
      event.preventDefault();
      this.#place!.dataset['drop'] = __('Drop files here to send them');
      this.#place!.classList.add('drop-target');
    }
  };

  readonly #left = (event: DragEvent): void => {
    if (!this.#place!.contains(event.relatedTarget as Node | null)) {
      this.#place!.classList.remove('drop-target');
    }
  };

  readonly #dropped = (event: DragEvent): void => {
    this.#place!.classList.remove('drop-target');
    const files = filesIn(event.dataTransfer);
    if (files && !this.#shut) {
      event.preventDefault();
      this.#sendFiles(files);
    }
  };
}

define('converse-composer', Composer);
