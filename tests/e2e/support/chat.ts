/**
 * What the tests against a real server share: one XMPP server and one web site with pkg/ for each worker, fresh accounts
 * for each test, and pages that wait for events.
 */
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test as base, type BrowserContext, type BrowserContextOptions, type Page } from '@playwright/test';

import { clientPage } from '../../support/client-page.mjs';
import { startEjabberd } from '../../support/ejabberd.mjs';
import { startProsody } from '../../support/prosody.mjs';
import type { Server } from '../../support/server.mjs';
import { startStaticServer } from '../../support/static-server.mjs';
import type { ClosuredConverse, Settings } from '../../../www/types/index.d.ts';
import { PROBE, type Failure, type Outcome, type Seen } from './probe.ts';

export { expect } from '@playwright/test';
export type { Chat, Server };

/** The option by which a project of playwright.config.ts says which server it is for. */
export interface ServerOption {
  serverName: keyof typeof SERVERS;
}
export interface Account {
  readonly jid: string;
  readonly password: string;
}
export interface Contact {
  jid: string;
  name?: string;
  groups?: string[];
  subscription?: 'both' | 'to' | 'from' | 'none';
}
export const TRANSPORTS = ['websocket', 'bosh'] as const;
export type Transport = (typeof TRANSPORTS)[number];

/** Runs in the page, so it must not use anything from outside itself. */
export type PluginBody = (_converse: ClosuredConverse) => unknown;

export interface Opening {
  /** Passed to `initialize`; not called without. The plugins `probe` and `test` are whitelisted besides. */
  settings?: Settings | undefined;
  /** What the plugin `test` does in its `initialize`. */
  plugin?: PluginBody | string;
  /** Opens a tab beside this page, with which it shares a browser, in the place of a browser of its own. */
  beside?: Chat;
  /** Opens the page with the whole client, in a browser like this. */
  client?: BrowserContextOptions;
  /** With the libraries that plugins for converse.js 4 expect. */
  compat?: boolean;
}

interface Fixtures {
  /** Makes an account that no other test has. */
  newAccount(contacts?: Contact[], name?: string): Promise<Account>;
  /** Opens a page with the library, initialises it if settings are given, and waits for nothing. */
  openPage(opening?: Opening): Promise<Chat>;
  /** The settings with which this account logs in at once. */
  loginSettings(account: Account, transport?: Transport): Settings;
  /** Opens a page and logs in; the roster is there when this returns. */
  logIn(account: Account, opening?: Opening & { transport?: Transport }): Promise<Chat>;
}

interface WorkerFixtures extends ServerOption {
  server: Server;
  site: { url: string };
}

const SERVERS = { prosody: startProsody, ejabberd: startEjabberd };

export const test = base.extend<Fixtures, WorkerFixtures>({
  serverName: ['prosody', { option: true, scope: 'worker' }],

  server: [
    async ({ serverName }, use) => {
      const server = await SERVERS[serverName]({ domain: 'capulet.lit' });
      await use(server);
      await server.stop();
    },
    { scope: 'worker' },
  ],

  site: [
    async ({}, use) => {
      const site = await startStaticServer({
        folders: { '/pkg/': join(ROOT, 'pkg/') },
        documents: { '/': HTML, '/client': clientPage(), '/compat': COMPAT, '/favicon.ico': '' },
      });
      await use(site);
      await site.close();
    },
    { scope: 'worker' },
  ],

  newAccount: async ({ server }, use) => {
    await use(async (contacts = [], name = 'juliet') => {
      const account = { jid: `${name}-${(accounts += 1)}@${server.domain}`, password: `secret-${accounts}` };
      await server.addUser({ ...account, contacts });
      return account;
    });
  },

  loginSettings: async ({ server }, use) => {
    await use(({ jid, password }, transport = 'websocket') => ({
      ...service(server, transport),
      auto_login: true,
      // Most tests that write to each other are about something else than who may.
      allow_non_roster_messaging: true,
      jid,
      password,
    }));
  },

  openPage: async ({ browser, site }, use) => {
    const chats: Chat[] = [];
    await use(async ({ settings, plugin, beside, client, compat } = {}) => {
      const url = compat ? `${site.url}compat` : client ? `${site.url}client` : site.url;
      const chat = await Chat.open(url, beside ? beside.page.context() : await browser.newContext(client));
      chats.push(chat);
      if (plugin) {
        await chat.register('test', plugin);
      }
      if (settings) {
        await chat.initialize(settings);
      }
      return chat;
    });
    for (const chat of chats) {
      await chat.page.context().close();
    }
  },

  logIn: async ({ openPage, loginSettings }, use) => {
    await use(async (account, { transport, settings, ...opening } = {}) => {
      const chat = await openPage({ ...opening, settings: { ...loginSettings(account, transport), ...settings } });
      await chat.event('rosterContactsFetched');
      return chat;
    });
  },
});

/** The setting that leads to the server over `transport`. */
export function service(server: Server, transport: Transport): Settings {
  return transport === 'websocket' ? { websocket_url: server.websocketUrl } : { bosh_service_url: server.boshUrl };
}

