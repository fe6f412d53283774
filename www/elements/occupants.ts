/** Those in a room. Who is shown, in which order, and what may be done with them, `src/view/occupants.rs` decides. */
import { html, nothing, type TemplateResult } from 'lit';

import { core } from '../models/core.ts';
import { Kind } from '../models/kinds.ts';
import { __, plural } from '../words.ts';
import { setting, type Box } from './actions.ts';
import { letter } from './avatar.ts';
import { define } from './element.ts';
import { hooked, type Button } from './hooked.ts';
import { icon } from './icons.ts';
import { presenceWords } from './profile.ts';
import { doWith, mention, roomOf, type Occupant } from './room-actions.ts';
import { state } from './state.ts';
import { WindowedList } from './windowed.ts';

/** With fewer one sees whom one looks for. */
const FILTER_FROM = 8;

class Occupants extends WindowedList {
  static override properties = { box: { attribute: false } };
  declare box: Box;
  #count = 0;
  #filter = '';
  /** Whose menu is open. */
  #chosen: Occupant | undefined;

  override get watches(): readonly (readonly [Kind, string?])[] {
    return [[Kind.Occupant, this.box.jid], [Kind.Room]];
  }

  override render(): TemplateResult {
    const { jid } = this.box;
    const [rows = 0, here = 0] = core().listOccupants(jid, this.#filter);
    this.#count = rows;
    // The last two are of the grid that converse.js 4 has: plugins select by them.
    this.className = 'occupants col-md-3 col-4';
    return html`
      <div class="occupants-header d-flex">
        <h3 class="occupants-heading">${plural('%s person is here', '%s people are here', here)}</h3>
        ${setting('allow_muc_invitations')
          ? html`<button type="button" class="chatbox-btn invite-to-room" title=${__('Invite somebody')} aria-label=${__('Invite somebody')}
              @click=${() => state.set({ dialog: { name: 'invite', about: this.box } })}>${icon('add')}</button>`
          : nothing}
      </div>
      ${rows > FILTER_FROM || this.#filter
        ? html`<form class="roster-filter-form" role="search" @submit=${(event: Event) => event.preventDefault()}>
            <input class="occupants-filter" type="search" aria-label=${__('Find somebody here')} placeholder=${__('Find somebody here')} @input=${this.#typed} />
          </form>`
        : nothing}
      ${rows > 0 ? this.windowed(__('People in this room')) : html`<p class="nobody">${__('Nobody is called so.')}</p>`}
      ${this.#menu()}
    `;
  }

  protected override count(): number {
    return this.#count;
  }

  protected override rows(from: number, to: number): TemplateResult[] {
    return (core().occupantRows(this.box.jid, from, to) as Occupant[]).map((row) => this.#row(row));
  }

  #row(row: Occupant): TemplateResult {
    const badges = row.badges.map(badgeWords);
    const more = row.own ? __('You') : presenceWords(row.show);
    return html`
      <div class=${`occupant roster-row list-item d-flex ${row.role ?? ''}`} role="listitem" data-nick=${row.nick ?? ''} data-status=${row.show}>
        <button type="button" class="list-item-link occupant-nick" title=${row.jid ?? row.name}
          ?disabled=${!row.nick || row.own} @click=${() => mention(this.box, row.nick!)}>
          <span class="avatar-with-status">
            ${letter(`${this.box.jid}/${row.nick ?? ''}`, row.name)}<span class=${`chat-status chat-status--${row.show}`}></span>
          </span>
          <span class="contact-lines">
            <span class="contact-name">${row.name}</span> <span class="visually-hidden">${more}</span>
            <span class="occupant-badges">${row.badges.map((word, at) => html`<span class=${`occupant-badge occupant-badge--${word}`}>${badges[at]}</span>`)}</span>
          </span>
        </button>
        <button type="button" class="list-item-action occupant-actions" aria-haspopup="menu" title=${__('What to do with %s', row.name)}
          aria-label=${__('What to do with %s', row.name)} @click=${(event: Event) => this.#open(event, row)}>${icon('more')}</button>
      </div>
    `;
  }

  /** The menu is above all rows, so that none of them hides it. */
  #menu(): TemplateResult {
    const chosen = this.#chosen;
    return html`
      <div class="occupant-menu" popover role="menu" aria-label=${chosen ? __('What to do with %s', chosen.name) : nothing} @toggle=${this.#toggled} @keydown=${this.#key}>
        ${chosen
          ? [...chosen.actions, 'details'].map((word) => html`<button type="button" role="menuitem" class="occupant-menu__item" data-action=${word}
              @click=${() => this.#act(word, chosen)}>${actionWords(word)}</button>`)
          : nothing}
        ${chosen ? hooked('getOccupantActionButtons', () => roomOf(this.box).occupants.get(chosen.id), menuItem) : nothing}
      </div>
    `;
  }

  async #open(event: Event, row: Occupant): Promise<void> {
    const { bottom, left, right } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    this.#chosen = row;
    this.requestUpdate();
    await this.updateComplete;
    const menu = this.#popover;
    if (!menu) {
      return;
    }
    menu.showPopover();
    const { width, height } = menu.getBoundingClientRect();
    const x = getComputedStyle(this).direction === 'rtl' ? left : right - width;
    menu.style.left = `${Math.max(8, Math.min(x, innerWidth - width - 8))}px`;
    menu.style.top = `${Math.max(8, Math.min(bottom, innerHeight - height - 8))}px`;
    menu.querySelector('button')?.focus();
  }

  get #popover(): HTMLElement | null {
    return this.querySelector('.occupant-menu');
  }

  #act(word: string, row: Occupant): void {
    this.#popover?.hidePopover();
    doWith(this.box, row, word);
  }

  readonly #toggled = (event: Event): void => {
    if ((event as ToggleEvent).newState === 'closed') {
      this.#chosen = undefined;
      this.requestUpdate();
    }
  };

  readonly #key = (event: KeyboardEvent): void => {
    const items = [...(this.#popover?.querySelectorAll<HTMLElement>('button') ?? [])];
    const at = items.findIndex((item) => item === event.target);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      items[(next + items.length) % items.length]?.focus();
    } else if (event.key === 'Escape') {
      // It closes the menu, and not the conversation.
      event.stopPropagation();
    }
  };

  readonly #typed = (event: InputEvent): void => {
    this.#filter = (event.target as HTMLInputElement).value;
    this.requestUpdate();
  };
}

/** What a plugin offers to do with somebody. */
function menuItem({ i18n_text, button_class, handler }: Button): TemplateResult {
  return html`<button type="button" role="menuitem" class=${`occupant-menu__item ${button_class ?? ''}`} @click=${(event: Event) => handler?.(event)}>${i18n_text}</button>`;
}

/** Somebody's standing in a room. */
export function badgeWords(word: string): string {
  switch (word) {
    case 'owner':
      return __('Owner');
    case 'admin':
      return __('Administrator');
    case 'member':
      return __('Member');
    case 'moderator':
      return __('Moderator');
    case 'visitor':
      return __('Visitor');
    default:
      return word;
  }
}

function actionWords(word: string): string {
  switch (word) {
    case 'message':
      return __('Write to them alone');
    case 'voice':
      return __('Let them speak');
    case 'mute':
      return __('Take away their voice');
    case 'op':
      return __('Make them moderator');
    case 'deop':
      return __('Make them no moderator');
    case 'kick':
      return __('Put them out …');
    case 'ban':
      return __('Ban them …');
    case 'member':
      return __('Make them member');
    case 'revoke':
      return __('Take away their standing');
    case 'admin':
      return __('Make them administrator');
    case 'owner':
      return __('Make them owner');
    default:
      return __('Details');
  }
}

define('converse-occupants', Occupants);
