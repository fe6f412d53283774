/** The views that there are, and the groupings by which plugins find them. */
import { Chat } from '../elements/chat.ts';
import { state } from '../elements/state.ts';
import { core } from '../models/core.ts';
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

function find(jid: unknown): ChatBoxView | undefined {
  const box = (core().boxes() as Box[]).find((box) => box.jid === String(jid).toLowerCase());
  return box && viewOf(box);
}

/** What `_converse.chatboxviews` offers. */
export const chatboxviews = {
  views,
  get: find,
  getAll: (): ChatBoxView[] => (core().boxes() as Box[]).map(viewOf),
  get el(): Element | undefined {
    return state.root;
  },
};

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
    get(): View | undefined {
      const el = state.root?.querySelector<HTMLElement>('#controlbox');
      return el ? new ControlBoxView(el) : undefined;
    },
    open: (): void => state.set({ controlbox: true }),
    close: (): void => state.set({ controlbox: false }),
  },
};
