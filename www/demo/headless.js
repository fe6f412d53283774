/**
 * The page without the client: the classic script, one plugin of the page's own, and one that the visitor writes. What comes from
 * other people is only ever put into text nodes.
 *
 * @typedef {import('./config.js').Account} Account
 * @typedef {{ websocket_url?: string, bosh_service_url?: string, accounts: Account[] }} Config
 * @typedef {{ account?: string, transport?: string, loggedIn?: boolean, source?: string, run?: boolean }} Tab
 * @typedef {{ name: string, messages: { from: string, text: string, time: Date }[], unread: number }} Conversation
 * @typedef {import('../types/index.d.ts').ClosuredConverse} Closured
 */
import { config as demoConfig } from './config.js';

const { converse } = window;

/** By JID, in the order in which they are shown. @type {Map<string, Conversation>} */
const conversations = new Map();
/** Whom the visitor is writing to. @type {string | null} */
let partner = null;
/** The session that runs, if one does. @type {Closured | null} */
let session = null;

/** @type {Config} */
let config = { accounts: [] };

// ── This tab's memory: sessionStorage, so that two tabs are two people ───────────────────────────────────────────────

const KEY = 'converse-demo';

/** @returns {Tab} */
function recall() {
  return JSON.parse(sessionStorage.getItem(KEY) ?? '{}');
}

/** @param {Tab} changes */
function remember(changes) {
  sessionStorage.setItem(KEY, JSON.stringify({ ...recall(), ...changes }));
}

// ── Logging in and out ───────────────────────────────────────────────────────────────────────────────────────────────

/** @type {import('../types/index.d.ts').Plugin} */
const demo = {
  initialize() {
    const { _converse } = this;
    const { api } = _converse;
    session = _converse;
    api.listen.on('connected', enter);
    api.listen.on('reconnected', () => show('online'));
    api.listen.on('will-reconnect', () => show('connecting', 'connecting again'));
    // With an error when it was not the visitor's wish: the log-in failed, or the session ended for good.
    api.listen.on('disconnected', leave);
    api.listen.on('message', receive);
    api.listen.on('rosterContactsFetched', listContacts);
    api.listen.on('rosterPush', listContacts);
  },
};

/** @param {string[]} plugins The names of the visitor's own. */
async function logIn(plugins) {
  const { transport = 'websocket_url' } = recall();
  const chosen = chosenAccount();
  if (!chosen) {
    return;
  }
  complain(null);
  show('connecting');
  try {
    await converse.initialize({
      [transport]: config[/** @type {keyof Config} */ (transport)],
      auto_login: true,
      jid: chosen.jid,
      password: chosen.password,
      whitelisted_plugins: ['demo', ...plugins],
    });
  } catch (error) {
    element('running').textContent = '';
    leave(error);
  }
}

function chosenAccount() {
  const { account } = recall();
  return config.accounts.find(({ jid }) => jid === account) ?? config.accounts[0];
}

function enter() {
  const { name, jid } = /** @type {Account} */ (chosenAccount());
  remember({ loggedIn: true });
  show('online');
  element('entrance').hidden = true;
  element('chat').hidden = false;
  element('logout').hidden = false;
  element('me').hidden = false;
  element('me').textContent = `${name} (${jid})`;
  document.title = `${name} – headless`;
}

/** @param {unknown} [error] Why, if the visitor did not ask for it. */
function leave(error) {
  session = null;
  partner = null;
  conversations.clear();
  draw();
  remember({ loggedIn: false });
  show(error ? 'failed' : 'offline');
  complain(error ?? null);
  for (const id of ['chat', 'logout', 'me']) {
    element(id).hidden = true;
  }
  element('entrance').hidden = false;
  document.title = 'converse-wasm: headless';
}

// ── Contacts and messages ────────────────────────────────────────────────────────────────────────────────────────────

function listContacts() {
  for (const contact of session?.api.contacts.get() ?? []) {
    const jid = contact.get('jid');
    conversation(jid).name = contact.get('nickname') || jid;
  }
  draw();
}

