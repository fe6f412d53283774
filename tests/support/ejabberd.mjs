// Starts a real ejabberd as a child process: own configuration, data and port, in a temporary folder, on 127.0.0.1.
// It ends when stop() is called, and also when this process dies, however it dies.
//
// The Erlang node is not distributed: it has no name, no cookie and no epmd, so that any number run side by side.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { ended, freePort } from './child.mjs';
import { ejabberdConfig } from './ejabberd/config.mjs';
import { watch } from './watchdog.mjs';

const LIBRARIES = '/usr/lib';
const POLL_MS = 50;
const START_MS = 30_000;
const STOP_MS = 5_000;

/**
 * @typedef {object} Options
 * @property {string} [domain] `capulet.lit` if not said; `anonymous.<domain>` and `rooms.<domain>` are always there
 * @property {import('./prosody.mjs').Account[]} [accounts]
 * @property {import('./prosody.mjs').Room[]} [rooms] on `rooms.<domain>`
 * @property {Record<string, object>} [modules] options of modules, to enable besides the usual or in place of the usual
 * @property {string[]} [disabledModules]
 */

/** @param {Options} [options] */
export async function startEjabberd(options = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'converse-ejabberd-'));
  const ejabberd = new Ejabberd(directory, await freePort(), options);
  try {
    await ejabberd.configure();
    await ejabberd.up();
    await ejabberd.add({ accounts: options.accounts, rooms: options.rooms });
    return ejabberd;
  } catch (error) {
    await ejabberd.stop();
    throw error;
  }
}

class Ejabberd {
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
    this.websocketUrl = `ws://127.0.0.1:${port}/xmpp-websocket`;
    this.boshUrl = `http://127.0.0.1:${port}/http-bind`;
  }

  /** The process id; undefined while the server is down. */
  get pid() {
    return this.#process?.pid;
  }

  /** Makes accounts, with what stands in their rosters, and rooms. An account that exists gets the new password. */
  async add({ accounts = [], rooms = [] }) {
    for (const account of accounts) await this.#addAccount(account);
    for (const room of rooms) await this.#addRoom(room);
  }

  /** @param {import('./prosody.mjs').Account} account */
  async addUser(account) {
    await this.add({ accounts: [account] });
  }

  async removeUser(jid) {
    const [user, host] = split(jid);
    await this.#order('unregister', { user, host });
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
    const arguments_ = ['-noinput', '-mnesia', 'dir', JSON.stringify(join(this.directory, 'data')), '-s', 'ejabberd'];
    const running = spawn('erl', arguments_, {
      cwd: this.directory,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Its own process group: a terminal's Ctrl-C goes to this process only, which then stops it.
      detached: true,
      env: {
        ...process.env,
        HOME: this.directory,
        ERL_LIBS: await librariesFolder(),
        ERL_CRASH_DUMP: join(this.directory, 'crash.dump'),
        EJABBERD_CONFIG_PATH: this.#configFile,
        EJABBERD_LOG_PATH: join(this.directory, 'ejabberd.log'),
      },
    });
    let said = '';
    for (const stream of [running.stdout, running.stderr]) stream.on('data', (text) => { said += text; });
    const failed = new Promise((_, reject) => {
      running.once('error', (error) => {
        this.#process = undefined;
        reject(new Error(`ejabberd cannot be started (${error.message}): run \`cargo xtask setup\``));
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
    return readFile(join(this.directory, 'ejabberd.log'), 'utf8').catch(() => '');
  }

  /** Writes the folder that `up()` starts from. */
  async configure() {
    const config = { port: this.port, secret: this.#secret, domain: this.domain, options: this.#options };
    await writeFile(this.#configFile, ejabberdConfig(config));
  }

  get #configFile() {
    return join(this.directory, 'ejabberd.yml');
  }

  async #addAccount({ jid, password, contacts = [] }) {
    const [user, host] = split(jid);
    const made = await this.#ask('register', { user, host, password });
    // 409: it is there already.
    if (made.status === 409) await this.#order('change_password', { user, host, newpass: password });
    else if (!made.ok) throw await refusal('register', made);
    for (const contact of contacts) {
      const [contactUser, contactHost] = split(contact.jid);
      await this.#order('add_rosteritem', {
        localuser: user,
        localserver: host,
        user: contactUser,
        server: contactHost,
        nick: contact.name ?? '',
        group: (contact.groups ?? []).join(';'),
        subs: contact.subscription ?? 'both',
      });
    }
  }

  async #addRoom({ jid, name, description, password, owner, members_only: membersOnly }) {
    const [room, service] = split(jid);
    await this.#order('create_room', { name: room, service, host: this.domain });
    const wanted = { persistent: true, public: true, title: name, description, members_only: membersOnly };
    if (password) Object.assign(wanted, { password_protected: true, password });
    for (const [option, value] of Object.entries(wanted)) {
      if (value !== undefined) await this.#order('change_room_option', { name: room, service, option, value: String(value) });
    }
    if (owner) await this.#order('set_room_affiliation', { name: room, service, jid: owner, affiliation: 'owner' });
  }

  /** Resolves when the BOSH page is served, rejects when the process ends before. */
  async #answers(said) {
    const until = Date.now() + START_MS;
    while (this.#process) {
      const page = await fetch(this.boshUrl).catch(() => undefined);
      if (page?.ok) return;
      if (Date.now() > until) {
        await this.down('SIGKILL');
        throw new Error(`ejabberd did not answer within ${START_MS / 1000} s:\n${said()}\n${await this.log()}`);
      }
      await pause(POLL_MS);
    }
    throw new Error(`ejabberd ended while starting:\n${said()}\n${await this.log()}`);
  }

  async #order(command, order) {
    const answer = await this.#ask(command, order);
    if (!answer.ok) throw await refusal(command, answer);
  }

  #ask(command, order) {
    return fetch(`http://127.0.0.1:${this.port}/${this.#secret}/${command}`, { method: 'POST', body: JSON.stringify(order) });
  }
}

async function refusal(command, answer) {
  return new Error(`ejabberd refused ${command} (${answer.status}): ${await answer.text()}`);
}

function split(jid) {
  return jid.split('@');
}

/** Where Erlang finds ejabberd: Debian keeps it beside other libraries, in a folder named by the architecture. */
async function librariesFolder() {
  const architectures = await readdir(LIBRARIES).catch(() => []);
  for (const architecture of architectures) {
    const libraries = await readdir(join(LIBRARIES, architecture)).catch(() => []);
    if (libraries.some((name) => name.startsWith('ejabberd-'))) return join(LIBRARIES, architecture);
  }
  return join(LIBRARIES, 'erlang/lib');
}
