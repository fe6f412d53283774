// What is measured, a row each. `world` is what the server has; `prepare` makes the page ready, and is not measured; `act`
// starts the work; `shown` runs in the page, again and again, until what the work is about can be seen there; `done` says in
// the end whether all of it was done, by the models.

import { DOMAIN, ME, ROOMS } from './server.mjs';

const FRIEND = `contact0000@${DOMAIN}`;
const ROOM = `crowd@${ROOMS}`;
const CLIENT = 'jabber:client';

const four = (n) => String(n).padStart(4, '0');
const contact = (n) => `contact${four(n)}@${DOMAIN}`;
const many = (count, one) => Array.from({ length: count }, (_, n) => one(n));
const roster = (count) => many(count, (n) => `<item jid='${contact(n)}' name='Contact ${four(n)}' subscription='both'><group>Group ${n % 10}</group></item>`);
const presence = (n) => `<presence xmlns='${CLIENT}' from='${contact(n)}/phone' to='${ME}/page'><show>away</show><status>Out ${n}</status></presence>`;
const text = (n) => `Message ${n}: but soft, what light through yonder window breaks?`;
const message = (n, from = FRIEND) =>
  `<message xmlns='${CLIENT}' from='${from}/phone' to='${ME}/page' type='chat' id='m${n}'><body>${text(n)}</body><active xmlns='http://jabber.org/protocol/chatstates'/></message>`;
const spoken = (n) =>
  `<message xmlns='${CLIENT}' from='${ROOM}/someone${four(n % 500)}' to='${ME}/page' type='groupchat' id='g${n}'><body>${text(n)}</body></message>`;
const occupants = (count) => () => many(count, (n) =>
  `<presence xmlns='${CLIENT}' from='${ROOM}/someone${four(n)}' to='${ME}/page'><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' role='participant' jid='someone${n}@${DOMAIN}/x'/></x></presence>`);

/** What runs in the page; each takes one argument, made by `row`. */
const inPage = {
  contactShown: ({ selector }) => Boolean(document.querySelector(selector)?.textContent.trim()),
  lastShown: ({ selector, last }) => [...document.querySelectorAll(selector)].at(-1)?.textContent.includes(last) ?? false,
  countOf: async ({ what, jid }) => {
    const plugin = window._converse;
    if (what === 'contacts') return (plugin.roster ?? plugin.state.roster).length;
    if (what === 'away') {
      const status = (found) => found.presence?.get('show') ?? found.get('chat_status');
      return (plugin.roster ?? plugin.state.roster).filter((found) => (found.getStatus?.() ?? status(found)) === 'away' || status(found) === 'away').length;
    }
    if (what === 'occupants') {
      const room = await plugin.api.rooms.get(jid);
      return (room.occupants ?? room.occupantsview.model).length;
    }
    const found = await (what === 'said' ? plugin.api.rooms.get(jid) : plugin.api.chats.get(jid));
    return (found?.messages ?? found?.model?.messages)?.filter((one) => one.get('message') ?? one.get('body')).length ?? 0;
  },
};

const open = (page, jid) => page.evaluate((jid) => { window._converse.api.chats.open(jid, {}, true); }, jid);
const join = (page) => page.evaluate((jid) => { window._converse.api.rooms.open(jid, { nick: 'juliet' }, true); }, ROOM);
const count = (page, what, jid) => page.evaluate(inPage.countOf, { what, jid });
const contactsShown = (page, client) => page.waitForFunction(inPage.contactShown, { selector: client.contact }, { polling: 100, timeout: 0 });
const lastShown = (selector, last) => (page) => page.waitForFunction(inPage.lastShown, { selector, last }, { polling: 100, timeout: 0 });
const entered = (page, client) => page.waitForFunction(({ selector }) => document.querySelector(selector), { selector: client.occupant }, { polling: 100, timeout: 0 });

/** The page is there and waits for its list of contacts. */
const rosterHeld = { holdRoster: true };

const shownRoster = (contacts) => ({
  name: `roster of ${contacts}, shown`,
  items: contacts,
  world: { roster: roster(contacts), ...rosterHeld },
  act: ({ session }) => session.release(),
  shown: contactsShown,
  done: async (page) => (await count(page, 'contacts')) >= contacts,
});

const presences = (contacts) => ({
  name: `${contacts} presences at once`,
  items: contacts,
  world: { roster: roster(contacts) },
  prepare: contactsShown,
  act: ({ session }) => session.send(...many(contacts, presence)),
  shown: (page, client) => contactsShown(page, client),
  done: async (page) => (await count(page, 'away')) >= contacts,
});

const oneChat = (messages) => ({
  name: `${messages} messages into one open chat, shown`,
  items: messages,
  world: { roster: roster(1) },
  prepare: async (page, client) => {
    await contactsShown(page, client);
    await open(page, FRIEND);
  },
  act: ({ session }) => session.send(...many(messages, (n) => message(n))),
  shown: (page, client) => lastShown(client.message, text(messages - 1))(page),
  done: async (page) => (await count(page, 'messages', FRIEND)) >= messages,
});

