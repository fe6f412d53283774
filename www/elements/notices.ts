/** What happens in a room beside what is said, as lines between the messages. */
import { html, type TemplateResult } from 'lit';

import { __ } from '../words.ts';
import { setting } from './actions.ts';
import { written } from './dates.ts';

/** Something that happened, as `src/store/notices.rs` has it. */
export interface Notice {
  word: string;
  nick: string;
  /** The new nickname, who brought it about, or the condition of a refusal. */
  other?: string;
  reason?: string;
  /** What the room says about itself. */
  code?: number;
  /** Milliseconds since 1970 began. */
  time: number;
}

/** What the room has refused to the user. */
const REFUSALS = ['topic-refused', 'nick-refused'];
const COMING_AND_GOING = ['entered', 'left', 'returned', 'passed'];

export function notices(all: readonly Notice[]): TemplateResult[] {
  const shown = all.length === 0 || setting('muc_show_join_leave') ? all : all.filter(({ word }) => !COMING_AND_GOING.includes(word));
  return shown.map((notice) => html`
    <div class=${`message chat-info${REFUSALS.includes(notice.word) ? ' chat-error' : ''}`} data-notice=${notice.word} data-nick=${notice.nick} title=${written(new Date(notice.time), 'second')}>
      ${noticeWords(notice)}${notice.reason ? html` <span class="chat-info__reason" dir="auto">(${notice.reason})</span>` : ''}
    </div>
  `);
}

function noticeWords({ word, nick, other, code }: Notice): string {
  switch (word) {
    case 'entered':
      return __('%s has entered.', nick);
    case 'left':
      return __('%s has left.', nick);
    case 'returned':
      return __('%s has left and come back.', nick);
    case 'passed':
      return __('%s has entered and left.', nick);
    case 'kicked':
      return other ? __('%1$s was put out by %2$s.', nick, other) : __('%s was put out.', nick);
    case 'banned':
      return other ? __('%1$s was banned by %2$s.', nick, other) : __('%s was banned.', nick);
    case 'removed':
      return __('%s may not be here any more, and is gone.', nick);
    case 'renamed':
      return __('%1$s is called %2$s now.', nick, other);
    case 'owner':
      return __('%s is an owner of the room now.', nick);
    case 'admin':
      return __('%s is an administrator of the room now.', nick);
    case 'member':
      return __('%s is a member of the room now.', nick);
    case 'revoked':
      return __('%s has no standing in the room any more.', nick);
    case 'moderator':
      return __('%s is a moderator now.', nick);
    case 'participant':
      return __('%s can speak, as everybody can.', nick);
    case 'visitor':
      return __('%s cannot speak any more.', nick);
    case 'topic-refused':
      return topicWords(other);
    case 'nick-refused':
      return nickWords(nick, other);
    default:
      return codeWords(code);
  }
}

/** Why the topic is not another now. */
function topicWords(condition: string | undefined): string {
  switch (condition) {
    case 'forbidden':
    case 'not-allowed':
      return __('You may not change the topic of this room.');
    case 'disconnected':
      return __('There is no connection: the topic was not changed.');
    case 'item-not-found':
    case 'not-acceptable':
      return __('The topic was not changed, because the room did not know you any more. You are entering it again.');
    default:
      return __('The room does not take this topic.');
  }
}

/** Why the user is not called otherwise now. */
function nickWords(nick: string, condition: string | undefined): string {
  switch (condition) {
    case 'conflict':
      return __('Somebody in this room is called %s already.', nick);
    case 'not-acceptable':
      return __('You must use the nickname that this room keeps for you.');
    case 'disconnected':
      return __('There is no connection: your nickname was not changed.');
    default:
      return __('The room does not let you be called %s.', nick);
  }
}

function codeWords(code: number | undefined): string {
  switch (code) {
    case 100:
      return __('Everybody in this room can see your address.');
    case 170:
      return __('What is said here is written down.');
    case 171:
      return __('What is said here is not written down any more.');
    case 172:
      return __('Everybody in this room can see the addresses of all now.');
    case 173:
      return __('Only moderators can see the addresses of others now.');
    case 174:
      return __('Nobody can see the addresses of others now.');
    case 201:
      return __('This room is new.');
    default:
      return __('The room has given you another nickname.');
  }
}
