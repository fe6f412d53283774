/** What the client shows of the session: how it stands, and what went wrong. */
import type { Api } from '../models/core.ts';
import { __ } from '../words.ts';
import { state } from './state.ts';

let followed: Api | undefined;

/** Listens to what becomes of the session; once, however often the page calls `initialize`. */
export function followSession(api: Api): void {
  if (followed === api) {
    return;
  }
  const { listen } = api as any;
  listen.on('connected', () => state.set({ session: 'online', complaint: undefined }));
  listen.on('reconnected', () => state.set({ session: 'online' }));
  listen.on('will-reconnect', () => state.set({ session: 'waiting' }));
  listen.on('disconnected', (error?: { code?: string; message?: string }) => {
    state.set({ session: 'offline', complaint: error && reason(error) });
  });
  followed = api;
}

/** Logs in with what the form says. */
export function logIn(credentials: object | undefined): void {
  state.set({ session: 'connecting', complaint: undefined });
  followed?.['user'].login(credentials).catch((error: { code?: string; message?: string }) => {
    state.set({ session: 'offline', complaint: reason(error) });
  });
}

/** Why there is no session, and what to do about it. */
function reason({ code, message }: { code?: string; message?: string }): string {
  switch (code) {
    case 'authentication-failed':
      return __('The address or the password is not right.');
    case 'unreachable':
    case 'connection-lost':
    case 'timeout':
      return __('The server cannot be reached. Is the network there?');
    case 'replaced':
      return __('You have logged in somewhere else.');
    case 'host-unknown':
      return __('There is no chat server for this address.');
    case 'encryption-required':
      return __('The connection is not encrypted, so that no password was sent.');
    default:
      return message ?? __('The connection could not be made.');
  }
}
