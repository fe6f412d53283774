/** `_converse.xmppstatus`: the handle of how the user can be reached. */
import { Builder } from '../compat/builder.ts';
import { api, core } from './core.ts';
import { handle } from './handles.ts';
import { Kind } from './kinds.ts';
import { Model } from './model.ts';
import { replaceable, Step } from './replaced.ts';
import { wantVCard } from './vcard.ts';

/** How the user can be reached. Writing `status` or `status_message` tells everybody. */
export class XMPPStatus extends Model {
  /** What the user says about themselves; it is fetched when somebody looks. */
  get vcard(): Model {
    const jid: string = this.get('jid') ?? '';
    wantVCard(jid);
    return handle(Kind.VCard, '', jid);
  }

  /** The presence that tells the status; `type` and `message` go before what the user chose. */
  constructPresence(type?: string | null, message?: string | null): Builder {
    const builder = new Builder('presence');
    builder.nodeTree = core().presence(type ?? undefined, message ?? undefined);
    // Where it is in converse.js 4: plugins that add something go up from there.
    builder.node = builder.nodeTree.querySelector('c') ?? builder.nodeTree;
    return builder;
  }

  /** Tells everybody, whether something has changed or not. */
  sendPresence(type?: string | null, message?: string | null): void {
    api().send(this.constructPresence(type, message));
  }
}

replaceable(XMPPStatus.prototype, Step.OwnPresence, 'constructPresence', 'sendPresence');
