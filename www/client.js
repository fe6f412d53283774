/**
 * The whole client on a page of its own: `client.html#juliet@capulet.lit` logs in as that person of the demo's server,
 * without a name there is the log-in form.
 *
 * @typedef {{ jid: string, password: string, name: string }} Account
 * @typedef {{ websocket_url: string, rooms_domain: string, accounts: Account[] }} Config
 */
export {};

const { converse } = window;

const response = await fetch('/demo-config.json');
/** @type {Config} */
const { websocket_url, rooms_domain, accounts } = await response.json();
const account = accounts.find(({ jid }) => jid === location.hash.slice(1));
await converse.initialize({
  websocket_url,
  view_mode: 'fullscreen',
  muc_domain: rooms_domain,
  ...(account ? { auto_login: true, jid: account.jid, password: account.password } : {}),
});