/** @param {Element} stanza */
function receive(stanza) {
  const { Strophe } = converse.env;
  const from = Strophe.getBareJidFromJid(stanza.getAttribute('from'));
  const body = [...stanza.children].find(({ localName }) => localName === 'body')?.textContent;
  if (!from || stanza.getAttribute('type') === 'groupchat') {
    return;
  }
  const chat = conversation(from);
  if (stanza.getAttribute('type') === 'error') {
    const condition = stanza.getElementsByTagName('error')[0]?.firstElementChild?.localName ?? 'no reason given';
    chat.messages.push({ from: 'error', text: `Not delivered: ${condition}`, time: new Date() });
  } else if (body) {
    chat.messages.push({ from, text: body, time: new Date() });
  } else {
    return;
  }
  chat.unread += from === partner ? 0 : 1;
  draw();
}

/** @param {string} text */
function send(text) {
  if (!session || !partner) {
    return;
  }
  const { $msg, utils } = converse.env;
  const message = $msg({ to: partner, type: 'chat', id: utils.getUniqueId() }).c('body').t(text);
  session.api.send(message);
  conversation(partner).messages.push({ from: 'me', text, time: new Date() });
  draw();
}

/** @param {string} jid @returns {Conversation} */
function conversation(jid) {
  const found = conversations.get(jid) ?? { name: jid, messages: [], unread: 0 };
  conversations.set(jid, found);
  return found;
}

// ── What is on the screen ────────────────────────────────────────────────────────────────────────────────────────────

function draw() {
  const contacts = [...conversations].map(([jid, { name, unread }]) => {
    const button = make('button', { type: 'button', 'aria-current': String(jid === partner) });
    button.append(make('span', { class: 'name' }, name));
    if (unread) {
      button.append(make('span', { class: 'unread', 'aria-label': `${unread} unread` }, String(unread)));
    }
    button.append(make('span', { class: 'jid' }, jid));
    button.addEventListener('click', () => choose(jid));
    const item = make('li', {});
    item.append(button);
    return item;
  });
  element('contacts').replaceChildren(...contacts);
  element('nobody').hidden = contacts.length > 0;

  const chat = partner === null ? undefined : conversations.get(partner);
  element('partner').textContent = chat?.name ?? 'Choose a contact';
  for (const control of element('compose').querySelectorAll('input, button')) {
    control.toggleAttribute('disabled', !chat);
  }
  // What is there already stays: a screen reader would read it again.
  const log = element('messages');
  if (log.dataset['partner'] !== (partner ?? '')) {
    log.dataset['partner'] = partner ?? '';
    log.replaceChildren();
  }
  for (const { from, text, time } of (chat?.messages ?? []).slice(log.children.length)) {
    const line = make('li', { 'data-from': from }, text);
    const clock = time.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
    line.append(make('time', { datetime: time.toISOString() }, clock));
    log.append(line);
  }
  log.scrollTop = log.scrollHeight;
}

/** @param {string} jid */
function choose(jid) {
  partner = jid;
  conversation(jid).unread = 0;
  draw();
  element('text').focus();
}

/** @param {'offline' | 'connecting' | 'online' | 'failed'} state @param {string} [words] */
function show(state, words = state) {
  element('state').dataset['state'] = state;
  element('state').textContent = words;
}

/** @param {unknown} error What went wrong; null when nothing does any more. */
function complain(error) {
  element('error').hidden = error === null;
  element('error').textContent = error === null ? '' : String(error);
}

/** @param {string} id @returns {HTMLElement} */
function element(id) {
  const found = document.getElementById(id);
  if (!found) {
    throw new Error(`headless.html has no #${id}`);
  }
  return found;
}

/** @param {string} name @param {Record<string, string>} attributes @param {string} [text] */
function make(name, attributes, text = '') {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  made.textContent = text;
  return made;
}

// ── "Write a plugin here" ────────────────────────────────────────────────────────────────────────────────────────────

