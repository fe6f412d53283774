/** What a message says. What others wrote becomes text, and addresses that the core has let through. */
import { html, nothing, type TemplateResult } from 'lit';

import { __ } from '../words.ts';
import { setting } from './actions.ts';
import { state } from './state.ts';

/** Lines that are drawn alike, as `src/view/text.rs` makes them. */
export interface Block {
  /** In how many quotes they stand, one in the other. */
  quotes: number;
  preformatted: boolean;
  spans: (string | Span)[];
}

interface Span {
  text: string;
  /** Names of classes. */
  style: string;
  kind: 'plain' | 'directive' | 'code' | 'link' | 'geo' | 'mention';
  /** Of a link: where it leads to, and whether letters of that may look like others. */
  href?: string;
  foreign?: boolean;
  /** Of a place, in degrees. */
  latitude?: string;
  longitude?: string;
  /** Of a mention. */
  uri?: string;
  own?: boolean;
}

/** Where a place on earth is shown, if no setting says so. */
const MAP = 'https://www.openstreetmap.org/?mlat=$1&mlon=$2#map=18/$1/$2';

export function text(blocks: readonly Block[]): unknown {
  const [only] = blocks;
  // Most texts are one paragraph.
  return blocks.length === 1 && only!.quotes === 0 && !only!.preformatted ? only!.spans.map(span) : quoted(blocks, 0);
}

/** The blocks that stand in more than `depth` quotes are drawn as such, those that follow one another together. */
function quoted(blocks: readonly Block[], depth: number): unknown[] {
  const drawn: unknown[] = [];
  for (let at = 0; at < blocks.length; ) {
    const end = blocks.findIndex((block, place) => place >= at && block.quotes <= depth);
    const within = blocks.slice(at, end < 0 ? undefined : end);
    if (within.length > 0) {
      drawn.push(html`<blockquote class="chat-quote">${quoted(within, depth + 1)}</blockquote>`);
      at += within.length;
    } else {
      drawn.push(block(blocks[at]!));
      at += 1;
    }
  }
  return drawn;
}

function block({ preformatted, spans }: Block): TemplateResult {
  if (preformatted) {
    return html`<pre class="chat-pre" dir="auto">${spans.map(span)}</pre>`;
  }
  return html`<div class="chat-paragraph" dir="auto">${spans.length > 0 ? spans.map(span) : html`<br />`}</div>`;
}

function span(one: string | Span): unknown {
  if (typeof one === 'string') {
    return one;
  }
  switch (one.kind) {
    case 'link':
      return html`<span class=${one.style}>${link(one.href!, one.text, one.foreign)}</span>`;
    case 'geo':
      return link(String(setting('geouri_replacement') || MAP).replaceAll('$1', one.latitude!).replaceAll('$2', one.longitude!), one.text);
    case 'mention':
      return html`<span class=${`mention${one.own ? ' mention--self' : ''}${one.style}`} title=${one.uri ?? nothing}>${one.text}</span>`;
    case 'code':
      return html`<code class=${one.style}>${one.text}</code>`;
    case 'directive':
      return html`<span class=${`styling-directive${one.style}`}>${one.text}</span>`;
    default:
      return html`<span class=${one.style}>${one.text}</span>`;
  }
}

/** A link that leads out of the page, and tells nobody where from. */
export function link(href: string, words: string, foreign = false): TemplateResult {
  const asks = /^xmpp:/i.test(href);
  return html`<a class="chat-link" href=${href} target="_blank" rel="noopener noreferrer nofollow" @click=${asks ? askFirst : nothing}>${words}</a>${foreign ? host(href) : nothing}`;
}

/** Which host that is, as it is asked for: its letters may look like others. */
function host(href: string): unknown {
  const name = URL.canParse(href) ? new URL(href).host : '';
  return name && !href.toLowerCase().includes(name) ? html` <span class="link-host">(${name})</span>` : nothing;
}

function askFirst(event: MouseEvent): void {
  event.preventDefault();
  state.set({ dialog: { name: 'xmpp-link', about: (event.currentTarget as HTMLAnchorElement).getAttribute('href') ?? '' } });
}

/** What is said of a link that leads to a room or a person. */
export function xmppLink(href: string): { jid: string; room: boolean; words: string } {
  const [path = '', query = ''] = href.slice(href.indexOf(':') + 1).split('?');
  const jid = decoded(path.split('#')[0]!.split('/')[0]!);
  const room = /^join(;|#|$)/.test(query);
  return { jid, room, words: room ? __('Enter the room %s?', jid) : __('Open a chat with %s?', jid) };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
