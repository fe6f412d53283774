/** Where everything begins: the log-in, and then who and what there is. */
import { html, nothing, type TemplateResult } from 'lit';

import { api } from '../models/core.ts';
import { controlBoxView } from '../views/index.ts';
import { __ } from '../words.ts';
import { define, ShownElement } from './element.ts';
import { icon } from './icons.ts';
import { attempt, isSingle, setting } from './actions.ts';
import { isNarrow } from './modes.ts';
import { applySize, handles, isResizable } from './resize.ts';
import { askPermission, mayAsk } from './notify.ts';
import { state } from './state.ts';

import './connection.ts';
import './login.ts';
import './profile.ts';
import './rooms-list.ts';
import './roster.ts';

class ControlBox extends ShownElement {
  protected override firstUpdated(): void {
    const view = controlBoxView();
    api()['emit']('controlboxInitialized', view);
    api()['emit']('controlBoxOpened', view);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    api()['emit']('controlBoxClosed');
  }

  override willUpdate(): void {
    applySize(this, isResizable() ? state.controlboxSize : {});
  }

  override render(): TemplateResult {
    const closable = !isSingle() && (isNarrow() || !setting('sticky_controlbox'));
    return html`
      <section class="flyout box-flyout" aria-label=${__('Chat')}>
        <header class="controlbox-head chat-head">
          <h1 class="brand">${!state.isIn && state.entry === 'register' ? __('New account') : __('Chat')}</h1>
          ${closable
            ? html`<button type="button" class="chatbox-btn close-chatbox-button" title=${__('Close')} aria-label=${__('Close')}
                @click=${() => state.set({ controlbox: false })}>${icon('close')}</button>`
            : nothing}
        </header>
        <div class="controlbox-pane controlbox-panes">
          ${state.isIn ? this.#panes() : state.entry === 'register' && state.session === 'offline' ? html`<converse-register></converse-register>` : html`<converse-login></converse-login>`}
        </div>
        ${handles(this, (size) => state.set({ controlboxSize: { ...state.controlboxSize, ...size } }))}
      </section>
    `;
  }

  #panes(): TemplateResult {
    return html`
      <converse-connection></converse-connection>
      <converse-profile class="controlbox-section"></converse-profile>
      ${state.asksToNotify && mayAsk() ? this.#question() : nothing}
      ${isSingle() ? html`<converse-open-chats id="open-chats" class="controlbox-section"></converse-open-chats>` : nothing}
      ${setting('allow_muc') ? html`<converse-rooms-list id="chatrooms" class="controlbox-section"></converse-rooms-list>` : nothing}
      <converse-roster id="converse-roster" class="controlbox-section list-container roster-contacts"></converse-roster>
    `;
  }

  /** Whether the user wants notifications. */
  #question(): TemplateResult {
    return html`
      <div class="notify-question controlbox-padded" role="group" aria-label=${__('Notifications')}>
        <p>${__('Be told of messages while this page is out of sight?')}</p>
        <button type="button" class="btn-primary" @click=${() => attempt(askPermission())}>${__('Allow')}</button>
        <button type="button" class="btn-secondary" @click=${() => state.set({ asksToNotify: false })}>${__('Not now')}</button>
      </div>
    `;
  }
}

define('converse-controlbox', ControlBox);