/** A server that stops when the test is done, for what a real XMPP server would not do. */
export async function listening(server: HttpServer): Promise<{ port: number; [Symbol.asyncDispose](): Promise<void> }> {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
  await using server = await listening(createServer());
  return server.port;
}

/** One page with the library on it. The plugin `probe` notes every event there. */
class Chat {
  private constructor(
    readonly page: Page,
    /** What the page and the library wrote to the console as warnings and errors. */
    readonly warnings: string[],
    /** What went over the wire, in order, with `>` before what this page sent and `<` before what it got. */
    readonly wire: string[],
  ) {}

  static async open(url: string, context: BrowserContext): Promise<Chat> {
    const page = await context.newPage();
    const warnings: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'warning' || message.type() === 'error') {
        warnings.push(message.text());
      }
    });
    const wire: string[] = [];
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => wire.push(`>${payload}`));
      socket.on('framereceived', ({ payload }) => wire.push(`<${payload}`));
    });
    page.on('request', (request) => {
      if (request.method() === 'POST') {
        wire.push(`>${request.postData()}`);
      }
    });
    await page.addInitScript(PROBE);
    await page.goto(url);
    return new Chat(page, warnings, wire);
  }

  /** Registers a plugin whose `initialize` runs `body`. */
  async register(name: string, body: PluginBody | string): Promise<void> {
    await this.page.evaluate(
      `converse.plugins.add(${JSON.stringify(name)}, { initialize() { (${body})(this._converse); } })`,
    );
  }

  /** Runs `source` as a classic script of the page. */
  async script(source: string): Promise<void> {
    await this.page.addScriptTag({ content: source });
  }

  /** Calls `initialize` and waits for nothing; {@link outcome} does. */
  async initialize(settings: Settings): Promise<void> {
    await this.page.evaluate((given) => probe.initialize(given), settings);
  }

  /** What the last call of `initialize` came to. */
  outcome(): Promise<Outcome> {
    return this.page.evaluate(() => probe.outcome!);
  }

  /** Whether the last call of `initialize` is still pending. */
  pending(): Promise<boolean> {
    return this.page.evaluate(async () => (await probe.state(probe.outcome)) === 'pending');
  }

  /** Waits until `name` has happened `times` times on this load of the page, and says with what the last time. */
  event(name: string, times = 1): Promise<unknown> {
    return this.page.evaluate(([name, times]) => probe.event(name, times), [name, times] as const);
  }

  /** Waits for a message with this body. Returns its sender. */
  message(body: string): Promise<string> {
    return this.page.evaluate((body) => probe.message(body), body);
  }

  /** The names of the events that have happened, in order. */
  async events(): Promise<string[]> {
    return (await this.seen()).map(({ name }) => name);
  }

  /** All that has happened, in order. */
  seen(): Promise<Seen[]> {
    return this.page.evaluate(() => probe.seen);
  }

  /** The exceptions that reached `window.onerror`, and the rejections that nobody caught. */
  uncaught(): Promise<string[]> {
    return this.page.evaluate(() => probe.uncaught);
  }

  jid(): Promise<string> {
    return this.page.evaluate(() => _converse.api.user.jid());
  }

  /** Sends a message from this page. */
  async send(to: string, body: string): Promise<void> {
    await this.page.evaluate(
      ([to, body]) => _converse.api.send(converse.env.$msg({ to, type: 'chat' }).c('body').t(body)),
      [to, body] as const,
    );
  }

  /** Calls `user.login` and says what came of it. */
  login(credentials?: object): Promise<Outcome> {
    return this.page.evaluate((given) => probe.settle(() => _converse.api.user.login(given as never)), credentials);
  }

  /** Logs out and waits until that is done. */
  async logOut(): Promise<void> {
    const before = (await this.events()).filter((name) => name === 'disconnected').length;
    await this.page.evaluate(() => _converse.api.user.logout());
    await this.event('disconnected', before + 1);
  }

  /**
   * Waits until nothing is under way over the WebSocket: each request and each count asked for has its answer. A server
   * that closes a socket to which something is on its way makes TCP break off, and its last words may never be seen.
   */
  async quiet(): Promise<void> {
    const frames = (start: RegExp): number => this.wire.filter((frame) => start.test(frame)).length;
    await expect
      .poll(() => [
        frames(/^><iq [^>]*type="(get|set)"/) - frames(/^<<iq [^>]*type='(result|error)'/),
        frames(/^><r /) - frames(/^<<a /),
        frames(/^<<r /) - frames(/^><a /),
      ])
      .toEqual([0, 0, 0]);
  }

  /** The keys in the tab's storage that are the library's. */
  stored(): Promise<string[]> {
    return this.page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.startsWith('converse')));
  }
}

/** What an outcome looks like when `initialize` or `login` failed with `code`. */
export function failed(name: string, code: string): Partial<Failure> {
  return { ok: false, name, code };
}

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const HTML = '<!doctype html><meta charset="utf-8"><title>t</title><script src="/pkg/converse.headless.js"></script>';
/** The client's page without Trusted Types: there the HTML of plugins is text. */
const COMPAT = clientPage().replace('/pkg/converse.js', '/pkg/converse.compat.js').replace("; require-trusted-types-for 'script'", '');
let accounts = 0;
