/** What plugins hold of a message on the screen. There are such views only once a plugin has its say in them. */
import { state } from '../elements/state.ts';
import type { Message } from '../models/chat.ts';
import { handle } from '../models/handles.ts';
import { Kind } from '../models/kinds.ts';
import { isReplaced, replaceable } from '../models/replaced.ts';
import { View } from './view.ts';

export class MessageView extends View {
  declare readonly model: Message;

  /** Draws the message anew. */
  override render(): this {
    void this.renderChatMessage();
    return this;
  }

  /** The message is drawn when this is called; plugins change it afterwards. */
  async renderChatMessage(): Promise<void> {
    const url: string | undefined = this.model.get('oob_url');
    if (!url || !isReplaced(this, 'transformOOBURL')) {
      return;
    }
    const made = String(await this.transformOOBURL(url));
    const content = this.el.querySelector('.chat-msg__message');
    if (made !== anchor(url) && content) {
      content.querySelectorAll<HTMLElement>('.chat-attached, .chat-media-offer, .chat-media').forEach((part) => (part.hidden = true));
      const place = document.createElement('div');
      place.className = 'chat-msg__media';
      place.innerHTML = made;
      content.append(place);
    }
  }

  /** What is shown of an address that goes with a message, as HTML. */
  transformOOBURL(url: string): unknown {
    return anchor(url);
  }

  /** Puts another element in the place of this one. */
  replaceElement(el: HTMLElement): this {
    this.el.replaceWith(el);
    drawn.set(el, this);
    return this.setElement(el) as this;
  }

  /** Whether the message says what its author does. */
  isMeCommand(): boolean {
    return String(this.model.get('message') ?? '').startsWith('/me ');
  }
}

replaceable(MessageView.prototype, 0, 'renderChatMessage', 'transformOOBURL', 'render', 'initialize');

/** The views of elements that are, or were, in the document. */
const drawn = new WeakMap<Element, MessageView>();

/** Whether a plugin draws messages. */
export function arePluginsDrawing(): boolean {
  const Class: typeof MessageView = state.closured['MessageView'] ?? MessageView;
  return Class !== MessageView || METHODS.some((name) => isReplaced(Class.prototype, name)) || Object.keys(Class.prototype.events).length > 0;
}

const METHODS = ['renderChatMessage', 'transformOOBURL', 'render', 'initialize'];

/** Has plugins draw those messages of the conversation `of` that they have not drawn yet. */
export function drawByPlugins(list: Element, of: string): void {
  const Class: typeof MessageView = state.closured['MessageView'] ?? MessageView;
  for (const el of list.querySelectorAll<HTMLElement>('.chat-msg')) {
    if (!drawn.has(el)) {
      const view = new Class(el, handle(Kind.Message, of, el.dataset['id'] ?? ''));
      drawn.set(el, view);
      draw(view);
    }
  }
}

function draw(view: MessageView): void {
  try {
    const drawing: unknown = isReplaced(view, 'render') ? view.render() : view.renderChatMessage();
    if (drawing instanceof Promise) {
      drawing.catch(reportError);
    }
  } catch (exception) {
    reportError(exception);
  }
}

/** An address as a link, in HTML. */
function anchor(url: string): string {
  const link = document.createElement('a');
  link.className = 'chat-link';
  link.href = url;
  link.target = '_blank';
  link.rel = 'noopener noreferrer nofollow';
  link.textContent = url;
  return link.outerHTML;
}
