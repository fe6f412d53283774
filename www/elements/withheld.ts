/** Conversations that a plugin does not want to be seen again when the page has been loaded anew. */
import type { ChatBoxes } from '../models/chatboxes.ts';
import { isReplaced } from '../models/replaced.ts';
import { showAll } from './shown.ts';
import { state } from './state.ts';

/** Their addresses, until somebody asks for one. */
const withheld = new Set<string>();

export function isWithheld(jid: string): boolean {
  return withheld.has(jid);
}

/** Shows a conversation after all. */
export function give(jid: string): void {
  if (withheld.delete(jid)) {
    showAll();
  }
}

/** Asks plugins, once it is known what was open. */
export function followBoxes(listen: { on(name: string, then: () => void): unknown }): void {
  listen.on('chatBoxesFetched', () => {
    const chatboxes: ChatBoxes | undefined = state.closured['chatboxes'];
    withheld.clear();
    if (chatboxes && isReplaced(chatboxes, 'chatBoxMayBeShown')) {
      chatboxes.each((box) => void (chatboxes.chatBoxMayBeShown(box) || withheld.add(box.id)));
      showAll();
    }
  });
}
