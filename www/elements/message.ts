/** One message. What others wrote reaches the page as text and in attributes that cannot do anything. */
import { html, nothing, type TemplateResult } from 'lit';

import { core } from '../models/core.ts';
import { handle } from '../models/handles.ts';
import { Kind } from '../models/kinds.ts';
import { __, number, percent } from '../words.ts';
import { letter, avatar } from './avatar.ts';
import { written } from './dates.ts';
import { addedButton, hooked } from './hooked.ts';
import { icon } from './icons.ts';
import { media, type Medium } from './media.ts';
import type { Notice } from './notices.ts';
import { showAll } from './shown.ts';
import { state } from './state.ts';
import { link, text, type Block } from './text.ts';

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
  /** The author does something: the text begins with the name. */
  action: boolean;
  /** It names the user among others. */
  means_user: boolean;
  /** There is more of the text. */
  cut: boolean;
  /** It is emoji alone. */
  large: boolean;
  blocks: Block[];
  media: Medium[];
  /** The user, or somebody whom the user knows, wrote it. */
  known: boolean;
  /** What is attached, if it is not in the text. */
  url?: string;
  /** The file that goes with it until it has arrived, how much of it has left, and why not all. */
  file?: string;
  progress?: number;
  upload_error?: string;
  max_size?: number;
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
    <article class=${`message chat-msg ${line.kind} ${who}${line.follows ? ' chat-msg--followup' : ''}${line.means_user ? ' mentioned' : ''}`} data-id=${line.id} data-from=${line.from}
      aria-label=${__('%1$s, %2$s', name, clock)}>
      ${line.follows ? nothing : room ? letter(line.from, name) : avatar(line.from, line.name)}
      <div class="chat-msg__content">
        ${line.follows
          ? nothing
          : html`<div class="chat-msg__heading"><bdi class="chat-msg__author">${name}</bdi>
              <time class="chat-msg__time" datetime=${date.toISOString()} title=${written(date, 'full')}>${clock}</time></div>`}
        <div class="chat-msg__body">
          <div class="chat-msg__message">
            ${line.subject ? html`<p class="chat-msg__subject">${line.subject}</p>` : nothing} ${said(line, name)}
          </div>
          ${marks(line)} ${hooked('getMessageActionButtons', () => ({ model: modelFor(line) }), addedButton)}
        </div>
        ${line.state === 'failed' ? failure(line) : nothing}
      </div>
    </article>
  `;
}

/** The messages that are shown whole, however long, by conversation and number. */
const whole = new Set<string>();

function said(line: Line, name: string): TemplateResult {
  if (line.file !== undefined) {
    return sending(line);
  }
  const key = `${line.of} ${line.id}`;
  const { action, cut, large, blocks }: Line = line.cut && whole.has(key) ? core().wholeLine(line.of, line.id) : line;
  const showRest = (): void => {
    whole.add(key);
    showAll();
  };
  const words = html`
    ${blocks.length > 0
      ? html`<div class=${`chat-msg__text${large ? ' chat-msg__text--large' : ''}${action ? ' chat-action' : ''}`} dir="auto">${action ? html`<bdi class="chat-action__author">${name}</bdi> ` : nothing}${text(blocks)}</div>`
      : nothing}
    ${cut ? html`<button type="button" class="show-rest" @click=${showRest}>${__('Show all')}</button>` : nothing}
    ${media(line.media, line.known, blocks.length === 0)}
    ${line.url !== undefined && line.media.every(({ href }) => href !== line.url) ? html`<p class="chat-attached">${link(line.url, line.url)}</p>` : nothing}
  `;
  if (line.spoiler === undefined) {
    return words;
  }
  // Closed until somebody opens it.
  return html`<details class="spoiler"><summary class="spoiler-hint">${line.spoiler || __('Hidden on purpose')}</summary>${words}</details>`;
}

/** A file that is on its way, or did not arrive. */
function sending(line: Line): TemplateResult {
  return html`
    <div class="chat-file">
      <bdi class="chat-file__name">${line.file}</bdi>
      ${line.upload_error === undefined ? html`<progress class="upload-progress" max="1" .value=${line.progress ?? 0} aria-label=${__('Sending %s', line.file)}></progress> <span class="chat-file__progress">${percent(line.progress ?? 0)}</span>` : nothing}
    </div>
  `;
}

/** Why a file was not sent, for who sends it. */
function uploadWords({ upload_error: error, max_size: size }: Line): string {
  switch (error) {
    case 'unsupported':
      return __('Your server takes no files.');
    case 'file-too-large':
      return size ? __('The file is too large: your server takes files up to %s MB.', number(Math.floor(size / 1e5) / 10)) : __('The file is too large for your server.');
    case 'refused':
      return __('Your server does not take this file.');
    case 'unsafe-slot':
      return __('Your server would keep the file where others could read it on the way.');
    case 'timed-out':
      return __('Sending the file took too long.');
    case 'disconnected':
      return __('The connection was lost before the file was sent.');
    case 'interrupted':
      return __('The page was left before the file was sent.');
    default:
      return __('The file could not be sent.');
  }
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
  const again = (): void => void modelFor(line)?.retry();
  // A file that another page had cannot be sent from here.
  const lost = line.upload_error !== undefined && !modelFor(line)?.file;
  return html`
    <p class="chat-msg__error" role="alert">
      ${line.upload_error === undefined ? failureWords(line.reason) : uploadWords(line)}
      ${lost ? nothing : html`<button type="button" class="chat-msg__again" @click=${again}>${__('Try again')}</button>`}
    </p>
  `;
}

/** The handle of the message. A file that failed makes an error of it wherever it is. */
function modelFor({ of, id }: Line): any {
  return handle(Kind.Message, of, String(id));
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
