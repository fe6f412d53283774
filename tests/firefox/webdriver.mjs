// Firefox, driven by geckodriver in the words of WebDriver (https://www.w3.org/TR/webdriver2/): Playwright drives only a
// Firefox of its own. What is done to a page is in page.mjs.

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { ended, freePort } from '../support/child.mjs';
import { watch } from '../support/watchdog.mjs';
import { Page } from './page.mjs';

const FIREFOX = process.env.FIREFOX ?? '/usr/bin/firefox-esr';
const GECKODRIVER = process.env.GECKODRIVER ?? 'geckodriver';
const START_MS = 20_000;
const POLL_MS = 20;
const PREFERENCES = { 'intl.accept_languages': 'en' };

/** Starts geckodriver, and Firefox with a new profile. */
export async function startFirefox() {
  const folder = await mkdtemp(join(tmpdir(), 'converse-firefox-'));
  const port = await freePort();
  const driver = spawn(GECKODRIVER, ['--binary', FIREFOX, '--port', String(port), '--websocket-port', '0', '--profile-root', folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  // With the driver its group, which is Firefox.
  const watchdog = watch({ pid: driver.pid && -driver.pid }, folder);
  let said = '';
  for (const stream of [driver.stdout, driver.stderr]) stream.on('data', (text) => { said += text; });
  driver.once('error', (error) => { said += error.message; });
  const firefox = new Firefox(`http://127.0.0.1:${port}`, driver, async () => {
    watchdog.dismiss();
    await rm(folder, { recursive: true, force: true });
  });
  try {
    await firefox.begin(() => said);
    return firefox;
  } catch (error) {
    await firefox.close();
    throw error;
  }
}

class Firefox {
  #url;
  #driver;
  #leave;
  #session;
  #window;
  /** As it says itself, like `153.7.0`. */
  version = '';

  constructor(url, driver, leave) {
    this.#url = url;
    this.#driver = driver;
    this.#leave = leave;
  }

  async begin(said) {
    const until = Date.now() + START_MS;
    while (!(await fetch(`${this.#url}/status`).catch(() => undefined))?.ok) {
      if (this.#driver.pid === undefined || this.#driver.exitCode !== null || Date.now() > until) {
        throw new Error(`${GECKODRIVER} cannot be started: run \`cargo xtask setup\`\n${said()}`);
      }
      await pause(POLL_MS);
    }
    const alwaysMatch = { browserName: 'firefox', 'moz:firefoxOptions': { args: ['-headless'], prefs: PREFERENCES } };
    const { sessionId, capabilities } = await this.#ask('POST', '/session', { capabilities: { alwaysMatch } }).catch((error) => {
      throw new Error(`Firefox cannot be started as ${FIREFOX}: ${error.message}\n${said()}`);
    });
    this.#session = sessionId;
    this.version = capabilities.browserVersion;
  }

  /** Opens a page in a window of its own, which is to say with a session storage of its own. */
  async open(url, { width = 1200, height = 800 } = {}) {
    const { handle } = await this.command('POST', '/window/new', { type: 'window' });
    const page = new Page(this, handle);
    await page.command('POST', '/window/rect', { width, height });
    await page.go(url);
    return page;
  }

  /** A command to the window that was spoken to last. */
  command(method, path, parameters) {
    return this.#ask(method, `/session/${this.#session}${path}`, parameters);
  }

  /** A command to this window. One at a time: the driver itself remembers which window is meant. */
  async commandTo(window, method, path, parameters) {
    if (this.#window !== window) {
      await this.command('POST', '/window', { handle: window });
      this.#window = window;
    }
    return this.command(method, path, parameters);
  }

  async closeWindow(window) {
    await this.commandTo(window, 'DELETE', '/window');
    this.#window = undefined;
    // One of those that are left, else no command would be taken.
    const [handle] = await this.command('GET', '/window/handles');
    await this.command('POST', '/window', { handle });
  }

  /** Ends Firefox and the driver. */
  async close() {
    if (this.#session) await this.#ask('DELETE', `/session/${this.#session}`).catch(() => {});
    this.#driver.kill();
    if (this.#driver.pid !== undefined) await ended(this.#driver);
    await this.#leave();
  }

  async #ask(method, path, parameters) {
    const body = method === 'POST' ? JSON.stringify(parameters ?? {}) : undefined;
    const response = await fetch(this.#url + path, { method, body, headers: { 'Content-Type': 'application/json' } });
    const { value } = await response.json();
    if (!response.ok) throw new WebDriverError(value);
    return value;
  }
}

/** `code` as in the table of errors of WebDriver. */
export class WebDriverError extends Error {
  constructor({ error, message }) {
    super(`${error}: ${message}`);
    this.code = error;
  }
}
