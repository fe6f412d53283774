// Contacts, the roster, and how people can be reached.
import type { Collection, Model } from './models.js';

/** A contact of the user, or somebody who asks to become one. */
export interface Contact extends Model<ContactAttributes> {
  readonly id: string;
  /** What the contact says about themselves. */
  readonly vcard: Model;
  /** How the contact can be reached. */
  readonly presence: ContactPresence;
  /** The name to show: the one the user gave, else one of the contact's own, else the address. */
  getDisplayName(): string;
  /** The name in the contact's vCard. */
  getFullname(): string | undefined;
  /** How the contact can be reached. */
  getStatus(): Availability;
  /** Asks to see the contact's presence; `message` says why. */
  subscribe(message?: string): this;
  /** Lets the contact see the user's presence. */
  authorize(message?: string): this;
  /** Does not let the contact see it, or not any more. Somebody who only asked is gone then. */
  unauthorize(message?: string): this;
  ackSubscribe(): void;
  /** Takes the contact out of the roster, and takes back what was asked of it. */
  ackUnsubscribe(): void;
  /** Takes the contact out of the roster. Rejects with the error stanza if the server refuses. */
  removeFromRoster(): Promise<unknown>;
}

export interface ContactAttributes {
  id: string;
  jid: string;
  /** What stands before the @. */
  user_id: string | undefined;
  /** The name the user gave the contact, or the contact itself in a request. */
  nickname: string | undefined;
  /** The name in the contact's vCard, else the nickname. */
  fullname: string | undefined;
  /** Who sees whose presence: `to` the user sees the contact's, `from` the other way about. */
  subscription: 'none' | 'to' | 'from' | 'both';
  /** `subscribe` as long as the contact has not answered. */
  ask: 'subscribe' | null;
  /** Whether the contact asks to see the user's presence. */
  requesting: true | null;
  groups: string[];
  /** How the contact can be reached. */
  chat_status: Availability;
  /** What the contact says about that. */
  status: string;
  /** The clients that the contact is logged in with. */
  resources: string[];
  num_unread: number;
  /** Of the contact's vCard, once that was fetched: the picture in base64, and its MIME type. */
  image?: string;
  image_type?: string;
  url?: string;
  /** When the vCard was fetched (ISO 8601). */
  vcard_updated?: string;
}

export type Availability = 'online' | 'chat' | 'away' | 'xa' | 'dnd' | 'offline';

/** How somebody can be reached, over all their clients: the one of the highest priority counts. */
export interface ContactPresence extends Model<{ jid: string; show: Availability }> {
  readonly resources: Collection<Model<{ name: string; priority: number; show: Availability }>>;
  getHighestPriorityResource(): Model | undefined;
}

/** `_converse.roster`: the contacts, those who can be reached best first. */
export interface Roster extends Collection<Contact> {
  /** What the server calls this state of the roster, as `version`. */
  readonly data: Model<{ version: string | undefined }>;
  /** Puts somebody into the roster and asks to see their presence. */
  addAndSubscribe(
    jid: string,
    name?: string | null,
    groups?: readonly string[] | null,
    message?: string | null,
    attributes?: object | null,
  ): Promise<Contact>;
  /** Puts somebody into the roster. Rejects with the error stanza if the server refuses. */
  addContactToRoster(
    jid: string,
    name?: string | null,
    groups?: readonly string[] | null,
    attributes?: object | null,
  ): Promise<Contact>;
  sendContactAddIQ(jid: string, name?: string | null, groups?: readonly string[] | null): Promise<unknown>;
  /** Gives a contact another name or other groups; what is left out stays. */
  updateContact(item: { jid: string; name?: string | null; groups?: readonly string[] | null } | Element): Promise<unknown>;
  /** Lets somebody see the user's presence, and asks to see theirs. */
  subscribeBack(jid: string): void;
  /** Adds those whom a contact suggested. Call it when the user has agreed to that, and not before. */
  subscribeToSuggestedItems(message: Element): boolean;
  fetchFromServer(): Promise<unknown>;
  /** Whether this is an address of the user. */
  isSelf(jid: string): boolean;
  /** The number of contacts who can be reached. */
  getNumOnlineContacts(): number;
}

/** `_converse.rostergroups`: the groups that somebody is in, in the order in which they are shown. */
export type RosterGroups = Collection<RosterGroup>;

export interface RosterGroup extends Model<{ id: string; name: string; state: 'opened' | 'closed' }> {
  readonly contacts: Roster;
}

/** Contacts that a contact thinks the user should know. */
export interface ContactSuggestions {
  /** Who thinks so. */
  readonly from: string;
  readonly items: readonly { readonly jid: string; readonly name?: string; readonly groups: readonly string[] }[];
}
