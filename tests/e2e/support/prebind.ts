/** What the server behind a page does to begin a BOSH session for it (XEP-0124 §14.1). */
import type { Account, Server } from './chat.ts';

export interface Prebound {
  jid: string;
  sid: string;
  rid: number;
}

export async function prebind(server: Server, { jid, password }: Account): Promise<Prebound> {
  let rid = 1_000_000 + Math.floor(Math.random() * 1_000_000);
  const post = async (attributes: string, inside = '') => {
    const namespaces = "xmlns='http://jabber.org/protocol/httpbind' xmlns:xmpp='urn:xmpp:xbosh'";
    const body = `<body rid='${rid++}' ${namespaces} ${attributes}>${inside}</body>`;
    return (await fetch(server.boshUrl, { method: 'POST', body })).text();
  };
  const opened = await post(`to='${server.domain}' hold='1' wait='59' ver='1.6' xml:lang='en' xmpp:version='1.0'`);
  const sid = /\ssid=['"]([^'"]+)/.exec(opened)?.[1] ?? '';
  const [user] = jid.split('@');
  const plain = Buffer.from(`\0${user}\0${password}`).toString('base64');
  await post(`sid='${sid}'`, `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${plain}</auth>`);
  await post(`sid='${sid}' to='${server.domain}' xmpp:restart='true'`);
  const bind = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>prebound</resource></bind>";
  const bound = await post(`sid='${sid}'`, `<iq xmlns='jabber:client' type='set' id='b'>${bind}</iq>`);
  return { jid: /<jid>([^<]+)</.exec(bound)?.[1] ?? '', sid, rid };
}
