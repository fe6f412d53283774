/** The contacts. What is shown of them, and in which order, `src/view/roster.rs` decides. */
import { html, nothing, type TemplateResult } from 'lit';

import { api, core } from '../models/core.ts';
import { handle } from '../models/handles.ts';
import { Kind } from '../models/kinds.ts';
import type { RosterContact } from '../models/contact.ts';
import { __, plural } from '../words.ts';
import { attempt, openChat, setting } from './actions.ts';
import { avatar } from './avatar.ts';
import { define } from './element.ts';
import { icon } from './icons.ts';
import { presenceWords } from './profile.ts';
import { state } from './state.ts';
import { WindowedList } from './windowed.ts';

/** A row, as the core lists it. */
interface Row {
  /** Of a group. */
  group?: string;
  count: number;
  reachable: number;
  closed: boolean;
  /** Of a contact. */
  jid: string;
  name: string;
  show: string;
  status?: string;
  unread: number;
  asks: boolean;
  pending: boolean;
  open: boolean;
}

/** With fewer contacts one sees whom one looks for. */
const FILTER_FROM = 5;

class Roster extends WindowedList {
  #count = 0;

  override get watches(): readonly (readonly [Kind])[] {
    return [[Kind.Contact], [Kind.Presence], [Kind.Group], [Kind.VCard], [Kind.Chat]];
  }

  protected override firstUpdated(): void {
    api()['emit']('rosterViewInitialized');
  }

  override render(): TemplateResult {
    const { by, text } = state.filter;
    const hides_offline = setting('hide_offline_users') || setting('show_only_online_users');
    this.#count = core().listContacts({ [by]: text, hides_offline, closed: state.closed });
    return html`
      <div class="controlbox-padded controlbox-padded__head d-flex">
        <h2 class="controlbox-heading">${__('Contacts')}</h2>
        ${setting('allow_contact_requests')
          ? html`<button type="button" class="controlbox-heading__btn add-contact fa-user-plus" title=${__('Add a contact')} aria-label=${__('Add a contact')}
              @click=${() => state.set({ dialog: { name: 'add-contact' } })}>${icon('add')}</button>`
          : nothing}
      </div>
      ${this.#count > FILTER_FROM || text ? this.#filter() : nothing}
      ${this.#count > 0
        ? this.windowed(__('Contacts'))
        : html`<p class="nobody">${text ? __('Nobody is called so.') : __('Nobody is on your list yet.')}</p>`}
    `;
  }

  protected override count(): number {
    return this.#count;
  }

  protected override rows(from: number, to: number): TemplateResult[] {
    const removable = setting('allow_contact_removal');
    return (core().contactRows(from, to) as Row[]).map((row) => (row.group === undefined ? this.#contact(row, removable) : this.#group(row.group, row)));
  }

  #filter(): TemplateResult {
    return html`
      <form class="roster-filter-form" role="search" @submit=${(event: Event) => event.preventDefault()}>
        <input class="roster-filter" type="search" aria-label=${__('Find a contact')} placeholder=${__('Find a contact')}
          .value=${state.filter.text}
          @input=${(event: InputEvent) => state.set({ filter: { ...state.filter, text: (event.target as HTMLInputElement).value } })} />
      </form>
    `;
  }

  #group(name: string, { count, reachable, closed }: Row): TemplateResult {
    const toggle = (): void => {
      state.set({ closed: closed ? state.closed.filter((other) => other !== name) : [...state.closed, name] });
    };
    return html`
      <div class="roster-group roster-row" role="listitem">
        <button type="button" class="list-toggle group-toggle" aria-expanded=${String(!closed)} @click=${toggle}>
          ${icon('down')} <span class="group-name">${groupWords(name)}</span>
          <span class="group-count" aria-label=${plural('%s can be reached', '%s can be reached', reachable)}>${reachable}/${count}</span>
        </button>
      </div>
    `;
  }

  #contact(row: Row, removable: boolean): TemplateResult {
    // It begins with what is seen, in the same order: so one may say it to be understood.
    const unread = row.unread ? plural('%s unread message', '%s unread messages', row.unread) : '';
    const words = [row.name, row.status, unread, presenceWords(row.show), row.open && __('the chat is open')].filter(Boolean).join(', ');
    return html`
      <div class=${`roster-contact roster-row list-item d-flex${row.open ? ' open' : ''}`} role="listitem" data-jid=${row.jid} data-status=${row.show}>
        <button type="button" class="list-item-link open-chat" title=${row.jid} aria-label=${words} @click=${() => attempt(openChat(row.jid))}>
          <span class="avatar-with-status">
            ${avatar(row.jid, row.name)}<span class=${`chat-status chat-status--${row.show}`}></span>
          </span>
          <span class="contact-lines">
            <span class="contact-name">${row.name}</span>
            ${row.status ? html`<span class="contact-status">${row.status}</span>` : nothing}
          </span>
          ${row.unread ? html`<span class="badge msgs-indicator" aria-label=${plural('%s unread message', '%s unread messages', row.unread)}>${row.unread}</span>` : nothing}
        </button>
        ${row.asks ? this.#answers(row) : nothing}
        ${!row.asks && removable
          ? html`<button type="button" class="list-item-action remove-xmpp-contact" title=${__('Remove %s', row.name)} aria-label=${__('Remove %s', row.name)}
              @click=${() => state.set({ dialog: { name: 'remove-contact', about: row } })}>${icon('remove')}</button>`
          : nothing}
      </div>
    `;
  }

  #answers({ jid, name }: Row): TemplateResult {
    const contact = (): RosterContact => handle(Kind.Contact, '', jid) as RosterContact;
    const accept = async (): Promise<void> => {
      contact().authorize();
      await api()['contacts'].add(jid);
    };
    return html`
      <button type="button" class="list-item-action accept-xmpp-request" title=${__('Accept %s', name)} aria-label=${__('Accept %s', name)}
        @click=${() => attempt(accept())}>${icon('check')}</button>
      <button type="button" class="list-item-action decline-xmpp-request" title=${__('Decline %s', name)} aria-label=${__('Decline %s', name)}
        @click=${() => contact().unauthorize()}>${icon('close')}</button>
    `;
  }
}

/** The user's own groups are called what the user calls them. */
function groupWords(name: string): string {
  switch (name) {
    case 'Contact requests':
      return __('Contact requests');
    case 'My contacts':
      return __('My contacts');
    case 'Ungrouped':
      return __('Ungrouped');
    case 'Pending contacts':
      return __('Pending contacts');
    default:
      return name;
  }
}

define('converse-roster', Roster);
