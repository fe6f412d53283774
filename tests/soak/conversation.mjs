// One page and one peer on one server over one transport, through everything that the plan has in store.

import { setTimeout as pause } from 'node:timers/promises';

import { startProxy } from '../support/proxy.mjs';
import { startStaticServer } from '../support/static-server.mjs';
import { html } from './page.mjs';
import { Peer } from './peer.mjs';

const POLL_MS = 20;
/** Longer than the longest back-off. */
const ONLINE_MS = 90_000;
/** When a fault that has not struck gets more traffic to strike at. */
const STRIKE_MS = 1_000;
/** How long nothing has arrived when no more is to be expected. */
const QUIET_MS = 10_000;
/** How often the browser says that there is a network, while the page waits for one that is there. */
const NUDGE_MS = 2_000;
/**
 * ejabberd gives up a session that it has, with what it holds for it, if the link broke while it had something to send
 * and the page is back within 5 s. The process of the session waits 15 s for the process of the link to send, which has
 * ended unnoticed (`ejabberd_http_ws:route_text`), and 5 s for it to close; the process that is to resume waits 15 s for
 * the one of the session, and refuses. Its request is granted afterwards all the same, and nobody takes what is handed
 * over. Asking again cannot help.
 */
const GIVEN_UP = 'Session state copying timed out';

export class Conversation {
  counts = { fault: 0, reload: 0, restart: 0, suspend: 0 };
  /** What went over the wire and what was done, for whoever looks for the cause. */
  trace = [];
  /** What was on the way to the page, at most, when the server gave up a session that it had, each time. */
  #givenUp = [];
  /** The last message that the page had from the streams before the present one. */
  #had = 0;
  /** The number of the message in each stanza of the present stream, 0 for others, as far as the page may have them. */
  #stream = [];
  /** How many messages each side has been told to send. */
  #targets = { page: 0, peer: 0 };
  #steps;
  #server;
  #browser;
  #silentPeer;

  constructor({ server, transport, steps, seed, browser, pkg, silentPeer }) {
    this.transport = transport;
    this.#server = server;
    this.#steps = steps;
    this.#browser = browser;
    this.#silentPeer = silentPeer;
    this.seed = seed;
    this.pkg = pkg;
  }

  async run() {
    await this.#start();
    try {
      // What the server gets for the page before it knows of its presence, it may put aside for a later one.
      await this.#heard();
      for (const [index, step] of this.#steps.entries()) {
        this.#note(`step ${index + 1} of ${this.#steps.length}: ${JSON.stringify(step)}`);
        await this.#perform(step);
      }
      await this.#drain();
      return await this.#outcome();
    } finally {
      await this.#stop();
    }
  }