const manyChats = (messages, chats) => ({
  name: `${messages} messages over ${chats} chats`,
  items: messages,
  world: { roster: roster(chats) },
  prepare: contactsShown,
  act: ({ session }) => session.send(...many(messages, (n) => message(n, contact(n % chats)))),
  shown: contactsShown,
  done: async (page) => {
    const counts = await Promise.all(many(chats, (n) => count(page, 'messages', contact(n))));
    return counts.reduce((sum, one) => sum + one, 0) >= messages;
  },
});

const joining = (people) => ({
  name: `joining a room of ${people} occupants`,
  items: people,
  world: { roster: roster(1), occupants: occupants(people) },
  prepare: contactsShown,
  act: ({ page }) => join(page),
  shown: entered,
  done: async (page) => (await count(page, 'occupants', ROOM)) > people,
});

const roomTalk = (messages, people) => ({
  name: `${messages} messages in a room of ${people}`,
  items: messages,
  world: { roster: roster(1), occupants: occupants(people) },
  prepare: async (page, client) => {
    await contactsShown(page, client);
    await join(page);
    await entered(page, client);
  },
  act: ({ session }) => session.send(...many(messages, spoken)),
  shown: (page, client) => lastShown(client.message, text(messages - 1))(page),
  done: async (page) => (await count(page, 'said', ROOM)) >= messages,
});

const archived = (messages) => ({
  name: `${messages} messages from the archive`,
  items: messages,
  settings: { message_archiving: 'always', archived_messages_page_size: messages },
  world: { roster: roster(1), archive: many(messages, (n) => message(n)), holdRoster: true },
  act: async ({ page, client, session }) => {
    session.release();
    await contactsShown(page, client);
    await open(page, FRIEND);
  },
  shown: (page, client) => lastShown(client.message, text(messages - 1))(page),
  done: async (page) => (await count(page, 'messages', FRIEND)) >= messages,
});

const coldStart = {
  name: 'cold start to usable, no contacts',
  items: 1,
  world: { roster: [] },
  // Measured from before the page is asked for.
  cold: true,
  act: ({ go }) => go(),
  // All of them say in the list of contacts how the user is seen.
  shown: (page) => page.waitForFunction(() => /\bonline\b/i.test(document.body?.innerText ?? ''), undefined, { polling: 100, timeout: 0 }),
  done: (page) => page.evaluate((me) => window._converse.api.user.jid().startsWith(me), ME),
};

const reload = {
  name: 'reload with 1000 contacts and a chat of 200 messages, shown again',
  items: 1,
  settings: { keepalive: true },
  world: { roster: roster(1000) },
  prepare: async (page, client, { session }) => {
    await contactsShown(page, client);
    await open(page, FRIEND);
    session.send(...many(200, (n) => message(n)));
    await lastShown(client.message, text(199))(page);
  },
  act: ({ page }) => page.reload({ waitUntil: 'commit' }),
  shown: async (page, client) => {
    await contactsShown(page, client);
    await lastShown(client.message, text(199))(page);
  },
  done: async (page) => (await count(page, 'contacts')) >= 1000 && (await count(page, 'messages', FRIEND)) >= 200,
};

const memory = {
  name: 'memory with 5000 contacts and 10000 messages',
  items: 1,
  memory: true,
  world: { roster: roster(5000) },
  prepare: contactsShown,
  act: ({ session }) => session.send(...many(10_000, (n) => message(n, contact(n % 50)))),
  shown: contactsShown,
  done: async (page) => {
    const counts = await Promise.all(many(50, (n) => count(page, 'messages', contact(n))));
    return counts.reduce((sum, one) => sum + one, 0) >= 10_000;
  },
};

/** The rows, with what is to be reached: this client's part of what the best of the others needs. */
export const ROWS = [
  { ...coldStart, goal: 0.8 },
  { ...shownRoster(1000), goal: 1 / 15, smooth: true },
  { ...shownRoster(5000), goal: 1 / 40, smooth: true },
  { ...shownRoster(10_000), goal: 1 / 60, smooth: true },
  { ...presences(1000), goal: 1 / 15 },
  { ...oneChat(2000), goal: 1 / 30 },
  { ...manyChats(2000, 200), goal: 1 / 30 },
  { ...joining(1000), goal: 1 / 15 },
  { ...joining(5000), goal: 1 / 30 },
  { ...roomTalk(2000, 1000), goal: 1 / 30 },
  { ...archived(2000), goal: 1 / 2 },
  { ...reload, goal: 1 / 3 },
  { ...memory, goal: 1 / 3 },
];

/** Rows of this client alone: the same work once, twice, four and eight times. */
export const LINEAR = {
  roster: many(4, (n) => shownRoster(2500 << n)),
  presences: many(4, (n) => presences(1000 << n)),
  'messages into one chat': many(4, (n) => oneChat(2000 << n)),
  'occupants of a room': many(4, (n) => joining(1000 << n)),
  'messages in a room': many(4, (n) => roomTalk(2000 << n, 1000)),
};
