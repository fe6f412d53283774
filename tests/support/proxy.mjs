// A proxy between a page and a server on this machine that breaks connections on demand, for WebSocket and for HTTP.
//
// It forwards frame by frame, or request by request and response by response, and so knows where a stanza ends. A fault
// is told when to strike: after the n-th frame to the server or from it, counted from the order over all connections.
// What the order leaves open is drawn from the seed. Over HTTP only POST requests and their responses count as frames.
//
//   const proxy = await startProxy({ port: prosody.port, seed: 7 });
//   page.goto(…{ websocket_url: proxy.url(prosody.websocketUrl) });
//   await proxy.strike({ kind: 'cut', after: { from: 3 } });

import { createServer, connect } from 'node:net';

import { HttpMessages } from './proxy/http.mjs';
import { WebSocketFrames } from './proxy/websocket.mjs';
import { seeded } from './random.mjs';

/** What {@link Proxy.strike} knows. */
export const KINDS = ['cut', 'half', 'drop', 'freeze', 'delay', 'halfClose', 'refuse'];

/**
 * @typedef {'to' | 'from'} Direction to the server, or from it
 *
 * @typedef {object} Fault
 * @property {'cut' | 'half' | 'drop' | 'freeze' | 'delay' | 'halfClose' | 'refuse'} kind
 *   `cut`: the frame is forwarded, then both sides are reset.
 *   `half`: a part of the frame is forwarded, then both sides are reset.
 *   `drop`: nothing of the frame is forwarded, then the page's side is reset: for BOSH, a response that got lost.
 *   `freeze`: the frame is forwarded and nothing after it, in `direction`, for `ms`; then as `end` says.
 *   `delay`: the frame and the `frames` after it, in its direction, come late by `ms` each.
 *   `halfClose`: the frame is forwarded, then its direction is closed in order (FIN); after `ms` both sides are reset.
 *   Over HTTP, no request follows the end of the responses.
 *   `refuse`: like `cut`, and new connections are reset for `ms`.
 * @property {{ to: number } | { from: number }} [after] the frame with this number, counted from 1; any of the next four
 *   if not said
 * @property {number} [fraction] for `half`: how much of the frame, above 0 and below 1
 * @property {number} [ms]
 * @property {number} [frames] for `delay`
 * @property {Direction | 'both'} [direction] for `freeze`
 * @property {'thaw' | 'cut'} [end] for `freeze`
 */

/**
 * @param {object} options
 * @param {number} options.port the server's, on 127.0.0.1
 * @param {number} [options.seed]
 * @param {(direction: Direction, text: string) => void} [options.tap] is shown every frame that arrives whole
 */
export async function startProxy({ port, seed = 1, tap = () => {} }) {
  const proxy = new Proxy(port, seeded(seed), tap);
  await proxy.listen();
  return proxy;
}

class Proxy {
  #target;
  #random;
  #tap;
  #server;
  #connections = new Set();
  #refusing = false;
  #armed;

  constructor(target, random, tap) {
    this.#target = target;
    this.#random = random;
    this.#tap = tap;
  }

  async listen() {
    this.#server = createServer({ allowHalfOpen: true }, (client) => this.#accept(client));
    await new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    this.port = this.#server.address().port;
  }

  /** The server's address as the page is to know it. */
  url(serverUrl) {
    const url = new URL(serverUrl);
    url.port = String(this.port);
    return url.href;
  }

  /** How many connections there are. */
  get connections() {
    return this.#connections.size;
  }

