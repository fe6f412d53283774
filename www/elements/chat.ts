/** One conversation: who it is with, what was said, and a place to say something. */
import { html, nothing, type TemplateResult } from 'lit';

import { api } from '../models/core.ts';
import { Kind } from '../models/kinds.ts';
import { ROOMSTATUS } from '../models/room.ts';
import { viewOf } from '../views/index.ts';
import { __, plural } from '../words.ts';
import { close, isSingle, modelOf, putAway, setting, type Box } from './actions.ts';
import { avatar, letter } from './avatar.ts';
import { define, ShownElement } from './element.ts';
import { addedButton, hooked } from './hooked.ts';
import { icon } from './icons.ts';
import type { Messages } from './messages.ts';
import { coversRoom, hidesOccupants, occupantWords } from './modes.ts';
import { presenceWords } from './profile.ts';
import { applySize, handles, isResizable } from './resize.ts';
import { boxes } from './shown.ts';
import { state } from './state.ts';

import './connection.ts';

export class Chat extends ShownElement {
  static override properties = { box: { attribute: false } };
  declare box: Box;

  override get watches(): readonly (readonly [Kind, string?])[] {
    const { kind, jid, subject } = this.box;
    if (kind === 'chat') {
      return [[Kind.VCard], [Kind.Presence]];
    }
    // How many are in a room stands where it has no topic.
    return subject ? [] : [[Kind.Occupant, jid]];
  }

  /** Lines that nobody else sees, and that something is being waited for. */
  #notes: readonly string[] = [];
  #waits = false;

  /** Shows lines that nobody else sees, and if `spinner` says so, that there is more to come. */
  note(lines: readonly string[], spinner: boolean): void {
    this.#notes = [...this.#notes, ...lines];
    this.#waits = spinner;
    this.requestUpdate();
  }

  clearNotes(): void {
    this.#notes = [];
    this.#waits = false;
    this.requestUpdate();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('visibilitychange', this.#look);
    this.addEventListener('converse-read', this.#look);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.#look);
    this.removeEventListener('converse-read', this.#look);
  }

  /** What is at the end of the conversation has been seen, once the page is. */
  readonly #look = (): void => {
    const { unread, general } = this.box;
    if ((unread || general) && !document.hidden && !this.box.hidden && this.#messages?.follows) {
      modelOf(this.box).clearUnreadMsgCounter();
    }
  };

  /** What was said. It can do nothing until the script that has it is there. */
  get #messages(): Partial<Messages> | null {
    return this.querySelector<Messages>('converse-messages');
  }

  protected override firstUpdated(): void {
    if (this.box.kind === 'chat') {
      const view = viewOf(this.box);
      api()['emit']('chatBoxInitialized', view);
      api()['emit']('chatBoxOpened', view);
    }
  }

  protected override updated(): void {
    this.#look();
  }

  /** Takes what was said off the screen. */
  clearMessages(): void {
    this.#messages?.clear?.();
  }

  scrollDown(): void {
    this.#messages?.scrollDown?.();
  }

  override willUpdate(): void {
    this.className = `chatbox ${this.box.kind === 'room' ? 'chatroom' : this.box.headline ? 'headlines' : ''}`;
    // As plugins find it.
    this.id = modelOf(this.box).get('box_id') ?? '';
    this.dataset['jid'] = this.box.jid;
    const { width, height } = modelOf(this.box).attributes;
    applySize(this, isResizable() ? { width, height } : {});
  }

  override render(): TemplateResult {
    const { box } = this;
    const room = box.kind === 'room';
    return html`
      <section class="flyout box-flyout" aria-label=${box.name} @keydown=${this.#key}>
        ${this.#heading()}
        ${state.isIn && (state.session !== 'online' || state.failed) ? html`<converse-connection></converse-connection>` : nothing}
        <div class=${room ? 'chat-body chatroom-body' : 'chat-body'}>
          <div class="chat-area">
            <converse-messages class="chat-content" .of=${box.jid} .kind=${box.kind}></converse-messages>
            ${this.#notes.length > 0 || this.#waits ? this.#noted() : nothing}
            <p class="chat-state-note" role="status">${this.#activity()}</p>
            ${isOutside(box) ? html`<converse-room-entry .box=${box}></converse-room-entry>` : nothing}
            ${box.headline ? nothing : html`<converse-composer ?hidden=${isOutside(box)} .box=${box}></converse-composer>`}
          </div>
          ${room && box.entered && !hidesOccupants(box) ? html`<converse-occupants .box=${box}></converse-occupants>` : nothing}
        </div>
        ${handles(this, (size) => modelOf(box).set(size))}
      </section>
    `;
  }

  /** The box as it is: what leads here again is a change of what the root does not look at. */
  get #now(): Box {
    return boxes().find(({ jid }) => jid === this.box.jid) ?? this.box;
  }

