/** The views that there are, and the groupings by which plugins find them. */
import { Chat } from '../elements/chat.ts';
import { state } from '../elements/state.ts';
import { api, core } from '../models/core.ts';
import { handle } from '../models/handles.ts';
import { Kind } from '../models/kinds.ts';
import type { Box } from '../elements/actions.ts';
import type { ChatBox } from '../models/chat.ts';
import { ChatBoxView } from './chatbox.ts';
import { ChatRoomView } from './chatroom.ts';
import { ControlBoxView } from './controlbox.ts';
import type { View } from './view.ts';

/** The views of open conversations, by address. They stay as long as the conversations do. */
const views = new Map<string, ChatBoxView>();

/** The classes, which plugins may replace on `_converse` before a conversation is open. */
export const VIEWS = { ChatBoxView, ChatRoomView };

/** The view of a conversation that is open. */
export function viewOf({ kind, jid }: Pick<Box, 'kind' | 'jid'>): ChatBoxView {
  const known = views.get(jid);
  if (known) {
    return known;
  }
  const View = kind === 'room' ? VIEWS.ChatRoomView : VIEWS.ChatBoxView;
  const view = new View(new Chat(), handle(kind === 'room' ? Kind.Room : Kind.Chat, '', jid) as ChatBox);
  views.set(jid, view);
  return view;
}

/** Forgets the views of conversations that are over. */
export function keepViews(boxes: readonly Box[]): void {
  for (const [jid, view] of views) {
    if (!boxes.some((box) => box.jid === jid)) {
      views.delete(jid);
      view.remove();
    }
  }
}

/** The view of an open conversation with this address; that with an occupant of a room has the occupant's. */
function find(jid: unknown): ChatBoxView | undefined {
  const address = String(jid);
  const box = (core().boxes() as Box[]).find((box) => box.jid === address.toLowerCase() || box.address === address);
  return box && viewOf(box);
}

/** The same, or the view of the control box by its id. */
function findAny(id: unknown): View | undefined {
  return id === 'controlbox' ? controlBoxView() : find(id);
}

function allViews(): ChatBoxView[] {
  return (core().boxes() as Box[]).map(viewOf);
}

/** The view of each element that the control box has had. */
const controlBoxViews = new WeakMap<HTMLElement, ControlBoxView>();

/** The view of the control box while it is open. */
export function controlBoxView(): ControlBoxView | undefined {
  const el = state.root?.querySelector<HTMLElement>('#controlbox');
  if (el && !controlBoxViews.has(el)) {
    controlBoxViews.set(el, new ControlBoxView(el));
  }
  return el ? controlBoxViews.get(el) : undefined;
}

/** What `find` finds: one for an address, an array for an array. */
function each<V>(caller: string, jids: unknown, find: (jid: unknown) => V): V | V[] {
  if (Array.isArray(jids)) {
    return jids.map(find);
  }
  if (typeof jids !== 'string') {
    throw new TypeError(`${caller}: You need to provide at least one JID`);
  }
  return find(jids);
}

/** What `_converse.chatboxviews` offers. */
export const chatboxviews = {
  views,
  get: findAny,
  getAll: allViews,
  get el(): Element | undefined {
    return state.root;
  },
};

/** The groupings of `_converse.api` that lead to views. */
export const groupings = {
  chatviews: {
    get: (jids: unknown): unknown => each('chatviews.get', jids, findAny),
  },
  roomviews: {
    get(jids?: unknown): unknown {
      const isRoom = (view: ChatBoxView | undefined): ChatBoxView | undefined => (view?.model.get('type') === 'chatroom' ? view : undefined);
      return jids === undefined ? allViews().filter(isRoom) : each('roomviews.get', jids, (jid) => isRoom(find(jid)));
    },
    close: (jids?: unknown): void => api()['rooms'].close(jids),
  },
  controlbox: {
    get: controlBoxView,
    open: (): void => state.set({ controlbox: true }),
    close: (): void => state.set({ controlbox: false }),
  },
};
