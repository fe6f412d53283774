/**
 * `_converse.connection`: what plugins use of Strophe's Connection. The core has the connection; this asks and sends by it.
 */
import { connectionPlugins, initPlugins } from './compat/connection.ts';
import { Strophe } from './compat/strophe.ts';
import { parseXml } from './compat/parse.ts';
import { api, core } from './models/core.ts';
import { withoutSecrets } from './wire-log.ts';

type Stanza = Element | { tree(): Element };
type Handler = (stanza: Element) => unknown;
type Show = (stanza: Element) => void;

/** What `addHandler` and `addTimedHandler` return. */
interface Reference {
  active: boolean;
}

interface Fitting {
  matchBareFromJid?: boolean;
  matchBare?: boolean;
}

export class Connection {
  /** The password that the user has logged in with, if they did so with one. */
  get pass(): string | undefined {
    return this.#pass ?? api()['settings'].get('password');
  }

  set pass(pass: string | undefined) {
    this.#pass = pass;
  }

  /** For what plugins keep here. */
  readonly options: Record<string, unknown> = {};

  #pass: string | undefined;
  #handlers = new Set<Reference>();
  #timers = new Map<Reference, number>();
  #shows: Record<string, Show | undefined> = {};

  get jid(): string {
    return api()['user'].jid();
  }

  get domain(): string | null {
    return this.jid ? Strophe.getDomainFromJid(this.jid) : null;
  }

  get authcid(): string | null {
    return this.jid ? Strophe.getNodeFromJid(this.jid) : null;
  }

  get connected(): boolean {
    return api()['connection'].connected;
  }

  get authenticated(): boolean {
    return this.connected;
  }

  /** Sends stanzas, without telling of it. */
  send(stanza: Stanza | readonly Stanza[] | null): void {
    for (const one of [stanza ?? []].flat() as Stanza[]) {
      core().transmit(one);
    }
  }

  /** Asks, and calls one of the two with the answer; with nothing if there was none within `timeout` milliseconds. */
  sendIQ(stanza: Stanza, callback?: Handler | null, errback?: ((stanza: Element | null) => unknown) | null, timeout?: number): string {
    const { element, id } = this.#named(stanza, 'sendIQ');
    core().request(element, timeout || NEVER).then(
      (answer) => callback?.(answer),
      (reason: unknown) => errback?.(reason instanceof Element ? reason : null),
    ).catch(reportError);
    return id;
  }

  /** The same for presence, which a room answers say. */
  sendPresence(stanza: Stanza, callback?: Handler | null, errback?: ((stanza: Element | null) => unknown) | null, timeout?: number): string {
    const { element, id } = this.#named(stanza, 'sendPresence');
    const answer = this.addHandler((presence) => {
      clearTimeout(late);
      presence.getAttribute('type') === 'error' ? errback?.(presence) : callback?.(presence);
      return false;
    }, null, 'presence', null, id);
    const late = timeout ? window.setTimeout(() => (this.deleteHandler(answer), errback?.(null)), timeout) : undefined;
    core().transmit(element);
    return id;
  }

