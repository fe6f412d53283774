/** What hangs on `_converse` besides the models: words, numbers and small helpers of converse.js 4 that need no page. */
import { read } from './ask.ts';
import { $build, $iq } from './compat/builder.ts';
import { Strophe } from './compat/strophe.ts';
import { STATUS_WEIGHTS } from './models/contact.ts';
import { api, core } from './models/core.ts';
import { Events, type Handler, type Names } from './models/events.ts';
import { handle } from './models/handles.ts';
import { Kind } from './models/kinds.ts';
import { Model } from './models/model.ts';
import type { XMPPStatus } from './models/status.ts';
import { DEFAULT_IMAGE, DEFAULT_IMAGE_TYPE } from './models/vcard.ts';
import { Router } from './router.ts';
import { __, locale } from './words.ts';

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
  DEFAULT_IMAGE,
  DEFAULT_IMAGE_TYPE,
  /** What is said of somebody who can be reached so. */
  PRETTY_CHAT_STATUS: { offline: 'Offline', unavailable: 'Unavailable', xa: 'Extended Away', away: 'Away', dnd: 'Do not disturb', chat: 'Chattty', online: 'Online' },
  /** The numbers of keys, as events of old had them. */
  keycodes: { TAB: 9, ENTER: 13, SHIFT: 16, CTRL: 17, ALT: 18, ESCAPE: 27, UP_ARROW: 38, DOWN_ARROW: 40, FORWARD_SLASH: 47, AT: 50, META: 91, META_RIGHT: 93 },
  STATUS_WEIGHTS,
  /** The name of each state of the connection. */
  CONNECTION_STATUS: {
    ...Object.fromEntries(Object.entries(Status).map(([name, number]) => [number, name])),
    10: 'RECONNECTING',
    11: 'REGIFAIL',
    12: 'REGISTERED',
    13: 'CONFLICT',
    15: 'NOTACCEPTABLE',
  },
  /** Milliseconds without a key until typing has paused, and until the user is inactive. */
  TIMEOUTS: { PAUSED: 10_000, INACTIVE: 90_000 },
  /** Milliseconds until a request is given up. */
  IQ_TIMEOUT: 20_000,
};

