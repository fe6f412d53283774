/** What clicks do. Elements call these, these call the API that plugins call. */
import { api, core } from '../models/core.ts';
import { handle } from '../models/handles.ts';
import { Kind } from '../models/kinds.ts';
import type { ChatBox } from '../models/chat.ts';
import type { ChatRoom } from '../models/room.ts';

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
  trouble?: string;
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

/** Opens the conversation with a person, and shows it. */
export async function openChat(jid: string): Promise<void> {
  await api()['chats'].open(jid);
  show({ kind: 'chat', jid });
}

/** Enters a room, and shows it. */
export async function openRoom(jid: string, attributes: object = {}): Promise<void> {
  await api()['rooms'].open(jid, attributes);
  show({ kind: 'room', jid });
}

/** Puts a conversation where the user sees it. */
export function show(box: Pick<Box, 'kind' | 'jid'>): void {
  if (isSingle()) {
    for (const other of core().boxes() as Box[]) {
      if (other.jid !== box.jid && !other.hidden) {
        modelOf(other).set({ hidden: true });
      }
    }
  }
  const model = modelOf(box);
  model.set({ hidden: false, minimized: false });
  model.clearUnreadMsgCounter();
}

/** Puts a conversation out of sight, and leaves it open. */
export function putAway(box: Pick<Box, 'kind' | 'jid'>): void {
  isSingle() ? modelOf(box).set({ hidden: true }) : modelOf(box).minimize();
}

/** Ends a conversation, or leaves a room. */
export function close(box: Pick<Box, 'kind' | 'jid'>): void {
  modelOf(box).close();
}

/** Tells whoever can mend it of what went wrong: nobody else waits for it. */
export function attempt(action: Promise<unknown>): void {
  action.catch((error: unknown) => api()['alert'].show('error', 'converse', [error instanceof Error ? error.message : String(error)]));
}
