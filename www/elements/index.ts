/** The chat client that a visitor sees: custom elements over what the core says is to be shown. */
import { html, render } from 'lit';

import * as dom from '../compat/dom.ts';
import * as forms from '../compat/forms.ts';
import * as small from '../compat/small.ts';
import { api } from '../models/core.ts';
import { Kind } from '../models/kinds.ts';
import type { Client } from '../loader.ts';
import type { Second } from '../script.ts';
import type { ClosuredConverse } from '../types/index.d.ts';
import { chatboxviews, groupings, viewOf, VIEWS } from '../views/index.ts';
import { direction, locale, speak } from '../words.ts';
import { whenShown, whenViewed } from '../models/chat.ts';
import { setting, show as bringUp, viewMode } from './actions.ts';
import { followEntry } from './entry.ts';
import * as first from './first.ts';
import { followFragments } from './fragment.ts';
import { kept } from './kept.ts';
import { beginsOpen, bringStyle, setDefaults } from './modes.ts';
import { followNotices, NOTIFYING } from './notify.ts';
import { followInvitations } from './room-actions.ts';
import { followSession } from './session.ts';
import { followCore, showAll } from './shown.ts';
import { Root } from './root.ts';
import { state } from './state.ts';
import { followBoxes } from './withheld.ts';

export const client: Client & Pick<Second, 'first'> = {
  show,
  groupings,
  closured: { chatboxviews, ...NOTIFYING, ...VIEWS },
  env: { html: () => html, render: () => render },
  utils: { ...dom, ...forms, ...small },
  first,
};

/** Puts the client into the page. It stays there, whatever becomes of the session. */
function show(_converse: ClosuredConverse, base: URL | null): void {
  const root: Document | ShadowRoot = setting('root') ?? document;
  const place = root.querySelector('#conversejs') ?? root.querySelector('converse-root') ?? newPlace(root);
  setDefaults();
  api()['promises'].add(['controlboxInitialized', 'minimizedChatsInitialized', 'roomsListInitialized', 'rosterViewInitialized']);
  place.classList.add('conversejs', `theme-${setting('theme')}`, `converse-${viewMode()}`);
  if (root instanceof ShadowRoot) {
    bringStyle(root, base);
  } else {
    document.body.classList.add(`converse-${viewMode()}`);
  }
  const left = kept();
  state.set({ ...left, controlbox: beginsOpen(left.controlbox), base: base ?? document.baseURI, closured: _converse as Record<string, any> });
  speakTo(place, _converse, base);
  followCore();
  whenShown(({ id, place }) => bringUp({ jid: id, kind: place?.kind === Kind.Room ? 'room' : 'chat' }));
  whenViewed(({ id, place }) => viewOf({ jid: id, kind: place?.kind === Kind.Room ? 'room' : 'chat' }));
  followSession(api());
  followBoxes(api()['listen']);
  followInvitations();
  followEntry();
  followNotices();
  followFragments();
  const found = place instanceof Root ? place : place.querySelector<HTMLElement>(':scope > converse-root');
  state.set({ root: found ?? place.appendChild(new Root()) });
  api()['emit']('minimizedChatsInitialized');
}

/** Shows everything in the visitor's language as soon as its words are there. */
function speakTo(place: Element, { user_settings }: ClosuredConverse, base: URL | null): void {
  const { i18n } = user_settings as { i18n?: unknown };
  const wanted = typeof i18n === 'string' ? [i18n] : navigator.languages;
  const locales = new URL('locales/', base ?? document.baseURI);
  const speaking = speak(wanted, locales).catch((error: unknown) => console.warn(`converse: ${error}`));
  void speaking.then(() => {
    place.setAttribute('lang', locale());
    place.setAttribute('dir', direction());
    showAll();
  });
}

function newPlace(root: Document | ShadowRoot): HTMLElement {
  const place = document.createElement('div');
  place.id = 'conversejs';
  (root instanceof Document ? root.body : root).append(place);
  return place;
}
