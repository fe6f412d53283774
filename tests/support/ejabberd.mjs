// A real ejabberd; server.mjs says how it lives and ends.
//
// The Erlang node is not distributed: it has no name, no cookie and no epmd, so that any number run side by side.

import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ejabberdConfig } from './ejabberd/config.mjs';
import { Server } from './server.mjs';

const LIBRARIES = '/usr/lib';

/**
 * @typedef {object} Extras
 * @property {Record<string, object>} [modules] options of modules, to enable besides the usual or in place of the usual
 * @property {string[]} [disabledModules]
 * @property {(given: any) => string} [config] makes another configuration file, in the place of all this
 *
 * @typedef {import('./server.mjs').Options & Extras} Options
 */

/**
 * @param {Options} [options]
 * @returns {Promise<Ejabberd>}
 */
export function startEjabberd(options = {}) {
  return Ejabberd.start(options);
}

class Ejabberd extends Server {
  title = 'ejabberd';

  /** @param {import('./server.mjs').Content} content */
  async add({ accounts = [], rooms = [] }) {
    for (const account of accounts) await this.#addAccount(account);
    for (const room of rooms) await this.#addRoom(room);
  }

  async removeUser(jid) {
    const [user, host] = split(jid);
    await this.#order('unregister', { user, host });
  }

  async configure() {
    const { directory, port, secret, domain, options } = this;
    await writeFile(this.#configFile, (options.config ?? ejabberdConfig)({ directory, port, secret, domain, options }));
  }

  async command() {
    return {
      program: 'erl',
      arguments: ['-noinput', '-mnesia', 'dir', JSON.stringify(join(this.directory, 'data')), '-s', 'ejabberd'],
      env: {
        HOME: this.directory,
        ERL_LIBS: await librariesFolder(),
        ERL_CRASH_DUMP: join(this.directory, 'crash.dump'),
        EJABBERD_CONFIG_PATH: this.#configFile,
        EJABBERD_LOG_PATH: this.logFile,
      },
    };
  }

  get logFile() {
    return join(this.directory, 'ejabberd.log');
  }

  get #configFile() {
    return join(this.directory, 'ejabberd.yml');
  }

  async #addAccount({ jid, password, contacts = [] }) {
    const [user, host] = split(jid);
    const made = await this.ask('/register', { user, host, password });
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

  async #order(command, order) {
    const answer = await this.ask(`/${command}`, order);
    if (!answer.ok) throw await refusal(command, answer);
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
