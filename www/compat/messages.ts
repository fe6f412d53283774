/** What plugins ask of messages, in `converse.env.utils`. */
import { getBareJidFromJid } from './jid.ts';
import { NS } from './namespaces.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A message as plugins have it: a model, the attributes of one, or its stanza. */
type Message = { attributes: Fields } | Fields | Element;

/** What `isHeadlineMessage` asks of `_converse`. */
interface Chats {
  chatboxes: { get(jid: string): { get(key: string): unknown } | undefined };
  CHATROOMS_TYPE?: string;
}

/** True for what just came in; false for what an archive delivers late. */
export function isNewMessage(message: Message): boolean {
  if (message instanceof Element) {
    return !(has(message, NS['MAM'], 'result') && has(message, NS['DELAY'], 'delay'));
  }
  const { is_delayed, is_archived } = fields(message);
  return !(is_delayed && is_archived);
}

/** True when there is nothing to show: no text, no address of a file, no file on its way. */
export function isEmptyMessage(message: Message): boolean {
  const { message: text, oob_url, file } = fields(message);
  return !text && !oob_url && !file;
}

/** True for "is typing" and the like. */
export function isOnlyChatStateNotification(message: Message): boolean {
  return Boolean(fields(message)['chat_state']) && isEmptyMessage(message);
}

/** True for what a server says by itself, in place of a person or room: it opens no chat to answer in. */
export function isHeadlineMessage(_converse: Chats, stanza: Element): boolean {
  const type = stanza.getAttribute('type');
  if (type === 'headline') {
    return true;
  }
  const from = stanza.getAttribute('from');
  if (!from || type === 'error' || from.includes('@')) {
    return false;
  }
  const chat = _converse.chatboxes.get(getBareJidFromJid(from));
  return !chat || chat.get('type') !== (_converse.CHATROOMS_TYPE ?? 'chatroom');
}

/** The text of a message with an @ before each person who is mentioned, as people type it. */
export function prefixMentions(message: { get(key: string): unknown }): string {
  let text = String(message.get('message') ?? '');
  const references = (message.get('references') ?? []) as readonly { begin: number; end: number }[];
  for (const { begin } of [...references].sort((a, b) => b.begin - a.begin)) {
    text = `${text.slice(0, begin)}@${text.slice(begin)}`;
  }
  return text;
}

function fields(message: Message): Fields {
  return message instanceof Element ? {} : ((message['attributes'] as Fields | undefined) ?? (message as Fields));
}

function has(element: Element, namespace: string | undefined, name: string): boolean {
  return element.getElementsByTagNameNS(namespace ?? '', name).length > 0;
}
