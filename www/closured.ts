/** What hangs on `_converse` besides the models: words, numbers and small helpers of converse.js 4 that need no page. */
import { $iq } from './compat/builder.ts';
import { Strophe } from './compat/strophe.ts';
import { STATUS_WEIGHTS } from './models/contact.ts';
import { api, core } from './models/core.ts';
import { __ } from './words.ts';

const { LogLevel, Status } = Strophe;

const CONSTANTS = {
  /** The version of converse.js whose plugins are understood. */
  VERSION_NAME: 'v4.1.2',
  ACTIVE: 'active',
  COMPOSING: 'composing',
  PAUSED: 'paused',
  INACTIVE: 'inactive',
  GONE: 'gone',
  ANONYMOUS: 'anonymous',
  EXTERNAL: 'external',
  LOGIN: 'login',
  LOGOUT: 'logout',
  PREBIND: 'prebind',
  OPENED: 'opened',
  CLOSED: 'closed',
  SUCCESS: 'success',
  FAILURE: 'failure',
  PRIVATE_CHAT_TYPE: 'chatbox',
  CHATROOMS_TYPE: 'chatroom',
  HEADLINES_TYPE: 'headline',
  CONTROLBOX_TYPE: 'controlbox',
  STATUS_WEIGHTS,
  /** The name of each state of the connection. */
  CONNECTION_STATUS: Object.fromEntries(Object.entries(Status).map(([name, number]) => [number, name])),
  /** Milliseconds without a key until typing has paused, and until the user is inactive. */
  TIMEOUTS: { PAUSED: 10_000, INACTIVE: 90_000 },
  /** Milliseconds until a request is given up. */
  IQ_TIMEOUT: 20_000,
};

/** Logs a text, an error or an element: errors always, anything else only where the setting `debug` is on. */
function log(message: unknown, level: number = LogLevel.DEBUG, style = ''): void {
  const text = message instanceof Error ? (message.stack ?? message.message) : message instanceof Element ? message.outerHTML : String(message);
  if (level >= LogLevel.ERROR) {
    console.error(text);
  } else if (api()['settings'].get('debug')) {
    const write = level === LogLevel.WARN ? console.warn : level === LogLevel.INFO ? console.info : console.debug;
    style ? write(`%c${text}`, style) : write(text);
  }
}

/** Does not let somebody see the user's presence. */
function rejectPresenceSubscription(jid: string, message?: string): void {
  core().tellSubscription('unauthorize', jid, message);
}

/** Asks whether an entity, or else the server, is there (XEP-0199). `false` if nothing can be sent now. */
function ping(jid?: string | null, success?: (iq: Element) => unknown, error?: (reason: unknown) => unknown, timeout?: number): boolean {
  if (!api()['connection'].connected) {
    return false;
  }
  const to = jid || Strophe.getDomainFromJid(api()['user'].jid());
  const request = $iq({ type: 'get', to, id: crypto.randomUUID?.() ?? String(Math.random()) }).c('ping', { xmlns: 'urn:xmpp:ping' });
  api()['sendIQ'](request, timeout).then(success, error ?? (() => {}));
  return true;
}

/** Without a page to show it on, an alert is a line in the console. The type is a `Strophe.LogLevel`, or its name. */
function show(type: string | number, title: string, messages: string | readonly string[] = []): void {
  const text = [title, ...[messages].flat()].join(': ');
  const level = typeof type === 'number' ? type : (LogLevel as Record<string, number>)[String(type).toUpperCase()];
  if (level === undefined) {
    throw new TypeError('alert.show: the type must be error, warn or info, or a LogLevel');
  }
  level >= LogLevel.ERROR ? console.error(text) : level === LogLevel.WARN ? console.warn(text) : console.info(text);
}

/** What stands on `_converse` before any plugin. */
export const CLOSURED = { ...CONSTANTS, __, log, ping, rejectPresenceSubscription, msg_counter: 0 };

/** The groupings of `_converse.api` that need nothing of the core. */
export const GROUPINGS = { alert: { show } };
