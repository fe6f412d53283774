// The ejabberd helper itself: what the tests with two servers take for granted.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { startEjabberd } from './ejabberd.mjs';
import { RawClient, logIn } from './raw-client.mjs';

const JULIET = { jid: 'juliet@capulet.lit', password: 'wherefore', contacts: [{ jid: 'romeo@capulet.lit', groups: ['Lovers'] }] };
const ROSTER = "<iq xmlns='jabber:client' type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>";

let ejabberd;
before(async () => { ejabberd = await startEjabberd({ accounts: [JULIET] }); });
after(() => ejabberd?.stop());

test('the BOSH page answers', async () => {
  assert.equal((await fetch(ejabberd.boshUrl)).status, 200);
});

test('SCRAM and PLAIN are offered over WebSocket', async () => {
  const offered = await mechanisms(ejabberd.domain);
  for (const name of ['PLAIN', 'SCRAM-SHA-1', 'SCRAM-SHA-256', 'SCRAM-SHA-512']) assert.ok(offered.includes(name), name);
});

test('the anonymous host offers ANONYMOUS', async () => {
  assert.ok((await mechanisms(ejabberd.anonymousDomain)).includes('ANONYMOUS'));
});

test('an account logs in and has its roster, before and after a restart', async () => {
  assert.match(await rosterOf(JULIET), /jid='romeo@capulet\.lit'.*<group>Lovers<\/group>/);
  const { pid } = ejabberd;
  await ejabberd.restart();
  assert.notEqual(ejabberd.pid, pid);
  assert.match(await rosterOf(JULIET), /romeo@capulet\.lit/);
});

test('an account can be added later, changed and removed, and a wrong password is refused', async () => {
  const nurse = { jid: 'nurse@capulet.lit', password: 'my-lady' };
  await ejabberd.addUser(nurse);
  assert.match(await rosterOf(nurse), /type='result'/);
  await ejabberd.addUser({ ...nurse, password: 'faith' });
  await assert.rejects(rosterOf(nurse), /not-authorized/);
  await ejabberd.removeUser(nurse.jid);
  await assert.rejects(rosterOf({ ...nurse, password: 'faith' }), /not-authorized/);
});

test('a room can be made', async () => {
  const jid = `balcony@${ejabberd.roomsDomain}`;
  await ejabberd.add({ rooms: [{ jid, name: 'The Balcony', owner: JULIET.jid }] });
  const client = await logIn({ ...JULIET, websocketUrl: ejabberd.websocketUrl });
  client.send(`<iq xmlns='jabber:client' type='get' id='d' to='${jid}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`);
  assert.match(await client.next(/id='d'/), /name='The Balcony'/);
  client.close();
});

test('two run side by side', async () => {
  const other = await startEjabberd();
  assert.notEqual(other.port, ejabberd.port);
  assert.equal((await fetch(ejabberd.boshUrl)).status, 200);
  await other.stop();
});

test('nothing is left when the process that started it is killed', { timeout: 40_000 }, async () => {
  const script = `
    const { startEjabberd } = await import(${JSON.stringify(new URL('./ejabberd.mjs', import.meta.url).href)});
    const { boshUrl, directory } = await startEjabberd();
    console.log(JSON.stringify({ boshUrl, directory }));
    setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(parent.stdout, 'data');
  const { boshUrl, directory } = JSON.parse(line);
  parent.kill('SIGKILL');
  const isThere = async () => (await stat(directory).catch(() => false)) || (await fetch(boshUrl).catch(() => false));
  while (await isThere()) await pause(20);
});

async function rosterOf(account) {
  const client = await logIn({ ...account, websocketUrl: ejabberd.websocketUrl, presence: false });
  client.send(ROSTER);
  const roster = await client.next(/id='r'/);
  client.close();
  return roster;
}

async function mechanisms(domain) {
  const client = await RawClient.connect(ejabberd.websocketUrl);
  client.send(`<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='${domain}' version='1.0'/>`);
  const features = await client.next(/<stream:features/);
  client.close();
  return [...features.matchAll(/<mechanism>([^<]*)<\/mechanism>/g)].map(([, name]) => name);
}
