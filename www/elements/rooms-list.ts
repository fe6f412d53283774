/** The rooms that are open, those that are kept, and the way into others. */
import { html, nothing, type TemplateResult } from 'lit';

import { api, core } from '../models/core.ts';
import { Kind } from '../models/kinds.ts';
import { __, plural } from '../words.ts';
import { attempt, close, goTo, openRoom, setting, type Box } from './actions.ts';
import { define, ShownElement } from './element.ts';
import { icon } from './icons.ts';
import { boxes } from './shown.ts';
import { state } from './state.ts';

class RoomsList extends ShownElement {
  override get watches(): readonly (readonly [Kind])[] {
    return [[Kind.Room], [Kind.Bookmark]];
  }

  protected override firstUpdated(): void {
    api()['emit']('roomsListInitialized');
  }

  override render(): TemplateResult {
    const rooms = boxes().filter(({ kind }) => kind === 'room');
    return html`
      <div class="controlbox-padded">
        <div class="d-flex controlbox-padded__head">
          <h2 class="controlbox-heading">${__('Rooms')}</h2>
          <button type="button" class="controlbox-heading__btn list-rooms" title=${__('Rooms of a service')} aria-label=${__('Rooms of a service')}
            @click=${() => state.set({ dialog: { name: 'list-rooms' } })}>${icon('people')}</button>
          <button type="button" class="controlbox-heading__btn" title=${__('Enter a room')} aria-label=${__('Enter a room')}
            @click=${() => state.set({ dialog: { name: 'join-room' } })}>${icon('add')}</button>
        </div>
        <div class="list-container list-container--openrooms">
          <ul class="items-list rooms-list open-rooms-list">
            ${rooms.map((room) => this.#open(room))} ${this.#kept(rooms)}
          </ul>
        </div>
      </div>
    `;
  }

  #open(room: Box): TemplateResult {
    return html`
      <li class="list-item room-item" data-room-jid=${room.jid}>
        <button type="button" class="list-item-link open-room" title=${room.jid} @click=${() => goTo(room)}>
          <span class="name">${room.name}</span>
          ${room.unread
            ? html`<span class="badge" aria-label=${plural('%s mention', '%s mentions', room.unread)}>${room.unread}</span>`
            : room.general
              ? html`<span class="badge badge--quiet" aria-label=${plural('%s unread message', '%s unread messages', room.general)}>${room.general}</span>`
              : nothing}
        </button>
        <button type="button" class="list-item-action close-room" title=${__('Leave this room')} aria-label=${__('Leave this room')}
          @click=${() => close(room)}>${icon('logout')}</button>
      </li>
    `;
  }

  #kept(open: readonly Box[]): TemplateResult[] {
    const jids = core().ids(Kind.Bookmark, '');
    const shown = setting('hide_open_bookmarks') ? jids.filter((jid) => !open.some((room) => room.jid === jid)) : jids;
    return shown.map((jid) => {
      const { name, nick } = core().attributes(Kind.Bookmark, '', jid) ?? {};
      return html`
        <li class="list-item bookmark">
          <button type="button" class="list-item-link" title=${jid} @click=${() => attempt(openRoom(jid, nick ? { nick } : {}))}>
            ${icon('bookmark')}<span class="name">${name || jid}</span>
          </button>
          <button type="button" class="list-item-action change-bookmark" title=${__('Change the bookmark')} aria-label=${__('Change the bookmark')}
            @click=${() => state.set({ dialog: { name: 'bookmark', about: { kind: 'room', jid, name: name || jid } } })}>${icon('edit')}</button>
        </li>
      `;
    });
  }
}

define('converse-rooms-list', RoomsList);
