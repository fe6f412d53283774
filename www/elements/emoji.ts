/**
 * Emoji to choose from. Their names and the words to find them by come from `emoji/` beside the script (locales/emoji.mjs),
 * when they are wanted first. A picker of somebody else's would be less to keep, but those there are make their parts by
 * `innerHTML`, and styles by `<style>`: a page with a strict Content-Security-Policy forbids both.
 */
import { html, LitElement, nothing, type TemplateResult } from 'lit';

import { __, LANGUAGES, locale } from '../words.ts';
import { define } from './element.ts';
import { state } from './state.ts';

/** The emoji, its name, its group, words to find it by, and the same in five colours of skin if it has them. */
type Emoji = readonly [emoji: string, name: string, group: number, words: string, tones?: readonly string[]];

/** The most that are found at once. */
const MOST = 120;
/** The group of the colours of skin, which stand for nothing by themselves. */
const COMPONENTS = 2;

/** What has been loaded, by language. */
const loaded = new Map<string, Promise<readonly Emoji[]>>();

function load(): Promise<readonly Emoji[]> {
  const tag = locale();
  const known = LANGUAGES.find((one) => one !== 'ar' && (one === tag || one.split('-')[0] === tag.split('-')[0])) ?? 'en';
  const loading = loaded.get(known) ?? fetched(new URL(`emoji/${known}.json`, state.base));
  loaded.set(known, loading);
  // Who tries again may have more luck.
  loading.catch(() => loaded.delete(known));
  return loading;
}

async function fetched(url: URL): Promise<readonly Emoji[]> {
  const response = await fetch(url);
  if (!response.ok) {
    throw new Error(`${url} answered ${response.status}`);
  }
  return ((await response.json()) as Emoji[]).filter(([, , group]) => group !== COMPONENTS);
}

class EmojiPicker extends LitElement {
  #all: readonly Emoji[] | undefined;
  #failed = false;
  #group = 0;
  #tone = 0;
  #wanted = '';

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    load().then(
      (all) => (this.#all = all),
      () => (this.#failed = true),
    ).then(() => this.requestUpdate());
  }

  protected override firstUpdated(): void {
    this.querySelector('input')?.focus();
  }

  override render(): TemplateResult {
    const groups = [['😀', __('Smileys')], ['👋', __('People')], ['🐻', __('Animals and nature')], ['🍎', __('Food and drink')], ['✈️', __('Travel and places')], ['⚽', __('Activities')], ['💡', __('Objects')], ['❤️', __('Symbols')], ['🏳️', __('Flags')]] as const;
    const tones = [['✋', __('Any skin')], ['✋🏻', __('Light skin')], ['✋🏼', __('Medium light skin')], ['✋🏽', __('Medium skin')], ['✋🏾', __('Medium dark skin')], ['✋🏿', __('Dark skin')]] as const;
    return html`
      <div class="emoji-picker" role="dialog" aria-label=${__('Emoji')} @keydown=${this.#key}>
        <div class="emoji-bar">
          <input type="search" aria-label=${__('Search emoji')} placeholder=${__('Search emoji')} @input=${this.#search} />
          <select aria-label=${__('Colour of skin')} @change=${this.#toned}>
            ${tones.map(([hand, words], tone) => html`<option value=${tone} aria-label=${words} ?selected=${tone === this.#tone}>${hand}</option>`)}
          </select>
        </div>
        <div class="emoji-groups" role="group" aria-label=${__('Kinds of emoji')}>
          ${groups.map(([sign, words], at) => {
            // The numbers of Unicode's groups leave no gap but for the components.
            const group = at < COMPONENTS ? at : at + 1;
            return html`<button type="button" title=${words} aria-label=${words} aria-pressed=${!this.#wanted && group === this.#group} @click=${() => this.#open(group)}>${sign}</button>`;
          })}
        </div>
        ${this.#failed ? html`<p role="alert">${__('The emoji could not be loaded.')}</p>` : nothing}
        <div class="emoji-list" role="group" aria-label=${__('Emoji')}>
          ${this.#found().map((one, at) => html`<button type="button" class="emoji" tabindex=${at === 0 ? 0 : -1} title=${one[1]} aria-label=${one[1]}
            @click=${() => this.#pick(one)}>${this.#toneOf(one)}</button>`)}
        </div>
        <p class="visually-hidden" role="status">${this.#wanted && this.#all && this.#found().length === 0 ? __('There is no such emoji.') : nothing}</p>
      </div>
    `;
  }

  #found(): readonly Emoji[] {
    const all = this.#all ?? [];
    const wanted = this.#wanted.toLowerCase().split(/\s+/).filter(Boolean);
    if (wanted.length === 0) {
      return all.filter(([, , group]) => group === this.#group);
    }
    return all.filter(([emoji, name, , words]) => wanted.every((word) => `${emoji} ${name} ${words}`.toLowerCase().includes(word))).slice(0, MOST);
  }

  #toneOf([emoji, , , , tones]: Emoji): string {
    return tones?.[this.#tone - 1] ?? emoji;
  }

  #search(event: Event): void {
    this.#wanted = (event.target as HTMLInputElement).value;
    this.requestUpdate();
  }

  #toned(event: Event): void {
    this.#tone = Number((event.target as HTMLSelectElement).value);
    this.requestUpdate();
  }

  #open(group: number): void {
    this.#group = group;
    this.#wanted = '';
    this.querySelector('input')!.value = '';
    this.querySelector('.emoji-list')!.scrollTop = 0;
    this.requestUpdate();
  }

  #pick(one: Emoji): void {
    this.dispatchEvent(new CustomEvent('converse-emoji', { detail: this.#toneOf(one) }));
  }

  #key(event: KeyboardEvent): void {
    const all = [...this.querySelectorAll<HTMLElement>('.emoji-list button')];
    const target = event.target as HTMLElement;
    const at = all.indexOf(target);
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      this.dispatchEvent(new CustomEvent('converse-closed'));
    } else if (event.key === 'Enter' && target instanceof HTMLInputElement) {
      event.preventDefault();
      all[0]?.click();
    } else if (event.key === 'ArrowDown' && at < 0 && target instanceof HTMLInputElement) {
      event.preventDefault();
      all[0]?.focus();
    } else if (at >= 0) {
      const forward = getComputedStyle(this).direction === 'rtl' ? -1 : 1;
      const columns = all.findIndex((one) => one.offsetTop > all[0]!.offsetTop);
      const steps: Record<string, number> = { ArrowRight: forward, ArrowLeft: -forward, ArrowDown: columns, ArrowUp: -columns, Home: -at, End: all.length - 1 - at };
      const step = steps[event.key];
      if (step !== undefined) {
        event.preventDefault();
        all[at + step]?.focus();
      }
    }
  }
}

define('converse-emoji', EmojiPicker);
