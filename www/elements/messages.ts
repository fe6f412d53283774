/**
 * What was said. Of a long conversation a part is in the document: the newest messages, or those around the place that
 * one has scrolled to.
 */
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';

import { core } from '../models/core.ts';
import { Kind } from '../models/kinds.ts';
import { __ } from '../words.ts';
import { modelOf } from './actions.ts';
import { define, ShownElement } from './element.ts';
import { icon } from './icons.ts';
import { day, message, type Line } from './message.ts';

/** The most messages in the document at once; the core makes no more lines (`MAX_LINES`). */
const SHOWN = 150;
/** How many come into it, and go out, when one scrolls to an end of what is there. */
const STEP = 50;
/** So near to an end, in CSS pixels, what comes next is put there. */
const NEAR = 200;
/** So near to the end, in CSS pixels, one is at it. */
const AT_END = 30;

export class Messages extends ShownElement {
  static override properties = { of: { attribute: false }, kind: { attribute: false } };
  declare of: string;
  declare kind: 'chat' | 'room';

  /** How many messages there are. */
  #count = 0;
  /** The place after the last message that is in the document; as far as it goes while one is at the end. */
  #end = Infinity;
  /** One sees the newest message, and will see the next. */
  #follows = true;
  /** What is there has come while one looked at something else. */
  #news = false;
  /** The place of a message before it moved, so that it can be kept. */
  #anchor: { id: string; top: number } | undefined;

  override get watches(): readonly (readonly [Kind, string?])[] {
    return [[Kind.Message, this.of]];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('scroll', this.#scrolled, { passive: true });
    this.tabIndex = 0;
    this.setAttribute('role', 'log');
    this.setAttribute('aria-live', 'polite');
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener('scroll', this.#scrolled);
  }

  protected override willUpdate(): void {
    this.setAttribute('aria-label', __('Messages'));
    const count = core().lineCount(this.of);
    this.#news ||= !this.#follows && count > this.#count;
    this.#count = count;
  }

  override render(): TemplateResult {
    const end = Math.min(this.#end, this.#count);
    const lines: Line[] = core().lines(this.of, Math.max(0, end - SHOWN), end);
    const room = this.kind === 'room';
    return html`
      ${repeat(lines, ({ id }) => id, (line) => html`${line.new_day ? day(line) : nothing}${message(line, room)}`)}
      ${this.#news
        ? html`<button type="button" class="new-msgs-indicator" @click=${() => this.scrollDown()}>${icon('down')} ${__('New messages')}</button>`
        : nothing}
    `;
  }

  protected override updated(): void {
    if (this.#follows) {
      this.scrollTop = this.scrollHeight;
    } else if (this.#anchor) {
      const moved = this.querySelector(`[data-id="${this.#anchor.id}"]`);
      if (moved) {
        this.scrollTop += moved.getBoundingClientRect().top - this.#anchor.top;
      }
      this.#anchor = undefined;
    }
  }

  readonly #scrolled = (): void => {
    const below = this.scrollHeight - this.scrollTop - this.clientHeight;
    const end = Math.min(this.#end, this.#count);
    const atEnd = below <= AT_END && end >= this.#count;
    if (atEnd !== this.#follows) {
      this.#follows = atEnd;
      modelOf({ kind: this.kind, jid: this.of }).set('scrolled', !atEnd);
    }
    if (atEnd) {
      this.#end = Infinity;
      if (this.#news) {
        this.#news = false;
        this.requestUpdate();
      }
    } else if (this.scrollTop < NEAR && end > SHOWN) {
      this.#moveTo(end - STEP);
    } else if (below < NEAR && end < this.#count) {
      this.#moveTo(end + STEP);
    }
  };

  /** Puts other messages into the document, and keeps where those are that one sees. */
  #moveTo(end: number): void {
    const top = this.getBoundingClientRect().top;
    for (const one of this.querySelectorAll<HTMLElement>('.message')) {
      const place = one.getBoundingClientRect().top;
      if (place >= top) {
        this.#anchor = { id: one.dataset['id'] ?? '', top: place };
        break;
      }
    }
    this.#end = Math.max(SHOWN, end);
    this.requestUpdate();
  }

  /** Shows the newest message. */
  scrollDown(): void {
    this.#end = Infinity;
    this.#follows = true;
    this.#news = false;
    this.requestUpdate();
  }
}

define('converse-messages', Messages);
