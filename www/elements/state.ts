/** What is on the screen and is nobody's but this page's. */

/**
 * How it stands with the session. After `online`, a connection that is lost is `waiting` for the next attempt, or
 * `returning`; what comes before leads in for the first time.
 */
type Session = 'offline' | 'connecting' | 'authenticating' | 'online' | 'waiting' | 'returning';

class State extends EventTarget {
  /** Where what is loaded later lies: beside the script. */
  base: string | URL = '';
  /** What plugins hold of everything. */
  closured: Record<string, any> = {};
  /** What shows everything. */
  root: HTMLElement | undefined;
  session: Session = 'offline';
  /** What went wrong when the user logged in last, in the user's words. */
  complaint: string | undefined;
  /** A part of the library has failed and was started again, which the user has been told and has not put away. */
  failed = false;
  /** What the user is shown before there is a session. */
  entry: 'login' | 'register' = 'login';
  /** The control box is open. */
  controlbox = false;
  /** How large the control box is, if the user has made it larger or smaller. */
  controlboxSize: { width?: number | undefined; height?: number | undefined } = {};
  /** The groups of contacts that are shown without those in them. */
  closed: string[] = [];
  /** What the list of contacts is narrowed to. */
  filter: { by: 'name' | 'group' | 'state'; text: string } = { by: 'name', text: '' };
  /** The user may be asked whether notifications may be shown, and has not put that off. */
  asksToNotify = true;
  /** The dialog that is open, and what it is about. */
  dialog: { name: string; about?: unknown } | undefined;

  /** The user is logged in, whether the connection is there now or not. */
  get isIn(): boolean {
    return this.session === 'online' || this.session === 'waiting' || this.session === 'returning';
  }

  /** Changes some of it, and has it shown. */
  set(changes: Partial<Omit<State, keyof EventTarget | 'set' | 'isIn'>>): void {
    Object.assign(this, changes);
    this.dispatchEvent(new Event('change'));
  }
}

export const state = new State();
