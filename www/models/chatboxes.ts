/** The collection of what is open. */
import { NS } from '../compat/namespaces.ts';
import { ChatBox } from './chat.ts';
import { Collection } from './collection.ts';
import { api, core } from './core.ts';
import { Kind } from './kinds.ts';
import type { Attributes, Model } from './model.ts';
import { childOf, isReplaced, receive, replaceable, Step, takenByStep, unwrapped } from './replaced.ts';
import { ChatRoom } from './room.ts';

/** The open conversations, with single persons, in rooms, and with their occupants. */
export class ChatBoxes extends Collection<ChatBox> {
  protected override get kinds(): readonly Kind[] {
    return [Kind.Chat, Kind.Room];
  }

  /** The conversation with this address; a new one if there is none and `create` says so. */
  getChatBox(jid: string, attributes?: Attributes | boolean, create?: boolean): ChatBox | undefined {
    const wanted = String(jid).toLowerCase().split('/')[0]!;
    const known = this.get(wanted);
    if (known || !(attributes === true || create)) {
      return known;
    }
    return this.create({ ...(typeof attributes === 'object' ? attributes : {}), jid: wanted });
  }

  override create(attributes: Attributes): any {
    const refusal = refused(attributes['jid'], attributes);
    if (refusal) {
      this.trigger('invalid', refusal.model, refusal.error, {});
      return undefined;
    }
    const create = attributes['type'] === 'chatroom' ? core().createRoom : core().createChat;
    return create(attributes['jid'], attributes);
  }

  /** Takes in a message of one person. */
  onMessage(stanza: Element): unknown {
    const inner = unwrapped(stanza);
    const text = (jid: string | null): string => String(jid ?? '').split('/')[0]!.toLowerCase();
    const mine = text(inner.getAttribute('from')) === text(api()['user'].jid());
    const peer = text(inner.getAttribute(mine ? 'to' : 'from'));
    if (refused(peer, { jid: peer, type: 'chatbox' })) {
      return true;
    }
    const chat = this.get(peer);
    if (chat && takenByStep(chat, stanza, inner)) {
      return true;
    }
    const body = childOf(inner, 'body', NS['CLIENT']);
    if (body && isReplaced(this, 'getMessageBody')) {
      body.textContent = this.getMessageBody(inner) ?? '';
    }
    receive(stanza);
    return true;
  }

  /** The text of a message. */
  getMessageBody(stanza: Element): string | undefined {
    const error = stanza.getAttribute('type') === 'error' ? childOf(stanza, 'error', NS['CLIENT']) : undefined;
    return error ? (error.querySelector('text')?.textContent ?? undefined) : childOf(stanza, 'body', NS['CLIENT'])?.textContent ?? undefined;
  }

  /** Whether a conversation that was open when the page was left is to be seen again. */
  chatBoxMayBeShown(_chatbox: ChatBox): boolean {
    return true;
  }

  protected override removeModel(model: ChatBox): void {
    model.close();
  }
}

/** Why a plugin does not want a conversation, if it says so; only of one that is not there is it asked. */
export function refused(jid: unknown, attributes: Attributes): { model: Model; error: unknown } | undefined {
  const id = String(jid).toLowerCase().split('/')[0]!;
  const Class = attributes['type'] === 'chatroom' ? ChatRoom : ChatBox;
  if (!isReplaced(Class.prototype, 'validate') || core().has(Kind.Chat, '', id) || core().has(Kind.Room, '', id)) {
    return undefined;
  }
  const model = new Class({ id, jid: id, type: 'chatbox', message_type: 'chat', ...attributes });
  const error: unknown = model.validate(model.attributes, {});
  return error ? { model, error } : undefined;
}

replaceable(ChatBoxes.prototype, Step.Message, 'onMessage', 'getMessageBody');
replaceable(ChatBoxes.prototype, 0, 'chatBoxMayBeShown');

ChatBoxes.prototype.comparator = 'time_opened';
