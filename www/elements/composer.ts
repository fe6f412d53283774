/** Where one writes. */
import { html, nothing, type TemplateResult } from 'lit';

import { api } from '../models/core.ts';
import { Kind } from '../models/kinds.ts';
import { viewOf } from '../views/index.ts';
import { __ } from '../words.ts';
import { attempt, modelOf, setting, type Box } from './actions.ts';
import { define, ShownElement } from './element.ts';
import { icon } from './icons.ts';

/** `connection_status` of a room that one is in. */
const ENTERED = 5;

class Composer extends ShownElement {
  static override properties = { box: { attribute: false } };
  declare box: Box;
  /** The id of the message that is being changed. */
  #correcting: string | undefined;

  override get watches(): readonly (readonly [Kind])[] {
    return [[Kind.Status]];
  }

  override render(): TemplateResult {
    const { box } = this;
    const shut = box.kind === 'room' && box.connection !== ENTERED;
    const words = this.#correcting ? __('Change your message') : __('Write a message');
    return html`
      <form class="message-form-container sendXMPPMessage ${this.#correcting ? 'correcting' : ''}" @submit=${this.#submit}>
        ${setting('show_toolbar') ? html`<ul class="chat-toolbar" aria-label=${__('Tools')}></ul>` : nothing}
        <div class="suggestion-box">
          <textarea class="chat-textarea" rows="1" dir="auto" aria-label=${words} placeholder=${words} ?disabled=${shut}
            @keydown=${this.#key} @input=${this.#typed}></textarea>
          ${setting('show_send_button')
            ? html`<button class="send-button" ?disabled=${shut} title=${__('Send')} aria-label=${__('Send')}>${icon('send')}</button>`
            : nothing}
        </div>
      </form>
    `;
  }

  override focus(): void {
    this.#field?.focus();
  }

  get #field(): HTMLTextAreaElement | null {
    return this.querySelector('textarea');
  }

  #key(event: KeyboardEvent): void {
    const field = event.target as HTMLTextAreaElement;
    if (event.isComposing) {
      return;
    }
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      this.#send();
    } else if (event.key === 'ArrowUp' && field.value === '') {
      event.preventDefault();
      this.#correctLast();
    } else if (event.key === 'Escape' && this.#correcting) {
      event.preventDefault();
      this.#endCorrection();
    }
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    this.#send();
  }

  #typed(): void {
    const field = this.#field!;
    // As many lines as there are; the style sheet says how many at most.
    field.rows = Math.max(1, field.value.split('\n').length);
    modelOf(this.box).set('chat_state', field.value === '' ? 'active' : 'composing');
  }

  #send(): void {
    const field = this.#field;
    const words = field?.value ?? '';
    if (!field || words.trim() === '') {
      return;
    }
    const view = viewOf(this.box);
    if (view.parseMessageForCommands(words)) {
      return this.#endCorrection();
    }
    const model = view.model as any;
    if (this.#correcting) {
      model.messages.get(this.#correcting)?.set('correcting', true);
    }
    // What cannot be sent stays where it was written.
    attempt((async () => {
      await model.sendMessage(model.getOutgoingMessageAttributes(words));
      this.#endCorrection();
      api()['emit']('messageSend', words);
    })());
  }

  #correctLast(): void {
    const mine = modelOf(this.box).messages.filter((message: any) => message.get('sender') === 'me' && message.get('message'));
    const last = mine.at(-1);
    if (last) {
      this.#correcting = last.id;
      this.#field!.value = last.get('message');
      this.requestUpdate();
    }
  }

  #endCorrection(): void {
    this.#correcting = undefined;
    this.#field!.value = '';
    this.#field!.rows = 1;
    this.requestUpdate();
  }
}

define('converse-composer', Composer);
