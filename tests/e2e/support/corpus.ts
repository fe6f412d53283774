/** The cases of `tests/corpus/` (its README says how they are written), and a server that plays its part in them. */
import { readFileSync, readdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { WebSocketFrames } from '../../support/proxy/websocket.mjs';
import { listening, type Transport } from './chat.ts';

export interface Step {
  word: string;
  text: string;
}
export interface Case {
  row: string;
  title: string;
  steps: Step[];
}

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), '../../corpus');

/** All cases, in the order of their rows. */
export function cases(): Case[] {
  const rows = readdirSync(FOLDER).filter((name) => name.endsWith('.txt') && name !== 'world.txt').map((name) => name.slice(0, -4));
  rows.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return rows.flatMap(read);
}

/** A part of the world in which cases take place. */
export function world(part: string): Case {
  const found = read('world').find(({ title }) => title === part);
  if (!found) {
    throw new Error(`the world has no part ${part}`);
  }
  return found;
}

export function all({ steps }: Case, word: string): string[] {
  return steps.filter((step) => step.word === word).map(({ text }) => text);
}

function read(row: string): Case[] {
  const found: Case[] = [];
  for (const line of readFileSync(join(FOLDER, `${row}.txt`), 'utf8').split('\n')) {
    const steps = found.at(-1)?.steps;
    if (line.startsWith('== ')) {
      found.push({ row, title: line.slice(3), steps: [] });
    } else if (steps && line.startsWith('  ')) {
      steps.at(-1)!.text += line.trim();
    } else if (steps && line.trim() !== '') {
      const [word = '', ...rest] = line.split(' ');
      steps.push({ word: word.replace(/:$/, ''), text: rest.join(' ').trim() });
    }
  }
  return found;
}

/** A text with what stands between `«` and `»` in it written out. */
export function writeOut(text: string): string {
  return text.replace(/«(?:U\+([0-9A-F]+)|byte:([89A-F][0-9A-F])|base64:([^»]*)|(\d+)×([^»]*))»/gu, (_, code, byte, plain, count, part) => {
    if (code !== undefined) {
      return String.fromCodePoint(parseInt(code, 16));
    }
    if (byte !== undefined) {
      return String.fromCharCode(0xdc00 + parseInt(byte, 16));
    }
    return plain !== undefined ? Buffer.from(plain).toString('base64') : Array.from({ length: Number(count) }, (_, number) => part.replaceAll('№', String(number))).join('');
  });
}

/** A text as UTF-8, but for halves of characters: each of those is a byte that stands for itself. */
function bytesOf(text: string): Buffer {
  const parts = text.split(/([\uDC80-\uDCFF])/u);
  return Buffer.concat(parts.map((part, at) => (at % 2 === 1 ? Buffer.from([part.charCodeAt(0) - 0xdc00]) : Buffer.from(part))));
}

/** An element that the client has sent. */
export interface Sent {
  name: string;
  namespace: string;
  attributes: Record<string, string>;
  nodes: (Sent | string)[];
}

export function children(element: Sent): Sent[] {
  return element.nodes.filter((node) => typeof node !== 'string');
}

