// What the XMPP servers of the tests have in common: a child process with its own configuration, data and port, in a
// temporary folder, on 127.0.0.1. It ends when stop() is called, and also when this process dies, however it dies.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { ended, freePort } from './child.mjs';
import { watch } from './watchdog.mjs';

const POLL_MS = 20;
const START_MS = 30_000;
const STOP_MS = 5_000;

/**
 * @typedef {object} Contact
 * @property {string} jid
 * @property {string} [name]
 * @property {string[]} [groups]
 * @property {'both' | 'to' | 'from' | 'none'} [subscription] `both` if not said
 *
 * @typedef {object} Account
 * @property {string} jid
 * @property {string} password
 * @property {Contact[]} [contacts] what stands in the roster
 *
 * @typedef {object} Room
 * @property {string} jid
 * @property {string} [name]
 * @property {string} [description]
 * @property {string} [password]
 * @property {string} [owner]
 * @property {boolean} [members_only]
 *
 * @typedef {object} Content
 * @property {Account[]} [accounts]
 * @property {Room[]} [rooms] on `rooms.<domain>`
 *
 * @typedef {Content & { domain?: string, port?: number }} Options `capulet.lit` if no domain is given; `anonymous.<domain>`
 *   and `rooms.<domain>` are always there. Another port is taken where somebody has that one
 */

/**
 * A kind of server says its `title`, writes its folder in `configure()`, is started by what `command()` returns, has its
 * log in `logFile`, and can `add()` and `removeUser()`.
 */
export class Server {
  /** In the path of what only the tests may ask of the server. */
  secret = randomBytes(12).toString('hex');
  #process;

  /** Starts a server of this kind, with the accounts and rooms in `options`. */
  static async start(options) {
    const directory = await mkdtemp(join(tmpdir(), `converse-${this.name.toLowerCase()}-`));
    const server = new this(directory, await freePort(options.port), options);
    try {
      await server.configure();
      await server.up();
      await server.add({ accounts: options.accounts, rooms: options.rooms });
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  constructor(directory, port, options) {
    this.directory = directory;
    this.port = port;
    this.options = options;
    this.domain = options.domain ?? 'capulet.lit';
    this.anonymousDomain = `anonymous.${this.domain}`;
    this.roomsDomain = `rooms.${this.domain}`;
    this.websocketUrl = `ws://127.0.0.1:${port}/xmpp-websocket`;
    this.boshUrl = `http://127.0.0.1:${port}/http-bind`;
  }

  /** The process id; undefined while the server is down. */
  get pid() {
    return this.#process?.pid;
  }

  /**
   * Makes accounts, with what stands in their rosters, and rooms. An account that exists gets the new password.
   * @param {Content} content
   */
  async add(content) {
    throw new TypeError(`${this.title} cannot add ${Object.keys(content)}`);
  }

  /** @param {Account} account */
  async addUser(account) {
    await this.add({ accounts: [account] });
  }

  /** Removes an account; whoever is logged in with it is thrown out. */
  async removeUser(jid) {
    throw new TypeError(`${this.title} cannot remove ${jid}`);
  }

  /** Stops and starts again; accounts, archives and rooms stay, sessions do not. */
  async restart() {
    await this.down();
    await this.up();
  }

  /** Stops the server, to be started again by `up()`. SIGKILL leaves no time to close the streams. */
  async down(signal = 'SIGTERM') {
    const running = this.#process;
    if (!running) return;
    const end = ended(running);
    running.kill(signal);
    const inTime = await Promise.race([end.then(() => true), pause(STOP_MS, false, { ref: false })]);
    if (!inTime) running.kill('SIGKILL');
    await end;
  }

  async up() {
    const { program, arguments: arguments_, env } = await this.command();
    const running = spawn(program, arguments_, {
      cwd: this.directory,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Its own process group: a terminal's Ctrl-C goes to this process only, which then stops it.
      detached: true,
      env: { ...process.env, ...env },
    });
    let said = '';
    for (const stream of [running.stdout, running.stderr]) stream.on('data', (text) => { said += text; });
    const failed = new Promise((_, reject) => {
      running.once('error', (error) => {
        this.#process = undefined;
        reject(new Error(`${this.title} cannot be started (${error.message}): run \`cargo xtask setup\``));
      });
    });
    const watchdog = watch(running, this.directory);
    this.#process = running;
    running.once('exit', () => {
      watchdog.dismiss();
      if (this.#process === running) this.#process = undefined;
    });
    await Promise.race([this.#answers(() => said), failed]);
  }

  /** Ends the server and removes its folder. */
  async stop() {
    await this.down();
    await rm(this.directory, { recursive: true, force: true });
  }

  /** What the server has logged so far. */
  async log() {
    return readFile(this.logFile, 'utf8').catch(() => '');
  }

  /** Asks what only the tests may ask. */
  ask(path, order) {
    return fetch(`http://127.0.0.1:${this.port}/${this.secret}${path}`, { method: 'POST', body: JSON.stringify(order) });
  }

  /** Resolves when the BOSH page is served, rejects when the process ends before. */
  async #answers(said) {
    const until = Date.now() + START_MS;
    while (this.#process) {
      const page = await fetch(this.boshUrl).catch(() => undefined);
      if (page?.ok) return;
      if (Date.now() > until) {
        await this.down('SIGKILL');
        throw new Error(`${this.title} did not answer within ${START_MS / 1000} s:\n${said()}\n${await this.log()}`);
      }
      await pause(POLL_MS);
    }
    throw new Error(`${this.title} ended while starting:\n${said()}\n${await this.log()}`);
  }
}
