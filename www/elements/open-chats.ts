/** The open conversations with people, where only one can be seen: what waits in the others, and the way back to them. */
import { html, nothing, type TemplateResult } from 'lit';

import { Kind } from '../models/kinds.ts';
import { __, plural } from '../words.ts';
import { close, show, type Box } from './actions.ts';
import { avatar } from './avatar.ts';
import { define, ShownElement } from './element.ts';
import { icon } from './icons.ts';
import { boxes } from './shown.ts';

class OpenChats extends ShownElement {
  override get watches(): readonly (readonly [Kind])[] {
    return [[Kind.Chat], [Kind.Contact], [Kind.Presence], [Kind.VCard]];
  }

  override render(): TemplateResult {
    const chats = boxes().filter(({ kind }) => kind === 'chat');
    if (chats.length === 0) {
      return html``;
    }
    return html`
      <div class="controlbox-padded">
        <div class="d-flex controlbox-padded__head"><h2 class="controlbox-heading">${__('Open chats')}</h2></div>
        <ul class="items-list open-chats-list" aria-label=${__('Open chats')}>
          ${chats.map((chat) => this.#chat(chat))}
        </ul>
      </div>
    `;
  }

  #chat(chat: Box): TemplateResult {
    return html`
      <li class="list-item open-chat-item" data-jid=${chat.jid}>
        <button type="button" class="list-item-link" title=${chat.jid} aria-current=${String(!chat.hidden)} @click=${() => show(chat)}>
          ${avatar(chat.jid, chat.name)}<span class="name">${chat.name}</span>
          ${chat.unread
            ? html`<span class="badge msgs-indicator" aria-label=${plural('%s unread message', '%s unread messages', chat.unread)}>${chat.unread}</span>`
            : nothing}
        </button>
        <button type="button" class="list-item-action close-chat" title=${__('Close this chat')} aria-label=${__('Close this chat')}
          @click=${() => close(chat)}>${icon('close')}</button>
      </li>
    `;
  }
}

define('converse-open-chats', OpenChats);
