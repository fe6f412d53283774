// What the same frames cost this library without anything to see, strophe.js 5 with a handler for each kind of stanza, and the
// browser's DOMParser, which alone does nothing with them: in one Chromium, in microseconds of the clock for each item.
// strophe.js hands stanzas on; this library has what they say in its models when it is done.
// The socket is played in the page. RUNS, how often (3).

import { chromium } from '@playwright/test';

import { fromNpm } from '../tests/support/npm.mjs';
import { startStaticServer } from '../tests/support/static-server.mjs';
import { ROOT, heading, median } from './support.mjs';

const FOLDER = `${process.env.BENCH_DIR ?? `${ROOT}target/bench`}/strophe`;
const STROPHE = '5.0.0';
const RUNS = Number(process.env.RUNS ?? 3);

/** Runs in the page before anything else. Plays the socket and the server behind it, and says how long the frames took. */
function play() {
  const CLIENT = 'jabber:client';
  const ME = 'juliet@capulet.lit/page';
  const ROOM = 'crowd@rooms.capulet.lit';
  const BODY = 'But soft, what light through yonder window breaks?';
  const many = (count, one) => Array.from({ length: count }, (_, n) => one(n));
  const result = (id, content = '') => `<iq xmlns='${CLIENT}' type='result' id='${id}' to='${ME}'>${content}</iq>`;
  const message = (n) => `<message xmlns='${CLIENT}' from='contact0@capulet.lit/phone' to='${ME}' type='chat' id='m${n}'><body>${n}: ${BODY}</body><active xmlns='http://jabber.org/protocol/chatstates'/></message>`;
  const presence = (n) => `<presence xmlns='${CLIENT}' from='contact${n}@capulet.lit/phone' to='${ME}'><show>away</show><status>Out</status></presence>`;
  const item = (n) => `<item jid='contact${n}@capulet.lit' name='Contact ${n}' subscription='both'><group>Group ${n % 10}</group></item>`;
  const occupant = (nick, more = '') => `<presence xmlns='${CLIENT}' from='${ROOM}/${nick}' to='${ME}'><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' role='participant'/>${more}</x></presence>`;
  const archived = (query) => (n) => `<message xmlns='${CLIENT}' to='${ME}'><result xmlns='urn:xmpp:mam:2' queryid='${query}' id='a${n}'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2024-01-02T03:04:05Z'/>${message(n)}</forwarded></result></message>`;
  const roster = (count) => `<query xmlns='jabber:iq:roster'>${many(count, item).join('')}</query>`;

  /** Each work: how many items it has, what the client is to ask for, and the frames that come then, by what was asked. */
  const WORKS = {
    messages: { items: 1000, frames: () => many(1000, message) },
    presences: { items: 1000, contacts: 1000, frames: () => many(1000, presence) },
    roster: { items: 10_000, asks: 'jabber:iq:roster', frames: (asked) => [result(idOf(asked), roster(10_000))] },
    room: { items: 1000, asks: `to="${ROOM}/`, frames: () => [...many(1000, (n) => occupant(`guest${n}`)), occupant('juliet', "<status code='110'/>")] },
    archive: {
      items: 1000,
      asks: 'queryid="',
      frames: (asked) => [...many(1000, archived(/queryid="([^"]*)"/.exec(asked)[1])), result(idOf(asked), "<fin xmlns='urn:xmpp:mam:2' complete='true'><set xmlns='http://jabber.org/protocol/rsm'><first>a0</first><last>a999</last></set></fin>")],
    },
  };
  const idOf = (frame) => /\bid="([^"]*)"/.exec(frame)[1];

  let work;
  let asked;
  let socket;
  const waiting = [];
  const seen = (test) => new Promise((resolve) => waiting.push({ test, resolve }));

  window.WebSocket = class extends EventTarget {
    static CONNECTING = 0;
    static OPEN = 1;
    readyState = 1;
    protocol = 'xmpp';
    bufferedAmount = 0;
    streams = 0;

    constructor() {
      super();
      socket = this;
      setTimeout(() => this.onopen?.(new Event('open')));
    }

    send(frame) {
      setTimeout(() => this.answer(String(frame)));
    }

    close() {}

    deliver(frame) {
      this.onmessage?.(new MessageEvent('message', { data: frame }));
    }

    answer(frame) {
      for (const { test, resolve } of waiting) if (test(frame)) resolve(frame);
      if (frame.startsWith('<open')) {
        this.deliver("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='capulet.lit' id='s' version='1.0'/>");
        const features = this.streams++ ? "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>" : "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>ANONYMOUS</mechanism></mechanisms>";
        return this.deliver(`<stream:features xmlns:stream='http://etherx.jabber.org/streams' xmlns='${CLIENT}'>${features}</stream:features>`);
      }
      if (frame.startsWith('<auth')) return this.deliver("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
      if (work.asks && frame.includes(work.asks) && !asked) return (asked = frame);
      if (!frame.startsWith('<iq') || !/type="(get|set)"/.test(frame)) return;
      if (frame.includes('xmpp-bind')) return this.deliver(result(idOf(frame), `<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>${ME}</jid></bind>`));
      if (frame.includes('jabber:iq:roster')) return this.deliver(result(idOf(frame), roster(work.contacts ?? 1)));
      const features = frame.includes(ROOM.slice(6)) ? ['http://jabber.org/protocol/muc'] : ['urn:xmpp:mam:2'];
      if (frame.includes('disco#info')) return this.deliver(result(idOf(frame), `<query xmlns='http://jabber.org/protocol/disco#info'>${features.map((name) => `<feature var='${name}'/>`).join('')}</query>`).replace(' to=', ` from='${/\bto="([^"]*)"/.exec(frame)?.[1] ?? 'capulet.lit'}' to=`));
      this.deliver(`<iq xmlns='${CLIENT}' type='error' id='${idOf(frame)}' to='${ME}'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`);
    }
  };

  /** Until nothing has been sent for a while. */
  const quiet = async () => {
    for (let calm = false; !calm;) {
      calm = true;
      await Promise.race([seen(() => true).then(() => { calm = false; }), new Promise((passed) => setTimeout(passed, 500))]);
    }
  };

  const clients = {
    /** The library itself. It is done when it has answered a ping that came behind everything else. */
    async 'converse-wasm'(frames) {
      await new Promise((connected) => {
        converse.plugins.add('frames', { initialize() { window._converse = this._converse; this._converse.api.listen.once('connected', connected); } });
        void converse.initialize({ websocket_url: 'ws://localhost/', authentication: 'anonymous', jid: 'capulet.lit', auto_login: true, whitelisted_plugins: ['frames'], message_archiving: 'never', discover_connection_methods: false });
      });
      await quiet();
      if (work === WORKS.room) void _converse.api.rooms.open(ROOM, { nick: 'juliet' });
      if (work === WORKS.archive) void _converse.api.archive.query({ with: 'contact0@capulet.lit', max: 1000 });
      if (work.asks) await quiet();
      const all = frames();
      const done = seen((frame) => frame.startsWith('<iq') && frame.includes('id="end"'));
      const { send } = socket;
      let took;
      const began = performance.now();
      // As it is sent, and not a task later.
      socket.send = (frame) => {
        if (frame.includes('id="end"')) took = performance.now() - began;
        send.call(socket, frame);
      };
      for (const frame of all) socket.deliver(frame);
      socket.deliver(`<iq xmlns='${CLIENT}' type='get' from='capulet.lit' id='end'><ping xmlns='urn:xmpp:ping'/></iq>`);
      await done;
      return took;
    },

    /** The library that converse.js is built on. */
    async 'strophe.js 5'(frames) {
      const { Strophe, $iq, $pres } = window.strophe ?? window;
      const connection = new Strophe.Connection('ws://localhost/');
      let handled = 0;
      await new Promise((connected) => connection.connect('capulet.lit', '', (status) => { if (status === Strophe.Status.CONNECTED) connected(); }));
      for (const name of ['message', 'presence', 'iq']) connection.addHandler(() => { handled += 1; return true; }, null, name);
      // Answers reach who asked, and the handlers.
      const answered = () => {};
      if (work === WORKS.room) connection.send($pres({ to: `${ROOM}/juliet` }).c('x', { xmlns: 'http://jabber.org/protocol/muc' }));
      else if (work === WORKS.archive) connection.sendIQ($iq({ type: 'set' }).c('query', { xmlns: 'urn:xmpp:mam:2', queryid: 'q' }), answered);
      else connection.sendIQ($iq({ type: 'get' }).c('query', { xmlns: 'jabber:iq:roster' }), answered);
      await quiet();
      const all = frames();
      handled = 0;
      const began = performance.now();
      for (const frame of all) socket.deliver(frame);
      const took = performance.now() - began;
      if (handled < all.length) throw new Error(`strophe.js saw ${handled} of ${all.length}`);
      return took;
    },

    async DOMParser(frames) {
      asked = `<iq id="i" queryid="q"/>`;
      const all = frames();
      const began = performance.now();
      let read = 0;
      for (const frame of all) read += new DOMParser().parseFromString(frame, 'text/xml').documentElement.querySelectorAll('parsererror').length ? 0 : 1;
      const took = performance.now() - began;
      if (read < all.length) throw new Error(`the browser read ${read} of ${all.length}`);
      return took;
    },
  };

  window.measure = async (name, client) => {
    work = WORKS[name];
    return ((await clients[client](() => work.frames(asked))) * 1000) / work.items;
  };
}

