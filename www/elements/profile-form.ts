/** What the user says about themselves, to be changed: their vCard. */
import { html, nothing, type TemplateResult } from 'lit';

import { api, core } from '../models/core.ts';
import { Kind } from '../models/kinds.ts';
import { __ } from '../words.ts';
import { attempt } from './actions.ts';
import { avatar } from './avatar.ts';
import { define, ShownElement } from './element.ts';
import { state } from './state.ts';

/** A picture is this wide and high, in pixels: clients show it small, and everybody fetches it. */
const PICTURE_SIZE = 192;
const PICTURE_TYPE = 'image/jpeg';

class ProfileForm extends ShownElement {
  /** The picture that was chosen, in Base64. */
  #picture: string | undefined;
  #complaint: string | undefined;
  #busy = false;

  override get watches(): readonly (readonly [Kind])[] {
    return [[Kind.VCard]];
  }

  override render(): TemplateResult {
    const { jid = '' } = core().attributes(Kind.Status, '', 'status') ?? {};
    const { fullname, nickname, url, email, role } = core().attributes(Kind.VCard, '', jid) ?? {};
    const fields = [
      ['fn', __('Full name'), fullname, 'name', 'text'],
      ['nickname', __('Nickname'), nickname, 'nickname', 'text'],
      ['url', __('Website'), url, 'url', 'url'],
      ['email', __('Email'), email, 'email', 'email'],
      ['role', __('Role'), role, 'organization-title', 'text'],
    ] as const;
    return html`
      <form class="converse-form profile-form" aria-busy=${String(this.#busy)} @submit=${this.#submit}>
        ${this.#complaint ? html`<p class="error" role="alert">${this.#complaint}</p>` : nothing}
        <div class="profile-picture">
          ${this.#picture
            ? html`<img class="avatar" alt="" src=${`data:${PICTURE_TYPE};base64,${this.#picture}`} width="72" height="72" />`
            : avatar(jid, nickname || fullname || jid)}
          <div>
            <p class="profile-jid" dir="ltr">${jid}</p>
            <label class="btn-secondary picture-button">
              ${__('Choose a picture')}
              <input type="file" class="visually-hidden" accept="image/png,image/jpeg,image/gif,image/webp" @change=${this.#choose} />
            </label>
          </div>
        </div>
        ${fields.map(([name, words, value, complete, type]) => html`
          <label for=${`converse-profile-${name}`}>${words}</label>
          <input id=${`converse-profile-${name}`} name=${name} type=${type} autocomplete=${complete} .value=${value ?? ''} />
        `)}
        <p class="hint">${__('Your contacts, and those who are in the same rooms, can read this.')}</p>
        <div class="buttons">
          <button class="btn-primary" ?disabled=${this.#busy}>${__('Save')}</button>
          <button type="button" class="btn-secondary" @click=${close}>${__('Cancel')}</button>
        </div>
      </form>
    `;
  }

  #choose(event: Event): void {
    const [file] = (event.target as HTMLInputElement).files ?? [];
    if (file) {
      small(file).then(
        (picture) => {
          this.#picture = picture;
          this.#complain(undefined);
        },
        () => this.#complain(__('This picture cannot be read.')),
      );
    }
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    const { jid } = core().attributes(Kind.Status, '', 'status') ?? {};
    const values = Object.fromEntries([...new FormData(event.target as HTMLFormElement)].map(([name, value]) => [name, String(value).trim()]));
    const picture = this.#picture ? { image: this.#picture, image_type: PICTURE_TYPE } : {};
    this.#busy = true;
    this.#complain(undefined);
    const saving: Promise<unknown> = api()['vcard'].set(jid, { ...values, ...picture });
    saving.then(
      () => {
        close();
        attempt(Promise.resolve(api()['vcard'].get(jid)));
      },
      () => {
        this.#busy = false;
        this.#complain(__('The server did not take it. Try again in a while.'));
      },
    );
  }

  #complain(complaint: string | undefined): void {
    this.#complaint = complaint;
    this.requestUpdate();
  }
}

function close(): void {
  state.set({ dialog: undefined });
}

/** The middle of a picture, scaled down, in Base64. What else the file says, such as where it was taken, is left out. */
async function small(file: File): Promise<string> {
  const bitmap = await createImageBitmap(file);
  const side = Math.min(bitmap.width, bitmap.height);
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = PICTURE_SIZE;
  const context = canvas.getContext('2d')!;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, PICTURE_SIZE, PICTURE_SIZE);
  context.drawImage(bitmap, (bitmap.width - side) / 2, (bitmap.height - side) / 2, side, side, 0, 0, PICTURE_SIZE, PICTURE_SIZE);
  bitmap.close();
  return canvas.toDataURL(PICTURE_TYPE, 0.85).split(',')[1]!;
}

define('converse-profile-form', ProfileForm);
