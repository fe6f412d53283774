/** What a page hands over as the setting `connection`, and plugins as parts of connections. */
import { getBareJidFromJid, getDomainFromJid, getNodeFromJid } from './jid.ts';
import { ConverseError } from '../errors.ts';

type Callback = (status: number, condition: string | null) => unknown;

/**
 * `Strophe.Connection`, for pages that make one and pass it as the setting `connection`: an address to connect to, and
 * what to log in with. The core connects; afterwards `_converse.connection` is the object to ask and to send by.
 */
export class Connection {
  service: string;
  options: Record<string, unknown>;
  jid = '';
  authzid: string | null = null;
  authcid: string | null = null;
  pass: unknown = null;
  domain: string | null = null;
  connected = false;
  authenticated = false;
  connecting = false;
  disconnecting = false;
  errors = 0;
  features: Element | null = null;
  /** The BOSH session to go on with. */
  session: { jid: string; sid: string; rid: string } | undefined;
  connect_callback: Callback | null = null;
  #ids = 0;

  constructor(service: string, options: Record<string, unknown> = {}) {
    this.service = service;
    this.options = options;
    initPlugins(this);
  }

  /** Notes what to log in with: that begins with `converse.initialize`. */
  connect(jid: string, pass: unknown, callback?: Callback): void {
    Object.assign(this, {
      jid,
      pass,
      authzid: getBareJidFromJid(jid),
      authcid: getNodeFromJid(jid),
      domain: getDomainFromJid(jid),
      connect_callback: callback ?? null,
    });
  }

  /** Notes which BOSH session to go on with. */
  attach(jid: string, sid: string, rid: string | number, callback?: Callback): void {
    this.connect(jid, null, callback);
    this.session = { jid, sid: String(sid), rid: String(rid) };
  }

  reset(): void {
    this.errors = 0;
    this.session = undefined;
  }

  getUniqueId(suffix?: string | number): string {
    const id = `${(this.#ids += 1)}-${Math.random().toString(36).slice(2)}`;
    return suffix === undefined ? id : `${id}:${suffix}`;
  }

  send(): never {
    throw notConnected();
  }

  sendIQ(): never {
    throw notConnected();
  }

  sendPresence(): never {
    throw notConnected();
  }

  flush(): void {}
  disconnect(): void {}
  xmlInput(_element: Element): void {}
  xmlOutput(_element: Element): void {}
  rawInput(_data: string): void {}
  rawOutput(_data: string): void {}
}

/** What `Strophe.addConnectionPlugin` was called with: each connection gets an object of its own with this prototype. */
export const connectionPlugins: Record<string, object> = {};

export function initPlugins(connection: object): void {
  for (const [name, prototype] of Object.entries(connectionPlugins).filter(([name]) => !Object.hasOwn(connection, name))) {
    const plugin = Object.create(prototype) as { init?(connection: object): void };
    Reflect.set(connection, name, plugin);
    plugin.init?.(connection);
  }
}

/** What the setting `connection` says, in the words of other settings; these go before it. */
export function settingsOf(connection: Partial<Connection>): Record<string, unknown> {
  const { service, jid, pass, session } = connection;
  const url = service && (/^wss?:/i.test(service) || connection.options?.['protocol'] ? 'websocket_url' : 'bosh_service_url');
  return {
    ...(url && { [url]: service }),
    ...(jid && { jid }),
    ...(session ? { authentication: 'prebind', auto_login: true, ...session } : jid && pass != null && { password: pass, auto_login: true }),
  };
}

function notConnected(): ConverseError {
  return new ConverseError('not-connected', 'Nothing can be sent before converse.initialize has connected: use _converse.connection, or _converse.api.send.');
}
