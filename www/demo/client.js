/**
 * Starts the client in the way that the page names in `data-view`. With `?as=juliet@capulet.lit` somebody of the demo's
 * server is logged in; otherwise there is the log-in form, or on the page with the room a form for a name.
 */
import { config, fail } from './config.js';

const { converse } = window;

/** @param {import('./config.js').Config} config @returns {Promise<object>} */
async function choices({ anonymous_domain, rooms_domain, room, accounts }) {
  const view_mode = document.documentElement.dataset['view'];
  if (view_mode === 'embedded') {
    const nickname = await name();
    return { view_mode, authentication: 'anonymous', auto_login: true, jid: anonymous_domain, auto_join_rooms: [room.jid], nickname };
  }
  const who = new URLSearchParams(location.search).get('as');
  const account = accounts.find(({ jid }) => jid === who);
  const login = account && { auto_login: true, jid: account.jid, password: account.password };
  return { view_mode, muc_domain: rooms_domain, ...login };
}

/** What the visitor wants to be called. @returns {Promise<string>} */
function name() {
  const form = /** @type {HTMLFormElement} */ (document.getElementById('entrance'));
  return new Promise((named) => {
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      form.hidden = true;
      named(String(new FormData(form).get('name')).trim());
    });
  });
}

try {
  const server = await config();
  await converse.initialize({ websocket_url: server.websocket_url, ...(await choices(server)) });
} catch (error) {
  fail(error);
}
