/** The views that there are, and the groupings by which plugins find them. */
import { Chat } from '../elements/chat.ts';
import { state } from '../elements/state.ts';
import { api, core } from '../models/core.ts';
import { handle } from '../models/handles.ts';
import { Kind } from '../models/kinds.ts';
import type { Box } from '../elements/actions.ts';
import type { ChatBox } from '../models/chat.ts';
import { Events } from '../models/events.ts';
import { ChatBoxView } from './chatbox.ts';
import { ChatRoomView } from './chatroom.ts';
import { ControlBoxView } from './controlbox.ts';
import { LoginPanel } from './login-panel.ts';
import { MessageView } from './message.ts';
import { View } from './view.ts';

/** The views of open conversations, by address. They stay as long as the conversations do. */
const views = new Map<string, ChatBoxView>();

/** The classes, which plugins may change, or replace on `_converse` before a conversation is open. */
export const VIEWS = {
  ChatBoxView,
  get ChatBoxViews() {
    return ChatBoxViews;
  },
  ChatRoomView,
  ControlBoxView,
  LoginPanel,
  MessageView,
};

/** The view of a conversation that is open. */
export function viewOf({ kind, jid }: Pick<Box, 'kind' | 'jid'>): ChatBoxView {
  const known = views.get(jid);
  if (known) {
    return known;
  }
  const Class: typeof ChatBoxView = state.closured[kind === 'room' ? 'ChatRoomView' : 'ChatBoxView'] ?? ChatBoxView;
  const view = new Class(new Chat(), handle(kind === 'room' ? Kind.Room : Kind.Chat, '', jid) as ChatBox);
  views.set(jid, view);
  return view;
}

/** Tells plugins of conversations that are over, or have been put away or taken up again, and forgets the views of the first. */
export function keepViews(boxes: readonly Box[]): void {
  for (const [jid, view] of views) {
    const box = boxes.find((box) => box.jid === jid);
    if (!box) {
      views.delete(jid);
      view.remove();
    }
    const event = box ? (box.minimized === view.minimized ? undefined : box.minimized ? 'chatBoxMinimized' : 'chatBoxMaximized') : 'chatBoxClosed';
    view.minimized = box?.minimized ?? false;
    // The core tells of rooms by itself.
    if (event && (box || !(view instanceof ChatRoomView))) {
      queueMicrotask(() => api()['emit'](event, view));
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
    const Class: typeof ControlBoxView = state.closured['ControlBoxView'] ?? ControlBoxView;
    controlBoxViews.set(el, new Class(el));
  }
  return el ? controlBoxViews.get(el) : undefined;
}

/** The view of the control box while there is none on the screen: it can be told to show it. */
function closedBox(): ControlBoxView {
  return (closed ??= new ControlBoxView(document.createElement('div')));
}

let closed: ControlBoxView | undefined;

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

/** What `_converse.chatboxviews` is. */
class ChatBoxViews extends Events {
  /** What they show. */
  get model(): unknown {
    return state.closured['chatboxes'];
  }

  get el(): HTMLElement | undefined {
    return state.root;
  }

  /** All of them, by what they show. */
  get views(): Record<string, View> {
    return Object.fromEntries(this.keys().map((id) => [id, findAny(id)!]));
  }

  keys(): string[] {
    return [...(controlBoxView() ? ['controlbox'] : []), ...(core().boxes() as Box[]).map(({ jid }) => jid)];
  }

  get(id: unknown): View | undefined {
    return findAny(id) ?? (id === 'controlbox' ? closedBox() : undefined);
  }

  /** All of them; by what they show, too, as plugins for converse.js 4 look for them. */
  getAll(): View[] {
    const all = Object.values(this.views);
    this.keys().forEach((id, at) => Object.defineProperty(all, id, { value: all[at] }));
    return all;
  }

  /** All but one. */
  xget(id: unknown): View[] {
    return this.keys().filter((other) => other !== id).map((other) => findAny(other)!);
  }

  closeAllChatBoxes(): void {
    (core().boxes() as Box[]).forEach((box) => viewOf(box).close());
  }
}

export const chatboxviews = new ChatBoxViews();

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
