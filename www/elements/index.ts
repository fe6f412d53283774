/** The chat client that a visitor sees: custom elements over what the core says is to be shown. */
import { api } from '../models/core.ts';
import type { ClosuredConverse } from '../types/index.d.ts';
import { setting, viewMode } from './actions.ts';
import { followSession } from './session.ts';
import { followCore } from './shown.ts';
import { Root } from './root.ts';
import { state } from './state.ts';

/** Puts the client into the page. It stays there, whatever becomes of the session. */
export function client(_converse: ClosuredConverse): void {
  const root: Document | ShadowRoot = setting('root') ?? document;
  const place = root.querySelector('#conversejs') ?? root.querySelector('converse-root') ?? newPlace(root);
  place.classList.add('conversejs', `theme-${setting('theme')}`, `converse-${viewMode()}`);
  if (root === document) {
    document.body.classList.add(`converse-${viewMode()}`);
  }
  state.set({ controlbox: viewMode() === 'fullscreen' || viewMode() === 'mobile' || setting('show_controlbox_by_default') });
  followCore();
  followSession(api());
  if (!place.querySelector(':scope > converse-root') && !(place instanceof Root)) {
    place.append(new Root());
  }
}

function newPlace(root: Document | ShadowRoot): HTMLElement {
  const place = document.createElement('div');
  place.id = 'conversejs';
  (root instanceof Document ? root.body : root).append(place);
  return place;
}
