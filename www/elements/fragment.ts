/** Addresses of the page that lead to a conversation: at the log-in, and whenever the address changes. */
import { api, core } from '../models/core.ts';
import { attempt, openChat, show } from './actions.ts';
import { state } from './state.ts';

let follows = false;

/** Goes where the address leads. */
export function followFragments(): void {
  (api() as any).listen.on('rosterContactsFetched', go);
  if (!follows) {
    follows = true;
    window.addEventListener('hashchange', () => {
      if (state.session === 'online') {
        go();
      }
    });
  }
}

function go(): void {
  const target = core().readFragment(location.hash);
  if (!target) {
    return;
  }
  const { kind, jid, known } = target;
  if (kind === 'nowhere') {
    console.warn(`converse: the page's address leads to no conversation: ${location.hash}`);
  } else if (!known) {
    // Somebody else may have written the address: nothing is sent before the user wants it.
    state.set({ dialog: { name: 'follow-link', about: { kind, jid } } });
  } else if (kind === 'room') {
    show({ kind, jid });
  } else {
    attempt(openChat(jid));
  }
}