  /** Calls `handler` with each stanza that fits, as long as it returns something true, and until the connection is lost. */
  addHandler(
    handler: Handler,
    ns?: string | null,
    name?: string | null,
    type?: string | readonly string[] | null,
    id?: string | null,
    from?: string | null,
    options?: Fitting | null,
  ): Reference {
    const reference = { active: true };
    this.#handlers.add(reference);
    const call = (stanza: Element): boolean => {
      reference.active &&= Boolean(handler(stanza));
      return reference.active || Boolean(this.#handlers.delete(reference) && false);
    };
    api()['listen'].stanza(name ?? null, { ns: ns ?? undefined, type: type ?? undefined, id: id ?? undefined, from: from ?? undefined, ...options }, (stanza: Element) => reference.active && call(stanza));
    return reference;
  }

  deleteHandler(reference: Reference): void {
    reference.active = false;
    this.#handlers.delete(reference);
  }

  /** Calls `handler` every `period` milliseconds, as long as it returns something true. */
  addTimedHandler(period: number, handler: () => unknown): Reference {
    const reference = { active: true };
    const call = (): void => void (handler() || this.deleteTimedHandler(reference));
    this.#timers.set(reference, window.setInterval(call, period));
    return reference;
  }

  deleteTimedHandler(reference: Reference): void {
    clearInterval(this.#timers.get(reference));
    this.#timers.delete(reference);
  }

  /** A text that nobody else calls anything by. */
  getUniqueId(suffix?: string | number): string {
    const id = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
    return suffix === undefined || suffix === '' ? id : `${id}:${suffix}`;
  }

  disconnect(_reason?: string): void {
    api()['connection'].disconnect();
  }

  /** Nothing waits here, and nothing is held back. */
  flush(): void {}
  pause(): void {}
  resume(): void {}

  /** Takes out what was added: a new connection begins without. */
  reset(): void {
    this.#handlers.forEach((reference) => (reference.active = false));
    this.#handlers.clear();
    [...this.#timers.keys()].forEach((reference) => this.deleteTimedHandler(reference));
  }

  /** Functions that are shown each stanza. The core is asked for them only when somebody has put one here. */
  get xmlInput(): Show {
    return this.#shows['xmlInput'] ?? ignore;
  }

  set xmlInput(show: Show) {
    this.#watch('xmlInput', show);
  }

  get xmlOutput(): Show {
    return this.#shows['xmlOutput'] ?? ignore;
  }

  set xmlOutput(show: Show) {
    this.#watch('xmlOutput', show);
  }

  get rawInput(): Show {
    return this.#shows['rawInput'] ?? ignore;
  }

  set rawInput(show: Show) {
    this.#watch('rawInput', show);
  }

  get rawOutput(): Show {
    return this.#shows['rawOutput'] ?? ignore;
  }

  set rawOutput(show: Show) {
    this.#watch('rawOutput', show);
  }

  /** Shows a text that was sent, or came, to who wants to see it. What leads into the account is left out. */
  showWire(sent: boolean, text: string): void {
    const { [sent ? 'xmlOutput' : 'xmlInput']: xml, [sent ? 'rawOutput' : 'rawInput']: raw } = this.#shows;
    if (!xml && !raw) {
      return;
    }
    const shown = withoutSecrets(text);
    raw?.call(this, shown as never);
    if (xml && shown.startsWith('<')) {
      const root = parseXml(shown);
      // Of BOSH, what a body carries.
      const stanzas = root.localName === 'body' && root.children.length > 0 ? [...root.children] : [root];
      stanzas.forEach((stanza) => xml.call(this, stanza));
    }
  }

  /** Gives the plugins of Strophe their places here. */
  begin(): void {
    this.reset();
    this.#shows = {};
    initPlugins(this);
  }

  /** Takes in what the connection has come to, and tells these plugins. */
  tell(status: number): void {
    if (status === Strophe.Status.DISCONNECTED || status === RECONNECTING) {
      this.reset();
    }
    // The next log-in may be somebody else's.
    if (status === Strophe.Status.DISCONNECTED) {
      this.#pass = undefined;
    }
    for (const name of Object.keys(connectionPlugins)) {
      const plugin = Reflect.get(this, name) as { statusChanged?(status: number, condition: null): void } | undefined;
      try {
        plugin?.statusChanged?.(status, null);
      } catch (exception) {
        reportError(exception);
      }
    }
  }

  #watch(name: string, show: Show): void {
    this.#shows[name] = typeof show === 'function' && show !== ignore ? show : undefined;
    core().watchWire(Object.values(this.#shows).some(Boolean));
  }

  #named(stanza: Stanza, suffix: string): { element: Element; id: string } {
    const element = 'tree' in stanza ? stanza.tree() : stanza;
    const id = element.getAttribute('id') || this.getUniqueId(suffix);
    element.setAttribute('id', id);
    return { element, id };
  }
}

function ignore(): void {}

/** The connection is lost, and will be made again. */
const RECONNECTING = 10;
/** Milliseconds; the most that the core takes. */
const NEVER = 4_000_000_000;

/** The page has one, whatever becomes of it. */
export const connection = new Connection();