  async #start() {
    const accounts = ['page', 'peer'].map((user) => ({ jid: `${user}-${this.transport}@${this.#server.domain}`, password: 'secret' }));
    await this.#server.add({ accounts });
    const [own, other] = accounts;
    const tap = (direction, text) => {
      this.#note(`${direction === 'to' ? '>' : '<'} ${text}`);
      this.#follow(direction, text);
    };
    this.proxy = await startProxy({ port: this.#server.port, seed: this.seed, tap });
    const service = this.transport === 'bosh'
      ? { bosh_service_url: this.proxy.url(this.#server.boshUrl) }
      : { websocket_url: this.proxy.url(this.#server.websocketUrl) };
    // The peer is nobody's contact.
    const settings = { ...service, ...own, auto_login: true, allow_non_roster_messaging: true };
    this.site = await startStaticServer({
      folders: { '/pkg/': this.pkg },
      documents: { '/': html({ settings, peer: other.jid }), '/favicon.ico': '' },
    });
    this.peer = new Peer(other, own.jid);
    await this.peer.logIn(this.#server.websocketUrl);
    this.context = await this.#browser.newContext();
    this.page = await this.context.newPage();
    this.page.on('console', (message) => this.#note(`console: ${message.text()}`));
    this.devtools = await this.context.newCDPSession(this.page);
    await this.page.goto(this.site.url);
    await this.#online();
  }

  async #stop() {
    this.peer?.logOut();
    await this.context?.close();
    await this.site?.close();
    await this.proxy?.close();
  }

  async #perform(step) {
    const before = this.#givenUp.length;
    if (step.what === 'restart') await this.#restart(step);
    else if (step.what === 'suspend') await this.#suspend(step);
    else await this.#strike(step);
    this.counts[step.what] += 1;
    if (step.nudge) await this.#evaluate(() => { dispatchEvent(new Event('online')); });
    await this.#online();
    // A new session begins without presence, and the server puts aside what comes before it knows of that.
    if (this.#givenUp.length > before) await this.#heard();
  }

  /** Keeps account of what the server has sent to the page, of which the page says what it has when it wants to go on. */
  #follow(direction, text) {
    const [, handled] = /^<resume [^>]*\bh="(\d+)"/.exec(direction === 'to' ? text : '') ?? [];
    if (handled !== undefined) this.#stream.length = Math.min(this.#stream.length, Number(handled));
    if (direction === 'to') return;
    const had = Math.max(this.#had, ...this.#stream);
    if (text.includes(GIVEN_UP)) this.#givenUp.push({ after: had, to: this.peer.sent });
    if (text.startsWith('<enabled ')) [this.#had, this.#stream] = [had, []];
    if (/^<(message|presence|iq) /.test(text)) this.#stream.push(Number(/<body>to page (\d+)</.exec(text)?.[1] ?? 0));
  }

  /** A fault of the proxy's in the middle of the traffic, and perhaps a reload in the middle of the fault. */
  async #strike({ what, fault, ms, bursts }) {
    const struck = this.proxy.strike(fault).then((whole) => {
      this.#note(`struck: ${JSON.stringify(whole)}`);
      return true;
    });
    const sending = this.#send(bursts);
    if (what === 'reload') {
      await pause(ms);
      await this.#reload();
    }
    await sending;
    // A fault waits for frames, so there must be some; on the way to a log-in they come by themselves.
    const over = async () => {
      if (await Promise.race([struck, pause(STRIKE_MS, false)])) return true;
      await this.#send([{ page: 1, peer: this.#silentPeer ? 0 : 1, pause: 0 }]);
      return false;
    };
    await this.#until(over, 'the end of a fault');
  }

  async #reload() {
    this.#note('reload');
    await this.page.reload({ waitUntil: 'commit' });
  }

  /**
   * The server ends and begins anew. What it had for the page but not delivered would be in its own hands, and only an
   * archive could tell of it: the peer is silent until the page is back. The page is not.
   */
  async #restart({ bursts }) {
    await this.#settle();
    this.#note('restart');
    await this.#server.down();
    this.proxy.refuse();
    await this.#send(bursts.map(({ page, pause }) => ({ page, peer: 0, pause })));
    await this.#server.up();
    // First the peer, so that what comes for it is not put aside and mixed with what comes later.
    await this.peer.logIn(this.#server.websocketUrl);
    this.proxy.accept();
    // Until the server knows of the page's presence, it puts messages aside.
    await this.#heard();
    await this.#send(bursts.map(({ peer, pause }) => ({ page: 0, peer, pause })));
  }

  /** Waits until the page has all, and the server knows it: else it would keep what was acknowledged too late for it. */
  async #settle() {
    const absent = async () => this.#onTheWay(await this.#log());
    const rest = await this.#untilQuiet(absent);
    this.#note(`the page has all but ${rest.join(' ') || 'nothing'}`);
    await this.#heard();
  }

  /** Waits until the server has all that the page has sent so far: what comes later on the same way has arrived. */
  async #heard() {
    let last;
    const arrived = () => this.peer.got.includes(last);
    // One that was posted to a session that is gone, which the page did not know yet, is reported failed.
    const failed = async () => last in (await this.#log()).failed;
    do {
      this.#targets.page += 1;
      last = this.#targets.page;
      await this.#online();
      await this.#until(async () => arrived() || failed(), 'a last message');
    } while (!arrived());
  }

  /** The browser stops the page, as it does with one that nobody looks at, or the machine sleeps. */
  async #suspend({ ms, cut, bursts }) {
    await this.#send(bursts.slice(0, 1));
    this.#note(`suspend, ${cut ? 'and cut' : 'and keep'} the connection`);
    await this.devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
    this.#targets.peer += bursts[1].peer;
    this.peer.upTo(this.#targets.peer);
    await pause(ms);
    if (cut) this.proxy.cutAll();
    await pause(ms);
    await this.devtools.send('Page.setWebLifecycleState', { state: 'active' });
    await this.#send([{ ...bursts[1], peer: 0 }]);
  }

  async #send(bursts) {
    for (const burst of bursts) {
      this.#targets.page += burst.page;
      this.#targets.peer += burst.peer;
      this.peer.upTo(this.#targets.peer);
      await this.#evaluate((count) => globalThis.soak?.upTo(count), this.#targets.page);
      await pause(burst.pause);
    }
  }

  async #online() {
    let nudged = Date.now();
    const isOnline = async () => {
      if (Date.now() - nudged > NUDGE_MS) {
        nudged = Date.now();
        await this.#evaluate(() => { dispatchEvent(new Event('online')); });
      }
      return this.#evaluate(() => globalThis.soak?.connected() ?? false);
    };
    await this.#until(isOnline, 'the page to be online');
    // What a page that was just loaded did not take yet.
    await this.#evaluate((count) => globalThis.soak?.upTo(count), this.#targets.page);
  }

  /** Waits until everything has arrived, or nothing more does. */
  async #drain() {
    this.proxy.disarm();
    this.#note('drain');
    await this.#untilQuiet(async () => {
      await this.#evaluate((count) => globalThis.soak?.upTo(count), this.#targets.page);
      const log = await this.#log();
      const told = new Set([...log.accepted, ...Object.keys(log.failed).map(Number)]);
      const toPeer = missing(log.sent, this.peer.got).filter((number) => !(number in log.failed));
      const toPage = this.#onTheWay(log);
      const untold = numbers(log.sent).filter((number) => !told.has(number));
      return [...toPeer, ...toPage, ...untold];
    });
    // What comes twice comes a little later.
    await pause(500);
  }

