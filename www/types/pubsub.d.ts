// Publishing.
import type { Stanza } from './api.js';

/** The grouping `pubsub`: publishing at nodes (XEP-0060, XEP-0163). */
export interface PubSub {
  /**
   * Publishes an `<item/>` at a node of `jid`, or of the user's own account if that is null.
   *
   * `options` say what the node must be like, such as `{ access_model: 'whitelist' }`. A node that is otherwise is made so
   * first. If that cannot be done nothing is published and the promise rejects, with a {@link PubSubError} or with the
   * stanza of the refusal; with `strict` false it is published all the same.
   */
  publish(
    jid: string | null | undefined,
    node: string,
    item: Stanza,
    options?: Record<string, string | number | boolean>,
    strict?: boolean,
  ): Promise<Element>;
}

export interface PubSubError extends Error {
  name: 'PubSubError';
  /** The other side cannot keep it as it must be kept. */
  code: 'unsupported';
}
