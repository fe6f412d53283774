/** The rooms that a service tells of. */
import { html, nothing, type TemplateResult } from 'lit';

import { api } from '../models/core.ts';
import { __ } from '../words.ts';
import { openRoom, setting } from './actions.ts';
import { define } from './element.ts';
import { asked } from './room-actions.ts';
import { state } from './state.ts';
import { WindowedList } from './windowed.ts';

interface Room {
  jid: string;
  name: string;
}

class RoomBrowser extends WindowedList {
  #service = '';
  #rooms: readonly Room[] | undefined;
  #complaint: string | undefined;
  #busy = false;
  /** Which question is waited for. */
  #asked = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#begin();
  }

  override render(): TemplateResult {
    const rooms = this.#rooms;
    return html`
      <form class="converse-form" ?hidden=${setting('muc_domain') && setting('hide_muc_server')} @submit=${this.#submit}>
        <label for="converse-muc-service">${__('The address of the service')}</label>
        <input id="converse-muc-service" name="service" type="text" required autocapitalize="none" spellcheck="false" dir="ltr" .value=${this.#service} />
        <button class="btn-primary">${__('Show its rooms')}</button>
      </form>
      ${this.#complaint ? html`<p class="error" role="alert">${this.#complaint}</p>` : nothing}
      ${this.#busy ? html`<p class="hint" role="status"><span class="spinner" aria-hidden="true"></span> ${__('Asking the service …')}</p>` : nothing}
      ${rooms && rooms.length > 0 ? this.windowed(__('Rooms')) : nothing}
      ${rooms?.length === 0 ? html`<p class="nobody" role="status">${__('It tells of no rooms.')}</p>` : nothing}
    `;
  }

  protected override count(): number {
    return this.#rooms?.length ?? 0;
  }

  protected override rows(from: number, to: number): TemplateResult[] {
    return (this.#rooms ?? []).slice(from, to).map(({ jid, name }) => html`
      <div class="roster-row list-item available-room" role="listitem">
        <button type="button" class="list-item-link open-room" title=${jid} @click=${() => this.#enter(jid)}>
          <span class="contact-lines"><span class="contact-name" dir="auto">${name}</span><span class="contact-status" dir="ltr">${jid}</span></span>
        </button>
      </div>
    `);
  }

  async #begin(): Promise<void> {
    this.#service = setting('muc_domain') ?? (await ownService()) ?? '';
    this.requestUpdate();
    if (this.#service && (setting('auto_list_rooms') || setting('hide_muc_server'))) {
      await this.#ask(this.#service);
    }
  }

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void this.#ask(String(new FormData(event.target as HTMLFormElement).get('service') ?? '').trim());
  };

  async #ask(service: string): Promise<void> {
    const asking = (this.#asked += 1);
    [this.#service, this.#busy, this.#rooms, this.#complaint] = [service, true, undefined, undefined];
    this.requestUpdate();
    let rooms: Room[] | undefined;
    let complaint: string | undefined;
    try {
      const answer: Element = await asked(api()['disco'].items(service));
      rooms = [...answer.querySelectorAll('item[jid]')].map((item) => {
        const jid = item.getAttribute('jid') ?? '';
        return { jid, name: item.getAttribute('name') || jid };
      });
    } catch (error) {
      complaint = error instanceof Error ? error.message : __('The service did not answer.');
    }
    if (asking === this.#asked) {
      [this.#busy, this.#rooms, this.#complaint] = [false, rooms, complaint];
      this.requestUpdate();
    }
  }

  #enter(jid: string): void {
    state.set({ dialog: undefined });
    void openRoom(jid);
  }
}

/** The room service of the user's own server, if that is known. */
async function ownService(): Promise<string | undefined> {
  const entities = await api()['disco'].entities.get();
  return entities.find((entity: any) => entity.identities.some((identity: any) => identity.get('category') === 'conference'))?.get('jid');
}

define('converse-room-browser', RoomBrowser);
