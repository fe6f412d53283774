/** Nicknames that fit what is being written in a room, above the place where it is. */
import { html, nothing, type TemplateResult } from 'lit';

import { core } from '../models/core.ts';
import { __ } from '../words.ts';
import { modelOf, type Box } from './actions.ts';

/** The most that are suggested. */
const MOST = 8;

/** Where one writes. */
interface Host {
  readonly box: Box;
  readonly field: HTMLTextAreaElement | null;
  /** Puts `words` in the place of what is between two places in the field. */
  insert(words: string, from: number, to: number): void;
  requestUpdate(): void;
}

export class Suggestions {
  readonly #host: Host;
  #nicks: readonly string[] = [];
  /** The one that Enter takes. */
  #chosen = 0;
  /** Where the word is that it would take the place of. */
  #word = { from: 0, to: 0 };

  constructor(host: Host) {
    this.#host = host;
  }

  get any(): boolean {
    return this.#nicks.length > 0;
  }

  /** The ids of the list and of the chosen one in it, for the field. */
  get listId(): string {
    return `suggestions-${modelOf(this.#host.box).box_id}`;
  }

  get chosenId(): string {
    return `${this.listId}-${this.#chosen}`;
  }

  list(): TemplateResult | typeof nothing {
    if (!this.any) {
      return nothing;
    }
    const id = this.listId;
    return html`
      <ul class="suggestions" role="listbox" id=${id} aria-label=${__('People in this room')}>
        ${this.#nicks.map((nick, at) => html`<li role="option" id=${`${id}-${at}`} aria-selected=${at === this.#chosen}
          @mousedown=${(event: Event) => this.#take(event, at)}><bdi>${nick}</bdi></li>`)}
      </ul>
    `;
  }

  /** Looks for nicknames that begin as the word before the cursor: after an `@`, or at the user's wish any. */
  find(wanted: boolean): boolean {
    const { box, field } = this.#host;
    if (!field || box.kind !== 'room') {
      return false;
    }
    const to = field.selectionStart;
    const before = field.value.slice(0, to);
    const [, sign, start] = /(?:^|\s)(@?)(\S*)$/.exec(before) ?? [];
    const looks = sign === '@' || (wanted && start !== '');
    this.#nicks = looks ? core().nicknames(box.jid, start!, MOST) : [];
    this.#chosen = 0;
    this.#word = { from: to - (start?.length ?? 0) - (sign?.length ?? 0), to };
    this.#host.requestUpdate();
    return this.any;
  }

  readonly stop = (): void => {
    if (this.any) {
      this.#nicks = [];
      this.#host.requestUpdate();
    }
  };

  /** Whether the key is the list's. */
  key(event: KeyboardEvent): boolean {
    const count = this.#nicks.length;
    if (count === 0) {
      return false;
    }
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp':
        event.preventDefault();
        this.#chosen = (this.#chosen + (event.key === 'ArrowDown' ? 1 : count - 1)) % count;
        this.#host.requestUpdate();
        return true;
      case 'Enter':
      case 'Tab':
        this.#take(event, this.#chosen);
        return true;
      case 'Escape':
        event.preventDefault();
        this.stop();
        return true;
      default:
        return false;
    }
  }

  #take(event: Event, at: number): void {
    event.preventDefault();
    // The model knows by the sign that somebody is meant, and takes it out.
    this.#host.insert(`@${this.#nicks[at]!} `, this.#word.from, this.#word.to);
    this.stop();
  }
}
