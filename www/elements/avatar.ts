/**
 * Somebody's picture, or the first letter of their name on a colour of their own (XEP-0392). Styles are given as properties: a
 * Content-Security-Policy without 'unsafe-inline' forbids the attribute.
 */
import { html, type TemplateResult } from 'lit';

import { core } from '../models/core.ts';
import { Kind } from '../models/kinds.ts';

/** The colours, as many as can be told apart: angles of the colour wheel. */
const HUES = 24;

export function avatar(jid: string, name: string): TemplateResult {
  core().wantVCard(jid);
  const { image, image_type } = core().attributes(Kind.VCard, '', jid) ?? {};
  if (image && /^image\/(png|jpeg|gif|webp)$/.test(image_type ?? '')) {
    return html`<img class="avatar" alt="" src=${`data:${image_type};base64,${image}`} width="36" height="36" />`;
  }
  return letter(jid, name);
}

/** The first letter alone: nobody is asked for a picture. */
export function letter(id: string, name: string): TemplateResult {
  const [first = '?'] = name;
  // Not as text, which would be a part of what a button is called.
  return html`<span class="avatar" aria-hidden="true" data-letter=${first.toUpperCase()} .style=${`--avatar-hue: ${hue(id)}`}></span>`;
}

function hue(id: string): number {
  let sum = 7;
  for (const character of id) {
    sum = (sum * 31 + character.charCodeAt(0)) % 9973;
  }
  return (sum % HUES) * (360 / HUES);
}
