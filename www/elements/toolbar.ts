/** The tools above the place where one writes. Plugins put theirs among them: each of ours is there from the beginning, and stays. */
import { html, nothing, type TemplateResult } from 'lit';

import { api } from '../models/core.ts';
import { onReset } from '../models/handles.ts';
import { __ } from '../words.ts';
import { icon, type Icon } from './icons.ts';
import { occupantWords } from './modes.ts';
import { state } from './state.ts';

const UPLOAD = 'urn:xmpp:http:upload:0';

/** What the tools do. */
interface Tools {
  /** Which of them are shown. */
  visible: Record<string, unknown>;
  shut: boolean;
  picks: boolean;
  spoils: boolean;
  onEmoji: () => void;
  onFiles: (files: FileList) => void;
  onCall: (event: Event) => void;
  onSpoiler: () => void;
  /** Of a room, where that does not cover the tools: who is here is not shown, and what shows or hides it. */
  hidesOccupants: boolean | undefined;
  onOccupants: () => void;
  /** Those of plugins. */
  added: unknown;
}

export function toolbar(tools: Tools): TemplateResult {
  const { shut, visible } = tools;
  const chosen = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    tools.onFiles(input.files!);
    input.value = '';
  };
  const choose = (event: Event): void => (event.currentTarget as HTMLElement).parentElement!.querySelector('input')!.click();
  return html`
    <ul class="chat-toolbar" role="list" aria-label=${__('Tools')}>
      <li class="toggle-toolbar-menu toggle-smiley dropup" ?hidden=${!visible['use_emoji']}>
        ${button('emoji', __('Insert an emoji'), shut, tools.onEmoji, 'toggle-smiley__button', { expanded: tools.picks })}
      </li>
      <li class="toggle-call" ?hidden=${!visible['show_call_button']}>${button('call', __('Call'), shut, tools.onCall)}</li>
      <li class="toggle-compose-spoiler" ?hidden=${!visible['show_spoiler_button']}>
        ${button('eye', tools.spoils ? __('Show the text of your message at once') : __('Hide the text of your message until it is asked for'), shut, tools.onSpoiler, '', { pressed: tools.spoils })}
      </li>
      <li class="upload-file" ?hidden=${!takesFiles}>
        ${button('attach', __('Send a file'), shut, choose)}
        <input type="file" class="fileupload" multiple hidden aria-label=${__('Send a file')} @change=${chosen} />
      </li>
      ${tools.hidesOccupants === undefined
        ? nothing
        : html`<li class="toggle-occupants" ?hidden=${!visible['show_occupants_toggle']}>${button('people', occupantWords(tools.hidesOccupants), false, tools.onOccupants, '', { pressed: !tools.hidesOccupants })}</li>`}
      ${tools.added}
    </ul>
  `;
}

function button(picture: Icon, words: string, shut: boolean, click: (event: Event) => void, name = '', { pressed, expanded }: { pressed?: boolean; expanded?: boolean } = {}): TemplateResult {
  return html`<button type="button" class=${name} ?disabled=${shut} title=${words} aria-label=${words}
    aria-pressed=${pressed ?? nothing} aria-expanded=${expanded ?? nothing} @click=${click}>${icon(picture)}</button>`;
}

/** The server takes files; unknown until it has been asked. */
let takesFiles: boolean | undefined;
let asking: Promise<void> | undefined;

onReset(() => (takesFiles = asking = undefined));

/** Finds out whether the server takes files, once in a session. */
export function askForUploads(then: () => void): void {
  if (takesFiles === undefined && state.session === 'online') {
    asking ??= ask().catch(() => void (asking = undefined));
    void asking.then(then);
  }
}

async function ask(): Promise<void> {
  const { supported } = await api()['disco'].supports(UPLOAD, String(api()['user'].jid()).split('/')[0]!.split('@').at(-1));
  takesFiles = Boolean(supported);
}

/** The files that were pasted or dropped, where the server takes them. */
export function filesIn(data: DataTransfer | null): FileList | undefined {
  return takesFiles && data && data.files.length > 0 ? data.files : undefined;
}

/** Whether files are being dragged that could be dropped here. */
export function bringsFiles(data: DataTransfer | null): boolean {
  return Boolean(takesFiles && data?.types.includes('Files'));
}
