/** Handles of contacts, and of how they can be reached. */
import { $pres } from '../compat/builder.ts';
import { Collection } from './collection.ts';
import { api, core } from './core.ts';
import { handle } from './handles.ts';
import { Kind } from './kinds.ts';
import { Model, type Attributes } from './model.ts';
import { receive, replaceable, Step } from './replaced.ts';
import { wantVCard } from './vcard.ts';

/** Somebody in the roster, or who asks to be. */
export class RosterContact extends Model {
  /** Of one that was gone before anybody asked for it, there is only who it was. */
  override initialize(): void {
    if (this.place && this.removed) {
      const { id } = this.place;
      Object.assign(this.attributes, { id, jid: id, user_id: id.split('@')[0], subscription: 'none', groups: [] });
    }
  }

  /** What the contact says about itself; it is fetched when somebody looks. */
  get vcard(): Model {
    wantVCard(this.id);
    return this.#vcard;
  }

  /** The same, for those who look at ten thousand contacts. */
  get #vcard(): Model {
    return handle(Kind.VCard, '', this.id);
  }

  get presence(): Presence {
    return handle(Kind.Presence, '', this.id) as Presence;
  }

  getDisplayName(): string {
    return this.get('nickname') || this.#vcard.get('nickname') || this.#vcard.get('fullname') || this.get('jid');
  }

  getFullname(): string | undefined {
    return this.#vcard.get('fullname');
  }

  /** How the contact can be reached: `online`, `away`, …, `offline`. */
  getStatus(): string {
    return this.presence.get('show');
  }

  /** Asks to see the contact's presence. */
  subscribe(message?: string): this {
    return this.#tell('subscribe', message);
  }

  /** Lets the contact see the user's presence. */
  authorize(message?: string): this {
    return this.#tell('authorize', message);
  }

  /** Does not let the contact see it, or not any more. */
  unauthorize(message?: string): this {
    return this.#tell('unauthorize', message);
  }

  /** Answers that the contact may be seen; servers of today need no answer. */
  ackSubscribe(): void {
    this.#tell('subscribe');
  }

  /** Answers that the contact may not be seen any more, and takes it out of the roster. */
  ackUnsubscribe(): void {
    this.#tell('ackUnsubscribe');
  }

  /** Takes the contact out of the roster, here and on the server. */
  removeFromRoster(): Promise<unknown> {
    return core().removeContact(this.get('jid'));
  }

  #tell(word: string, message?: string): this {
    core().tellSubscription(word, this.get('jid'), message);
    return this;
  }
}

/** How somebody can be reached, over all their clients. */
export class Presence extends Model {
  get resources(): Collection {
    return new Collection(Kind.Resource, this.id);
  }

  /** Takes in that a client of theirs can be reached. */
  addResource(presence: Element): void {
    receive(presence);
  }

  /** Takes in that a client of theirs cannot be reached any more. */
  removeResource(name: string): void {
    receive($pres({ from: `${this.id}/${name}`, type: 'unavailable' }).tree());
  }

  /** The client that speaks for them. */
  getHighestPriorityResource(): Model | undefined {
    // Of those with the same priority the one that was heard of last, which the core has last.
    return this.resources.reduce<Model | undefined>(
      (best, one) => (best && best.get('priority') > one.get('priority') ? best : one),
      undefined,
    );
  }
}

replaceable(Presence.prototype, Step.Presence, 'addResource', 'removeResource');

/** How much one wants to see somebody with this status at the top. */
export const STATUS_WEIGHTS: Readonly<Record<string, number>> = {
  offline: 6,
  unavailable: 5,
  xa: 4,
  away: 3,
  dnd: 2,
  chat: 1,
  online: 1,
};

export class RosterContacts extends Collection<RosterContact> {
  /** What the server calls this state of the roster, as the attribute `version`. */
  readonly data: Model = new RosterData({ id: 'converse-roster-model' });

  /** Puts somebody into the roster and asks to see their presence. Resolves with the contact. */
  addAndSubscribe(
    jid: string,
    name?: string | null,
    groups?: readonly string[] | null,
    message?: string | null,
    attributes?: Attributes | null,
  ): Promise<RosterContact> {
    return this.#put(jid, name, groups, true, message, attributes);
  }

  /** Puts somebody into the roster. Resolves with the contact. */
  addContactToRoster(
    jid: string,
    name?: string | null,
    groups?: readonly string[] | null,
    attributes?: Attributes | null,
  ): Promise<RosterContact> {
    return this.#put(jid, name, groups, false, null, attributes);
  }

