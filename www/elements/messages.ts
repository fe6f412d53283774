/**
 * What was said. Of a long conversation a part is in the document: the newest messages, or those around the place that
 * one has scrolled to. At the beginning of all that is here, the archive is asked for more.
 */
import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';

import { api, core } from '../models/core.ts';
import { Kind } from '../models/kinds.ts';
import { arePluginsDrawing, drawByPlugins } from '../views/message.ts';
import { __ } from '../words.ts';
import { modelOf } from './actions.ts';
import { define, ShownElement } from './element.ts';
import { icon } from './icons.ts';
import { day, freshLine, message, type Line } from './message.ts';
import { notices } from './notices.ts';

/** The most messages in the document at once; the core makes no more lines (`MAX_LINES`). */
const SHOWN = 100;
/** How many come into it, and go out, when one scrolls to an end of what is there; and in one frame, when one opens it. */
const STEP = 30;
/** So near to an end, in CSS pixels, what comes next is put there. */
const NEAR = 400;
/** So near to the end, in CSS pixels, one is at it. */
const AT_END = 30;

export class Messages extends ShownElement {
  static override properties = { of: { attribute: false }, kind: { attribute: false } };
  declare of: string;
  declare kind: 'chat' | 'room';
  /** Something may be other than it was shown; else it is only another part of the conversation that is wanted. */
  declare stale: boolean;

  /** How many messages there are, and the places of those in the document. */
  #count = 0;
  #first = 0;
  #end = 0;
  /** Those messages, as they were shown, and the place of the first. */
  #lines: { from: number; all: Line[] } = { from: 0, all: [] };
  /** The last message in the document; none while that is the newest, and will be the next. */
  #last: number | undefined;
  /** The last message that the user has cleared away. */
  #cleared: number | undefined;
  /** What is there has come while one looked at something else. */
  #news = false;
  /** The most messages in the document by now: were all of them put there in one frame, what is typed would wait for it. */
  #most = STEP;
  /** The element has just come into the document, and has shown nothing there. */
  #arrives = true;
  /** There is something new to look for in the archive's past. */
  #looksBack = true;
  /** The place of a message before it moved, so that it can be kept. */
  #anchor: { id: string; top: number } | undefined;
  readonly #resized = new ResizeObserver(() => this.#keepEnd());

  override get watches(): readonly (readonly [Kind, string?])[] {
    return this.kind === 'room' ? [[Kind.Message, this.of], [Kind.Occupant, this.of], [Kind.Room]] : [[Kind.Message, this.of]];
  }

  /** One sees the newest message, and will see the next. */
  get follows(): boolean {
    return this.#last === undefined;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Out of the document a list forgets where it was.
    this.#arrives = true;
    this.#last = undefined;
    this.#news = false;
    this.requestUpdate();
    this.#resized.observe(this);
    this.addEventListener('scroll', this.#scrolled, { passive: true });
    this.tabIndex = 0;
    this.setAttribute('role', 'log');
    this.setAttribute('aria-live', 'polite');
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
    this.removeEventListener('scroll', this.#scrolled);
    // Its view may bring it back, and what it has then is laid out in one frame.
    this.#most = STEP;
    super.requestUpdate();
  }

  /** Whoever asks for it, except the one who scrolls, has seen something change. */
  override requestUpdate(...about: Parameters<ShownElement['requestUpdate']>): void {
    this.stale = true;
    super.requestUpdate(...about);
  }

  protected override willUpdate(): void {
    this.setAttribute('aria-label', __('Messages'));
    const count = core().lineCount(this.of);
    const place = this.#last === undefined ? undefined : core().linePlace(this.of, this.#last);
    this.#news ||= place !== undefined && count - (place + 1) > this.#count - this.#end;
    this.#looksBack ||= count !== this.#count;
    this.#count = count;
    this.#end = place === undefined ? count : place + 1;
    const cleared = this.#cleared === undefined ? undefined : core().linePlace(this.of, this.#cleared);
    const oldest = cleared === undefined ? 0 : cleared + 1;
    if (this.#arrives && this.#most < SHOWN && this.#isFreshBefore(this.#end - this.#most)) {
      this.#most = SHOWN;
    }
    this.#first = Math.max(oldest, this.#end - this.#most);
    if (!this.follows) {
      this.#anchor = this.#findAnchor();
    }
  }

  override render(): TemplateResult {
    const lines = this.#readLines();
    const room = this.kind === 'room';
    // What a plugin has drawn stays as long as the message is as it was.
    const drawn = arePluginsDrawing();
    const reads = core().past(this.of) === 'asked';
    this.setAttribute('aria-busy', String(reads));
    return html`
      ${reads && this.#first === 0
        ? html`<p class="older-messages" role="status"><span class="spinner" aria-hidden="true"></span> ${__('Looking for older messages …')}</p>`
        : nothing}
      ${room && this.#first === 0 ? notices(core().firstNotices(this.of)) : nothing}
      ${repeat(lines, (line) => (drawn ? JSON.stringify(line) : line.id), (line) =>
        guard([line], () => html`${line.new_day ? day(line) : nothing}${line.fresh ? freshLine() : nothing}${message(line, room)}${notices(line.notices)}`))}
      ${this.#news
        ? html`<button type="button" class="new-msgs-indicator" @click=${() => this.scrollDown()}>${icon('down')} ${__('New messages')}</button>`
        : nothing}
    `;
  }

  /** What one has not seen begins before this place, and after what is never in the document. */
  #isFreshBefore(place: number): boolean {
    const from = Math.max(0, this.#end - SHOWN);
    return from < place && (core().lines(this.of, from, place) as Line[]).some(({ fresh }) => fresh);
  }

  /** The messages that are to be in the document. While one scrolls, those that were there are not read again. */
  #readLines(): Line[] {
    const [first, end] = [this.#first, this.#end];
    const { from, all } = this.#haveMoved() ? { from: first, all: [] } : this.#lines;
    const to = from + all.length;
    const apart = end <= from || first >= to;
    const read = (from: number, to: number): Line[] => (from < to ? core().lines(this.of, from, to) : []);
    const lines = apart ? read(first, end) : [...read(first, from), ...all.slice(Math.max(0, first - from), end - from), ...read(to, end)];
    this.#lines = { from: first, all: lines };
    this.stale = false;
    return lines;
  }

  /** What was read may not be what is there, or not where it is. The core may have news that nobody has been told of yet. */
  #haveMoved(): boolean {
    const { from, all } = this.#lines;
    const stands = (line: Line | undefined, place: number): boolean => !line || core().linePlace(this.of, line.id) === place;
    return this.stale || !stands(all[0], from) || !stands(all.at(-1), from + all.length - 1);
  }

  protected override updated(): void {
    if (arePluginsDrawing()) {
      drawByPlugins(this, this.of);
    }
    if (this.follows) {
      this.scrollTop = this.scrollHeight;
      this.#arrive();
    } else if (this.#anchor) {
      const moved = this.querySelector(`[data-id="${this.#anchor.id}"]`);
      if (moved) {
        const by = moved.getBoundingClientRect().top - this.#anchor.top;
        if (by !== 0) {
          this.scrollTop += by;
        }
      }
    }
    this.#anchor = undefined;
    this.#lookBack();
    this.#fill();
  }

  /** Has more of the conversation come into the document with the next frame, until enough of it is there. */
  #fill(): void {
    if (this.#most < SHOWN && this.#first > 0 && this.isConnected) {
      this.#most = Math.min(SHOWN, this.#most + STEP);
      requestAnimationFrame(() => super.requestUpdate());
    }
  }

