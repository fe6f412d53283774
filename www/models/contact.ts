import { Collection } from './collection.ts';
import { core } from './core.ts';
import { handle } from './handles.ts';
import { Kind } from './kinds.ts';
import { Model } from './model.ts';

/** Somebody in the roster, or who asks to be. */
export class RosterContact extends Model {
  /** What the contact says about itself; it is fetched when somebody looks. */
  get vcard(): Model {
    core().wantVCard(this.id);
    return this.#vcard;
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

  /** The same, for those who look at ten thousand contacts. */
  get #vcard(): Model {
    return handle(Kind.VCard, '', this.id);
  }
}

/** How somebody can be reached, over all their clients. */
export class Presence extends Model {
  get resources(): Collection {
    return new Collection(Kind.Resource, this.id);
  }
}

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

export class RosterContacts extends Collection<RosterContact> {}

RosterContacts.prototype.comparator = (a: RosterContact, b: RosterContact) => {
  const weight = (contact: RosterContact): number => STATUS_WEIGHTS[contact.get('chat_status')] ?? 6;
  return weight(a) - weight(b) || a.getDisplayName().localeCompare(b.getDisplayName());
};
