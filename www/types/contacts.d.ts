/**
 * A contact of the user. The object is a handle: its attributes are always those of now, and all undefined once the
 * contact is gone.
 */
export interface Contact {
  readonly id: string;
  /** A copy of all attributes. */
  readonly attributes: ContactAttributes;
  get<K extends keyof ContactAttributes>(name: K): ContactAttributes[K];
  get(name: string): unknown;
  /** Whether the attribute has a value. */
  has(name: string): boolean;
  /** A copy of all attributes. */
  toJSON(): ContactAttributes;
}

export interface ContactAttributes {
  id: string;
  jid: string;
  /** What stands before the @. */
  user_id: string | undefined;
  /** The name the user gave the contact. */
  nickname: string | undefined;
  fullname: string | undefined;
  /** Who sees whose presence: `to` the user sees the contact's, `from` the other way about. */
  subscription: 'none' | 'to' | 'from' | 'both';
  /** `subscribe` as long as the contact has not answered. */
  ask: 'subscribe' | null;
  groups: string[];
}
