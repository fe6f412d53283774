// A real Prosody; server.mjs says how it lives and ends.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { prosodyConfig } from './prosody/config.mjs';
import { Server } from './server.mjs';

const PLUGINS = fileURLToPath(new URL('./prosody', import.meta.url));

/**
 * @typedef {object} Extras
 * @property {string[]} [modules] to enable for all hosts, besides the usual
 * @property {string[]} [disabledModules]
 * @property {Record<string, { authentication?: string, lua?: string, [option: string]: unknown }>} [hosts] more virtual hosts
 * @property {boolean} [requireTls] refuse to authenticate, as nothing here is encrypted
 * @property {string} [lua] more global configuration
 * @property {string} [hostLua] more configuration for the domain itself
 * @property {(given: any) => string} [config] makes another configuration file, in the place of all this
 *
 * @typedef {import('./server.mjs').Options & Extras} Options
 */

/**
 * @param {Options} [options]
 * @returns {Promise<Prosody>}
 */
export function startProsody(options = {}) {
  return Prosody.start(options);
}

class Prosody extends Server {
  title = 'Prosody';

  constructor(directory, port, options) {
    super(directory, port, options);
    this.uploadDomain = `upload.${this.domain}`;
  }

  /** @param {import('./server.mjs').Content} content */
  async add({ accounts = [], rooms = [] }) {
    await this.#order({ accounts, rooms });
  }

  async removeUser(jid) {
    await this.#order({ remove: [jid] });
  }

  async configure() {
    await mkdir(join(this.directory, 'data'));
    await mkdir(join(this.directory, 'certs'));
    const { directory, port, secret, domain, options } = this;
    const given = { directory, plugins: PLUGINS, port, secret, domain, options };
    await writeFile(this.#configFile, (options.config ?? prosodyConfig)(given));
  }

  command() {
    return { program: 'prosody', arguments: ['--config', this.#configFile, '-F'] };
  }

  get logFile() {
    return join(this.directory, 'prosody.log');
  }

  get #configFile() {
    return join(this.directory, 'prosody.cfg.lua');
  }

  async #order(order) {
    const answer = await this.ask('', order);
    if (!answer.ok) throw new Error(`Prosody refused (${answer.status}): ${await answer.text()}`);
  }
}
