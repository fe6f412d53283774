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
export const VIEWS = { ChatBoxView, ChatRoomView, ControlBoxView, LoginPanel, MessageView };

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

/** Tells plugins that the control box has come or gone. */
export function followControlBox(): void {
  let open = false;
  state.addEventListener('change', () => {
    if (state.controlbox !== open) {
      open = state.controlbox;
      api()['emit'](open ? 'controlBoxOpened' : 'controlBoxClosed', controlbox());
    }
  });
}

/** The view of the control box, whether that is open or not. */
export function controlbox(): ControlBoxView {
  const el = state.root?.querySelector<HTMLElement>('#controlbox');
  if (!box || (el && box.el !== el)) {
    const Class: typeof ControlBoxView = state.closured['ControlBoxView'] ?? ControlBoxView;
    box = new Class(el ?? document.createElement('div'));
  }
  return box;
}

let box: ControlBoxView | undefined;

function find(jid: unknown): View | undefined {
  if (jid === 'controlbox') {
    return controlbox();
  }
  const box = (core().boxes() as Box[]).find((box) => box.jid === String(jid).toLowerCase());
  return box && viewOf(box);
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
    return Object.fromEntries(this.keys().map((id) => [id, find(id)!]));
  }

  keys(): string[] {
    return ['controlbox', ...(core().boxes() as Box[]).map(({ jid }) => jid)];
  }

  get(id: unknown): View | undefined {
    return find(id);
  }

  /** All of them; by what they show, too, as plugins for converse.js 4 look for them. */
  getAll(): View[] {
    const all = Object.values(this.views);
    this.keys().forEach((id, at) => Object.defineProperty(all, id, { value: all[at] }));
    return all;
  }

  /** All but one. */
  xget(id: unknown): View[] {
    return this.keys().filter((other) => other !== id).map((other) => find(other)!);
  }

  closeAllChatBoxes(): void {
    (core().boxes() as Box[]).forEach((box) => viewOf(box).close());
  }
}

export const chatboxviews = new ChatBoxViews();

/** The groupings of `_converse.api` that lead to views. */
export const groupings = {
  chatviews: {
    get(jids: unknown): unknown {
      if (Array.isArray(jids)) {
        return jids.map(find);
      }
      if (typeof jids !== 'string') {
        throw new TypeError('chatviews.get: You need to provide at least one JID');
      }
      return find(jids);
    },
  },
  controlbox: {
    get: (): View | undefined => (state.root?.querySelector('#controlbox') ? controlbox() : undefined),
    open: (): void => state.set({ controlbox: true }),
    close: (): void => state.set({ controlbox: false }),
  },
};
