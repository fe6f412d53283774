/** As much of a WebSocket server (RFC 6455) as it takes to say to a browser what no XMPP server would. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';

import { listening } from './chat.ts';

export interface ScriptedSocket {
  readonly url: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Answers each message with what `answer` says: one text, several, or null to break the connection. `protocol` is the
 * subprotocol that is agreed to.
 */
export async function scriptedSocket(
  answer: (message: string, index: number) => string | string[] | null,
  protocol = 'xmpp',
): Promise<ScriptedSocket> {
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on('upgrade', (request, stream) => {
    const socket = stream as Socket;
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}${GUID}`).digest('base64');
    const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
    lines.push(`Sec-WebSocket-Accept: ${accept}`, ...(protocol ? [`Sec-WebSocket-Protocol: ${protocol}`] : []));
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    let [buffer, index] = [Buffer.alloc(0), 0];
    socket.on('data', (data) => {
      buffer = Buffer.concat([buffer, data]);
      for (let frame = decode(buffer); frame; frame = decode(buffer)) {
        buffer = buffer.subarray(frame.length);
        if (frame.opcode === TEXT) {
          const answers = answer(frame.text, index++);
          if (answers === null) {
            socket.destroy();
            return;
          }
          [answers].flat().forEach((text) => socket.write(encode(text)));
        }
      }
    });
  });
  const { port, ...disposable } = await listening(server);
  return {
    url: `ws://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      sockets.forEach((socket) => socket.destroy());
      await disposable[Symbol.asyncDispose]();
    },
  };
}

/**
 * A server that offers `mechanism` and lets everybody in, up to the binding, and has `items` on everybody's roster, or nothing to
 * say of it. What is sent then, `more` may answer.
 */
export async function offering(mechanism: string, more: (message: string) => string[] = () => [], items = ''): Promise<ScriptedSocket> {
  const features = (inside: string) => `<stream:features xmlns:stream='http://etherx.jabber.org/streams'>${inside}</stream:features>`;
  const sasl = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'";
  let opened = 0;
  return scriptedSocket((message) => {
    if (message.startsWith('<open')) {
      opened += 1;
      const next = opened === 1 ? `<mechanisms ${sasl}><mechanism>${mechanism}</mechanism></mechanisms>` : "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>";
      return ["<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='capulet.lit' version='1.0'/>", features(next)];
    }
    if (message.startsWith('<auth')) {
      return `<success ${sasl}/>`;
    }
    const id = /\sid=['"]([^'"]+)/.exec(message)?.[1];
    const bind = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>juliet@capulet.lit/x</jid></bind>";
    const payload = message.includes('xmpp-bind') ? bind : items && message.includes('jabber:iq:roster') ? `<query xmlns='jabber:iq:roster'>${items}</query>` : '';
    return message.startsWith('<iq') ? `<iq xmlns='jabber:client' type='result' id='${id}'>${payload}</iq>` : more(message);
  });
}

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const TEXT = 1;

/** The first frame in the buffer, if it is there whole. Clients mask what they send. */
function decode(buffer: Buffer): { opcode: number; text: string; length: number } | undefined {
  if (buffer.length < 6) {
    return undefined;
  }
  let [size, at] = [buffer.readUInt8(1) & 0x7f, 2];
  if (size === 126) {
    [size, at] = [buffer.readUInt16BE(2), 4];
  }
  if (buffer.length < at + 4 + size) {
    return undefined;
  }
  const mask = buffer.subarray(at, at + 4);
  const text = buffer.subarray(at + 4, at + 4 + size).map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  return { opcode: buffer.readUInt8(0) & 0x0f, text: Buffer.from(text).toString(), length: at + 4 + size };
}

function encode(text: string): Buffer {
  const payload = Buffer.from(text);
  const [size, more] = payload.length < 126 ? [payload.length, 0] : payload.length < 0x10000 ? [126, 2] : [127, 8];
  const head = Buffer.from([0x80 | TEXT, size, ...Array<number>(more).fill(0)]);
  if (more > 0) {
    head.writeUIntBE(payload.length, head.length - Math.min(more, 6), Math.min(more, 6));
  }
  return Buffer.concat([head, payload]);
}
