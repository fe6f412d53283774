// An XMPP client that does nothing by itself: WebSocket, SASL PLAIN, a resource, and then frames as they are.
// What the library is tested with must not be the library.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';

import { WebSocketFrames, textFrame } from './proxy/websocket.mjs';

/**
 * Logs in, and says that it is there if `presence` is not false.
 * @param {{ websocketUrl: string, jid: string, password: string, resource?: string, presence?: boolean }} options
 * @returns {Promise<RawClient>}
 */
export async function logIn({ websocketUrl, jid, password, resource = 'raw', presence = true }) {
  const [user, domain] = jid.split('@');
  const client = await RawClient.connect(websocketUrl);
  const open = `<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='${domain}' version='1.0'/>`;
  client.send(open);
  await client.next(/<stream:features/);
  const plain = Buffer.from(`\0${user}\0${password}`).toString('base64');
  client.send(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${plain}</auth>`);
  await client.next(/<success/);
  client.send(open);
  await client.next(/<stream:features/);
  const bind = `<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>${resource}</resource></bind>`;
  client.send(`<iq xmlns='jabber:client' type='set' id='bind'>${bind}</iq>`);
  await client.next(/id=['"]bind['"]/);
  if (presence) client.send("<presence xmlns='jabber:client'/>");
  return client;
}

export class RawClient {
  #socket;
  #waiting = [];
  #listeners = [];

  /** Opens a WebSocket and sends nothing on it. */
  static async connect(websocketUrl) {
    const upgrade = request(websocketUrl.replace('ws:', 'http:'), {
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Protocol': 'xmpp',
      },
    });
    upgrade.end();
    const [, socket, head] = await once(upgrade, 'upgrade');
    return new RawClient(socket, head);
  }

  constructor(socket, head) {
    this.#socket = socket;
    this.open = true;
    const frames = new WebSocketFrames();
    const take = (bytes) => {
      for (const { opcode, text } of frames.push(bytes)) {
        if (opcode === 1) this.#receive(text());
        else if (opcode === 9) socket.write(textFrame('', 10));
        else if (opcode === 8) socket.end();
      }
    };
    socket.on('data', take);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.open = false;
      for (const { reject } of this.#waiting.splice(0)) reject(new Error('the connection is closed'));
    });
    if (head.length) take(head);
  }

  /** Sends one frame. */
  send(xml) {
    this.#socket.write(textFrame(xml));
  }

  /** Calls `listener` with every frame that arrives from now on. */
  onFrame(listener) {
    this.#listeners.push(listener);
  }

  /** The next frame that matches. One that says the log-in failed, or the stream is over, rejects. */
  next(pattern) {
    return new Promise((resolve, reject) => this.#waiting.push({ pattern, resolve, reject }));
  }

  /** Closes the stream, and then the connection. */
  close() {
    if (!this.open) return;
    this.send("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>");
    this.#socket.end();
  }

  #receive(frame) {
    for (const listener of this.#listeners) listener(frame);
    const fatal = /^<(failure|stream:error|close)\b/.test(frame);
    for (const waiter of [...this.#waiting]) {
      if (!fatal && !waiter.pattern.test(frame)) continue;
      this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
      if (fatal) waiter.reject(new Error(frame));
      else waiter.resolve(frame);
    }
  }
}
