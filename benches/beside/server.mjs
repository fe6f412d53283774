// An XMPP server that answers at once: what is measured is the client. It knows one account, whose password is anything, and
// says what the row of the benchmark wants said. RFC 7395 over WebSocket; each page has a path of its own.

import { createServer } from 'node:http';

import { WebSocketServer } from 'ws';

export const DOMAIN = 'capulet.lit';
export const ME = `juliet@${DOMAIN}`;
export const ROOMS = `rooms.${DOMAIN}`;
const CLIENT = 'jabber:client';
// Far back enough that no client takes it for tomorrow, whatever the machine's time zone.
const FIRST_SENT = Date.UTC(2024, 0, 1);

/** What stands in the opening tag of `frame`; names with a prefix are other attributes. */
const attribute = (frame, name) => new RegExp(`^<[^>]*\\s${name}=(['"])(.*?)\\1`).exec(frame)?.[2];
const textOf = (frame, name) => new RegExp(`<${name}[^>]*>([^<]*)</${name}>`).exec(frame)?.[1];

/**
 * @typedef {object} World what the server has for one page
 * @property {string[]} [roster] items
 * @property {boolean} [holdRoster] whether the roster waits for `Session.release`
 * @property {(nick: string) => string[]} [occupants] presences of who is in a room before the page
 * @property {string[]} [archive] messages, the oldest first
 */

/** One page's connection, over as many sockets as it opens. */
class Session {
  /** @type {World} */
  world;
  #socket;
  #release = [];
  #authenticated = false;
  #waiting = [];

  constructor(world) {
    this.world = world;
  }

