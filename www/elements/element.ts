/** What all elements have in common. */
import { LitElement } from 'lit';

import { state } from './state.ts';
import { unwatch, watch, type Watcher } from './shown.ts';

/**
 * An element that shows what the core has. It renders into the document, not into a shadow root of its own: plugins look
 * for parts of it, and sites give them their style.
 */
export abstract class ShownElement extends LitElement implements Watcher {
  get watches(): Watcher['watches'] {
    return [];
  }

  readonly #follow = (): void => this.requestUpdate();

  override connectedCallback(): void {
    super.connectedCallback();
    watch(this);
    state.addEventListener('change', this.#follow);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    unwatch(this);
    state.removeEventListener('change', this.#follow);
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}

/** Gives elements their names. A page may have loaded another copy of this script. */
export function define(name: string, element: CustomElementConstructor): void {
  if (!customElements.get(name)) {
    customElements.define(name, element);
  }
}
