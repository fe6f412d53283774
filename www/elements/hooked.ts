/** What plugins add to what stands here, by the hooks that converse.js has had since version 7. */
import { html, nothing, type TemplateResult } from 'lit';
import { until } from 'lit/directives/until.js';

import { answersOf, handlersOf } from '../idioms.ts';

/** A button, as plugins describe it. */
export interface Button {
  i18n_text?: unknown;
  i18n_title?: string;
  /** The picture, of a font that the page has. */
  icon_class?: string;
  a_class?: string;
  button_class?: string;
  handler?(event: Event): unknown;
}

/** What those who listen to `name` add to what `about` makes, drawn by `draw`. Nothing while nobody does. */
export function hooked<T>(name: string, about: () => unknown, draw: (added: T) => unknown): unknown {
  const handlers = handlersOf(name);
  return handlers.length > 0 ? until(answersOf<T[]>(handlers, about(), []).then((all) => all.map(draw)).catch(report)) : nothing;
}

/** A button with its words, which the picture of the plugin's stands before. */
export function addedButton({ i18n_text, i18n_title, icon_class, a_class, button_class, handler }: Button): TemplateResult {
  return html`<button type="button" class=${`chatbox-btn added-btn ${a_class ?? button_class ?? ''}`} title=${i18n_title ?? nothing} @click=${(event: Event) => handler?.(event)}>
    ${icon_class ? html`<i class=${`fa ${icon_class}`} aria-hidden="true"></i>` : nothing}<span>${i18n_text ?? i18n_title ?? nothing}</span></button>`;
}

function report(error: unknown): typeof nothing {
  reportError(error);
  return nothing;
}
