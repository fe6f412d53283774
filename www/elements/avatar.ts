/**
 * Somebody's picture, or the first letter of their name on a colour of their own. Styles are given as properties: a
 * Content-Security-Policy without 'unsafe-inline' forbids the attribute.
 */
import { html, type TemplateResult } from 'lit';

import { core } from '../models/core.ts';
import { Kind } from '../models/kinds.ts';
import { wantVCard } from '../models/vcard.ts';

/** What was looked up already: pictures by address, and those of whom there is none. Until something of it changes. */
const pictures = new Map<string, string | undefined>();

/** Has somebody's picture looked up again, or everybody's: it may be another one. */
export function forgetPicture(jid?: string): void {
  if (jid) {
    pictures.delete(jid);
  } else {
    pictures.clear();
  }
}

/** The colours, as many as can be told apart: angles of the colour wheel. */
const HUES = 24;

export function avatar(jid: string, name: string): TemplateResult {
  // Who is no contact is not asked, but may become one.
  if (!pictures.has(jid) && wantVCard(jid)) {
    pictures.set(jid, picture(jid));
  }
  const src = pictures.get(jid);
  return src === undefined ? letter(jid, name) : html`<img class="avatar" alt="" src=${src} width="36" height="36" />`;
}

function picture(jid: string): string | undefined {
  const { image, image_type } = core().attributes(Kind.VCard, '', jid) ?? {};
  return image && /^image\/(png|jpeg|gif|webp)$/.test(image_type ?? '') ? `data:${image_type};base64,${image}` : undefined;
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
