/** A list of which only what can be seen is in the document. Each row has the same height. */
import { html, type TemplateResult } from 'lit';

import { ShownElement } from './element.ts';

/** Rows above and below what can be seen, so that nothing is blank while one scrolls. */
const MARGIN = 10;
/** What is shown before it is known how much can be seen. */
const FIRST = 30;

export abstract class WindowedList extends ShownElement {
  /** The height of a row in CSS pixels, as `www/theme/` has it. */
  protected readonly rowHeight = 44;
  #first = 0;
  #last = FIRST;
  readonly #resized = new ResizeObserver(() => this.#look());
  #scroller: Element | undefined;

  /** How many rows there are. */
  protected abstract count(): number;
  /** The rows from one place to before another. */
  protected abstract rows(from: number, to: number): TemplateResult[];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
    this.#scroller?.removeEventListener('scroll', this.#look);
    this.#scroller = undefined;
  }

  /** The list, in a box that scrolls. */
  protected windowed(label: string): TemplateResult {
    const count = this.count();
    const first = Math.min(this.#first, Math.max(0, count - 1));
    const last = Math.min(this.#last, count);
    return html`
      <div class="windowed" role="list" aria-label=${label} tabindex="-1">
        <div class="windowed__all" .style=${`height: ${count * this.rowHeight}px`}>
          <div class="windowed__seen" .style=${`transform: translateY(${first * this.rowHeight}px)`}>${this.rows(first, last)}</div>
        </div>
      </div>
    `;
  }

  protected override updated(): void {
    const scroller = this.querySelector('.windowed');
    if (scroller && scroller !== this.#scroller) {
      this.#scroller?.removeEventListener('scroll', this.#look);
      this.#scroller = scroller;
      scroller.addEventListener('scroll', this.#look, { passive: true });
      this.#resized.observe(scroller);
    }
  }

  readonly #look = (): void => {
    const { scrollTop = 0, clientHeight = 0 } = this.#scroller ?? {};
    const first = Math.max(0, Math.floor(scrollTop / this.rowHeight) - MARGIN);
    const last = Math.ceil((scrollTop + clientHeight) / this.rowHeight) + MARGIN;
    if (first !== this.#first || last !== this.#last) {
      this.#first = first;
      this.#last = last;
      this.requestUpdate();
    }
  };
}
