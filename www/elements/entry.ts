/** Which form a visitor is shown before there is a session, by the address of the page: `#converse/register` or `#converse/login`. */
import { setting } from './actions.ts';
import { state } from './state.ts';

/** Goes where the address of the page leads, now and whenever it changes. */
export function followEntry(): void {
  window.addEventListener('hashchange', enter);
  enter();
}

function enter(): void {
  const [, entry] = /^#converse\/(register|login)$/.exec(location.hash) ?? [];
  if (entry === 'login' || (entry === 'register' && setting('allow_registration'))) {
    state.set({ entry, controlbox: true });
  }
}