  #heading(): TemplateResult {
    const box = this.#now;
    const room = box.kind === 'room';
    const leave = box.kind === 'room' ? __('Leave this room') : __('Close this chat');
    const put = isSingle() ? __('Back') : __('Minimise');
    return html`
      <header class=${`chat-head chat-head-${box.kind === 'room' ? 'chatroom' : 'chatbox'}`}>
        ${isSingle() && setting('view_mode') !== 'embedded'
          ? html`<button type="button" class="chatbox-btn chatbox-navback" title=${put} aria-label=${put} @click=${() => putAway(box)}>${icon('back')}</button>`
          : nothing}
        ${box.kind === 'room' ? letter(box.jid, box.name) : avatar(box.jid, box.name)}
        <div class="chat-title">
          <h2 class="chat-name" title=${box.address ?? box.jid}>${box.name}</h2>
          <p class="chat-desc">${box.kind === 'room' ? this.#topic() : html`<span class=${`chat-status chat-status--${box.show}`}></span> ${box.status || presenceWords(box.show ?? 'offline')}`}</p>
        </div>
        <div class="chatbox-buttons">
          ${hooked('getHeadingButtons', () => viewOf(box), addedButton)}
          ${room && box.entered && (coversRoom() || !setting('show_toolbar')) && setting('visible_toolbar_buttons').toggle_occupants ? this.#people() : nothing}
          <button type="button" class="chatbox-btn show-details" title=${__('Details')} aria-label=${__('Details')}
            @click=${() => state.set({ dialog: { name: box.kind === 'room' ? 'room-details' : 'contact-details', about: box } })}>${icon('info')}</button>
          ${isSingle()
            ? nothing
            : html`<button type="button" class="chatbox-btn toggle-chatbox-button" title=${put} aria-label=${put} @click=${() => putAway(box)}>${icon('minimize')}</button>`}
          ${setting('view_mode') === 'embedded'
            ? nothing
            : html`<button type="button" class="chatbox-btn close-chatbox-button" title=${leave} aria-label=${leave} @click=${() => close(box)}>${icon('close')}</button>`}
        </div>
      </header>
    `;
  }

  #noted(): TemplateResult {
    return html`
      <div class="chat-info chat-notes" role="status">
        <button type="button" class="chatbox-btn close" title=${__('Close')} aria-label=${__('Close')} @click=${() => this.clearNotes()}>${icon('close')}</button>
        ${this.#notes.map((line) => html`<p>${line}</p>`)} ${this.#waits ? html`<p class="spinner">…</p>` : nothing}
      </div>
    `;
  }

  #people(): TemplateResult {
    const hidden = hidesOccupants(this.box);
    const words = occupantWords(hidden);
    return html`<button type="button" class="chatbox-btn toggle-occupants" aria-pressed=${String(!hidden)} title=${words} aria-label=${words}
      @click=${() => modelOf(this.box).set('hidden_occupants', !hidden)}>${icon('people')}</button>`;
  }

  #topic(): string {
    const { people, subject } = this.#now;
    return subject || plural('%s person is here', '%s people are here', people ?? 0);
  }

  #activity(): string {
    switch (this.box.state) {
      case 'composing':
        return __('%s is typing', this.box.name);
      case 'paused':
        return __('%s has stopped typing', this.box.name);
      default:
        return '';
    }
  }

  #key(event: KeyboardEvent): void {
    if (event.key === 'Escape' && !event.defaultPrevented && !isSingle()) {
      putAway(this.box);
    }
  }
}

/** Whether the user must do something before they can speak. */
function isOutside({ kind, connection }: Box): boolean {
  return kind === 'room' && connection !== ROOMSTATUS.ENTERED && connection !== ROOMSTATUS.CONNECTING;
}

define('converse-chat', Chat);
