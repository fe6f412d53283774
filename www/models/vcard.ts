import { Model, type Attributes, type Place } from './model.ts';

/** What is shown of somebody of whom there is no picture: a head and shoulders, as the base64 of an SVG. */
export const DEFAULT_IMAGE = btoa(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64"><path fill="#8a939b" d="M0 0h64v64H0z"/><circle cx="32" cy="25" r="12" fill="#fff"/><path fill="#fff" d="M10 64a22 22 0 0 1 44 0z"/></svg>',
);
export const DEFAULT_IMAGE_TYPE = 'image/svg+xml';

/** What somebody says about themselves. */
export class VCard extends Model {
  protected override read(place: Place): Attributes | undefined {
    const known = super.read(place);
    const picture = known?.['image'] ? {} : { image: DEFAULT_IMAGE, image_type: DEFAULT_IMAGE_TYPE };
    return { id: place.id, jid: place.id, ...known, ...picture };
  }
}
