// The user, and how they can be reached.
import type { Builder } from './env.js';
import type { Model } from './models.js';

/** What {@link UserStatus.set} takes. */
export type UserStatusValue = 'online' | 'chat' | 'away' | 'xa' | 'dnd' | 'unavailable' | 'offline';

/** `api.user.status`: how the user can be reached. */
export interface UserStatus {
  get(): UserStatusValue;
  /**
   * Changes the status, and what the user says about it if there is a `message`; an empty one takes it back. Others are
   * told once, and not at all if nothing changes.
   *
   * @throws TypeError for any other value, before anything is sent.
   * @throws SendError before the log-in.
   * @example
   * _converse.api.user.status.set('dnd', 'In a meeting');
   */
  set(value: UserStatusValue, message?: string | null): void;
  readonly message: {
    /** What the user says about it. */
    get(): string | undefined;
    set(message: string): void;
  };
}

/** `_converse.xmppstatus`. Writing `status` or `status_message` does what {@link UserStatus.set} does. */
export interface XMPPStatus extends Model<{ jid: string; status: UserStatusValue; status_message: string | undefined }> {
  /** What the user says about themselves. It is fetched when somebody looks. */
  readonly vcard: Model;
  /** The presence that tells the status; the arguments go before what the user chose. */
  constructPresence(type?: string | null, message?: string | null): Builder;
  /** Sends it. */
  sendPresence(type?: string | null, message?: string | null): void;
}
