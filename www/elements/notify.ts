/** What reaches the user who looks at something else: notifications on the desktop, sounds, and a count in the page's title. */
import { api, core } from '../models/core.ts';
import { __ } from '../words.ts';
import { setting, show, type Box } from './actions.ts';
import { presenceWords } from './profile.ts';
import { chime } from './sound.ts';
import { state } from './state.ts';

/** As `src/view/notice.rs` makes it. */
interface Notice {
  cause: 'message' | 'request' | 'presence';
  kind: 'chat' | 'room';
  jid: string;
  name: string;
  nick?: string;
  text?: string;
  /** The text is hidden on purpose; what is there is what is said about it. */
  hidden?: boolean;
  show?: string;
  desktop: boolean;
  sound: boolean;
}

/** The page's title as the site has it, and as it was written last with a count. */
let title: { own: string; counted: string } | undefined;
let follows = false;

/** Of what is being told: the element of a message, or somebody's handle; and whether a plugin wants it told. */
let about: Element | undefined;
let wanted = true;
const notices = new WeakMap<object, Notice>();

/** Shows on the desktop what the core wants to be told of this. */
function tell(about: object): void {
  const notice = notices.get(about);
  if (notice) {
    notify(notice);
  }
}

type Asked = Record<'shouldNotifyOfMessage' | 'shouldNotifyOfGroupMessage', (message: Element) => boolean>;

/** What plugins may replace: who is told of what, and how. The core says of what there is something to tell at all. */
export const NOTIFYING = {
  playSoundNotification: chime,
  areDesktopNotificationsEnabled: (): boolean => 'Notification' in window && Notification.permission === 'granted' && Boolean(setting('show_desktop_notifications')),
  requestPermission: askPermission,
  /** Called with the element of a message, once some of these were replaced. */
  handleMessageNotification(this: Asked, message: Element): void {
    about = message;
    wanted = this.shouldNotifyOfMessage(message);
    if (wanted) {
      api()['emit']('messageNotification', message);
    }
  },
  shouldNotifyOfMessage(this: Asked, message: Element): boolean {
    return message.getAttribute('type') !== 'groupchat' || this.shouldNotifyOfGroupMessage(message);
  },
  shouldNotifyOfGroupMessage: (_message: Element): boolean => true,
  isMessageToHiddenChat(message: Element): boolean {
    const box = state.closured['chatboxes'].get(message.getAttribute('from')?.split('/')[0]);
    return document.hidden || Boolean(state.closured['isUniView']() && (!box || box.get('hidden')));
  },
  showMessageNotification: tell,
  showContactRequestNotification: tell,
  showChatStateNotification: tell,
};

const SHOWS = { message: 'showMessageNotification', request: 'showContactRequestNotification', presence: 'showChatStateNotification' } as const;

/** Begins to tell. */
export function followNotices(): void {
  const { closured } = state;
  if (Object.entries(NOTIFYING).some(([name, own]) => closured[name] !== own)) {
    // The element of a message is made only for those who want it.
    api()['listen'].on('messageNotification', () => {});
  }
  core().onNotice((notice: Notice) => {
    const of = (notice.cause === 'message' ? about : api()['contacts'].get(notice.jid)) ?? notice;
    notices.set(of, notice);
    about = undefined;
    const told = notice.cause !== 'message' || wanted;
    wanted = true;
    if (notice.sound && told) {
      closured['playSoundNotification']();
    }
    if (notice.desktop && told) {
      closured[SHOWS[notice.cause]](of);
    }
    count();
  });
  if (!follows) {
    follows = true;
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) {
        restore();
      }
    });
  }
}

/** Whether the user could be asked to allow notifications, and has not been. */
export function mayAsk(): boolean {
  return 'Notification' in window && Notification.permission === 'default' && Boolean(setting('show_desktop_notifications'));
}

/** Asks for that. Browsers want it to come of something that the user has done. */
export async function askPermission(): Promise<void> {
  await Notification.requestPermission();
  // Whatever the answer is, the question is over.
  state.set({ asksToNotify: false });
}

function notify(notice: Notice): void {
  if (!state.closured['areDesktopNotificationsEnabled']()) {
    return;
  }
  const icon = setting('notification_icon');
  let shown: Notification;
  try {
    shown = new Notification(notice.name, { body: words(notice), tag: `converse/${notice.cause}/${notice.jid}`, ...(icon ? { icon: String(icon) } : {}) });
  } catch {
    // Some browsers for phones have the class, and let no page make one.
    return;
  }
  shown.onclick = () => {
    shown.close();
    window.focus();
    bringUp(notice);
  };
  const delay = Number(setting('notification_delay'));
  if (delay > 0) {
    setTimeout(() => shown.close(), delay);
  }
}

function bringUp({ cause, kind, jid }: Notice): void {
  if (cause === 'message' && (core().boxes() as Box[]).some((box) => box.jid === jid)) {
    show({ kind, jid });
  } else {
    state.set({ controlbox: true });
  }
}

function words({ cause, nick, text, hidden, show }: Notice): string {
  switch (cause) {
    case 'request':
      return __('asks to become your contact');
    case 'presence':
      return presenceWords(show ?? 'offline');
    case 'message': {
      const said = text || (hidden ? __('Hidden on purpose') : '');
      return nick ? __('%1$s: %2$s', nick, said) : said;
    }
  }
}

/** Says in the title how many messages wait, while nobody sees the page. */
function count(): void {
  if (!document.hidden) {
    return;
  }
  const unread = (core().boxes() as Box[]).reduce((sum, box) => sum + box.unread, 0);
  if (unread === 0) {
    return;
  }
  // The site may have written another one since.
  const own = title && document.title === title.counted ? title.own : document.title;
  title = { own, counted: `(${unread}) ${own}` };
  document.title = title.counted;
}

function restore(): void {
  if (title && document.title === title.counted) {
    document.title = title.own;
  }
  title = undefined;
}