  take(socket) {
    this.#socket = socket;
    this.#authenticated = false;
    socket.on('message', (data) => this.#answer(String(data)));
  }

  /** Sends stanzas, each in a frame of its own. */
  send(...stanzas) {
    for (const stanza of stanzas) this.#socket.send(stanza);
  }

  /** Lets the roster go, now and from now on. */
  release() {
    this.world.holdRoster = false;
    for (const go of this.#release.splice(0)) go();
  }

  /** Resolves when the page has asked for what `pattern` fits. */
  asked(pattern) {
    return new Promise((resolve) => this.#waiting.push({ pattern, resolve }));
  }

  #answer(frame) {
    this.#waiting = this.#waiting.filter(({ pattern, resolve }) => !pattern.test(frame) || resolve(frame));
    if (frame.startsWith('<open')) return this.#open();
    if (frame.startsWith('<auth')) {
      this.#authenticated = true;
      return this.send("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    }
    if (frame.startsWith('<iq')) return this.#answerRequest(frame);
    if (frame.startsWith('<presence') && attribute(frame, 'to')?.includes(ROOMS) && !attribute(frame, 'type')) {
      return this.#join(attribute(frame, 'to'));
    }
    if (frame.startsWith('<close')) this.send("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>");
  }

  #open() {
    this.send(`<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='${DOMAIN}' id='s' version='1.0' xml:lang='en'/>`);
    const features = this.#authenticated
      ? "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><session xmlns='urn:ietf:params:xml:ns:xmpp-session'><optional/></session>"
      : "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms>";
    this.send(`<stream:features xmlns:stream='http://etherx.jabber.org/streams' xmlns='${CLIENT}'>${features}</stream:features>`);
  }

  #answerRequest(frame) {
    const id = attribute(frame, 'id');
    const to = attribute(frame, 'to');
    const from = to ? ` from='${to}'` : '';
    const result = (content = '') => this.send(`<iq xmlns='${CLIENT}' type='result' id='${id}'${from} to='${ME}/page'>${content}</iq>`);
    const type = attribute(frame, 'type');
    if (type !== 'get' && type !== 'set') return;
    if (frame.includes('xmpp-bind')) return result(`<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>${ME}/page</jid></bind>`);
    if (/xmpp-session|carbons|urn:xmpp:ping/.test(frame)) return result();
    if (frame.includes('jabber:iq:roster') && type === 'get') {
      const go = () => result(`<query xmlns='jabber:iq:roster'>${(this.world.roster ?? []).join('')}</query>`);
      if (this.world.holdRoster) this.#release.push(go);
      else go();
      return;
    }
    if (frame.includes('disco#info')) return result(this.#info(to));
    if (frame.includes('disco#items')) return result("<query xmlns='http://jabber.org/protocol/disco#items'/>");
    if (frame.includes('vcard-temp')) return result("<vCard xmlns='vcard-temp'/>");
    const archive = /urn:xmpp:mam:[0-2]/.exec(frame)?.[0];
    if (archive && type === 'set') return this.#page(frame, id, from, archive);
    this.send(`<iq xmlns='${CLIENT}' type='error' id='${id}'${from}><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`);
  }

  #info(to) {
    const room = to?.includes(ROOMS);
    const features = ['http://jabber.org/protocol/disco#info', 'http://jabber.org/protocol/disco#items'];
    if (room) features.push('http://jabber.org/protocol/muc', 'muc_nonanonymous', 'muc_open', 'muc_persistent', 'muc_public', 'muc_unmoderated', 'muc_unsecured');
    else if (this.world.archive) features.push('urn:xmpp:mam:2');
    const identity = room ? "<identity category='conference' type='text' name='Room'/>" : "<identity category='server' type='im'/>";
    return `<query xmlns='http://jabber.org/protocol/disco#info'>${identity}${features.map((name) => `<feature var='${name}'/>`).join('')}</query>`;
  }

  #join(address) {
    const nick = address.slice(address.indexOf('/') + 1);
    this.send(...(this.world.occupants?.(nick) ?? []));
    this.send(
      `<presence xmlns='${CLIENT}' from='${address}' to='${ME}/page'><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='member' role='participant' jid='${ME}/page'/><status code='110'/></x></presence>`,
      `<message xmlns='${CLIENT}' from='${address.split('/')[0]}' to='${ME}/page' type='groupchat'><subject>A topic</subject></message>`,
    );
  }

  /** XEP-0313 with XEP-0059: `max`, `before` and `after`; ids are places in the archive. Times and persons are not looked at. */
  #page(frame, id, from, archive) {
    const all = this.world.archive ?? [];
    const max = Math.min(Number(textOf(frame, 'max') ?? all.length), all.length);
    const after = textOf(frame, 'after');
    const before = textOf(frame, 'before');
    const backwards = before !== undefined || /<before[^>]*\/>/.test(frame);
    const end = backwards ? Number(before || all.length) : all.length;
    const start = backwards ? Math.max(0, end - max) : after === undefined || after === '' ? 0 : Number(after) + 1;
    const last = backwards ? end : Math.min(all.length, start + max);
    const query = /queryid=(['"])(.*?)\1/.exec(frame)?.[2];
    const queryid = query ? ` queryid='${query}'` : '';
    for (let n = start; n < last; n += 1) {
      const stamp = new Date(FIRST_SENT + n * 60_000).toISOString();
      this.send(`<message xmlns='${CLIENT}'${from} to='${ME}/page'><result xmlns='${archive}'${queryid} id='${n}'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='${stamp}'/>${all[n]}</forwarded></result></message>`);
    }
    const complete = backwards ? start === 0 : last === all.length;
    const bounds = last > start ? `<first index='${start}'>${start}</first><last>${last - 1}</last>` : '';
    this.send(`<iq xmlns='${CLIENT}' type='result' id='${id}'${from}><fin xmlns='${archive}'${complete ? " complete='true'" : ''}><set xmlns='http://jabber.org/protocol/rsm'>${bounds}<count>${all.length}</count></set></fin></iq>`);
  }
}

/** @returns {Promise<{ session(world: World): { url: string, session: Session }, close(): Promise<void> }>} */
export async function startServer() {
  const http = createServer((_, response) => response.writeHead(404).end());
  const sockets = new WebSocketServer({ server: http, handleProtocols: () => 'xmpp' });
  /** @type {Map<string, Session>} */
  const sessions = new Map();
  sockets.on('connection', (socket, request) => {
    const session = sessions.get(request.url);
    if (session) session.take(socket);
    else socket.close();
  });
  await new Promise((ready) => http.listen(0, '127.0.0.1', ready));
  return {
    session(world) {
      const path = `/${sessions.size + 1}`;
      const session = new Session(world);
      sessions.set(path, session);
      return { url: `ws://127.0.0.1:${http.address().port}${path}`, session };
    },
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      await new Promise((closed) => http.close(closed));
    },
  };
}