const EXAMPLE = `converse.plugins.add('my-plugin', {
  initialize() {
    const { api } = this._converse;
    const { $msg } = converse.env;

    // Somebody writes "ping", this answers "pong".
    api.listen.on('message', (stanza) => {
      const body = stanza.querySelector('body')?.textContent;
      if (body === 'ping') {
        const to = stanza.getAttribute('from');
        api.send($msg({ to, type: 'chat' }).c('body').t('pong'));
      }
    });
  },
});
`;

/**
 * Runs the visitor's source as a page would load it, as a classic script, and says which plugins it registered.
 *
 * @param {string} source
 * @returns {Promise<string[]>}
 */
async function register(source) {
  /** @type {string[]} */
  const names = [];
  const { add } = converse.plugins;
  const plugins = /** @type {{ add: typeof add }} */ (converse.plugins);
  plugins.add = (name, plugin) => {
    add(name, plugin);
    names.push(name);
  };
  /** @type {string | null} */
  let failure = null;
  const note = (/** @type {ErrorEvent} */ event) => {
    failure = `${event.message} (line ${event.lineno})`;
  };
  window.addEventListener('error', note);

  const script = document.createElement('script');
  script.src = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  await new Promise((done) => {
    script.addEventListener('load', done);
    script.addEventListener('error', done);
    document.head.append(script);
  });

  URL.revokeObjectURL(script.src);
  window.removeEventListener('error', note);
  plugins.add = add;

  const running = element('running');
  running.toggleAttribute('data-failed', failure !== null);
  running.textContent = failure ?? (names.length > 0 ? `Running: ${names.join(', ')}` : 'It registered no plugin.');
  return names;
}

// ── Start ────────────────────────────────────────────────────────────────────────────────────────────────────────────

async function start() {
  const tab = recall();
  const source = /** @type {HTMLTextAreaElement} */ (element('source'));
  const login = /** @type {HTMLFormElement} */ (element('login'));
  source.value = tab.source ?? EXAMPLE;

  config = await demoConfig();
  const accounts = config.accounts.map(({ jid, name }) => make('option', { value: jid }, `${name} (${jid})`));
  element('account').replaceChildren(...accounts);
  for (const choice of login.querySelectorAll('input')) {
    choice.disabled = !config[/** @type {keyof Config} */ (choice.value)];
  }
  /** @type {HTMLSelectElement} */ (element('account')).value = tab.account ?? config.accounts[0]?.jid ?? '';
  const wanted = login.querySelector(`input[value="${tab.transport ?? ''}"]`) ?? login.querySelector('input:enabled');
  /** @type {HTMLInputElement | null} */ (wanted)?.click();

  const plugins = tab.run ? await register(source.value) : [];

  login.addEventListener('submit', (event) => {
    event.preventDefault();
    const data = new FormData(login);
    remember({ account: String(data.get('account')), transport: String(data.get('transport')) });
    logIn(plugins);
  });
  element('logout').addEventListener('click', () => session?.api.user.logout());
  element('compose').addEventListener('submit', (event) => {
    event.preventDefault();
    const input = /** @type {HTMLInputElement} */ (element('text'));
    if (input.value.trim()) {
      try {
        send(input.value);
        input.value = '';
        complain(null);
      } catch (error) {
        complain(error);
      }
    }
  });
  element('workshop').addEventListener('submit', (event) => {
    event.preventDefault();
    remember({ source: source.value, run: true });
    location.reload();
  });
  element('discard').addEventListener('click', () => {
    remember({ source: EXAMPLE, run: false });
    source.value = EXAMPLE;
    element('running').textContent = tab.run ? 'What runs stays until the page is reloaded.' : '';
  });

  if (tab.loggedIn) {
    await logIn(plugins);
  }
}

if (converse) {
  converse.plugins.add('demo', demo);
  start().catch(complain);
} else {
  complain('/pkg/converse.headless.js is missing. Start the demo with: cargo xtask demo');
}
