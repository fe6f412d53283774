// Starts a real Prosody as a child process: own configuration, data and port, in a temporary folder, on 127.0.0.1.
// It ends when stop() is called, and also when this process dies, however it dies.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { ended, freePort } from './child.mjs';
import { prosodyConfig } from './prosody/config.mjs';
import { watch } from './watchdog.mjs';

const PLUGINS = fileURLToPath(new URL('./prosody', import.meta.url));
const POLL_MS = 20;
const START_MS = 15_000;
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
 * @typedef {object} Options
 * @property {string} [domain] `capulet.lit` if not said
 * @property {Account[]} [accounts]
 * @property {Room[]} [rooms] on `rooms.<domain>`
 * @property {string[]} [modules] to enable for all hosts, besides the usual
 * @property {string[]} [disabledModules]
 * @property {Record<string, { authentication?: string, lua?: string, [option: string]: unknown }>} [hosts] more virtual hosts;
 *   `anonymous.<domain>` is always there
 * @property {boolean} [requireTls] refuse to authenticate, as nothing here is encrypted
 * @property {string} [lua] more global configuration
 * @property {string} [hostLua] more configuration for the domain itself
 */

/** @param {Options} [options] */
export async function startProsody(options = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'converse-prosody-'));
  const prosody = new Prosody(directory, await freePort(), options);
  try {
    await prosody.configure();
    await prosody.up();
    await prosody.add({ accounts: options.accounts, rooms: options.rooms });
    return prosody;
  } catch (error) {
    await prosody.stop();
    throw error;
  }
}

class Prosody {
  #options;
  #secret = randomBytes(12).toString('hex');
  #process;

  constructor(directory, port, options) {
    this.directory = directory;
    this.#options = options;
    this.port = port;
    this.domain = options.domain ?? 'capulet.lit';
    this.anonymousDomain = `anonymous.${this.domain}`;
    this.roomsDomain = `rooms.${this.domain}`;
    this.uploadDomain = `upload.${this.domain}`;
    this.websocketUrl = `ws://127.0.0.1:${port}/xmpp-websocket`;
    this.boshUrl = `http://127.0.0.1:${port}/http-bind`;
  }

  /** The process id; undefined while the server is down. */
  get pid() {
    return this.#process?.pid;
  }

  /** Makes accounts, with what stands in their rosters, and rooms. An account that exists gets the new password. */
  async add({ accounts = [], rooms = [] }) {
    await this.#order({ accounts, rooms });
  }

  /** @param {Account} account */
  async addUser(account) {
    await this.add({ accounts: [account] });
  }

  async removeUser(jid) {
    await this.#order({ remove: [jid] });
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
    const running = spawn('prosody', ['--config', this.#configFile, '-F'], {
      cwd: this.directory,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Its own process group: a terminal's Ctrl-C goes to this process only, which then stops it.
      detached: true,
    });
    let said = '';
    for (const stream of [running.stdout, running.stderr]) stream.on('data', (text) => { said += text; });
    const failed = new Promise((_, reject) => {
      running.once('error', (error) => {
        this.#process = undefined;
        reject(new Error(`Prosody cannot be started (${error.message}): run \`cargo xtask setup\``));
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
    return readFile(join(this.directory, 'prosody.log'), 'utf8').catch(() => '');
  }

  /** Writes the folder that `up()` starts from. */
  async configure() {
    await mkdir(join(this.directory, 'data'));
    await mkdir(join(this.directory, 'certs'));
    const { port, domain } = this;
    const secret = this.#secret;
    const config = { directory: this.directory, plugins: PLUGINS, port, secret, domain, options: this.#options };
    await writeFile(this.#configFile, prosodyConfig(config));
  }

  get #configFile() {
    return join(this.directory, 'prosody.cfg.lua');
  }

  /** Resolves when the BOSH page is served, rejects when the process ends before. */
  async #answers(said) {
    const until = Date.now() + START_MS;
    while (this.#process) {
      const page = await fetch(this.boshUrl).catch(() => undefined);
      if (page?.ok) return;
      if (Date.now() > until) {
        await this.down('SIGKILL');
        throw new Error(`Prosody did not answer within ${START_MS / 1000} s:\n${said()}\n${await this.log()}`);
      }
      await pause(POLL_MS);
    }
    throw new Error(`Prosody ended while starting:\n${said()}\n${await this.log()}`);
  }

  async #order(order) {
    const answer = await fetch(`http://127.0.0.1:${this.port}/${this.#secret}`, {
      method: 'POST',
      body: JSON.stringify(order),
    });
    if (!answer.ok) throw new Error(`Prosody refused (${answer.status}): ${await answer.text()}`);
  }
}
