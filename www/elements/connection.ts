/** That the connection is lost, and what happens next; or that something else was lost and is there again. */
import { html, nothing, type TemplateResult } from 'lit';

import { core } from '../models/core.ts';
import { __, plural } from '../words.ts';
import { define, ShownElement } from './element.ts';
import { state } from './state.ts';

class Connection extends ShownElement {
  #tick: ReturnType<typeof setTimeout> | undefined;
  readonly #changed = (): void => this.requestUpdate();

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('online', this.#changed);
    window.addEventListener('offline', this.#changed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('online', this.#changed);
    window.removeEventListener('offline', this.#changed);
    clearTimeout(this.#tick);
  }

  override render(): TemplateResult {
    const waits = state.session === 'waiting';
    const lost = waits || state.session === 'returning';
    const seconds = waits ? Math.ceil((core().nextAttempt() ?? 0) / 1000) : 0;
    clearTimeout(this.#tick);
    if (waits) {
      this.#tick = setTimeout(this.#changed, 1000);
    }
    // What is announced does not change with each second.
    return html`
      <div class=${lost || state.failed ? 'connection-note' : 'connection-note connection-note--none'}>
        <span role="status">${lost ? (navigator.onLine ? __('The connection was lost.') : __('This device has no network.')) : state.failed ? __('A part of this chat has failed, and was started again. What was said is still there.') : nothing}</span>
        ${lost ? html`<span>${seconds > 0 ? plural('Next attempt in %s second.', 'Next attempt in %s seconds.', seconds) : __('Trying to get it back …')}</span>` : nothing}
        ${state.failed && !lost ? html`<button type="button" class="link-button" @click=${() => state.set({ failed: false })}>${__('Close')}</button>` : nothing}
        ${waits && seconds > 1 ? html`<button type="button" class="link-button" @click=${() => core().connectNow()}>${__('Try now')}</button>` : nothing}
      </div>
    `;
  }
}

define('converse-connection', Connection);
