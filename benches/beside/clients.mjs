// The clients that are compared: how a page includes each, and where it shows what. All get the same settings.

import { fromNpm } from '../../tests/support/npm.mjs';
import { ROOT } from '../support.mjs';

const FOLDER = process.env.BENCH_DIR ?? `${ROOT}target/bench`;

const SETTINGS = {
  authentication: 'login',
  auto_login: true,
  auto_reconnect: false,
  keepalive: false,
  discover_connection_methods: false,
  allow_non_roster_messaging: true,
  allow_registration: false,
  play_sounds: false,
  show_desktop_notifications: false,
  show_controlbox_by_default: true,
  message_archiving: 'never',
  view_mode: 'fullscreen',
  whitelisted_plugins: ['bench'],
};

/** Lends the benchmark what plugins have; `initialize` is the page's last act. */
const start = (settings) => `converse.plugins.add('bench', { initialize() { window._converse = this._converse; } });
  converse.initialize(Object.assign(${JSON.stringify(SETTINGS)}, ${settings}))`;
const GIVEN = 'JSON.parse(decodeURIComponent(location.hash.slice(1)))';
const HEAD = '<!doctype html><html lang="en"><meta charset="utf-8"><title>A site</title>';

/**
 * @typedef {object} Client
 * @property {string} name
 * @property {string} page
 * @property {string} contact what shows a contact; the first of them is the list's first
 * @property {string} message what shows a message
 * @property {string} occupant what shows an occupant
 */
/** @type {Client[]} */
export const CLIENTS = [
  {
    name: 'converse-wasm',
    page: `${HEAD}<link rel="stylesheet" href="/pkg/converse.css"><body><script src="/pkg/converse.js"></script><script>${start(GIVEN)}</script>`,
    contact: '.roster-contact',
    message: '.chat-msg',
    occupant: '.occupant.roster-row',
  },
  {
    name: '3.3.0',
    page: `${HEAD}<link rel="stylesheet" href="/3.3.0/css/converse.min.css"><body><script src="/3.3.0/dist/converse.min.js"></script><script>${start(GIVEN)}</script>`,
    contact: '.current-xmpp-contact',
    message: '.chat-message',
    occupant: '.occupant-list li',
  },
  {
    name: '4.2.0',
    page: `${HEAD}<link rel="stylesheet" href="/4.2.0/css/converse.css"><body><script src="/4.2.0/dist/converse.js"></script><script>${start(GIVEN)}</script>`,
    contact: '.current-xmpp-contact',
    message: '.chat-msg',
    occupant: '.occupant-list li',
  },
  {
    name: '14.0.0',
    page: `${HEAD}<link rel="stylesheet" href="/14.0.0/dist/converse.min.css"><body class="converse-fullscreen"><script type="module">import '/14.0.0/dist/converse.min.js'; ${start(`Object.assign({ assets_path: '/14.0.0/dist/', loglevel: 'error' }, ${GIVEN})`)}</script>`,
    contact: 'converse-roster-contact',
    message: '.chat-msg',
    occupant: '.occupant-list .occupant',
  },
];

/** The folders that the pages of `clients` load from; what is missing is fetched from npm. */
export function folders(clients = CLIENTS) {
  const found = { '/pkg/': `${ROOT}pkg/` };
  for (const { name } of clients.filter((client) => client !== CLIENTS[0])) {
    found[`/${name}/`] = fromNpm(`${FOLDER}/${name}`, 'converse.js', name);
  }
  return found;
}
