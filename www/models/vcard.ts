/** Handles of vCards. */
import { api, core, isVCardReplaced } from './core.ts';
import { handle } from './handles.ts';
import { Kind } from './kinds.ts';
import { Model, type Attributes, type Options, type Place } from './model.ts';

/** What is shown of somebody of whom there is no picture: a head and shoulders, as the base64 of an SVG. */
export const DEFAULT_IMAGE = btoa(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64"><path fill="#8a939b" d="M0 0h64v64H0z"/><circle cx="32" cy="25" r="12" fill="#fff"/><path fill="#fff" d="M10 64a22 22 0 0 1 44 0z"/></svg>',
);
export const DEFAULT_IMAGE_TYPE = 'image/svg+xml';

/** What a vCard says, by the names that the core has for it. */
const KEPT = ['fullname', 'nickname', 'image', 'image_type', 'image_hash', 'url', 'role', 'email'];

/** What somebody says about themselves. What a plugin writes here everybody is shown. */
export class VCard extends Model {
  override set(name: string | Attributes | null, value?: unknown, options?: Options): this | false {
    const given: Attributes = name == null ? {} : typeof name === 'object' ? name : { [name]: value };
    const kept = Object.entries(given).filter(([key, value]) => KEPT.includes(key) && value !== this.get(key));
    const done = super.set(name, value, options);
    if (this.place && kept.length > 0) {
      core().keepVCard(this.place.id, Object.fromEntries(kept.map(([key, value]) => [key, value ?? ''])));
    }
    return done;
  }

  protected override read(place: Place): Attributes | undefined {
    const known = super.read(place);
    const picture = known?.['image'] ? {} : { image: DEFAULT_IMAGE, image_type: DEFAULT_IMAGE_TYPE };
    return { id: place.id, jid: place.id, ...known, ...picture };
  }
}

/** Whom a plugin has been asked about. */
const asked = new Set<string>();

/**
 * Has somebody's vCard fetched when there is time, unless it is known: by the plugin that has replaced `api.vcard.get`, if
 * one has. `false` if nobody may be asked for it.
 */
export function wantVCard(jid: string): boolean {
  if (!isVCardReplaced()) {
    return core().wantVCard(jid);
  }
  if (jid && !asked.has(jid)) {
    asked.add(jid);
    void api()['vcard'].update(handle(Kind.VCard, '', jid)).catch(reportError);
  }
  return true;
}
