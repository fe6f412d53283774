/** What is on the screen and is nobody's but this page's. */

/** How it stands with the session. */
export type Session = 'offline' | 'connecting' | 'online' | 'waiting';

class State extends EventTarget {
  /** What shows everything. */
  root: HTMLElement | undefined;
  session: Session = 'offline';
  /** What went wrong when the user logged in last, in the user's words. */
  complaint: string | undefined;
  /** The control box is open. */
  controlbox = false;
  /** The groups of contacts that are shown without those in them. */
  closed: string[] = [];
  /** What the list of contacts is narrowed to. */
  filter: { by: 'name' | 'group' | 'state'; text: string } = { by: 'name', text: '' };
  /** The user may be asked whether notifications may be shown, and has not put that off. */
  asksToNotify = true;
  /** The dialog that is open, and what it is about. */
  dialog: { name: string; about?: unknown } | undefined;

  /** Changes some of it, and has it shown. */
  set(changes: Partial<Omit<State, keyof EventTarget | 'set'>>): void {
    Object.assign(this, changes);
    this.dispatchEvent(new Event('change'));
  }
}

export const state = new State();
