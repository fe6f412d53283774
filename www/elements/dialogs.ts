/** What asks for something, or shows more of something, above all else. */
import { html, nothing, type TemplateResult } from 'lit';

import { api, core } from '../models/core.ts';
import { handle } from '../models/handles.ts';
import { Kind } from '../models/kinds.ts';
import type { RosterContact } from '../models/contact.ts';
import { __ } from '../words.ts';
import { modelOf, openChat, openRoom, type Box } from './actions.ts';
import { closeDialog, form, type Content } from './dialogs/form.ts';
import { ROOM_DIALOGS } from './dialogs/rooms.ts';
import { define, ShownElement } from './element.ts';
import { icon } from './icons.ts';
import './profile-form.ts';
import type { Line } from './message.ts';
import { state } from './state.ts';
import { xmppLink } from './text.ts';

class Dialogs extends ShownElement {
  /** Where the keyboard was before. */
  #before: HTMLElement | null = null;

  override render(): TemplateResult {
    const { dialog } = state;
    const make = dialog && DIALOGS[dialog.name];
    if (!make) {
      return html``;
    }
    const { title, body } = make(dialog.about);
    return html`
      <dialog class="modal converse-modal" aria-labelledby="converse-modal-title" @close=${closeDialog} @click=${this.#outside}>
        <header class="modal-header">
          <h2 id="converse-modal-title" class="modal-title">${title}</h2>
          <button type="button" class="chatbox-btn close" title=${__('Close')} aria-label=${__('Close')} @click=${closeDialog}>${icon('close')}</button>
        </header>
        <div class="modal-body">${body}</div>
      </dialog>
    `;
  }

  protected override updated(): void {
    const dialog = this.querySelector('dialog');
    if (dialog && !dialog.open) {
      this.#before = (this.getRootNode() as Document | ShadowRoot).activeElement as HTMLElement | null;
      dialog.showModal();
      tell();
      // One comes to fill something in, not to close it.
      dialog.querySelector<HTMLElement>('.modal-body :is(input, select, textarea):not([type=file]):not([type=radio]:not(:checked))')?.focus();
    } else if (!dialog) {
      this.#before?.focus();
      this.#before = null;
    }
  }

  #outside(event: MouseEvent): void {
    if (event.target instanceof HTMLDialogElement) {
      event.target.close();
    }
  }
}

/** Tells plugins of the two dialogs that they know. */
function tell(): void {
  const { name, about } = state.dialog!;
  if (name === 'profile') {
    api()['emit']('profileModalInitialized', state.closured['xmppstatus']);
  } else if (name === 'contact-details') {
    api()['emit']('userDetailsModalInitialized', modelOf(about as Box));
  }
}

const DIALOGS: Readonly<Record<string, (about: any) => Content>> = {
  ...ROOM_DIALOGS,
  status: () => {
    const { status, status_message } = core().attributes(Kind.Status, '', 'status') ?? {};
    const choices = [['online', __('Online')], ['dnd', __('Busy')], ['away', __('Away')], ['xa', __('Away for long')], ['offline', __('Offline')]] as const;
    return {
      title: __('Your status'),
      body: form(({ show, message }) => api()['user'].status.set(show, message), __('Save'), html`
        <fieldset>
          <legend>${__('How can you be reached?')}</legend>
          ${choices.map(([value, words]) => html`
            <label class="radio"><input type="radio" name="show" value=${value} ?checked=${value === status} />
              <span class=${`chat-status chat-status--${value}`}></span> ${words}</label>`)}
        </fieldset>
        <label for="converse-status-message">${__('In your own words')}</label>
        <input id="converse-status-message" name="message" type="text" .value=${status_message ?? ''} />
      `),
    };
  },
  profile: () => ({ title: __('Your profile'), body: html`<converse-profile-form></converse-profile-form>` }),
  'client-info': () => ({
    title: __('About this program'),
    body: html`<dl class="details client-info"><dt>${__('Program')}</dt><dd>converse-wasm</dd><dt>${__('Version')}</dt><dd>${core().version()}</dd></dl>`,
  }),
  'add-contact': () => ({
    title: __('Add a contact'),
    body: form(({ jid, name }) => api()['contacts'].add(jid, name || undefined), __('Add'), html`
      <label for="converse-add-jid">${__('XMPP address')}</label>
      <input id="converse-add-jid" name="jid" type="text" required autocapitalize="none" spellcheck="false" placeholder=${__('user@domain')} />
      <label for="converse-add-name">${__('Name')}</label>
      <input id="converse-add-name" name="name" type="text" />
    `),
  }),
  'remove-contact': ({ jid, name }: { jid: string; name: string }) => ({
    title: __('Remove %s', name),
    body: form(() => (handle(Kind.Contact, '', jid) as RosterContact).removeFromRoster(), __('Remove'), html`
      <p>${__('%s will not see any more how you can be reached, nor you how they can.', name)}</p>
    `),
  }),
  'follow-link': ({ kind, jid }: { kind: 'chat' | 'room'; jid: string }) => ({
    title: kind === 'room' ? __('Enter this room?') : __('Write to this person?'),
    body: form(() => (kind === 'room' ? openRoom(jid) : openChat(jid)), kind === 'room' ? __('Enter') : __('Open'), html`
      <p>${__("The page's address leads to %s.", jid)}</p>
    `),
  }),
  versions: ({ versions, text }: Line) => ({
    title: __('What it said before'),
    body: html`<ol class="older-versions">${[...versions, text ?? ''].map((version) => html`<li dir="auto">${version}</li>`)}</ol>`,
  }),
  'xmpp-link': (href: string) => {
    const { jid, room, words } = xmppLink(href);
    return {
      title: __('Follow this link?'),
      body: form(() => (room ? openRoom(jid) : openChat(jid)), __('Open'), html`<p><bdi>${words}</bdi></p>`),
    };
  },
  'contact-details': ({ jid, name, address }: { jid: string; name: string; address?: string }) => {
    const { fullname, nickname, email, role, url } = core().attributes(Kind.VCard, '', jid) ?? {};
    const lines = [[__('XMPP address'), address ?? jid], [__('Full name'), fullname], [__('Nickname'), nickname], [__('Email'), email], [__('Role'), role], [__('Website'), url]];
    return {
      title: name,
      body: html`<dl class="details">${lines.map(([term, value]) => (value ? html`<dt>${term}</dt><dd>${value}</dd>` : nothing))}</dl>`,
    };
  },
};

define('converse-dialogs', Dialogs);
