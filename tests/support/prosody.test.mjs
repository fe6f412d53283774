// The Prosody helper itself: what the end-to-end tests take for granted.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { startProsody } from './prosody.mjs';

const JULIET = { jid: 'juliet@capulet.lit', password: 'wherefore', contacts: [{ jid: 'romeo@capulet.lit', groups: ['Lovers'] }] };

let prosody;
before(async () => { prosody = await startProsody({ accounts: [JULIET] }); });
after(() => prosody?.stop());

test('the BOSH page answers', async () => {
  const page = await fetch(prosody.boshUrl);
  assert.equal(page.status, 200);
});

test('both SCRAM mechanisms and PLAIN are offered over BOSH', async () => {
  const { features } = await bosh(prosody).open(prosody.domain);
  assert.deepEqual(mechanisms(features), ['PLAIN', 'SCRAM-SHA-1', 'SCRAM-SHA-256']);
});

test('both SCRAM mechanisms and PLAIN are offered over WebSocket', async () => {
  assert.deepEqual(mechanisms(await websocketFeatures(prosody)), ['PLAIN', 'SCRAM-SHA-1', 'SCRAM-SHA-256']);
});

test('the anonymous host offers ANONYMOUS', async () => {
  const { features } = await bosh(prosody).open(prosody.anonymousDomain);
  assert.deepEqual(mechanisms(features), ['ANONYMOUS']);
});

test('an account logs in and has its roster, before and after a restart', async () => {
  assert.match(await rosterOf(JULIET), /jid='romeo@capulet\.lit'.*<group>Lovers<\/group>/);
  const { pid } = prosody;
  await prosody.restart();
  assert.notEqual(prosody.pid, pid);
  assert.match(await rosterOf(JULIET), /romeo@capulet\.lit/);
});

test('an account can be added later, and a wrong password is refused', async () => {
  await prosody.addUser({ jid: 'nurse@capulet.lit', password: 'my-lady' });
  assert.match(await rosterOf({ jid: 'nurse@capulet.lit', password: 'my-lady' }), /type='result'/);
  await assert.rejects(rosterOf({ jid: 'nurse@capulet.lit', password: 'wrong' }), /not-authorized/);
});

test('a TLS-only server offers no mechanism over an open connection', async () => {
  const strict = await startProsody({ requireTls: true });
  try {
    assert.deepEqual(mechanisms(await websocketFeatures(strict)), []);
  } finally {
    await strict.stop();
  }
});

test('what the server refuses is said, and ends it', async () => {
  const room = { jid: 'balcony@nowhere.lit' };
  await assert.rejects(startProsody({ rooms: [room] }), /no rooms at nowhere\.lit/);
});

test('nothing is left when the process that started it is killed', { timeout: 20_000 }, async () => {
  const script = `
    const { startProsody } = await import(${JSON.stringify(new URL('./prosody.mjs', import.meta.url).href)});
    const { boshUrl, directory } = await startProsody();
    console.log(JSON.stringify({ boshUrl, directory }));
    setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(parent.stdout, 'data');
  const { boshUrl, directory } = JSON.parse(line);
  parent.kill('SIGKILL');
  const isThere = async () => (await stat(directory).catch(() => false)) || (await fetch(boshUrl).catch(() => false));
  while (await isThere()) await pause(20);
});

function mechanisms(features) {
  return [...features.matchAll(/<mechanism>([^<]*)<\/mechanism>/g)].map(([, name]) => name).sort();
}

async function rosterOf({ jid, password }) {
  const [user, domain] = jid.split('@');
  const session = bosh(prosody);
  await session.open(domain);
  const response = Buffer.from(`\0${user}\0${password}`).toString('base64');
  const answer = await session.send(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${response}</auth>`);
  if (!answer.includes('<success')) throw new Error(answer);
  await session.restart(domain);
  await session.send("<iq xmlns='jabber:client' type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
  const roster = await session.send("<iq xmlns='jabber:client' type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>");
  await session.close();
  return roster;
}

/** As much of BOSH as a conversation in strict turns needs. */
function bosh({ boshUrl }) {
  const xmlns = "xmlns='http://jabber.org/protocol/httpbind' xmlns:xmpp='urn:xmpp:xbosh'";
  let rid = 1;
  let sid = '';
  const post = async (attributes, content = '') => {
    const body = `<body rid='${rid++}' ${sid && `sid='${sid}'`} ${attributes} ${xmlns}>${content}</body>`;
    return (await fetch(boshUrl, { method: 'POST', body })).text();
  };
  return {
    async open(domain) {
      const features = await post(`to='${domain}' wait='5' hold='1' ver='1.6' xml:lang='en' xmpp:version='1.0'`);
      sid = /\ssid='([^']*)'/.exec(features)[1];
      return { features };
    },
    send: (content) => post('', content),
    restart: (domain) => post(`to='${domain}' xmpp:restart='true'`),
    close: () => post("type='terminate'"),
  };
}

/** The stream features as the server frames them; Node's own WebSocket is not there in all versions. */
async function websocketFeatures({ websocketUrl, domain }) {
  const upgrade = request(websocketUrl.replace('ws:', 'http:'), {
    headers: {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Key': Buffer.from('0123456789abcdef').toString('base64'),
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Protocol': 'xmpp',
    },
  });
  upgrade.end();
  const [, socket] = await once(upgrade, 'upgrade');
  const open = Buffer.from(`<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='${domain}' version='1.0'/>`);
  // A final text frame of less than 126 bytes, masked with zeros.
  socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | open.length, 0, 0, 0, 0]), open]));
  let text = '';
  while (!/<\/stream:features>|<stream:features[^>]*\/>|<close/.test(text)) text += (await once(socket, 'data'))[0];
  socket.destroy();
  return text;
}
