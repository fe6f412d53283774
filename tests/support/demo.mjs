// The demo: a Prosody with people and a room, and the pages of www/demo/. Ctrl-C ends both and leaves nothing.

import { fileURLToPath } from 'node:url';

import { startProsody } from './prosody.mjs';
import { startStaticServer } from './static-server.mjs';

// The usual ones if nobody has them, so that addresses stay the same from one run to the next.
const PORT = 8008;
const XMPP_PORT = 5280;
const DOMAIN = 'capulet.lit';
// A log-in in as few round trips as it can be done.
const MODULES = ['sasl2', 'sasl2_bind2', 'sasl2_fast', 'mend_fast', 'sasl2_sm', 'mend_sm'];
const ROOM = { jid: `balcony@rooms.${DOMAIN}`, name: 'The Balcony', description: "Capulet's orchard, by night" };

const PEOPLE = [
  { name: 'Juliet', password: 'wherefore', groups: ['Capulets'] },
  { name: 'Romeo', password: 'art-thou', groups: ['Montagues'] },
  { name: 'Nurse', password: 'my-lady', groups: ['Capulets'] },
].map((person) => ({ ...person, jid: `${person.name.toLowerCase()}@${DOMAIN}` }));

const folder = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const accounts = PEOPLE.map(({ jid, password }) => ({
  jid,
  password,
  contacts: PEOPLE.filter((other) => other.jid !== jid).map(({ jid, name, groups }) => ({ jid, name, groups })),
}));

let prosody;
let site;
let stopping;

function stop(status) {
  stopping ??= (async () => {
    await starting.catch(() => {});
    await site?.close();
    await prosody?.stop();
    process.exit(status);
  })();
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(0));

const starting = start();
starting.catch((error) => {
  console.error(`demo: ${error.message}`);
  stop(1);
});

async function start() {
  prosody = await startProsody({ domain: DOMAIN, port: XMPP_PORT, accounts, hostLua: 'allow_registration = true', modules: MODULES, rooms: [{ ...ROOM, owner: PEOPLE[0].jid }] });
  const config = {
    websocket_url: prosody.websocketUrl,
    bosh_service_url: prosody.boshUrl,
    domain: DOMAIN,
    anonymous_domain: prosody.anonymousDomain,
    rooms_domain: prosody.roomsDomain,
    room: ROOM,
    accounts: PEOPLE.map(({ jid, password, name }) => ({ jid, password, name })),
  };
  const content = {
    folders: { '/': folder('www/demo/'), '/pkg/': folder('pkg/') },
    documents: { '/demo-config.json': config },
  };
  site = await startStaticServer({ ...content, port: PORT }).catch(() => startStaticServer(content));
  announce();
}

function announce() {
  console.log(`\nThe demo is at ${site.url}\n`);
  for (const { jid, password } of PEOPLE) console.log(`  ${jid.padEnd(ROOM.jid.length)}  password: ${password}`);
  console.log(`  ${ROOM.jid}  a room`);
  console.log(`\nFor a page of your own, as long as this runs: websocket_url: '${prosody.websocketUrl}'`);
  console.log(`or bosh_service_url: '${prosody.boshUrl}'. Ctrl-C ends everything.`);
}