  /** Waits until `rest` is empty, or has been the same for long. Returns it. */
  async #untilQuiet(rest) {
    let last = await rest();
    for (let since = Date.now(); last.length && Date.now() - since < QUIET_MS;) {
      await pause(POLL_MS);
      const now = await rest();
      if (now.length !== last.length) since = Date.now();
      last = now;
    }
    return last;
  }

  async #outcome() {
    const log = await this.#log();
    const { got, sent, returned } = this.peer;
    const absent = missing(log.sent, got);
    const failed = Object.keys(log.failed).map(Number);
    const told = new Set([...log.accepted, ...failed]);
    return {
      sent: log.sent + sent,
      arrived: new Set(got).size + new Set(log.got).size,
      // What is reported failed may still lie in the session that the server gave up, and arrive after what is new.
      toPeer: { lost: absent.filter((number) => !(number in log.failed)), ...flaws(got.filter((number) => !(number in log.failed))) },
      toPage: { lost: this.#onTheWay(log), ...flaws(log.got.filter((number) => !this.#isGivenUp(number))) },
      /** The server had these, and gave them up with a session that it had. */
      givenUp: missing(sent, log.got).filter((number) => this.#isGivenUp(number)),
      /** The server returned these to the peer: it could not deliver them, and said so. */
      returned: [...returned],
      /** The page was told that these may or will not have arrived. */
      failed,
      failedButArrived: failed.filter((number) => got.includes(number)),
      /** The page was told nothing. */
      untold: numbers(log.sent).filter((number) => !told.has(number)),
      errors: log.errors,
      loads: log.loads,
    };
  }

  /** What the peer has sent, and neither the page has nor the server has given up or returned. */
  #onTheWay({ got }) {
    return missing(this.peer.sent, got).filter((number) => !this.#isGivenUp(number) && !this.peer.returned.has(number));
  }

  #isGivenUp(number) {
    return this.#givenUp.some(({ after, to }) => number > after && number <= to);
  }

  #log() {
    return this.#evaluate(() => globalThis.soak?.log ?? JSON.parse(sessionStorage.getItem('soak')));
  }

  /** Runs in the page; again, if it was reloaded in the midst of it. */
  async #evaluate(body, argument) {
    for (;;) {
      try {
        return await this.page.evaluate(body, argument);
      } catch (error) {
        if (!/context was destroyed|navigat|Cannot find context/i.test(error.message)) throw error;
        await pause(POLL_MS);
      }
    }
  }

  async #until(condition, what) {
    const end = Date.now() + ONLINE_MS;
    while (!await condition()) {
      if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
      await pause(POLL_MS);
    }
  }

  #note(line) {
    this.trace.push(`${(performance.now() / 1000).toFixed(3)} ${line}`);
  }
}

function numbers(count) {
  return Array.from({ length: count }, (_, index) => index + 1);
}

function missing(sent, got) {
  const there = new Set(got);
  return numbers(sent).filter((number) => !there.has(number));
}

/** What came a second time, and what came after something that was sent later. */
function flaws(got) {
  const seen = new Set();
  const doubled = [];
  const disordered = [];
  let highest = 0;
  for (const number of got) {
    if (seen.has(number)) doubled.push(number);
    else if (number < highest) disordered.push(number);
    seen.add(number);
    highest = Math.max(highest, number);
  }
  return { doubled, disordered };
}
