/**
 * What the demo's server says of itself, for all pages.
 *
 * @typedef {{ jid: string, password: string, name: string }} Account
 * @typedef {{ websocket_url: string, bosh_service_url: string, anonymous_domain: string, rooms_domain: string,
 *   room: { jid: string, name: string, description: string }, accounts: Account[] }} Config
 */

/** @returns {Promise<Config>} */
export async function config() {
  const response = await fetch('/demo-config.json');
  if (!response.ok) {
    throw new Error(`/demo-config.json answered ${response.status}. Start the demo with: cargo xtask demo`);
  }
  return response.json();
}

/** Says on the page what went wrong. @param {unknown} error */
export function fail(error) {
  const place = document.getElementById('error');
  if (place) {
    place.hidden = false;
    place.textContent = String(error);
  }
}