/** Logs a text, an error or an element: errors always, anything else only where the setting `debug` is on. */
export function log(message: unknown, level: number = LogLevel.DEBUG, style = ''): void {
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

/** As many as converse.js has. */
const MOST_RESOURCES = 139_749_528;

const newId = (): string => crypto.randomUUID?.() ?? String(Math.random());

/** Asks whether an entity, or else the server, is there (XEP-0199). `false` if nothing can be sent now. */
function ping(jid?: string | null, success?: (iq: Element) => unknown, error?: (reason: unknown) => unknown, timeout?: number): boolean {
  if (!api()['connection'].connected) {
    return false;
  }
  const to = jid || Strophe.getDomainFromJid(api()['user'].jid());
  const request = $iq({ type: 'get', to, id: newId() }).c('ping', { xmlns: 'urn:xmpp:ping' });
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

/** Only one conversation is seen at a time. */
function isUniView(): boolean {
  return ['mobile', 'fullscreen', 'embedded'].includes(api()['settings'].get('view_mode'));
}

/** Enters a room, and shows it. */
function openChatRoom(jid: string, attributes?: object | string): Promise<unknown> {
  return api()['rooms'].open(jid, attributes);
}

/** Whether the server keeps bookmarks. */
async function checkBookmarksSupport(): Promise<boolean> {
  return Boolean(await api()['disco'].getIdentity('pubsub', 'pep', Strophe.getBareJidFromJid(api()['user'].jid())));
}

/** Listens for `_converse`, which is no such object. */
const ear = new Events();

/** Tells of an event, with what it is called with. */
const tells = (event: string) => (...payload: unknown[]): void => api()['emit'](event, ...payload);

/**
 * Steps that the core has taken when it calls these (`src/api/emit.rs`). They tell of it: who replaces one is called at its
 * time, and nobody hears of the step before the replaced function is called.
 */
const STEPS = {
  initConnection: tells('connectionInitialized'),
  setUserJID: tells('setUserJID'),
  initSession: tells('sessionInitialized'),
  initStatus(this: { onStatusInitialized(...given: unknown[]): void }, ...given: unknown[]): void {
    this.onStatusInitialized(...given);
  },
  onStatusInitialized: tells('statusInitialized'),
  initRoster: tells('rosterInitialized'),
  saveWindowState: tells('windowStateChanged'),
  clearSession: tells('clearSession'),
  tearDown: tells('beforeTearDown'),
  onDisconnected: tells('disconnected'),
};

function logIn(credentials?: object): Promise<void> {
  return api()['user'].login(credentials);
}

/** What plugins call, and a few replace. */
const METHODS = {
  __,
  log,
  ping,
  rejectPresenceSubscription,
  isUniView,
  openChatRoom,
  checkBookmarksSupport,
  logIn,
  logOut: (): void => api()['user'].logout(),
  autoLogin: logIn,
  attemptNonPreboundSession: logIn,
  attemptPreboundSession: logIn,
  /** Whom `credentials_url` says that the user is, and their password. The core calls it. */
  fetchLoginCredentials: async (): Promise<object> => JSON.parse(await read(api()['settings'].get('credentials_url'), 'application/json')),
  /** Says that the user does something, where the page cannot see it. */
  onUserActivity: (): void => void window.dispatchEvent(new Event('pointermove')),
  /** Says that this client is there. */
  pong: (ping: Element): void => api()['send']($iq({ type: 'result', to: ping.getAttribute('from'), id: ping.getAttribute('id') })),
  /** Notes why the connection ended: what was noted first stays, unless `override` says otherwise. */
  setDisconnectionCause(this: Record<string, unknown>, cause?: unknown, reason?: unknown, override?: boolean): void {
    if (cause === undefined || override || this['disconnection_cause'] === undefined) {
      [this['disconnection_cause'], this['disconnection_reason']] = [cause, reason];
    }
  },
  /** Called with each state that the connection comes to. */
  onConnectStatusChanged(this: { setDisconnectionCause(...given: unknown[]): void }, status: number, message?: string): void {
    if (status === Status.CONNECTED || status === Status.ATTACHED) {
      this.setDisconnectionCause();
    } else if (status !== Status.CONNECTING && status !== Status.AUTHENTICATING) {
      this.setDisconnectionCause(status, message, status === Status.AUTHFAIL);
    }
  },
  disconnect: (): void => api()['connection'].disconnect(),
  reconnect: (): void => core().connectNow(),
  /** Stanzas can be exchanged: tells everybody. */
  onConnected(this: unknown, _again?: boolean): void {
    if (typeof this === 'object' && this) {
      Object.assign(this, { idle_seconds: 0, idle: false, inactive: false, auto_changed_status: false, send_initial_presence: false });
    }
    core().tellConnected();
  },
  sendInitialPresence: (): void => (handle(Kind.Status, '', 'status') as XMPPStatus).sendPresence(),
  /** Has the server copy to this client what others send and get (XEP-0280). */
  enableCarbons: (): Promise<unknown> => api()['sendIQ']($iq({ type: 'set', id: newId() }).c('enable', { xmlns: Strophe.NS['CARBONS'] })),
  /** Tells the server whether the user looks at the page, `active` or `inactive` (XEP-0352). */
  sendCSI: (state: string): void => api()['send']($build(state, { xmlns: Strophe.NS['CSI'] })),
  /** A resource for the next log-in, with the slash before it. */
  generateResource: (): string => `/converse.js-${Math.floor(Math.random() * MOST_RESOURCES)}`,
  populateRoster: (): Promise<unknown> => core().fetchContacts(),
  listenTo: (other: Events, names: Names, callback?: Handler): unknown => ear.listenTo(other, names, callback),
  listenToOnce: (other: Events, names: Names, callback?: Handler): unknown => ear.listenToOnce(other, names, callback),
  stopListening: (other?: Events | null, names?: Names | null, callback?: Handler): unknown => ear.stopListening(other, names, callback),
};

/** What stands on `_converse` before any plugin, for one `initialize`. */
export function closured(): Record<string, unknown> {
  return {
    ...CONSTANTS,
    ...METHODS,
    ...STEPS,
    msg_counter: 0,
    unloadevent: 'pagehide',
    locale: locale(),
    router: new Router(),
    config: new ClientConfig({ id: 'converse.client-config' }),
    session: new Model({ id: 'converse.bosh-session' }),
  };
}

/** Has `_converse` told what becomes of its connection. */
export function followConnection(_converse: Record<string, any>): void {
  const { connfeedback } = _converse;
  connfeedback.on('change', () => _converse['onConnectStatusChanged'](connfeedback.get('connection_status'), connfeedback.get('message')));
  api()['listen'].on('logout', () => _converse['setDisconnectionCause'](_converse['LOGOUT'], undefined, true));
}

/** Whether the device is the user's own, and where plugins may keep what is theirs. */
class ClientConfig extends Model {
  override get(name: string): any {
    if (name !== 'trusted' && name !== 'storage') {
      return super.get(name);
    }
    const trusted: unknown = api()['settings'].get('trusted');
    const is = trusted !== 'off' && Boolean(trusted);
    return name === 'trusted' ? is : is ? 'local' : 'session';
  }
}

/** The groupings of `_converse.api` that need nothing of the core. */
export const GROUPINGS = { alert: { show } };
