/** What clicks do. Elements call these, these call the API that plugins call. */
import { api, core } from '../models/core.ts';
import { handle } from '../models/handles.ts';
import { Kind } from '../models/kinds.ts';
import type { ChatBox } from '../models/chat.ts';
import type { ChatRoom } from '../models/room.ts';
import type { Trouble } from './room-entry.ts';
import { state } from './state.ts';
import { give } from './withheld.ts';

/** A conversation that is open, as `src/view/boxes.rs` lists it. */
export interface Box {
  jid: string;
  kind: 'chat' | 'room';
  name: string;
  unread: number;
  hidden: boolean;
  minimized: boolean;
  /** Of a person: how they can be reached, what they say about it, and what they are doing here. */
  show?: string;
  status?: string;
  state?: string;
  contact?: boolean;
  /** Of an occupant of a room: where they are. */
  address?: string;
  /** Of one who expects no answer. */
  headline?: boolean;
  /** Of a room. */
  general?: number;
  entered?: boolean;
  connection?: number;
  nick?: string;
  subject?: string;
  role?: string;
  affiliation?: string;
  bookmarked?: boolean;
  people?: number;
  /** Why the user is not in. */
  trouble?: Trouble;
  hides_occupants?: boolean;
}

/** The value of a setting. */
export function setting(name: string): any {
  return api()['settings'].get(name);
}

/** `overlayed`, `fullscreen`, `mobile` or `embedded`. */
export function viewMode(): string {
  return setting('view_mode');
}

/** Only one conversation is seen at a time. */
export function isSingle(): boolean {
  return viewMode() !== 'overlayed';
}

/** The handle of a conversation that is open. */
export function modelOf({ kind, jid }: Pick<Box, 'kind' | 'jid'>): ChatBox | ChatRoom {
  return handle(kind === 'room' ? Kind.Room : Kind.Chat, '', jid) as ChatBox | ChatRoom;
}

/** The conversations that were shown, the one that was shown last at the end. */
let recent: readonly string[] = [];

/** Since when nobody has asked for a conversation: the lower, the longer. */
export function recency({ jid }: Pick<Box, 'jid'>): number {
  return recent.indexOf(jid);
}

/** Opens the conversation with a person, or with an occupant of a room, and shows it. */
export async function openChat(jid: string): Promise<void> {
  const from = focused();
  const chat: ChatBox = await api()['chats'].open(jid);
  // That with an occupant has a name of its own: the nickname may become another's.
  goTo({ kind: 'chat', jid: chat.id }, from);
}

/** Enters a room, and shows it. */
export async function openRoom(jid: string, attributes: object = {}): Promise<void> {
  const from = focused();
  await api()['rooms'].open(jid, attributes);
  goTo({ kind: 'room', jid }, from);
}

/** Puts a conversation where the user sees it. */
export function show(box: Pick<Box, 'kind' | 'jid'>): void {
  give(box.jid);
  if (isSingle()) {
    for (const other of core().boxes() as Box[]) {
      if (other.jid !== box.jid && !other.hidden) {
        modelOf(other).set({ hidden: true });
      }
    }
  }
  const model = modelOf(box);
  // The last is the one that was looked for last.
  recent = [...recent.filter((jid) => jid !== box.jid), box.jid];
  model.set({ hidden: false, minimized: false });
  model.clearUnreadMsgCounter();
}

/** Shows a conversation to somebody who asked for it, and puts the keyboard where one writes. */
export function goTo(box: Pick<Box, 'kind' | 'jid'>, from = focused()): void {
  origins.set(box.jid, from);
  show(box);
  focusWhenThere(() => boxElement(box)?.querySelector<HTMLElement>('textarea:not([disabled])'));
}

/** Puts a conversation out of sight, and leaves it open. */
export function putAway(box: Pick<Box, 'kind' | 'jid'>): void {
  giveFocusBack(box);
  isSingle() ? modelOf(box).set({ hidden: true }) : modelOf(box).minimize();
}

/** Ends a conversation, or leaves a room. */
export function close(box: Pick<Box, 'kind' | 'jid'>): void {
  giveFocusBack(box);
  origins.delete(box.jid);
  recent = recent.filter((jid) => jid !== box.jid);
  modelOf(box).close();
}

/** Where the keyboard was when a conversation was asked for, by its address. */
const origins = new Map<string, HTMLElement | null>();
/** Frames until something that was asked for is given up: it may have to be rendered first. */
const PATIENCE = 20;

/** Where the keyboard is. */
export function focused(): HTMLElement | null {
  const root = state.root?.getRootNode() as Document | ShadowRoot | undefined;
  return (root?.activeElement ?? null) as HTMLElement | null;
}

function boxElement({ jid }: Pick<Box, 'jid'>): HTMLElement | null {
  return state.root?.querySelector<HTMLElement>(`converse-chat[data-jid="${CSS.escape(jid)}"]`) ?? null;
}

/** If the keyboard is in the box, it goes where it was before, or to what opens everything else. */
function giveFocusBack(box: Pick<Box, 'kind' | 'jid'>): void {
  if (!boxElement(box)?.contains(focused())) {
    return;
  }
  const origin = origins.get(box.jid);
  const visible = (element: HTMLElement | null | undefined): HTMLElement | undefined => (element?.checkVisibility() ? element : undefined);
  const others = '#controlbox .open-chat, #controlbox button, #toggle-controlbox';
  focusWhenThere(() => (boxElement(box)?.isConnected ? undefined : (visible(origin) ?? state.root?.querySelector<HTMLElement>(others))));
}

function focusWhenThere(find: () => HTMLElement | null | undefined, frames = PATIENCE): void {
  requestAnimationFrame(() => {
    const element = find();
    element?.focus();
    if (!element && frames > 0) {
      focusWhenThere(find, frames - 1);
    }
  });
}

/** Tells whoever can mend it of what went wrong: nobody else waits for it. */
export function attempt(action: Promise<unknown>): void {
  action.catch((error: unknown) => api()['alert'].show('error', 'converse', [error instanceof Error ? error.message : String(error)]));
}
