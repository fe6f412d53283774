/** What stands between the user and a room: a nickname or a password that it asks for, or why they are not in. */
import { html, nothing, type TemplateResult } from 'lit';

import { ROOMSTATUS } from '../models/room.ts';
import { __ } from '../words.ts';
import { attempt, openRoom, setting, type Box } from './actions.ts';
import { define, ShownElement } from './element.ts';
import { roomOf } from './room-actions.ts';

/** Why the user is not in a room. */
export interface Trouble {
  condition: string;
  text?: string;
  actor?: string;
  /** Where to go instead. */
  jid?: string;
}

class RoomEntry extends ShownElement {
  static override properties = { box: { attribute: false } };
  declare box: Box;

  override render(): TemplateResult {
    switch (this.box.connection) {
      case ROOMSTATUS.NICKNAME_REQUIRED:
        return this.#nickname();
      case ROOMSTATUS.PASSWORD_REQUIRED:
        return this.#password();
      default:
        return this.#reason();
    }
  }

  #nickname(): TemplateResult {
    const { trouble, nick } = this.box;
    return html`
      <form class="converse-form muc-nickname-form" @submit=${this.#enter}>
        ${trouble?.condition === 'conflict'
          ? html`<p class="error" role="alert">${__('Somebody here is called so already. Choose another name.')}</p>`
          : nothing}
        <label for=${this.#id}>${__('What do you want to be called in this room?')}</label>
        <input id=${this.#id} name="nick" type="text" required autocomplete="nickname" spellcheck="false" .value=${nick ?? setting('nickname') ?? ''} />
        <button class="btn-primary">${__('Enter')}</button>
      </form>
    `;
  }

  #password(): TemplateResult {
    return html`
      <form class="converse-form muc-password-form" @submit=${this.#enter}>
        ${this.box.trouble?.text ? html`<p class="error" role="alert">${this.box.trouble.text}</p>` : nothing}
        <label for=${this.#id}>${__('This room has a password')}</label>
        <input id=${this.#id} name="password" type="password" required autocomplete="off" />
        <button class="btn-primary">${__('Enter')}</button>
      </form>
    `;
  }

  #reason(): TemplateResult {
    const { trouble, jid } = this.box;
    return html`
      <div class="muc-outside" role="status">
        <p>${troubleWords(trouble)}</p>
        ${trouble?.text ? html`<p class="hint">${__('They said: %s', trouble.text)}</p>` : nothing}
        ${trouble?.jid
          ? html`<button type="button" class="btn-primary" title=${trouble.jid} @click=${() => attempt(openRoom(trouble.jid!))}>${__('Go to %s', trouble.jid)}</button>`
          : nothing}
        ${trouble?.condition === 'destroyed'
          ? nothing
          : html`<button type="button" class="btn-secondary enter-again" @click=${() => roomOf({ jid }).join()}>${__('Enter again')}</button>`}
      </div>
    `;
  }

  get #id(): string {
    return `converse-entry-${this.box.jid}`;
  }

  readonly #enter = (event: SubmitEvent): void => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const text = (name: string): string | undefined => data.get(name)?.toString() || undefined;
    attempt((async () => void roomOf(this.box).join(text('nick')?.trim(), text('password')))());
  };
}

/** Why the user is not in, in words. */
function troubleWords(trouble: Trouble | undefined): string {
  const { condition, actor } = trouble ?? {};
  switch (condition) {
    case 'banned':
      return actor ? __('%s has banned you from this room.', actor) : __('You have been banned from this room.');
    case 'forbidden':
      return __('You are banned from this room.');
    case 'kicked':
      return actor ? __('%s has put you out of this room.', actor) : __('You have been put out of this room.');
    case 'removed':
    case 'registration-required':
      return __('Only members may enter this room.');
    case 'shutdown':
      return __('The service of this room is being shut down.');
    case 'connection-lost':
    case 'remote-server-timeout':
    case 'timed-out':
      return __('The connection to this room was lost.');
    case 'destroyed':
      return __('This room does not exist any more.');
    case 'service-unavailable':
    case 'resource-constraint':
      return __('This room is full, or cannot be reached.');
    case 'item-not-found':
      return __('There is no such room yet, and it does not open for you.');
    case 'gone':
      return __('This room is gone.');
    case 'not-allowed':
      return __('You may not make new rooms here.');
    case 'not-acceptable':
      return __('You must use the nickname that this room keeps for you.');
    case 'jid-malformed':
      return __('This nickname cannot be used.');
    case 'remote-server-not-found':
      return __('There is no such place.');
    default:
      return __('You are not in this room.');
  }
}

define('converse-room-entry', RoomEntry);
