/** One message. What others wrote reaches the page as text and in attributes that cannot do anything. */
import { html, nothing, type TemplateResult } from 'lit';

import { __ } from '../words.ts';
import { modelOf } from './actions.ts';
import { letter, avatar } from './avatar.ts';
import { written } from './dates.ts';
import { icon } from './icons.ts';
import type { Notice } from './notices.ts';
import { state } from './state.ts';
import { text } from './text.ts';

/** A message, as `src/view/conversation.rs` describes it. */
export interface Line {
  id: number;
  of: string;
  kind: 'chat' | 'groupchat' | 'headline' | 'error';
  mine: boolean;
  from: string;
  name: string;
  /** Milliseconds since 1970 began. */
  time: number;
  new_day: boolean;
  follows: boolean;
  /** The first that was not seen when one came here. */
  fresh: boolean;
  text?: string;
  subject?: string;
  spoiler?: string;
  url?: string;
  state?: 'pending' | 'sent' | 'failed';
  reason?: string;
  received: boolean;
  edited?: number;
  versions: string[];
  /** What has happened in the room since, and before the next. */
  notices: readonly Notice[];
}

/** Where a day begins. */
export function day({ time }: Line): TemplateResult {
  const date = new Date(time);
  return html`<div class="message date-separator" role="separator"><time class="separator-text" datetime=${date.toISOString().slice(0, 10)}>${written(date, 'day')}</time></div>`;
}

/** Where those begin that were not seen when one came here. */
export function freshLine(): TemplateResult {
  return html`<div class="message date-separator new-messages-line" role="separator"><span class="separator-text">${__('New messages')}</span></div>`;
}

export function message(line: Line, room: boolean): TemplateResult {
  const date = new Date(line.time);
  const clock = written(date, 'clock');
  const name = line.mine && !room ? __('You') : line.name;
  const who = line.mine ? 'me' : 'them';
  return html`
    <article class=${`message chat-msg ${line.kind} ${who}${line.follows ? ' chat-msg--followup' : ''}`} data-id=${line.id} data-from=${line.from}
      aria-label=${__('%1$s, %2$s', name, clock)}>
      ${line.follows ? nothing : room ? letter(line.from, name) : avatar(line.from, name)}
      <div class="chat-msg__content">
        ${line.follows
          ? nothing
          : html`<div class="chat-msg__heading"><span class="chat-msg__author">${name}</span>
              <time class="chat-msg__time" datetime=${date.toISOString()} title=${written(date, 'full')}>${clock}</time></div>`}
        <div class="chat-msg__body">
          <div class="chat-msg__message">
            ${line.subject ? html`<p class="chat-msg__subject">${line.subject}</p>` : nothing} ${said(line)}
          </div>
          ${marks(line)}
        </div>
        ${line.state === 'failed' ? failure(line) : nothing}
      </div>
    </article>
  `;
}

function said(line: Line): TemplateResult {
  const words = html`<span class="chat-msg__text" dir="auto">${text(line)}</span>`;
  if (line.spoiler === undefined) {
    return words;
  }
  // Closed until somebody opens it.
  return html`<details class="spoiler"><summary class="spoiler-hint">${line.spoiler || __('Hidden on purpose')}</summary>${words}</details>`;
}

function marks(line: Line): TemplateResult {
  const edited = line.edited === undefined ? nothing : html`
    <button type="button" class="chat-msg__edit-modal" title=${__('This message has been changed')} aria-label=${__('This message has been changed')}
      @click=${() => state.set({ dialog: { name: 'versions', about: line } })}>${icon('edit')}</button>
  `;
  return html`<span class="chat-msg__marks">${edited}${line.mine ? delivery(line) : nothing}</span>`;
}

function delivery(line: Line): TemplateResult | typeof nothing {
  const mark = (name: 'clock' | 'check' | 'checks' | 'error', words: string): TemplateResult =>
    html`<span class=${`chat-msg__delivery chat-msg__delivery--${name}`} role="img" title=${words} aria-label=${words}>${icon(name)}</span>`;
  if (line.state === 'failed') {
    return mark('error', __('Not delivered'));
  }
  if (line.received) {
    return mark('checks', __('Delivered'));
  }
  return line.state === 'pending' ? mark('clock', __('On its way')) : line.state === 'sent' ? mark('check', __('Sent')) : nothing;
}

function failure(line: Line): TemplateResult {
  const box = { kind: line.kind === 'groupchat' ? 'room' : 'chat', jid: line.of } as const;
  const again = (): void => void (modelOf(box).messages.get(String(line.id)) as any)?.retry();
  return html`
    <p class="chat-msg__error" role="alert">
      ${failureWords(line.reason)}
      <button type="button" class="chat-msg__again" @click=${again}>${__('Try again')}</button>
    </p>
  `;
}

function failureWords(reason: string | undefined): string {
  switch (reason) {
    case 'not-sent':
      return __('This message was not sent.');
    case 'in-doubt':
      return __('Nobody knows whether this message has arrived.');
    case 'refused':
    case undefined:
      return __('This message was not delivered.');
    default:
      return __('This message was not delivered: %s', reason);
  }
}
