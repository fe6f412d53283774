// The proxy itself, between a client that counts and a server that echoes.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import { connect } from 'node:net';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { startProxy } from './proxy.mjs';
import { WebSocketFrames, textFrame } from './proxy/websocket.mjs';
import { RawClient } from './raw-client.mjs';
import { seeded } from './random.mjs';

let server;
let proxy;
/** What has arrived at the server, whole or not. */
let arrived;
let ended;

before(async () => {
  server = createServer(async (incoming, response) => {
    let body = '';
    for await (const chunk of incoming) body += chunk;
    arrived.push(body);
    response.end(`echo ${body}`);
  });
  server.on('upgrade', (_, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
    const frames = new WebSocketFrames();
    // Those of the test that opened the connection, which may be over before this is.
    const notes = { arrived, ended };
    socket.on('error', () => { notes.ended.push('reset'); });
    socket.on('end', () => { notes.ended.push('end'); });
    socket.on('data', (bytes) => {
      notes.arrived.bytes += bytes.length;
      for (const frame of frames.push(bytes)) {
        notes.arrived.push(frame.text());
        socket.write(textFrame(`echo ${frame.text()}`));
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
after(() => {
  server.close();
  server.closeAllConnections();
});
beforeEach(async () => {
  arrived = Object.assign([], { bytes: 0 });
  ended = [];
  proxy = await startProxy({ port: server.address().port, seed: 3 });
});
afterEach(() => proxy.close());

test('without an order all goes through, in order, in pieces of any size', async () => {
  const { client, got } = await open();
  const long = 'x'.repeat(5000);
  ['a', long, 'c'].forEach((text) => client.send(text));
  await client.next(/echo c/);
  assert.deepEqual(got, ['echo a', `echo ${long}`, 'echo c']);
});

test('cut: the n-th frame to the server arrives, and nothing after it', async () => {
  const { client } = await open();
  const struck = proxy.strike({ kind: 'cut', after: { to: 2 } });
  ['a', 'b', 'c'].forEach((text) => client.send(text));
  assert.equal((await struck).kind, 'cut');
  await until(() => !client.open && ended.length);
  assert.deepEqual([...arrived], ['a', 'b']);
  assert.equal(proxy.connections, 0);
});

test('cut: the n-th frame from the server arrives, and nothing after it', async () => {
  const { client, got } = await open();
  proxy.strike({ kind: 'cut', after: { from: 1 } });
  ['a', 'b'].forEach((text) => client.send(text));
  await until(() => !client.open);
  assert.deepEqual(got, ['echo a']);
});

test('frames are counted over connections', async () => {
  const first = await open();
  const struck = proxy.strike({ kind: 'cut', after: { to: 2 } });
  first.client.send('a');
  await first.client.next(/echo a/);
  const second = await open();
  second.client.send('b');
  await struck;
  await until(() => !second.client.open);
  assert.ok(first.client.open);
});

test('half: a part of the frame arrives', async () => {
  const { client } = await open();
  proxy.strike({ kind: 'half', after: { to: 1 }, fraction: 0.5 });
  client.send('0123456789');
  await until(() => !client.open && ended.length);
  assert.deepEqual([...arrived], []);
  assert.equal(arrived.bytes, 8);
});

test('drop: the server has it, the page gets nothing', async () => {
  const { client, got } = await open();
  proxy.strike({ kind: 'drop', after: { from: 1 } });
  client.send('a');
  await until(() => !client.open);
  assert.deepEqual([[...arrived], got], [['a'], []]);
});

test('freeze and thaw: late, but all there', async () => {
  const { client, got } = await open();
  const struck = proxy.strike({ kind: 'freeze', after: { to: 1 }, direction: 'both', ms: 80, end: 'thaw' });
  ['a', 'b'].forEach((text) => client.send(text));
  await pause(40);
  assert.deepEqual([[...arrived], got], [['a'], []]);
  await struck;
  await until(() => got.length === 2);
  assert.deepEqual(got, ['echo a', 'echo b']);
});

test('freeze in one direction, then cut', async () => {
  const { client, got } = await open();
  proxy.strike({ kind: 'freeze', after: { to: 1 }, direction: 'from', ms: 60, end: 'cut' });
  ['a', 'b'].forEach((text) => client.send(text));
  await until(() => !client.open);
  assert.deepEqual([[...arrived], got], [['a', 'b'], []]);
});

test('delay: in order, each later than the one before', async () => {
  const { client, got } = await open();
  const start = Date.now();
  const struck = proxy.strike({ kind: 'delay', after: { from: 1 }, frames: 1, ms: 40 });
  ['a', 'b', 'c'].forEach((text) => client.send(text));
  await struck;
  await until(() => got.length === 3);
  assert.deepEqual(got, ['echo a', 'echo b', 'echo c']);
  assert.ok(Date.now() - start >= 78);
});

test('delay: over when there is nobody left to be late for', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const struck = proxy.strike({ kind: 'delay', after: { from: 1 }, frames: 1, ms: 10 });
  assert.equal(await http('POST', 'a', agent), 'echo a');
  agent.destroy();
  assert.equal((await struck).kind, 'delay');
});

test('half-close: the end is in order, the other direction goes on, then all is cut', async () => {
  const { client, got } = await open();
  const struck = proxy.strike({ kind: 'halfClose', after: { to: 2 }, ms: 60 });
  ['a', 'b', 'c'].forEach((text) => client.send(text));
  await struck;
  await until(() => !client.open);
  assert.deepEqual([...arrived], ['a', 'b']);
  assert.equal(ended[0], 'end');
  assert.ok(got.includes('echo a'));
});

test('half-close over HTTP: no request is taken after the end of the responses', async () => {
  const socket = connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true });
  const post = (body) => socket.write(`POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  socket.on('error', () => {});
  socket.resume();
  const struck = proxy.strike({ kind: 'halfClose', after: { from: 1 }, ms: 60 });
  post('a');
  await once(socket, 'end');
  post('b');
  await struck;
  assert.deepEqual([...arrived], ['a']);
});

test('refuse: nobody gets in for a while', async () => {
  const { client } = await open();
  const struck = proxy.strike({ kind: 'refuse', after: { to: 1 }, ms: 100 });
  client.send('a');
  await until(() => !client.open);
  await assert.rejects(open());
  await struck;
  await open();
});

test('a new order takes the place of one that has not struck', async () => {
  const first = proxy.strike({ kind: 'cut' });
  assert.ok(proxy.disarm());
  assert.equal(await first, undefined);
  assert.ok(!proxy.disarm());
});

test('the same seed draws the same faults', async () => {
  const draw = async () => {
    const twin = await startProxy({ port: server.address().port, seed: 9 });
    const drawn = [];
    for (const kind of ['half', 'freeze', 'delay']) {
      const struck = twin.strike({ kind, after: { to: 1 } });
      const client = await RawClient.connect(twin.url(address()));
      // As many as the longest delay is for.
      for (let n = 0; n < 4; n += 1) client.send('a');
      drawn.push(await struck);
    }
    await twin.close();
    return drawn;
  };
  assert.deepEqual(await draw(), await draw());
  assert.notEqual(seeded(1).next(), seeded(2).next());
});

test('over HTTP requests and responses are frames, if they are POST', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const struck = proxy.strike({ kind: 'drop', after: { from: 2 } });
  assert.equal(await http('OPTIONS', '', agent), 'echo ');
  assert.equal(await http('POST', 'a', agent), 'echo a');
  await assert.rejects(http('POST', 'b', agent));
  assert.equal((await struck).kind, 'drop');
  assert.equal(await http('POST', 'c', agent), 'echo c');
  assert.deepEqual([...arrived], ['', 'a', 'b', 'c']);
  agent.destroy();
});

test('over HTTP half a request does not count as one', async () => {
  proxy.strike({ kind: 'half', after: { to: 1 } });
  await assert.rejects(http('POST', 'a'));
  assert.deepEqual([...arrived], []);
});

function address() {
  return `ws://127.0.0.1:${server.address().port}/`;
}

async function open() {
  const client = await RawClient.connect(proxy.url(address()));
  const got = [];
  client.onFrame((frame) => got.push(frame));
  return { client, got };
}

async function http(method, body, agent) {
  const outgoing = request(`http://127.0.0.1:${proxy.port}/`, { method, agent });
  outgoing.end(body);
  const [response] = await once(outgoing, 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return text;
}

async function until(condition) {
  while (!condition()) await pause(5);
}
