/**
 * Methods of handles that plugins replace, and whose work the core does. It does so as long as nobody has: then it leaves
 * the step to the page, the plugin's method is called, and calling what it has replaced gives the step back.
 */
import { Builder } from '../compat/builder.ts';
import { NS } from '../compat/namespaces.ts';
import { api, core } from './core.ts';
import type { ChatBox } from './chat.ts';
import type { ChatBoxes } from './chatboxes.ts';
import type { ChatRoom } from './room.ts';
import type { Message } from './chat.ts';
import type { Model } from './model.ts';
import type { RosterContacts } from './contact.ts';
import type { XMPPStatus } from './status.ts';

/** The steps, with the bits that `src/feature/replaced.rs` gives them. */
export const Step = { Message: 1, RoomMessage: 2, Presence: 4, RosterPush: 8, Send: 16, OwnPresence: 32, Receipt: 64, ChatState: 128 } as const;

type Method = (...args: any[]) => any;
interface Watched {
  readonly prototype: object;
  readonly name: string;
  readonly original: Method;
  readonly step: number;
}

const watched: Watched[] = [];
/** Steps of which an object has a method of its own. */
let own = 0;
let left = 0;

/** Names methods that take a step; `0` if the page itself looks whether they were replaced. */
export function replaceable<P extends object>(prototype: P, step: number, ...names: (keyof P & string)[]): void {
  for (const name of names) {
    const original = prototype[name] as Method;
    watched.push({ prototype, name, original, step });
    let current = original;
    Object.defineProperty(prototype, name, {
      configurable: true,
      get: () => current,
      set(this: object, value: Method) {
        if (this === prototype) {
          current = value;
        } else {
          Object.defineProperty(this, name, { value, configurable: true, enumerable: true, writable: true });
          own |= step;
        }
        lookForReplaced();
      },
    });
  }
}

/** Whether a plugin has put something in the place of this method, for this object or for all. */
export function isReplaced(object: object, name: string): boolean {
  const found: unknown = Reflect.get(object, name);
  return !watched.some((one) => one.name === name && one.original === found);
}

/** Tells the core which steps are the page's now. */
export function lookForReplaced(): void {
  const steps = watched.reduce((steps, { prototype, name, original, step }) => {
    return step !== 0 && Reflect.get(prototype, name) !== original ? steps | step : steps;
  }, own);
  if (steps !== left) {
    left = steps;
    core().leave(steps);
  }
}

/** The stanza that a plugin is taking in. */
let current: Element | undefined;
/** The last message that was left to the page, for who looks what has become of it. */
let taken = false;

/** Gives a stanza back to the core, which does what it would have done by itself. */
export function receive(stanza: Element): void {
  taken = true;
  core().receive(stanza);
}

/** Gives back the stanza whose part this is; for methods that are given what a carbon or an archive has wrapped. */
export function receiveCurrent(part: Element): void {
  receive(current?.contains(part) ? current : part);
}

/** What is to be found of a plugin's, where the core has nothing to do with it. */
interface Found {
  chatboxes: ChatBoxes;
  roster: RosterContacts;
}
let found: Found | undefined;

export function useCollections(collections: Found): void {
  found = collections;
}

/** Called by the core with a stanza that it leaves to the page. */
export function incoming(stanza: Element, room: ChatRoom | undefined): void {
  const { chatboxes, roster } = found!;
  current = stanza;
  try {
    if (stanza.localName === 'presence') {
      catching(roster.presenceHandler(stanza));
    } else if (stanza.localName === 'iq') {
      catching(roster.onRosterPush(stanza));
    } else if (room) {
      // Those who hook into a room hear of what comes live.
      if (!childOf(stanza, 'result', NS['MAM'])) {
        room.runHandlers('message', stanza);
      }
      catching(room.onMessage(stanza));
    } else {
      catching(chatboxes.onMessage(stanza));
    }
  } finally {
    current = undefined;
  }
}

/** Lets the methods of a conversation that were replaced have a message, one after the other until one has taken it. */
export function takenByStep(chat: ChatBox, stanza: Element, inner: Element): boolean {
  const from = inner.getAttribute('from') ?? '';
  const [carbon, mine] = [stanza !== inner, from.split('/')[0] === String(api()['user'].jid()).split('/')[0]];
  const steps: [string, () => unknown][] = [
    ['handleMessageCorrection', () => chat.handleMessageCorrection(inner)],
    ['handleReceipt', () => chat.handleReceipt(inner, from, carbon, mine, false)],
    ['handleChatMarker', () => chat.handleChatMarker(inner, from, carbon, chat.contact !== undefined, false)],
  ];
  for (const [name, take] of steps) {
    if (isReplaced(chat, name)) {
      taken = false;
      const done = take();
      if (done || taken) {
        return true;
      }
    }
  }
  return false;
}

/** The first child of this name in this namespace. */
export function childOf(stanza: Element, name: string, namespace: string | undefined): Element | undefined {
  return [...stanza.children].find((child) => child.localName === name && child.namespaceURI === namespace);
}

/** The message that a carbon or a result of an archive carries, if `owner` has sent that, or the message itself. */
export function unwrapped(stanza: Element, owner: string = String(api()['user'].jid()).split('/')[0]!): Element {
  const own = (stanza.getAttribute('from') ?? owner) === owner;
  const wrapper = [...stanza.children].find(({ namespaceURI }) => own && (namespaceURI === NS['CARBONS'] || namespaceURI === NS['MAM']));
  return wrapper?.querySelector('forwarded > message') ?? stanza;
}

/**
 * Called by the core with a message of which it leaves the stanza to the page: `stanza` is what it would send. Or with a
 * conversation, if it is what others are told there besides.
 */
export function outgoing(message: Message | ChatBox, chat: ChatBox | undefined, stanza: Element): void {
  if ('sendMarker' in message) {
    const { localName, namespaceURI } = stanza.firstElementChild!;
    const about = [stanza.getAttribute('to')!, stanza.firstElementChild!.id, localName] as const;
    const by = namespaceURI === NS['RECEIPTS'] ? 'sendReceiptStanza' : 'sendMarker';
    return catching(namespaceURI === NS['CHATSTATES'] ? message.sendChatState(localName) : message[by](...about));
  }
  const id = stanza.getAttribute('id') ?? '';
  stanzas.set(message, stanza);
  void (async () => {
    try {
      const made: unknown = await chat!.createMessageStanza(message);
      const element = made instanceof Builder ? made.tree() : (made as Element);
      // By its id it is known what becomes of it.
      element.setAttribute('id', id);
      await chat!.sendMessageStanza(element);
    } catch (exception) {
      core().giveUp(id);
      reportError(exception);
    } finally {
      stanzas.delete(message);
    }
  })();
}

/** What the core would send of a message that is being sent. */
export function stanzaOf(message: Model): Element | undefined {
  return stanzas.get(message);
}

const stanzas = new WeakMap<Model, Element>();

/** Called by the core when others are to be told how the user can be reached. */
export function ownPresence(status: XMPPStatus, changed: boolean): void {
  const { status: show, status_message: message } = status.attributes;
  catching(changed ? status.sendPresence(show, message) : status.sendPresence());
}

/** What plugins return may be a promise, which nobody waits for. */
function catching(result: unknown): void {
  if (result instanceof Promise) {
    result.catch(reportError);
  }
}