  /**
   * Orders a fault, in the place of one that has not struck yet. Resolves with it, all details filled in, when it is
   * over; with undefined if another order or {@link disarm} took its place.
   * @param {Fault} fault
   * @returns {Promise<Fault | undefined>}
   */
  strike(fault) {
    this.disarm();
    const whole = this.#complete(fault);
    const [direction] = Object.keys(whole.after);
    return new Promise((done) => { this.#armed = { fault: whole, direction, left: whole.after[direction], done }; });
  }

  /** Takes back an order that has not struck yet, and says whether there was one. */
  disarm() {
    const armed = this.#armed;
    this.#armed = undefined;
    armed?.done(undefined);
    return armed !== undefined;
  }

  /** Resets every connection now. */
  cutAll() {
    for (const connection of [...this.#connections]) connection.reset();
  }

  /** Resets every connection, and new ones, until {@link accept}. */
  refuse() {
    this.#refusing = true;
    this.cutAll();
  }

  /** Lets connections through again. */
  accept() {
    this.#refusing = false;
  }

  async close() {
    this.disarm();
    this.cutAll();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Called for each frame that is whole: forwards it, or does what was ordered. */
  handleFrame(connection, flow, { bytes, text }) {
    this.#tap(flow.direction, text());
    const armed = this.#armed;
    if (!armed || armed.direction !== flow.direction || --armed.left > 0) return flow.forward(bytes);
    this.#armed = undefined;
    this.#perform(armed, connection, flow, bytes);
  }

  #perform({ fault, done }, connection, flow, bytes) {
    const over = () => done(fault);
    switch (fault.kind) {
      case 'cut':
      case 'refuse':
        flow.forward(bytes);
        flow.close(() => {
          if (fault.kind === 'cut') {
            connection.reset();
            return over();
          }
          this.refuse();
          setTimeout(() => {
            this.accept();
            over();
          }, fault.ms);
        });
        return;
      case 'half':
        flow.forward(bytes.subarray(0, Math.ceil(bytes.length * fault.fraction)));
        flow.close(() => {
          connection.reset();
          over();
        });
        return;
      case 'drop':
        connection.reset();
        return over();
      case 'freeze': {
        flow.forward(bytes);
        const flows = fault.direction === 'both' ? connection.flows : [connection.flow(fault.direction)];
        flows.forEach((flow) => flow.hold());
        setTimeout(() => {
          if (fault.end === 'cut') connection.reset();
          else flows.forEach((flow) => flow.release());
          over();
        }, fault.ms);
        return;
      }
      case 'delay':
        flow.slow(fault.frames + 1, fault.ms, over);
        return flow.forward(bytes);
      case 'halfClose':
        flow.forward(bytes);
        flow.close(() => flow.sink.end());
        // Who has closed his side will not take another request (RFC 9112 §9.6). A browser that sends one all the same
        // sends it again by itself, and the server would hold the one whose answer nobody gets.
        if (flow.direction === 'from' && flow.isHttp) connection.flow('to').close();
        setTimeout(() => {
          connection.reset();
          over();
        }, fault.ms);
        return;
    }
  }

  #complete(fault) {
    const random = this.#random;
    // Drawn whether needed or not, so that one order more or less written out does not change all that follow.
    const drawn = {
      after: { [random.pick(['to', 'from'])]: random.between(1, 4) },
      fraction: (1 + random.next() * 98) / 100,
      ms: random.between(50, 500),
      frames: random.between(0, 3),
      direction: random.pick(['to', 'from', 'both']),
      end: random.pick(['thaw', 'cut']),
    };
    if (!KINDS.includes(fault.kind)) throw new TypeError(`there is no such fault: ${fault.kind}`);
    return { ...drawn, ...fault };
  }

  #accept(client) {
    if (this.#refusing) {
      client.on('error', () => {});
      return client.resetAndDestroy();
    }
    const connection = new Connection(this, client, connect({ port: this.#target, host: '127.0.0.1', allowHalfOpen: true }));
    this.#connections.add(connection);
    connection.onEnd = () => this.#connections.delete(connection);
  }
}

/** A connection of the page and the one to the server that belongs to it. */
class Connection {
  #sockets;
  onEnd = () => {};
  /** Whether each request under way counts, in order. */
  pending = [];

  constructor(proxy, client, server) {
    this.#sockets = [client, server];
    const to = new Flow(proxy, this, 'to', client, server);
    const from = new Flow(proxy, this, 'from', server, client);
    this.flows = [to, from];
    for (const socket of this.#sockets) {
      socket.setNoDelay(true);
      socket.on('error', () => this.reset());
      socket.on('close', () => {
        if (this.#sockets.every((socket) => socket.destroyed)) this.#end();
      });
    }
  }

  flow(direction) {
    return this.flows.find((flow) => flow.direction === direction);
  }

  /** RST to both sides. */
  reset() {
    for (const socket of this.#sockets) {
      // Node cannot reset a socket that it is shutting down, and keeps its handle for ever.
      if (socket.writableEnded && !socket.writableFinished) socket.destroy();
      else if (!socket.destroyed) socket.resetAndDestroy();
    }
    this.#end();
  }

  /** Nothing will pass any more; a fault that waits for it is over. */
  #end() {
    for (const flow of this.flows) flow.drop();
    this.onEnd();
  }
}

/** One direction of a connection. */
class Flow {
  #proxy;
  #connection;
  #parser = new HttpMessages();
  #waiting = [];
  #held = 0;
  #slow = { frames: 0, ms: 0, over: () => {} };
  #closed = false;

  constructor(proxy, connection, direction, source, sink) {
    this.#proxy = proxy;
    this.#connection = connection;
    this.direction = direction;
    this.sink = sink;
    source.on('data', (bytes) => this.#take(bytes));
    source.on('end', () => this.#put({ end: true }));
  }

  get isHttp() {
    return this.#parser instanceof HttpMessages;
  }

  /** Passes `bytes` on, after what waits. */
  forward(bytes) {
    this.#put({ bytes });
  }

  /** Passes on nothing that comes from now on, and calls `then` when all before it has left. */
  close(then = () => {}) {
    this.#put({ then });
    this.#closed = true;
  }

  /** Passes nothing on until {@link release}. */
  hold() {
    this.#held += 1;
  }

  release() {
    this.#held -= 1;
    this.#run();
  }

  /** Passes the next `frames` on late, by `ms` each, and calls `over` after the last. */
  slow(frames, ms, over) {
    this.#slow.over();
    this.#slow = { frames, ms, over };
  }

  /** Forgets what waits, for good. */
  drop() {
    this.#closed = true;
    this.#waiting = [];
    this.#endSlow();
  }

  #take(bytes) {
    if (this.#closed) return;
    const connection = this.#connection;
    if (this.#parser instanceof WebSocketFrames) return this.#takeFrames(bytes);
    for (const message of this.#parser.push(bytes)) {
      let counts = message.line.startsWith('POST ');
      if (this.direction === 'to') connection.pending.push(counts);
      else counts = connection.pending.shift() ?? false;
      if (counts) this.#proxy.handleFrame(connection, this, message);
      else this.forward(message.bytes);
      if (this.direction === 'from' && message.upgrade && message.line.includes(' 101 ')) {
        for (const flow of connection.flows) flow.#becomeWebSocket();
      }
    }
  }

  #becomeWebSocket() {
    const rest = this.#parser.rest();
    this.#parser = new WebSocketFrames();
    if (rest.length) this.#takeFrames(rest);
  }

  #takeFrames(bytes) {
    for (const frame of this.#parser.push(bytes)) {
      if (this.#closed) return;
      if (frame.counts) this.#proxy.handleFrame(this.#connection, this, frame);
      else this.forward(frame.bytes);
    }
  }

  #put(item) {
    if (this.#closed) return;
    this.#waiting.push(item);
    this.#run();
  }

  #run() {
    while (this.#waiting.length && this.#held === 0) {
      if (this.#waiting[0].bytes && this.#slow.frames > 0) return this.#wait();
      const { bytes, then, end } = this.#waiting.shift();
      if (bytes) this.sink.write(bytes);
      else if (end) this.sink.end();
      else this.sink.write('', then);
    }
  }

  /** Lets the first frame through when its time has come. */
  #wait() {
    this.hold();
    setTimeout(() => {
      const first = this.#waiting.shift();
      if (first) this.sink.write(first.bytes);
      this.#slow.frames -= 1;
      if (this.#slow.frames === 0) this.#endSlow();
      this.release();
    }, this.#slow.ms);
  }

  #endSlow() {
    const { over } = this.#slow;
    this.#slow = { frames: 0, ms: 0, over: () => {} };
    over();
  }
}
