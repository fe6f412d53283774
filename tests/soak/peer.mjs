// Who the page talks to: connected to the server without the proxy, and away only while the server is.

import { logIn } from '../support/raw-client.mjs';

export class Peer {
  sent = 0;
  /** The numbers that have arrived, in order of arrival. */
  got = [];
  /** The numbers of the messages that the server returned as errors. */
  returned = new Set();
  #account;
  #to;
  #client;

  constructor(account, to) {
    this.#account = account;
    this.#to = to;
  }

  async logIn(websocketUrl) {
    this.#client = await logIn({ ...this.#account, websocketUrl, presence: false });
    this.#client.onFrame((frame) => {
      const [head] = /^<message [^>]*>/.exec(frame) ?? [''];
      if (/type=['"]error['"]/.test(head)) {
        const [, returned] = /id=['"]peer-(\d+)['"]/.exec(head) ?? [];
        if (returned) this.returned.add(Number(returned));
        return;
      }
      const [, number] = /<body>to peer (\d+)<\/body>/.exec(frame) ?? [];
      if (number) this.got.push(Number(number));
    });
    // After the listener, because what waited for this account comes at once.
    this.#client.send("<presence xmlns='jabber:client'/>");
    // The answer says that the server knows of the presence.
    this.#client.send("<iq xmlns='jabber:client' type='get' id='there'><query xmlns='jabber:iq:roster'/></iq>");
    await this.#client.next(/id=['"]there['"]/);
  }

  /** Sends messages until this many are sent. */
  upTo(count) {
    while (this.sent < count) {
      this.sent += 1;
      const body = `<body>to page ${this.sent}</body>`;
      this.#client.send(`<message xmlns='jabber:client' to='${this.#to}' type='chat' id='peer-${this.sent}'>${body}</message>`);
    }
  }

  logOut() {
    this.#client?.close();
  }
}