const blank = '<!doctype html><title>frames</title>';
const CLIENTS = {
  'converse-wasm': `${blank}<script src="/pkg/converse.headless.js"></script>`,
  'strophe.js 5': `${blank}<script src="/strophe/strophe.umd.min.js"></script>`,
  DOMParser: blank,
};
const site = await startStaticServer({
  folders: { '/pkg/': `${ROOT}pkg/`, '/strophe/': `${fromNpm(FOLDER, 'strophe.js', STROPHE)}dist/` },
  documents: { '/favicon.ico': '', ...Object.fromEntries(Object.values(CLIENTS).map((page, n) => [`/${n}`, page])) },
});
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });

/** One work with one client, in a page of its own. */
async function run(work, client) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.addInitScript(play);
    await page.goto(`${site.url}${Object.keys(CLIENTS).indexOf(client)}`);
    return await page.evaluate(([work, client]) => measure(work, client), [work, client]);
  } finally {
    await context.close();
  }
}

try {
  console.log(`${heading(browser)}, medians of ${RUNS}, µs for each item\n`);
  console.log(`| work | items | ${Object.keys(CLIENTS).join(' | ')} |`);
  console.log(`|---|---:|${Object.keys(CLIENTS).map(() => '---:').join('|')}|`);
  for (const [work, items] of [['messages', 1000], ['presences', 1000], ['roster', 10_000], ['room', 1000], ['archive', 1000]]) {
    const costs = Object.keys(CLIENTS).map(() => []);
    for (let n = 0; n < RUNS; n += 1) {
      for (const [place, client] of Object.keys(CLIENTS).entries()) costs[place].push(await run(work, client));
    }
    console.log(`| ${work} | ${items} | ${costs.map((each) => median(each).toFixed(1)).join(' | ')} |`);
  }
} finally {
  await browser.close();
  await site.close();
}
