/** The groups of the roster, as models. */
import { b64_sha1 } from '../compat/sha1.ts';
import { Collection } from './collection.ts';
import { RosterContacts, type RosterContact } from './contact.ts';
import { handle } from './handles.ts';
import { Kind } from './kinds.ts';
import { Model, type Attributes, type Place } from './model.ts';

/** A group of the roster. `state` says whether it is shown `opened` or `closed`. */
export class RosterGroup extends Model {
  /** Those who are in it: it tells who comes and goes. */
  readonly contacts: RosterContacts = new GroupContacts(Kind.Contact, this.place?.id ?? '');

  protected override read(place: Place): Attributes | undefined {
    const attributes = super.read(place);
    return attributes && { ...attributes, id: b64_sha1(place.id) };
  }
}

/** The groups that somebody is in: requests first, then those of the user by name, then the rest. */
export class RosterGroups extends Collection<RosterGroup> {
  /** The group with this id, or this name. */
  override get(id: unknown): RosterGroup | undefined {
    const wanted = typeof id === 'object' && id !== null ? (id as Attributes)['id'] : id;
    return this.models.find((group) => [group.id, group.get('name'), group.cid].includes(wanted));
  }
}

class GroupContacts extends RosterContacts {
  protected override model(id: string): RosterContact {
    return handle(Kind.Contact, '', id) as RosterContact;
  }

  /** Contacts come and go with the roster; into which group, they say themselves. */
  protected override get source(): string {
    return '';
  }

  override handleAdded(contact: Model): void {
    this.handleChanged(contact);
  }

  override handleRemoved(contact: Model): void {
    this.handleChanged(contact);
  }

  override handleChanged(contact: Model): void {
    const inside = this.holds(contact.id);
    if (inside !== this.held(contact)) {
      inside ? super.handleAdded(contact) : super.handleRemoved(contact);
    }
  }
}