  /** Has the server put somebody into the roster. */
  sendContactAddIQ(jid: string, name?: string | null, groups?: readonly string[] | null): Promise<unknown> {
    return this.#put(jid, name, groups, false);
  }

  /** Gives a contact another name or other groups. What the server tells of itself is taken in without this. */
  updateContact(item: Element | { jid: string; name?: string | null; groups?: readonly string[] | null }): Promise<unknown> {
    if (item instanceof Element) {
      return Promise.resolve(this.get(item.getAttribute('jid')));
    }
    const { nickname, groups } = this.get(item.jid)?.attributes ?? {};
    return this.#put(item.jid, item.name === undefined ? nickname : item.name, item.groups ?? groups, false);
  }

  /** Lets somebody see the user's presence, and asks to see theirs. */
  subscribeBack(jid: string): void {
    const known = this.get(jid);
    const back = (contact: RosterContact): unknown => contact.authorize().subscribe();
    if (known && known.get('subscription') !== 'none') {
      back(known);
    } else {
      void this.addContactToRoster(jid, known?.get('nickname')).then(back);
    }
  }

  /** Adds those whom a contact suggested (XEP-0144). Call it when the user has agreed to that, and not before. */
  subscribeToSuggestedItems(message: Element): boolean {
    for (const item of message.querySelectorAll('item')) {
      if ((item.getAttribute('action') ?? 'add') === 'add') {
        void this.addAndSubscribe(item.getAttribute('jid') ?? '', item.getAttribute('name')).catch(() => {});
      }
    }
    return true;
  }

  /** Takes in a presence that is of no room. */
  presenceHandler(presence: Element): unknown {
    const [jid, resource] = String(presence.getAttribute('from')).split('/') as [string, string | undefined];
    const type = presence.getAttribute('type');
    if (this.isSelf(jid)) {
      return this.handleOwnPresence(presence);
    }
    if (type === 'subscribe') {
      return this.handleIncomingSubscription(presence);
    }
    const contact = this.get(jid.toLowerCase());
    if (contact && !type) {
      contact.presence.addResource(presence);
    } else if (contact && type === 'unavailable' && resource) {
      contact.presence.removeResource(resource);
    } else {
      receive(presence);
    }
    return true;
  }

  /** Takes in what another client of the user's says. */
  handleOwnPresence(presence: Element): unknown {
    receive(presence);
    return true;
  }

  /** Takes in that somebody asks to see the user's presence. */
  handleIncomingSubscription(presence: Element): unknown {
    receive(presence);
    return true;
  }

  /** Takes in a change of the roster, and says so to the server. */
  onRosterPush(iq: Element): unknown {
    receive(iq);
    return true;
  }

  /** Asks the server for the contacts once more. */
  fetchFromServer(): Promise<unknown> {
    return core().fetchContacts();
  }

  fetchRosterContacts(): Promise<unknown> {
    return this.fetchFromServer();
  }

  /** Whether this is an address of the user. */
  isSelf(jid: unknown): boolean {
    const bare = (text: unknown): string => String(text).split('/', 1)[0]!.toLowerCase();
    return bare(jid) === bare(api()['user'].jid());
  }

  /** The number of contacts who can be reached. */
  getNumOnlineContacts(): number {
    return core().onlineContacts();
  }

  /** Those who only ask can be taken out; the rest is as the server says. */
  protected override removeModel(contact: RosterContact): void {
    if (contact.get('requesting')) {
      void core().removeContact(contact.get('jid')).catch(() => {});
    }
  }

  async #put(
    jid: string,
    name: unknown,
    groups: unknown,
    subscribe: boolean,
    message?: string | null,
    attributes?: Attributes | null,
  ): Promise<RosterContact> {
    const contact = await core().setContact(jid, name ? String(name) : undefined, groups ?? [], subscribe, message ?? undefined);
    if (attributes) {
      contact.set(attributes);
    }
    return contact;
  }
}

replaceable(RosterContacts.prototype, Step.Presence, 'presenceHandler', 'handleOwnPresence', 'handleIncomingSubscription');
replaceable(RosterContacts.prototype, Step.RosterPush, 'onRosterPush');
replaceable(RosterContacts.prototype, 0, 'addAndSubscribe');

class RosterData extends Model {
  override get(name: string): any {
    return name === 'version' ? core().rosterVersion() : super.get(name);
  }
}

RosterContacts.prototype.comparator = (a: RosterContact, b: RosterContact) => {
  const weight = (contact: RosterContact): number => STATUS_WEIGHTS[contact.get('chat_status')] ?? 6;
  return weight(a) - weight(b) || a.getDisplayName().localeCompare(b.getDisplayName());
};
