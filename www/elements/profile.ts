/** The user, how they can be reached, and the way out. */
import { html, nothing, type TemplateResult } from 'lit';

import { api, core } from '../models/core.ts';
import { Kind } from '../models/kinds.ts';
import { __ } from '../words.ts';
import { setting } from './actions.ts';
import { avatar } from './avatar.ts';
import { define, ShownElement } from './element.ts';
import { icon } from './icons.ts';
import { state } from './state.ts';

/** What people read for each word of presence. */
export function presenceWords(show: string): string {
  switch (show) {
    case 'online':
    case 'chat':
      return __('Online');
    case 'dnd':
      return __('Busy');
    case 'away':
      return __('Away');
    case 'xa':
      return __('Away for long');
    default:
      return __('Offline');
  }
}

class Profile extends ShownElement {
  override get watches(): readonly (readonly [Kind])[] {
    return [[Kind.Status], [Kind.VCard]];
  }

  override render(): TemplateResult {
    const { jid = '', status = 'offline', status_message } = core().attributes(Kind.Status, '', 'status') ?? {};
    const { fullname, nickname } = core().attributes(Kind.VCard, '', jid) ?? {};
    const name: string = nickname || fullname || jid;
    return html`
      <div class="userinfo controlbox-padded">
        <div class="controlbox-section profile d-flex">
          <button type="button" class="show-profile" title=${__('Your profile')} aria-label=${__('Your profile')}
            @click=${() => state.set({ dialog: { name: 'profile' } })}>${avatar(jid, name)}</button>
          <span class="username" title=${jid}>${name}</span>
          ${setting('show_client_info')
            ? html`<button type="button" class="controlbox-heading__btn show-client-info" title=${__('About this program')} aria-label=${__('About this program')}
                @click=${() => state.set({ dialog: { name: 'client-info' } })}>${icon('info')}</button>`
            : nothing}
          ${setting('allow_logout')
            ? html`<button type="button" class="controlbox-heading__btn logout" title=${__('Log out')} aria-label=${__('Log out')}
                @click=${() => api()['user'].logout()}>${icon('logout')}</button>`
            : nothing}
        </div>
        <button type="button" class="xmpp-status change-status" @click=${() => state.set({ dialog: { name: 'status' } })}>
          <span class=${`chat-status chat-status--${status}`}></span>
          <span class="status-message">${status_message || presenceWords(status)}</span>
          ${icon('edit')}
        </button>
      </div>
    `;
  }
}

define('converse-profile', Profile);
