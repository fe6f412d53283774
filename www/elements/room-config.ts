/** How a room is to be: the form that it gives its owners. */
import { html, nothing, type TemplateResult } from 'lit';

import { $build } from '../compat/builder.ts';
import { core } from '../models/core.ts';
import { __ } from '../words.ts';
import { setting } from './actions.ts';
import { answers, dataForm, type Field } from './data-form.ts';
import { define, ShownElement } from './element.ts';
import { asked, roomOf } from './room-actions.ts';
import { state } from './state.ts';

class RoomConfig extends ShownElement {
  static override properties = { jid: { attribute: false } };
  declare jid: string;
  #fields: readonly Field[] | undefined;
  #complaint: string | undefined;
  #busy = false;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#fetch();
  }

  override render(): TemplateResult {
    const complaint = this.#complaint ? html`<p class="error" role="alert">${this.#complaint}</p>` : nothing;
    if (!this.#fields) {
      return html`${complaint || html`<p class="hint" role="status"><span class="spinner" aria-hidden="true"></span> ${__('Asking the room …')}</p>`}`;
    }
    return html`
      <form class="converse-form room-config-form" aria-busy=${String(this.#busy)} @submit=${this.#submit}>
        ${complaint} ${dataForm(this.#shown(this.#fields), 'converse-room-config')}
        <div class="buttons">
          <button class="btn-primary" ?disabled=${this.#busy}>${__('Save')}</button>
          <button type="button" class="btn-secondary" @click=${() => state.set({ dialog: undefined })}>${__('Cancel')}</button>
        </div>
      </form>
    `;
  }

  /** Those that the site wants people to see. */
  #shown(fields: readonly Field[]): readonly Field[] {
    const wanted: string[] = setting('roomconfig_whitelist') ?? [];
    const called = (name = ''): boolean => wanted.includes(name) || wanted.includes(name.replace(/^.*#roomconfig_/, ''));
    return fields.filter(({ kind, name }) => kind !== 'hidden' && (wanted.length === 0 || called(name)));
  }

  async #fetch(): Promise<void> {
    try {
      this.#fields = core().formFields(await asked(roomOf(this).fetchRoomConfiguration()));
    } catch (error) {
      this.#complaint = error instanceof Error ? error.message : __('The room refused.');
    }
    this.requestUpdate();
  }

  readonly #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const fields = this.#fields ?? [];
    const given = answers(this.#shown(fields), event.target as HTMLFormElement);
    const sent = fields.filter(({ name, kind }) => name && kind !== 'fixed').map(({ name = '', kind, values }) => {
      const field = $build('field', { var: name, ...(kind === 'hidden' ? { type: kind } : {}) });
      [given[name] ?? values].flat().forEach((value) => field.c('value', {}, value));
      return field;
    });
    this.#busy = true;
    this.requestUpdate();
    try {
      await asked(roomOf(this).sendConfiguration(sent));
      state.set({ dialog: undefined });
    } catch (error) {
      this.#complaint = error instanceof Error ? error.message : __('The room refused.');
    }
    this.#busy = false;
    this.requestUpdate();
  };
}

define('converse-room-config', RoomConfig);
