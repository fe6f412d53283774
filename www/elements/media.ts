/** Pictures, sounds and films that messages lead to. Nothing is fetched of what strangers send until the user says so. */
import { html, nothing, type TemplateResult } from 'lit';

import { fileName } from '../compat/dom.ts';
import { __ } from '../words.ts';
import { setting } from './actions.ts';
import { showAll } from './shown.ts';
import { link } from './text.ts';

/** Something that can be shown, as `src/view/text.rs` names it. */
export interface Medium {
  href: string;
  kind: 'image' | 'audio' | 'video';
}

/** What the user wants to see, and what cannot be had. */
const wanted = new Set<string>();
const failed = new Set<string>();

/** What is shown of each: itself if its sender is known, else a button. */
export function media(all: readonly Medium[], known: boolean, alone: boolean): unknown {
  const unasked = known && all.length > 0 && setting('show_images_inline');
  return all.map((medium) => {
    if (failed.has(medium.href)) {
      return alone ? link(medium.href, medium.href) : nothing;
    }
    return unasked || wanted.has(medium.href) ? shown(medium) : offer(medium, alone);
  });
}

function offer({ href, kind }: Medium, alone: boolean): TemplateResult {
  const words = kind === 'image' ? __('Show picture') : kind === 'audio' ? __('Show sound') : __('Show film');
  return html`
    <div class="chat-media-offer">
      ${alone ? html`<p>${link(href, href)}</p>` : nothing}
      <button type="button" class="btn-secondary show-media" @click=${() => again(wanted, href)}>${words}</button>
    </div>
  `;
}

function shown({ href, kind }: Medium): TemplateResult {
  const cannot = (): void => again(failed, href);
  if (kind === 'image') {
    return html`<a class="chat-media" href=${href} target="_blank" rel="noopener noreferrer nofollow">
      <img class="chat-image" src=${href} alt=${__('Picture: %s', fileName(href))} referrerpolicy="no-referrer" decoding="async" loading="lazy" @error=${cannot} /></a>`;
  }
  const label = fileName(href);
  return kind === 'audio'
    ? html`<audio class="chat-media chat-audio" src=${href} controls preload="metadata" aria-label=${label} @error=${cannot}></audio>`
    : html`<video class="chat-media chat-video" src=${href} controls preload="metadata" aria-label=${label} @error=${cannot}></video>`;
}

function again(noted: Set<string>, href: string): void {
  noted.add(href);
  showAll();
}
