/** What comes faster than anybody reads. `tests/flood.rs` plays more of it against the core alone. */
import { expect, test, type Chat } from './support/chat.ts';
import { offering } from './support/scripted-socket.ts';

const COUNT = 8_000;

/** Messages of strangers, each of another, among which are presences and requests. */
function flood(): string[] {
  const from = (n: number): string => `xmlns='jabber:client' from='stranger${n}@montague.lit/x' to='juliet@capulet.lit/x'`;
  return Array.from({ length: COUNT }, (_, n) =>
    n % 4 === 1 ? `<presence ${from(n)}><status>${n}</status></presence>`
    : n % 4 === 2 ? `<presence ${from(n)} type='subscribe'/>`
    : `<message ${from(n)} type='chat' id='m${n}'><body>Message ${n}</body></message>`);
}

test('a flood of strangers is bounded, and the page gets its turns in between', async ({ openPage }) => {
  let flooded = false;
  await using server = await offering('PLAIN', (message) => {
    if (flooded || !message.startsWith('<presence')) return [];
    flooded = true;
    return [...flood(), "<message xmlns='jabber:client' from='capulet.lit' type='headline' id='last'/>"];
  });
  const chat = await openPage({
    client: {},
    settings: { websocket_url: server.url, jid: 'juliet@capulet.lit', password: 'secret', auto_login: true, allow_non_roster_messaging: true },
    plugin: (_converse) => {
      const turns = { of: 0, most: 0, all: 0 };
      Object.assign(window, { turns });
      _converse.api.listen.stanza('message', (stanza) => {
        turns.of += 1;
        turns.most = Math.max(turns.most, turns.of);
        if (stanza.id === 'last') {
          _converse.emit('flooded');
        }
        return true;
      });
      // What a click or a key would be: a task of the page's own.
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        turns.all += 1;
        turns.of = 0;
        channel.port2.postMessage(null);
      };
      channel.port2.postMessage(null);
    },
  });
  await chat.event('flooded');
  const { most, all } = await chat.page.evaluate(() => (window as unknown as { turns: { most: number; all: number } }).turns);
  expect(all).toBeGreaterThan(10);
  // Half of them are messages.
  expect(most).toBeLessThan(COUNT / 3);
  const kept = await chat.page.evaluate(() => ({
    chats: _converse.api.chats.get().length,
    asking: _converse.api.contacts.get().filter((contact) => contact.get('requesting')).length,
  }));
  // MAX_UNANSWERED and MAX_REQUESTS.
  expect(kept).toEqual({ chats: 500, asking: 500 });
  // Nobody is kept from writing.
  await expect(chat.page.getByRole('button', { name: /stranger0@montague.lit/ }).first()).toBeVisible();
});

test('plugins hear of a large roster in turns, and the page gets its own in between', async ({ openPage }) => {
  const item = (n: number): string => `<item jid='contact${n}@capulet.lit' name='Contact ${n}' subscription='both'/>`;
  await using server = await offering('PLAIN', () => [], Array.from({ length: COUNT }, (_, n) => item(n)).join(''));
  const chat = await openPage({
    settings: { websocket_url: server.url, jid: 'juliet@capulet.lit', password: 'secret', auto_login: true },
    plugin: (_converse) => {
      const heard = { of: 0, most: 0, all: 0 };
      Object.assign(window, { heard });
      _converse.api.listen.on('rosterInitialized', () => {
        _converse.roster.on('add', () => {
          heard.of += 1;
          heard.all += 1;
          heard.most = Math.max(heard.most, heard.of);
        });
      });
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        heard.of = 0;
        channel.port2.postMessage(null);
      };
      channel.port2.postMessage(null);
    },
  });
  await chat.event('rosterContactsFetched');
  const { most, all } = await chat.page.evaluate(() => (window as unknown as { heard: { most: number; all: number } }).heard);
  expect(all).toBe(COUNT);
  expect(most).toBeLessThan(COUNT / 2);
});

/** Messages of one contact, whose number stands in them. */
const message = (n: number): string => `<message xmlns='jabber:client' from='nurse@capulet.lit/x' to='juliet@capulet.lit/x' type='chat' id='m${n}'><body>Message ${n}</body></message>`;

/** A server that sends all of this at once to whoever is online. */
async function bringing(frames: string[]) {
  let isBrought = false;
  return offering('PLAIN', (message) => {
    if (isBrought || !message.startsWith('<presence')) return [];
    isBrought = true;
    return frames;
  });
}

const settings = (url: string) => ({ websocket_url: url, jid: 'juliet@capulet.lit', password: 'secret', auto_login: true, auto_reconnect: false, allow_non_roster_messaging: true });

/** What the contact said, in its order. */
const said = ({ page }: Chat) => page.evaluate(async () => (await _converse.api.chats.get('nurse@capulet.lit'))?.messages.map((one) => one.get('message')) ?? []);

test('of what comes at once, what is no XML ends the stream where it stands', async ({ openPage }) => {
  const before = Array.from({ length: 250 }, (_, n) => message(n));
  await using server = await bringing([...before, `${message(250)}\0${message(251)}`, message(252)]);
  const chat = await openPage({ settings: settings(server.url) });
  await chat.event('disconnected');
  expect(await said(chat)).toEqual(before.map((_, n) => `Message ${n}`));
});

test('a WebSocket that is not the browser\'s own brings all of it, too', async ({ openPage }) => {
  const all = Array.from({ length: 250 }, (_, n) => message(n));
  await using server = await bringing(all);
  const chat = await openPage();
  await chat.page.evaluate(() => {
    const Own = WebSocket;
    // As those are that tests of pages make.
    window.WebSocket = class extends EventTarget {
      readonly #own: WebSocket;

      constructor(url: string, protocols?: string | string[]) {
        super();
        this.#own = new Own(url, protocols);
        this.#own.onopen = () => this.#tell('open');
        this.#own.onmessage = ({ data }) => this.#tell('message', data);
        this.#own.onclose = () => this.#tell('close');
      }

      #tell(name: string, data?: unknown): void {
        const event = Object.assign(new Event(name), { data });
        (this as unknown as Record<string, (event: Event) => void>)[`on${name}`]?.(event);
        this.dispatchEvent(event);
      }

      send(data: string): void {
        this.#own.send(data);
      }

      close(): void {
        this.#own.close();
      }
    } as unknown as typeof WebSocket;
  });
  await chat.initialize(settings(server.url));
  await expect.poll(() => said(chat)).toEqual(all.map((_, n) => `Message ${n}`));
});
