/** What the view modes differ in, besides their style. */
import { api } from '../models/core.ts';
import { __ } from '../words.ts';
import { setting, viewMode, type Box } from './actions.ts';
import { showAll } from './shown.ts';

/** As narrow as this, one box takes all there is, whatever the mode; `www/theme/layout.css` has the same number. */
const NARROW = '(max-width: 600px)';
const narrow = window.matchMedia(NARROW);
narrow.addEventListener('change', showAll);

/** There is room for one box only. */
export function isNarrow(): boolean {
  return narrow.matches;
}

/** Gives settings the defaults that they have in this mode. */
export function setDefaults(): void {
  const { settings } = api();
  if (viewMode() === 'embedded') {
    settings['update']({ allow_logout: false, allow_muc_invitations: false });
  } else if (viewMode() === 'fullscreen') {
    settings['update']({ show_controlbox_by_default: true, sticky_controlbox: true });
  }
}

/** The control box is there from the beginning; where one can close it, `left` says how it was left. */
export function beginsOpen(left?: boolean): boolean {
  return viewMode() !== 'overlayed' || setting('sticky_controlbox') || (left ?? setting('show_controlbox_by_default'));
}

/** The box that is seen where there is one at a time. */
export function onlyOne(boxes: readonly Box[]): Box | undefined {
  const wanted = viewMode() === 'embedded' ? embedded() : undefined;
  return wanted ? boxes.find(({ jid }) => jid === wanted) : boxes.filter((box) => !box.hidden).at(-1);
}

/** Who is in a room stands above what is said there, because there is no place beside it. */
export function coversRoom(): boolean {
  return isNarrow() || viewMode() === 'mobile';
}

/** Whether the user does not want to see who is in a room, or there is no place for it. */
export function hidesOccupants({ hides_occupants }: Box): boolean {
  return hides_occupants ?? coversRoom();
}

/** What the tool does that shows or hides who is in a room. */
export function occupantWords(hidden: boolean): string {
  return hidden ? __('Show who is here') : __('Hide who is here');
}

/** What a page embeds: the first of the rooms that are entered by themselves, or of the chats. */
function embedded(): string | undefined {
  const [room] = setting('auto_join_rooms') ?? [];
  const [chat] = setting('auto_join_private_chats') ?? [];
  const jid: unknown = (typeof room === 'object' ? room?.jid : room) ?? chat;
  return typeof jid === 'string' ? jid.trim().toLowerCase() : undefined;
}

/** Brings the style sheet into a shadow root, where the document's does not count. */
export function bringStyle(root: ShadowRoot, base: URL | null): void {
  const sheet = new URL('converse.css', base ?? document.baseURI).href;
  if (![...root.querySelectorAll('link')].some(({ href }) => href === sheet)) {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = sheet;
    root.prepend(link);
  }
}