  /** Who comes to a conversation sees first what they have not seen, if there is more of it than fits. */
  #arrive(): void {
    if (!this.#arrives || this.#count === 0 || this.clientHeight === 0) {
      return;
    }
    this.#arrives = false;
    const model = modelOf({ kind: this.kind, jid: this.of });
    if (model.get('scrolled')) {
      model.set('scrolled', false);
    }
    const line = this.querySelector<HTMLElement>('.new-messages-line');
    const above = line ? line.getBoundingClientRect().top - this.getBoundingClientRect().top : 0;
    if (above < 0) {
      this.scrollTop += above;
      this.#setLast(this.#end);
    }
  }

  /** Asks the archive for what is before, if one is near the beginning of what is here. */
  #lookBack(): void {
    if (this.#looksBack && this.#first === 0 && this.scrollTop < NEAR && this.clientHeight > 0) {
      this.#looksBack = false;
      core().fetchOlder(this.of);
    }
  }

  readonly #scrolled = (): void => {
    const below = this.scrollHeight - this.scrollTop - this.clientHeight;
    if (below <= AT_END && this.#end >= this.#count) {
      this.#setLast(undefined);
      return;
    }
    let end = this.#end;
    if (this.scrollTop < NEAR && this.#first > 0 && this.#cleared === undefined) {
      end = Math.max(Math.min(SHOWN, this.#count), end - STEP);
    } else if (below < NEAR && end < this.#count) {
      end = Math.min(this.#count, end + STEP);
    }
    this.#setLast(end);
    this.#looksBack = true;
    this.#lookBack();
  };

  /** Ends what is in the document before the place `end`; at the newest message without. */
  #setLast(end: number | undefined): void {
    const followed = this.follows;
    this.#last = end === undefined ? undefined : (core().lines(this.of, end - 1, end) as Line[])[0]?.id;
    if (this.follows !== followed) {
      modelOf({ kind: this.kind, jid: this.of }).set('scrolled', !this.follows);
    }
    if (this.follows && (this.#news || !followed)) {
      this.#news = false;
      this.dispatchEvent(new CustomEvent('converse-read', { bubbles: true }));
      if (!followed) {
        api()['emit']('chatBoxScrolledDown', { chatbox: modelOf({ kind: this.kind, jid: this.of }) });
      }
      this.requestUpdate();
    } else if (end !== undefined && end !== this.#end) {
      this.#end = end;
      super.requestUpdate();
    }
  }

  /** The first message that one sees, and where. Those before it are found by halves: a long list is not measured whole. */
  #findAnchor(): { id: string; top: number } | undefined {
    const top = this.getBoundingClientRect().top;
    const all = this.querySelectorAll<HTMLElement>('.chat-msg');
    let [from, to] = [0, all.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (all[middle]!.getBoundingClientRect().top < top) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    const one = all[from] ?? all[from - 1];
    return one && { id: one.dataset['id'] ?? '', top: one.getBoundingClientRect().top };
  }

  #keepEnd(): void {
    if (this.follows) {
      this.scrollTop = this.scrollHeight;
    }
  }

  /** Shows nothing of what is there now. */
  clear(): void {
    this.#setLast(undefined);
    this.#cleared = (core().lines(this.of, this.#count - 1, this.#count) as Line[])[0]?.id;
    this.requestUpdate();
  }

  /** Shows the newest message. */
  scrollDown(): void {
    this.#setLast(undefined);
    this.requestUpdate();
  }
}

define('converse-messages', Messages);
