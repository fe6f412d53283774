/** The attacks of `tests/corpus/` against the whole library, on a page that trusts nobody. `tests/corpus.rs` plays the same against the core. */
import { expect, test, TRANSPORTS, type Chat, type Transport } from './support/chat.ts';
import { all, cases, children, fillIn, matches, parse, ScriptedServer, serve, world, writeOut, type Case, type Step } from './support/corpus.ts';

const PASSWORD = 'r0m30myr0m30';
/** What entities are compared here; the others are the native runner's. */
const KINDS = /^. (contact|chat|message|room|occupant|bookmark|group) /;
const DEFAULTS: Record<string, boolean> = { allow_non_roster_messaging: false, auto_join_on_invite: false, allow_contact_requests: true, filter_by_resource: false };
/** What a contact has of their vCard, which the page asks for when it shows them: some time after the list is there. */
const OF_VCARD: readonly string[] = ['fullname', 'image', 'image_type', 'url', 'vcard_updated'];
const EVENTS = ['message', 'roster', 'rosterPush', 'contactRequest', 'contactRemoved', 'contactsSuggested', 'contactPresenceChanged', 'contactStatusMessageChanged', 'statusChanged', 'statusMessageChanged', 'roomInviteReceived', 'roomInviteDeclined'];

/**
 * Runs before anything else in the page: notes what the page's policy has forbidden, and what was there at first. What is to be
 * shown ten times a second is shown in the next frame.
 */
