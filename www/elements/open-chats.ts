/** The open conversations with people, where only one can be seen: what waits in the others, and the way back to them. */
import { html, nothing, type TemplateResult } from 'lit';

import { Kind } from '../models/kinds.ts';
import { __, plural } from '../words.ts';
import { close, show, type Box } from './actions.ts';
import { avatar } from './avatar.ts';
import { define } from './element.ts';
import { icon } from './icons.ts';
import { boxes } from './shown.ts';
import { WindowedList } from './windowed.ts';

class OpenChats extends WindowedList {
  #chats: readonly Box[] = [];

  override get watches(): readonly (readonly [Kind])[] {
    return [[Kind.Chat], [Kind.Contact], [Kind.Presence], [Kind.VCard]];
  }

  override render(): TemplateResult {
    this.#chats = boxes().filter(({ kind }) => kind === 'chat');
    if (this.#chats.length === 0) {
      return html``;
    }
    // As high as it needs to be, within limits: the contacts are below.
    this.style.setProperty('--converse-rows', String(this.#chats.length));
    return html`
      <div class="controlbox-padded controlbox-padded__head d-flex"><h2 class="controlbox-heading">${__('Open chats')}</h2></div>
      <div class="open-chats-list">${this.windowed(__('Open chats'))}</div>
    `;
  }

  protected override count(): number {
    return this.#chats.length;
  }

  protected override rows(from: number, to: number): TemplateResult[] {
    return this.#chats.slice(from, to).map((chat) => this.#chat(chat));
  }

  #chat(chat: Box): TemplateResult {
    return html`
      <div class="list-item roster-row open-chat-item" role="listitem" data-jid=${chat.jid}>
        <button type="button" class="list-item-link" title=${chat.jid} aria-current=${String(!chat.hidden)} @click=${() => show(chat)}>
          ${avatar(chat.jid, chat.name)}<span class="name">${chat.name}</span>
          ${chat.unread
            ? html`<span class="badge msgs-indicator" aria-label=${plural('%s unread message', '%s unread messages', chat.unread)}>${chat.unread}</span>`
            : nothing}
        </button>
        <button type="button" class="list-item-action close-chat" title=${__('Close this chat')} aria-label=${__('Close this chat')}
          @click=${() => close(chat)}>${icon('close')}</button>
      </div>
    `;
  }
}

define('converse-open-chats', OpenChats);
