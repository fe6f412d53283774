/** The whole client, as `view_mode` says: boxes above the page, one after the other, or a single one. */
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';

import { Kind } from '../models/kinds.ts';
import { keepViews, viewOf } from '../views/index.ts';
import { __, plural } from '../words.ts';
import { goTo, isSingle, putAway, recency, setting, viewMode, type Box } from './actions.ts';
import type { Chat } from './chat.ts';
import { define, ShownElement } from './element.ts';
import { surplus } from './fit.ts';
import { icon } from './icons.ts';
import { isNarrow, onlyOne } from './modes.ts';
import { boxes } from './shown.ts';
import { isWithheld } from './withheld.ts';
import { state } from './state.ts';

import './controlbox.ts';

export class Root extends ShownElement {
  override get watches(): readonly (readonly [Kind])[] {
    return [[Kind.Chat], [Kind.Room]];
  }

  override render(): TemplateResult {
    const all = state.session === 'offline' ? [] : boxes();
    const open = all.filter(({ jid }) => !isWithheld(jid));
    const mode = viewMode();
    keepViews(all);
    return html`
      <div class="converse-chatboxes">
        ${mode === 'embedded' && state.isIn ? nothing : this.#controlbox(open)}
        ${mode === 'overlayed' ? this.#overlayed(open) : this.#single(open)}
      </div>
      <div id="converse-modals" class="modals"><converse-dialogs></converse-dialogs></div>
    `;
  }

  override updated(): void {
    this.#trim();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('resize', this.#resized);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('resize', this.#resized);
  }

  readonly #resized = (): void => this.requestUpdate();

  /** Minimises the boxes for which there is no room, those that nobody has asked for longest before others. */
  #trim(): void {
    const row = this.querySelector('.converse-chatboxes');
    if (viewMode() !== 'overlayed' || (setting('no_trimming') && !isNarrow()) || !row) {
      return;
    }
    const open = boxes().filter((box) => !box.minimized && !isWithheld(box.jid));
    const gap = Number.parseFloat(getComputedStyle(row).columnGap) || 0;
    const width = (element: Element): number => element.getBoundingClientRect().width + gap;
    const others = [...row.children].filter((child) => child.localName !== 'converse-chat').reduce((sum, child) => sum + width(child), 0);
    const room = row.getBoundingClientRect().width + gap - others;
    // Where one box takes everything, only what somebody asked for does.
    const [unasked, asked] = isNarrow() ? [open.filter((box) => recency(box) < 0), open.filter((box) => recency(box) >= 0)] : [[], open];
    [...unasked, ...surplus(asked, isNarrow() ? 0 : room, (box) => width(viewOf(box).el))].forEach(putAway);
  }

  #controlbox(boxes: readonly Box[]): TemplateResult {
    // On a small screen a conversation takes the place of everything else.
    const small = viewMode() === 'mobile' || (viewMode() === 'overlayed' && isNarrow());
    const covered = small && boxes.some((box) => !box.hidden && !box.minimized);
    const unread = boxes.reduce((sum, box) => sum + box.unread, 0);
    return html`
      ${state.controlbox && !covered
        ? html`<converse-controlbox id="controlbox" class="chatbox"></converse-controlbox>`
        : nothing}
      ${state.controlbox || covered || isSingle()
        ? nothing
        : html`<button id="toggle-controlbox" class="toggle-controlbox" type="button" @click=${() => state.set({ controlbox: true })}>
            ${icon('chat')}
            <span>${state.isIn ? __('Contacts') : __('Chat')}</span>
            ${unread ? html`<span class="badge" aria-label=${plural('%s unread message', '%s unread messages', unread)}>${unread}</span>` : nothing}
          </button>`}
    `;
  }

  #overlayed(boxes: readonly Box[]): TemplateResult {
    const open = boxes.filter((box) => !box.minimized);
    const small = isNarrow() && (open.length > 0 || state.controlbox) ? [] : boxes.filter((box) => box.minimized);
    // The newest stands beside the control box.
    return html`
      ${repeat(open.reverse(), (box) => box.jid, chat)}
      ${small.length === 0
        ? nothing
        : html`<ul id="minimized-chats" class="minimized-chats" role="list" aria-label=${__('Minimised chats')}>
            ${small.map((box) => html`<li><button type="button" class="minimized-chat" @click=${() => goTo(box)}>
              <span class="name">${box.name}</span>
              ${box.unread ? html`<span class="badge">${box.unread}</span>` : nothing}
            </button></li>`)}
          </ul>`}
    `;
  }

  #single(boxes: readonly Box[]): TemplateResult {
    const shown = onlyOne(boxes);
    if (shown) {
      return html`${repeat([shown], (box) => box.jid, chat)}`;
    }
    const waits = viewMode() === 'fullscreen' && state.isIn;
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