function watch(): void {
  const start = setTimeout as (then: () => void, delay?: number, ...given: unknown[]) => number;
  window.setTimeout = ((then: () => void, delay = 0, ...given: unknown[]) => start(then, delay > 100 ? delay : 0, ...given)) as typeof setTimeout;
  const seen = { violations: [] as string[], names: [] as string[], prototype: '' };
  Object.assign(window, { watched: seen });
  addEventListener('securitypolicyviolation', (event) => seen.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
  addEventListener('load', () => (seen.prototype = Object.getOwnPropertyNames(Object.prototype).join()));
}

for (const transport of TRANSPORTS) {
  test(`every case is as it says over ${transport}`, { tag: '@once' }, async ({ openPage }) => {
    test.setTimeout(900_000);
    const script = new ScriptedServer();
    await using server = await serve(script);
    const url = transport === 'bosh' ? { bosh_service_url: server.url.bosh } : { websocket_url: server.url.websocket };
    const chat = await openPage({ client: { viewport: { width: 3200, height: 900 } } });
    const page = new Played(chat, script);
    await page.open(url);
    const [wrong, counts] = [[] as string[], new Map<string, number>()];
    for (const one of cases().filter((one) => isPlayed(one, transport))) {
      const why = await page.play(one);
      counts.set(one.row, (counts.get(one.row) ?? 0) + 1);
      if (why.length > 0) {
        wrong.push(`${one.row}, ${one.title}: ${why.join('; ')}`);
      }
    }
    console.log(`${transport}: ${[...counts].map((pair) => pair.join(' ')).join(', ')}`);
    expect(wrong).toEqual([]);
    expect(await page.secrets()).toEqual([]);
  });
}

function isPlayed(one: Case, transport: Transport): boolean {
  return all(one, 'test').length === 0 && all(one, 'over').every((over) => over === transport) && all(one, 'where').every((where) => where === 'browser');
}

/** A page on which cases are played, one after the other. */
class Played {
  /** What was asked for, said or thrown that must not be. */
  readonly #trouble: string[] = [];
  #before: { state: Record<string, string>; events: number } = { state: {}, events: 0 };
  #names: string[] = [];

  constructor(
    readonly chat: Chat,
    readonly script: ScriptedServer,
  ) {}

  async open(url: { websocket_url: string } | { bosh_service_url: string }): Promise<void> {
    const { page } = this.chat;
    const own = [new URL(page.url()).host, new URL(Object.values(url)[0]!).host];
    page.on('dialog', (dialog) => (this.#trouble.push(`a dialog: ${dialog.message()}`), void dialog.dismiss()));
    page.on('pageerror', (error) => this.#trouble.push(`an error: ${error.message}`));
    page.on('request', (request) => {
      const { protocol, host } = new URL(request.url());
      if (/^(https?|wss?):$/.test(protocol) && !own.includes(host)) {
        this.#trouble.push(`a request: ${request.url()}`);
      }
    });
    page.on('console', (message) => {
      if (message.text().includes(PASSWORD)) {
        this.#trouble.push(`the password is said: ${message.text()}`);
      }
    });
    await page.addInitScript(watch);
    await page.reload();
    await this.chat.initialize({ ...url, auto_reconnect: false, show_controlbox_by_default: true });
    await this.chat.event('connectionInitialized');
    this.#names = await page.evaluate(() => Object.getOwnPropertyNames(window));
  }

  /** Plays a case, and says what was not as it should be. */
  async play(one: Case): Promise<string[]> {
    const parts = [world('default'), ...all(one, 'with').flatMap((names) => names.split(/\s+/)).map(world)];
    const setUp = one.steps.findIndex(({ word }) => word === '--');
    try {
      await this.#begin([...parts, one]);
      for (const step of [...parts.flatMap(({ steps }) => steps), ...one.steps.slice(0, Math.max(setUp, 0))]) {
        await this.#step(step);
      }
      const played = !this.script.byHand || setUp >= 0;
      if (played) {
        await this.#rest();
        this.script.sent = [];
      }
      this.#before = await this.#state();
      for (const step of one.steps.slice(Math.max(setUp, 0))) {
        await this.#step(step);
      }
      return await this.#check(one);
    } catch (error) {
      return [String(error)];
    } finally {
      await this.#end();
    }
  }

  /** What of the secrets can be reached from the page's globals. */
  secrets(): Promise<string[]> {
    return this.chat.page.evaluate((secret) => {
      const [found, seen, queue] = [[] as string[], new Set<unknown>([window, document]), [['converse', converse], ['_converse', _converse]] as [string, any][]];
      while (queue.length > 0 && seen.size < 50_000) {
        const [path, value] = queue.shift()!;
        for (const name of Object.getOwnPropertyNames(value)) {
          const inner = Object.getOwnPropertyDescriptor(value, name)?.value;
          if (typeof inner === 'string' && inner.includes(secret)) {
            found.push(`${path}.${name}`);
          }
          if (inner && (typeof inner === 'object' || typeof inner === 'function') && !(inner instanceof Node) && !seen.has(inner)) {
            seen.add(inner);
            queue.push([`${path}.${name}`, inner]);
          }
        }
      }
      return [...found, ...Object.values({ ...sessionStorage, ...localStorage }).filter((stored) => stored.includes(secret))];
    }, PASSWORD);
  }

  async #begin(parts: Case[]): Promise<void> {
    this.script.begin(parts);
    const settings = { ...DEFAULTS, ...Object.fromEntries(parts.flatMap((part) => all(part, 'set')).map((text) => [text.split(' ')[0], !text.endsWith(' false')])) };
    const login = this.chat.page.evaluate(
      ([settings, password]) => {
        _converse.api.settings.set(settings);
        return _converse.api.user.login({ jid: 'juliet@capulet.lit', password }).then(() => '', (error) => String(error));
      },
      [settings, PASSWORD] as const,
    );
    await this.script.opened();
    if (!this.script.byHand) {
      const failed = await login;
      if (failed) {
        throw new Error(failed);
      }
      await this.script.settle();
    } else {
      void login.catch(() => undefined);
    }
  }

  async #step({ word, text }: Step): Promise<void> {
    const [first = '', ...others] = text.split(' ');
    const rest = others.join(' ');
    const { script } = this;
    switch (word) {
      case '<': {
        // Several, if they are written as so many times one.
        const all = writeOut(fillIn(text, script.names));
        const stanzas = text.startsWith('«') ? (all.match(/<message .*?<\/message>/gs) ?? []) : [all];
        stanzas.forEach((stanza) => script.send(stanza));
        break;
      }
      case 'raw':
        script.raw(text);
        break;
      case '>': {
        const expected = parse(writeOut(fillIn(text, script.names)));
        await this.#take((sent) => {
          const bound = new Map(script.names);
          const found = matches(expected, sent, bound);
          if (found) {
            script.names = bound;
          }
          return found;
        }, text);
        break;
      }
      case 'asks':
      case 'shown-asks': {
        const [namespace, ...names] = others;
        const asked = await this.#take((sent) => sent.name === 'iq' && (sent.attributes['to'] ?? '-') === first && children(sent)[0]?.namespace === namespace, text);
        const values = [asked.attributes['id'], children(asked)[0]?.attributes['queryid']];
        names.forEach((name, at) => script.names.set(name.replace('$', ''), values[at] ?? ''));
        break;
      }
      case 'say':
        await this.chat.page.evaluate(async ([jid, body]) => void (await _converse.api.chats.open(jid)).sendMessage(body), [first, writeOut(rest)] as const);
        break;
      case 'open':
        await this.chat.page.evaluate(async (jid) => void (await _converse.api.chats.open(jid)), first);
        break;
      case 'join':
        await this.chat.page.evaluate(async ([jid, nick]) => void (await _converse.api.rooms.open(jid, { nick })), [first, rest] as const);
        break;
    }
  }

  /** Waits until the client has sent something like this, and takes it out of what nobody has expected. */
  async #take(is: (sent: ScriptedServer['sent'][number]) => boolean, what: string): Promise<ScriptedServer['sent'][number]> {
    const { script } = this;
    let at = -1;
    await script.until(() => (at = script.sent.findIndex(is)) >= 0, what);
    return script.sent.splice(at, 1)[0]!;
  }

  /** What was sent and no step has named. The page's elements show pictures of contacts, and ask for those: no case names that. */
  async #unnamed(): Promise<ScriptedServer['sent']> {
    const contacts = await this.chat.page.evaluate(() => (_converse.roster?.models ?? []).filter((one) => !one.get('requesting')).map(({ id }) => id));
    return this.script.sent.filter((sent) => children(sent)[0]?.namespace !== 'vcard-temp' || !contacts.includes(sent.attributes['to'] ?? ''));
  }

  async #check(one: Case): Promise<string[]> {
    const wrong: string[] = [];
    const differs = (what: string, is: unknown, wanted: unknown): void => {
      if (JSON.stringify(is) !== JSON.stringify(wanted)) {
        wrong.push(`${what}: ${JSON.stringify(is)}, not ${JSON.stringify(wanted)}`);
      }
    };
    const [ends] = all(one, 'ends');
    if (ends !== undefined) {
      await expect.poll(() => this.#ended()).not.toBe(undefined);
      differs('the end', await this.#ended(), ends);
    } else {
      await this.#rest();
      const { state, events } = await this.#state();
      const told = (await this.#told()).slice(this.#before.events, events);
      const expected = [...all(one, 'event'), ...all(one, 'events').flatMap((text) => Array<string>(Number(text.split(' ')[0])).fill(text.split(' ')[1]!))];
      differs('told', told.sort(), expected.sort());
      const before = this.#before.state;
      const changes = [
        ...Object.keys(state).flatMap((key) => (key in before ? (before[key] === state[key] ? [] : [`~ ${key}`]) : [`+ ${key}`])),
        ...Object.keys(before).flatMap((key) => (key in state ? [] : [`- ${key}`])),
      ];
      const named = ['+', '~', '-'].flatMap((sign) => all(one, sign).map((key) => `${sign} ${key}`));
      const aside = changes.filter((change) => change.startsWith('~') && !all(one, '~').includes(change.slice(2)) && KINDS.test(change));
      differs('changed unexpectedly', aside.map((change) => [before[change.slice(2)], state[change.slice(2)]]), []);
      differs('changed', changes.filter((change) => KINDS.test(change)).sort(), named.filter((change) => KINDS.test(change)).sort());
      await this.#checkShown(one, differs);
    }
    differs('sent', (await this.#unnamed()).map(({ name, attributes, nodes }) => [name, attributes, nodes]), []);
    differs('trouble', this.#trouble.splice(0), []);
    const left = await this.chat.page.evaluate(
      ([names]) => {
        const { watched } = window as unknown as { watched: { violations: string[]; prototype: string } };
        const prototype = Object.getOwnPropertyNames(Object.prototype).join();
        const hostile = [...document.querySelectorAll('*')].filter((element) => element.getAttributeNames().some((name) => /^on/i.test(name)) || /^(script|iframe|object|embed)$/i.test(element.localName) && element.closest('body'));
        return {
          violations: watched.violations.splice(0),
          uncaught: probe.uncaught.splice(0),
          globals: Object.getOwnPropertyNames(window).filter((name) => !names.includes(name)),
          polluted: prototype === watched.prototype ? [] : [prototype],
          hostile: hostile.map((element) => element.outerHTML),
        };
      },
      [this.#names] as const,
    );
    for (const [what, found] of Object.entries(left)) {
      differs(what, found, []);
    }
    return wrong;
  }

  /** Waits until everything is taken in, and shown, and what the page asks for then is answered. */
  async #rest(): Promise<void> {
    await this.script.settle();
    // A timer set now goes off after the one that has things shown.
    await this.chat.page.evaluate(() => new Promise((done) => void setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)))));
    await this.script.settle();
  }

  async #checkShown(one: Case, differs: (what: string, is: unknown, wanted: unknown) => void): Promise<void> {
    const squeezed = (text: string): string => text.split(/\s+/).filter(Boolean).join(' ');
    const lines = new Map<string, string[]>();
    for (const text of all(one, 'line')) {
      const [, of = '', line] = /^(\S+)(?: (.*))?$/s.exec(text) ?? [];
      lines.set(of, [...(lines.get(of) ?? []), ...(line === undefined ? [] : [squeezed(writeOut(line))])]);
    }
    for (const [of, expected] of lines) {
      differs(`seen of ${of}`, (await this.#lines(of)).map(squeezed), expected);
    }
    for (const text of all(one, 'get')) {
      const [, key = '', attribute = '', value = ''] = /^(.*) (\S+) = (.*)$/s.exec(text) ?? [];
      if (KINDS.test(`. ${key}`)) {
        differs(`${key} ${attribute}`, await this.#get(key, attribute), writeOut(value));
      }
    }
  }

  /** What is seen of a conversation, with `⟦address text⟧` for links. */
  #lines(jid: string): Promise<string[]> {
    return this.chat.page.evaluate((jid) => {
      const box = [...document.querySelectorAll('converse-chat')].find((one) => one.getAttribute('data-jid') === jid);
      const said = (node: Node): string => {
        if (node instanceof Text) {
          return node.data;
        }
        const element = node as Element;
        if (node instanceof Comment || element.matches?.('.chat-action__author, .link-host')) {
          return '';
        }
        const inner = [...node.childNodes].map(said).join('');
        return element.matches?.('a[href]') ? `⟦${element.getAttribute('href')} ${inner}⟧` : element.matches?.('div, pre, blockquote') ? ` ${inner} ` : inner;
      };
      return [...(box?.querySelectorAll('article.chat-msg') ?? [])].map((line) => [...line.querySelectorAll('.chat-msg__text')].map(said).join(' '));
    }, jid);
  }

  #get(key: string, attribute: string): Promise<string> {
    return this.chat.page.evaluate(
      ([key, attribute]) => {
        const [, kind = '', id = '', of = ''] = /^(\S+) (.*?)(?: in (.*))?$/.exec(key) ?? [];
        const box = _converse.chatboxes.get(of || id) as any;
        const model = kind === 'contact' ? _converse.roster.get(id) : kind === 'message' ? box?.messages.get(id) : kind === 'occupant' ? box?.occupants.get(id) : box;
        const value = model?.get(attribute);
        return value === undefined || value === null ? '-' : String(value);
      },
      [key, attribute] as const,
    );
  }

  /** All that plugins can read of the account, and how many events there have been. */
  #state(): Promise<{ state: Record<string, string>; events: number }> {
    return this.chat.page.evaluate(([names, ofVCard]) => {
      const state: Record<string, string> = Object.create(null);
      const add = (kind: string, models: Iterable<any> | undefined, of = ''): void => {
        for (const model of models ?? []) {
          state[`${kind} ${kind === 'group' ? model.get('name') : model.id}${of}`] = JSON.stringify(model.toJSON(), (name, value) => (/^(contact|chat)$/.test(kind) && ofVCard.includes(name) ? undefined : value));
        }
      };
      add('contact', _converse.roster?.models);
      add('group', _converse.rostergroups?.models);
      add('bookmark', _converse.bookmarks?.models);
      for (const box of (_converse.chatboxes?.models ?? []) as any[]) {
        if (box.id === 'controlbox') {
          continue;
        }
        const room = box.get('type') === 'chatroom';
        add(room ? 'room' : 'chat', [box]);
        add('message', box.messages.models, ` in ${box.id}`);
        add('occupant', room ? box.occupants.models : [], ` in ${box.id}`);
      }
      return { state, events: probe.seen.filter(({ name }) => names.includes(name)).length };
    }, [EVENTS, OF_VCARD] as const);
  }

  async #told(): Promise<string[]> {
    return this.chat.page.evaluate((names) => probe.seen.map(({ name }) => name).filter((name) => names.includes(name)), EVENTS);
  }

  /** With which error the session that began last has ended, if it has. */
  #ended(): Promise<string | undefined> {
    return this.chat.page.evaluate(() => {
      const last = probe.seen.filter(({ name }) => name === 'disconnected').at(-1);
      return last ? ((last.payload[0] as { code?: string } | undefined)?.code ?? 'asked-for') : undefined;
    });
  }

  /** Ends the session, so that nothing is left for the next case. */
  async #end(): Promise<void> {
    await this.chat.page.evaluate(async () => {
      const over = (): boolean => probe.seen.some(({ name }) => name === 'disconnected');
      if (!over()) {
        void _converse.api.user.logout();
        await probe.event('disconnected', 1);
      } else {
        _converse.api.user.logout();
      }
      probe.seen.splice(0);
    });
  }
}
