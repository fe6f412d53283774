/** The whole client, as `view_mode` says: boxes above the page, one after the other, or a single one. */
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';

import { core } from '../models/core.ts';
import { Kind } from '../models/kinds.ts';
import { keepViews, viewOf } from '../views/index.ts';
import { __, plural } from '../words.ts';
import { isSingle, show, viewMode, type Box } from './actions.ts';
import type { Chat } from './chat.ts';
import { define, ShownElement } from './element.ts';
import { icon } from './icons.ts';
import { state } from './state.ts';

import './controlbox.ts';
import './dialogs.ts';

export class Root extends ShownElement {
  override get watches(): readonly (readonly [Kind])[] {
    return [[Kind.Chat], [Kind.Room]];
  }

  override render(): TemplateResult {
    const boxes: Box[] = state.session === 'offline' ? [] : core().boxes();
    const mode = viewMode();
    keepViews(boxes);
    return html`
      <div class="converse-chatboxes">
        ${mode === 'embedded' && state.session !== 'offline' ? nothing : this.#controlbox(boxes)}
        ${mode === 'overlayed' ? this.#overlayed(boxes) : this.#single(boxes)}
      </div>
      <div id="converse-modals" class="modals"><converse-dialogs></converse-dialogs></div>
    `;
  }

  #controlbox(boxes: readonly Box[]): TemplateResult {
    // On a small screen a conversation takes the place of everything else.
    const covered = viewMode() === 'mobile' && boxes.some((box) => !box.hidden);
    const unread = boxes.reduce((sum, box) => sum + box.unread, 0);
    return html`
      ${state.controlbox && !covered
        ? html`<converse-controlbox id="controlbox" class="chatbox"></converse-controlbox>`
        : nothing}
      ${state.controlbox || isSingle()
        ? nothing
        : html`<button id="toggle-controlbox" class="toggle-controlbox" type="button" @click=${() => state.set({ controlbox: true })}>
            ${icon('chat')}
            <span>${state.session === 'online' ? __('Contacts') : __('Chat')}</span>
            ${unread ? html`<span class="badge" aria-label=${plural('%s unread message', '%s unread messages', unread)}>${unread}</span>` : nothing}
          </button>`}
    `;
  }

  #overlayed(boxes: readonly Box[]): TemplateResult {
    const open = boxes.filter((box) => !box.minimized);
    const small = boxes.filter((box) => box.minimized);
    // The newest stands beside the control box.
    return html`
      ${repeat(open.reverse(), (box) => box.jid, chat)}
      ${small.length === 0
        ? nothing
        : html`<ul id="minimized-chats" class="minimized-chats" aria-label=${__('Minimised chats')}>
            ${small.map((box) => html`<li><button type="button" class="minimized-chat" @click=${() => show(box)}>
              <span class="name">${box.name}</span>
              ${box.unread ? html`<span class="badge">${box.unread}</span>` : nothing}
            </button></li>`)}
          </ul>`}
    `;
  }

  #single(boxes: readonly Box[]): TemplateResult {
    const shown = boxes.filter((box) => !box.hidden).at(-1);
    if (shown) {
      return html`${repeat([shown], (box) => box.jid, chat)}`;
    }
    const waits = viewMode() === 'fullscreen' && state.session !== 'offline';
    return waits ? html`<p class="nothing-open">${icon('chat')} ${__('Choose somebody to talk to.')}</p>` : html``;
  }
}

/** The element of a conversation, which its view has. */
function chat(box: Box): HTMLElement {
  const el = viewOf(box).el as Chat;
  el.box = box;
  return el;
}

define('converse-root', Root);
