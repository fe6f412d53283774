/** What the client shows of the session: how it stands, and what went wrong. */
import type { Api } from '../models/core.ts';
import type { Model } from '../models/model.ts';
import { __ } from '../words.ts';
import { state } from './state.ts';

/** The values of `connection_status` that say how far it is. */
const CONNECTING = 1;
const AUTHENTICATING = 3;
const ONLINE = [5, 8];
const RECONNECTING = 10;

let user: Api = {};

/** What `api.user.login` takes, and whether the device is the user's own. */
interface Credentials {
  jid?: string;
  password?: string;
  trusted?: boolean;
}

/** Listens to what becomes of the session, after each `initialize` anew: nobody listens any more to what went before. */
export function followSession(api: Api): void {
  user = api['user'];
  state.set({ session: 'offline', complaint: undefined });
  const { listen } = api as any;
  listen.on('connfeedback', (feedback: Model) => {
    const status: number = feedback.get('connection_status');
    if (status === CONNECTING) {
      state.set({ session: state.isIn ? 'returning' : 'connecting' });
    } else if (status === AUTHENTICATING) {
      state.set({ session: state.isIn ? 'returning' : 'authenticating' });
    } else if (ONLINE.includes(status)) {
      state.set({ session: 'online', entry: 'login', complaint: undefined });
    } else if (status === RECONNECTING) {
      state.set({ session: 'waiting' });
    }
  });
  listen.on('coreFailed', ({ restarts }: { restarts: boolean }) => state.set({ failed: restarts }));
  listen.on('disconnected', (error?: Failure) => {
    // Who was in, and did not log out, is to see why there is nothing any more.
    const opens = error !== undefined && state.isIn;
    state.set({ session: 'offline', complaint: error && reason(error), dialog: undefined, ...(opens && { controlbox: true }) });
  });
}

/** Logs in with what the form says. */
export function logIn(credentials: Credentials): void {
  state.set({ session: 'connecting', complaint: undefined });
  user['login'](credentials).catch((error: Failure) => {
    if (error.code !== 'superseded' && error.code !== 'aborted') {
      complain(reason(error));
    }
  });
}

/** Says why there is no session. */
export function complain(complaint: string): void {
  state.set({ session: 'offline', complaint });
}

interface Failure {
  code?: string;
}

/** Why there is no session, and what to do about it. */
export function reason({ code }: Failure): string {
  switch (code) {
    case 'authentication-failed':
    case 'invalid-credentials':
      return __('The address or the password is not right.');
    case 'unreachable':
    case 'connection-lost':
      return navigator.onLine ? __('The server cannot be reached. Try again in a while.') : __('This device has no network.');
    case 'timeout':
      return __('The server takes too long to answer. Try again in a while.');
    case 'replaced':
      return __('You have logged in somewhere else.');
    case 'host-unknown':
      return __('There is no chat server for this address.');
    case 'no-service-url':
    case 'discovery-failed':
    case 'no-secure-endpoint':
      return __('It is not known where the server of this address can be reached.');
    case 'encryption-required':
    case 'insecure-channel':
      return __('The connection is not encrypted, so that no password was sent.');
    case 'no-mechanism':
      return __('The server offers no way to log in that is safe.');
    case 'server-not-authentic':
      return __('The server did not prove that it knows you. Somebody may be listening.');
    case 'invalid-jid':
    case 'no-user':
    case 'no-jid':
      return __('This is no XMPP address. It looks like user@domain.');
    case 'no-password':
    case 'no-credentials':
      return __('Log in again to go on.');
    case 'credentials-failed':
    case 'prebind-failed':
      return __('This site could not log you in. Try again in a while.');
    case 'core-failed':
      return __('This chat has failed. Load the page again to go on.');
    case 'not-xmpp':
    case 'protocol-error':
    case 'stream-error':
      return __('The server answers what is not understood here.');
    default:
      return __('The connection could not be made.');
  }
}
