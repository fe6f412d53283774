/** Where everything begins: the log-in, and then who and what there is. */
import { html, nothing, type TemplateResult } from 'lit';

import { __ } from '../words.ts';
import { define, ShownElement } from './element.ts';
import { icon } from './icons.ts';
import { isSingle, setting } from './actions.ts';
import { isNarrow } from './modes.ts';
import { applySize, handles, isResizable } from './resize.ts';
import { state } from './state.ts';

import './connection.ts';
import './login.ts';
import './profile.ts';
import './register.ts';
import './rooms-list.ts';
import './roster.ts';

class ControlBox extends ShownElement {
  override willUpdate(): void {
    applySize(this, isResizable() ? state.controlboxSize : {});
  }

  override render(): TemplateResult {
    const closable = !isSingle() && (isNarrow() || !setting('sticky_controlbox'));
    return html`
      <section class="flyout box-flyout" aria-label=${__('Chat')}>
        <header class="controlbox-head chat-head">
          <h1 class="brand">${state.isIn ? __('Contacts') : state.entry === 'register' ? __('New account') : __('Chat')}</h1>
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
      ${setting('allow_muc') ? html`<converse-rooms-list id="chatrooms" class="controlbox-section"></converse-rooms-list>` : nothing}
      <converse-roster id="converse-roster" class="controlbox-section"></converse-roster>
    `;
  }
}

define('converse-controlbox', ControlBox);
