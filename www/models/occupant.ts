/** Handles of those in a room. */
import { Collection } from './collection.ts';
import { core } from './core.ts';
import { Model } from './model.ts';

/** Somebody in a room, or who belongs to it. */
export class ChatRoomOccupant extends Model {
  getDisplayName(): string {
    return this.get('nick') || this.get('jid');
  }

  isMember(): boolean {
    return ['admin', 'owner', 'member'].includes(this.get('affiliation'));
  }

  /** Whether it is the user, as the room said with the last presence. */
  isSelf(): boolean {
    return ((this.get('states') ?? []) as string[]).includes('110');
  }
}

/** Those in a room, and those who belong to it. */
export class ChatRoomOccupants extends Collection<ChatRoomOccupant> {
  /** The one with this nickname, or else with this address. */
  findOccupant(data: { nick?: string; jid?: string }): ChatRoomOccupant | undefined {
    const id = core().findOccupant(this.of, data.nick || undefined, data.jid || undefined);
    return id === undefined ? undefined : this.model(id);
  }

  /** Asks the room who belongs to it. */
  async fetchMembers(): Promise<void> {
    await Promise.allSettled(['member', 'admin', 'owner'].map((affiliation) => core().fetchRoomMembers(this.of, affiliation)));
  }
}

ChatRoomOccupants.prototype.comparator = (a: ChatRoomOccupant, b: ChatRoomOccupant) => {
  const weight = (occupant: ChatRoomOccupant): number => ROLE_WEIGHTS[occupant.get('role')] ?? 2;
  const name = (occupant: ChatRoomOccupant): string => String(occupant.getDisplayName() ?? '').toLowerCase();
  return weight(a) - weight(b) || (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0);
};

/** How much one wants to see somebody with this role at the top. */
const ROLE_WEIGHTS: Readonly<Record<string, number>> = { moderator: 1, participant: 2, visitor: 3 };
