/** What reaches the user who looks at something else: notifications on the desktop, sounds, and a count in the page's title. */
import { core } from '../models/core.ts';
import { __ } from '../words.ts';
import { setting, show, type Box } from './actions.ts';
import { presenceWords } from './profile.ts';
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

/** Begins to tell. */
export function followNotices(): void {
  core().onNotice((notice: Notice) => {
    if (notice.sound) {
      state.closured['playSoundNotification']();
    }
    if (notice.desktop) {
      notify(notice);
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
  if (!('Notification' in window) || Notification.permission !== 'granted') {
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