/** Reads what our writer writes, and the patterns of cases: elements, attributes, text. */
export function parse(xml: string): Sent {
  const root: Sent = { name: '', namespace: '', attributes: {}, nodes: [] };
  const open: { element: Sent; prefixes: Record<string, string> }[] = [
    { element: root, prefixes: { '': 'jabber:client', stream: 'http://etherx.jabber.org/streams', xml: 'xml' } },
  ];
  for (const [, close, tag, rest = '', empty, text] of xml.matchAll(/<(\/?)([^\s<>/]+)((?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/g)) {
    const { element: parent, prefixes: outer } = open.at(-1)!;
    if (text !== undefined) {
      parent.nodes.push(plain(text));
      continue;
    }
    if (close) {
      open.pop();
      continue;
    }
    const prefixes = { ...outer };
    const attributes: Record<string, string> = {};
    for (const [, name = '', double, single = ''] of rest.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
      const value = plain(double ?? single);
      if (name === 'xmlns' || name.startsWith('xmlns:')) {
        prefixes[name.slice(6)] = value;
      } else {
        attributes[name] = value;
      }
    }
    const [prefix, local] = tag!.includes(':') ? tag!.split(':') : ['', tag];
    const element: Sent = { name: local!, namespace: prefixes[prefix!] ?? '', attributes, nodes: [] };
    parent.nodes.push(element);
    if (!empty) {
      open.push({ element, prefixes });
    }
  }
  return children(root)[0]!;
}

function plain(text: string): string {
  const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replace(/&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g, (whole, hex, decimal, name) =>
    name ? (entities[name] ?? whole) : String.fromCodePoint(parseInt(hex ?? decimal, hex ? 16 : 10)),
  );
}

export type Names = Map<string, string>;

export function fillIn(xml: string, names: Names): string {
  const known = [...names].sort(([a], [b]) => b.length - a.length);
  return known.reduce((xml, [name, value]) => xml.replaceAll(`$${name}`, value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll("'", '&apos;')), xml);
}

/** Whether `sent` is what `expected` says. `*` stands for any value, `$name` too, the first time. */
export function matches(expected: Sent, sent: Sent, names: Names): boolean {
  const value = (pattern: string, actual: string | undefined): boolean => {
    if (actual === undefined) {
      return false;
    }
    if (pattern.startsWith('$')) {
      const bound = names.get(pattern.slice(1)) ?? actual;
      names.set(pattern.slice(1), bound);
      return bound === actual;
    }
    return pattern === '*' || pattern === actual;
  };
  const nodes = ({ nodes }: Sent): (Sent | string)[] => nodes.filter((node) => (typeof node === 'string' ? node.trim() !== '' : node.namespace !== 'http://jabber.org/protocol/caps'));
  const [wanted, there] = [nodes(expected), nodes(sent)];
  return (
    expected.name === sent.name &&
    expected.namespace === sent.namespace &&
    Object.keys(expected.attributes).length === Object.keys(sent.attributes).length &&
    Object.entries(expected.attributes).every(([name, pattern]) => value(pattern, sent.attributes[name])) &&
    wanted.length === there.length &&
    wanted.every((node, at) => {
      const actual = there[at]!;
      return typeof node === 'string' ? typeof actual === 'string' && value(node, actual) : typeof actual !== 'string' && matches(node, actual, names);
    })
  );
}

/** What both transports are to the server. */
interface Link {
  send(xml: string): void;
  raw(text: string): void;
  close(): void;
}

/** A server that one client at a time logs in to, and that answers what a case says. */
export class ScriptedServer {
  names: Names = new Map();
  /** What the client has sent, and no step of the case has named yet. */
  sent: Sent[] = [];
  #answers: { to: string; namespace: string; answer: string }[] = [];
  #byHand = false;
  #authenticated = false;
  #link: Link | undefined;
  #opened: (() => void)[] = [];
  #waiting: (() => void)[] = [];
  #syncs = 0;
  #synced = new Set<string>();

  /** Forgets the last case, and prepares for the next one. */
  begin(parts: Case[]): void {
    [this.names, this.sent, this.#answers] = [new Map(), [], []];
    [this.#byHand, this.#authenticated, this.#link] = [parts.some((part) => part.steps.some(({ word }) => word === 'from')), false, undefined];
    for (const text of parts.flatMap((part) => all(part, 'answer'))) {
      const [, to = '', namespace = '', answer = ''] = /^(\S+) ([^\s<]+)\s*(.*)$/s.exec(text) ?? [];
      this.#answers.unshift({ to, namespace, answer });
    }
  }

  get byHand(): boolean {
    return this.#byHand;
  }

  /** Sends an element of a case, as a stream has it. */
  send(xml: string): void {
    this.#link?.send(framed(writeOut(fillIn(xml, this.names))));
  }

  raw(text: string): void {
    this.#link?.raw(writeOut(fillIn(text, this.names)));
  }

  /** Waits until the client has opened a stream. */
  async opened(): Promise<void> {
    if (!this.#link) {
      await new Promise<void>((done) => this.#opened.push(done));
    }
  }

  /** Waits until `done` says so; it is asked again whenever the client has sent something. */
  async until(done: () => boolean, what: string): Promise<void> {
    const late = Date.now() + 5_000;
    while (!done()) {
      await new Promise<void>((more) => {
        const timer = setTimeout(more, 500);
        this.#waiting.push(() => (clearTimeout(timer), more()));
      });
      if (Date.now() > late) {
        throw new Error(`waited in vain for ${what}; sent: ${JSON.stringify(this.sent)}`);
      }
    }
  }

  /** Waits until the client has taken in all there was, and has nothing more to say. */
  async settle(): Promise<void> {
    for (let before = -1; before !== this.sent.length; ) {
      before = this.sent.length;
      const id = `sync-${(this.#syncs += 1)}`;
      this.#link?.send(`<iq xmlns='jabber:client' type='get' id='${id}' from='capulet.lit'><ping xmlns='urn:xmpp:ping'/></iq>`);
      await this.until(() => this.#synced.has(id), 'an answer to a ping');
    }
  }

  connected(link: Link, again: boolean): void {
    this.#link = link;
    if (!this.#byHand) {
      const inside = this.#authenticated ? `<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>` : `<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms>`;
      link.send(`<stream:features xmlns:stream='http://etherx.jabber.org/streams' xmlns='jabber:client'>${inside}</stream:features>`);
    }
    if (!again) {
      this.#opened.splice(0).forEach((done) => done());
    }
  }

  /** Takes in an element that the client has sent. */
  take(element: Sent): void {
    const { name, attributes } = element;
    const [payload] = children(element);
    this.#noteNonce(element);
    if (name === 'auth' && !this.#byHand) {
      this.#authenticated = true;
      this.#link?.send(`<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>`);
      return;
    }
    if (element.namespace === 'urn:xmpp:sm:3' && /^[ra]$/.test(name)) {
      return;
    }
    if (name === 'iq' && attributes['id']?.startsWith('sync-')) {
      this.#synced.add(attributes['id']);
      this.#wake();
      return;
    }
    const [to, id] = [attributes['to'] ?? '-', attributes['id']];
    const from = to === '-' ? '' : ` from='${to}'`;
    if (name === 'iq' && /^[gs]et$/.test(attributes['type'] ?? '') && payload) {
      if (payload.namespace === 'urn:xmpp:ping') {
        this.#link?.send(`<iq xmlns='jabber:client' type='result' id='${id}'/>`);
        return;
      }
      const { answer = 'error' } = this.#answers.find((one) => one.to === to && one.namespace === payload.namespace) ?? {};
      if (answer === 'error') {
        this.#link?.send(`<iq xmlns='jabber:client' type='error' id='${id}'${from}><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`);
      } else if (answer !== 'nothing') {
        this.#link?.send(`<iq xmlns='jabber:client' type='result' id='${id}'${from}>${answer}</iq>`);
      }
    }
    this.sent.push(element);
    this.#wake();
  }

  #wake(): void {
    this.#waiting.splice(0).forEach((more) => more());
  }

  /** Remembers the nonce that the client has begun a SCRAM exchange with. */
  #noteNonce({ name, nodes }: Sent): void {
    const [text] = nodes;
    const nonce = name === 'auth' && typeof text === 'string' ? /^n,,.*,r=(.*)$/.exec(Buffer.from(text, 'base64').toString())?.[1] : undefined;
    if (nonce) {
      this.names.set('nonce', nonce);
    }
  }
}

/** Elements in a stream, with the namespaces that everybody knows. */
function framed(xml: string): string {
  return xml.replace(/^<([\w:]+)(?=[\s/>])(?![^>]*\sxmlns=)/, `<$1 xmlns='jabber:client'`).replace(/^<stream:(\w+)(?=[\s/>])/, `<stream:$1 xmlns:stream='http://etherx.jabber.org/streams'`);
}

/** A web server with the script behind both transports. */
export async function serve(script: ScriptedServer): Promise<{ url: Record<Transport, string>; [Symbol.asyncDispose](): Promise<void> }> {
  const sockets = new Set<Socket>();
  const bosh = new Bosh(script);
  const server = createServer((request, response) => void bosh.take(request, response));
  server.on('upgrade', (request: IncomingMessage, socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Protocol: xmpp\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    overWebSocket(script, socket);
  });
  const { port, ...disposable } = await listening(server);
  return {
    url: { websocket: `ws://127.0.0.1:${port}/ws`, bosh: `http://127.0.0.1:${port}/bosh` },
    async [Symbol.asyncDispose]() {
      sockets.forEach((socket) => socket.destroy());
      await disposable[Symbol.asyncDispose]();
    },
  };
}

const CLOSE = `<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>`;

function overWebSocket(script: ScriptedServer, socket: Socket): void {
  const frames = new WebSocketFrames();
  const send = (xml: string): unknown => socket.write(frame(xml));
  const link: Link = { send, raw: send, close: () => send(CLOSE) };
  let again = false;
  socket.on('data', (bytes: Buffer) => {
    for (const { opcode, text } of frames.push(bytes) as { opcode: number; text(): string }[]) {
      if (opcode === 8) {
        socket.end(Buffer.from([0x88, 0]));
      }
      if (opcode !== 1) {
        continue;
      }
      const element = parse(text());
      if (element.name === 'open') {
        send(`<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' id='s' from='capulet.lit' version='1.0'/>`);
        script.connected(link, again);
        again = true;
      } else if (element.name === 'close') {
        send(CLOSE);
      } else {
        script.take(element);
      }
    }
  });
}

/** An unmasked text frame, of any length. */
function frame(text: string): Buffer {
  const payload = bytesOf(text);
  const head = Buffer.alloc(payload.length < 126 ? 2 : payload.length < 65_536 ? 4 : 10);
  head[0] = 0x81;
  head[1] = payload.length < 126 ? payload.length : payload.length < 65_536 ? 126 : 127;
  if (head.length === 4) {
    head.writeUInt16BE(payload.length, 2);
  } else if (head.length === 10) {
    head.writeBigUInt64BE(BigInt(payload.length), 2);
  }
  return Buffer.concat([head, payload]);
}

/** A connection manager for one session at a time: it holds one request, and answers the others. */
class Bosh {
  readonly #script: ScriptedServer;
  #held: ServerResponse[] = [];
  #out = '';
  #sid = 0;
  #ended = false;

  constructor(script: ScriptedServer) {
    this.#script = script;
  }

  async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-headers', 'content-type');
    if (request.method === 'OPTIONS') {
      response.writeHead(204).end();
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const body = parse(Buffer.concat(chunks).toString());
    const link: Link = { send: (xml) => this.#send(xml), raw: (text) => this.#put(text), close: () => this.#end('') };
    if (!body.attributes['sid']) {
      [this.#held, this.#out, this.#ended] = [[], '', false];
      this.#held.push(response);
      this.#answer(` sid='${(this.#sid += 1)}' wait='60' requests='2' hold='1' inactivity='60' polling='2' ver='1.6' authid='a' from='capulet.lit' secure='true'`, '');
      this.#script.connected(link, false);
      return;
    }
    if (body.attributes['sid'] !== String(this.#sid) || this.#ended) {
      response.end(`<body xmlns='http://jabber.org/protocol/httpbind' type='terminate' condition='item-not-found'/>`);
      return;
    }
    this.#held.push(response);
    if (body.attributes['xmpp:restart'] === 'true' || Object.entries(body.attributes).some(([name, value]) => name.endsWith(':restart') && value === 'true')) {
      this.#script.connected(link, true);
    }
    children(body).forEach((element) => this.#script.take(element));
    if (body.attributes['type'] === 'terminate') {
      this.#end('');
    } else if (this.#held.length > 1 || this.#out) {
      this.#flush();
    }
  }

  #send(xml: string): void {
    if (/^<stream:error/.test(xml)) {
      this.#end(` condition='remote-stream-error'`, xml);
      return;
    }
    this.#put(xml);
  }

  #put(text: string): void {
    this.#out += text;
    this.#flush();
  }

  #flush(): void {
    if (this.#held.length > 0) {
      this.#answer('', this.#out);
      this.#out = '';
    }
  }

  #end(attributes: string, payload = ''): void {
    this.#ended = true;
    while (this.#held.length > 0) {
      this.#answer(` type='terminate'${attributes}`, this.#out + payload);
    }
  }

  #answer(attributes: string, payload: string): void {
    const body = `<body xmlns='http://jabber.org/protocol/httpbind'${attributes}>${payload}</body>`;
    this.#held.shift()?.writeHead(200, { 'content-type': 'text/xml; charset=utf-8' }).end(bytesOf(body));
  }
}
