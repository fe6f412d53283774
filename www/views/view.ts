/** What plugins hold of what is on the screen: an object with an element and what that shows. */
import { Events, type Handler } from '../models/events.ts';
import type { Model } from '../models/model.ts';

/** Methods, or names of them, by an event and if you like a selector: `'click .send-button'`. */
type EventHash = Record<string, Handler | string>;

/** The surface of a Backbone view, for plugins that extend those here, or look for parts of the element. */
export class View extends Events {
  el: HTMLElement;
  readonly model: Model;
  /** What is listened to in the element; plugins add to it. */
  declare events: EventHash | (() => EventHash);
  #listening: (() => void)[] = [];

  constructor(el: HTMLElement, model: Model) {
    super();
    this.el = el;
    this.model = model;
    this.delegateEvents();
    this.initialize();
  }

  /** For subclasses and plugins. */
  initialize(..._args: any[]): void {}

  get id(): string {
    return this.model.id;
  }

  /** The elements in this one that fit. */
  $(selector: string): NodeListOf<HTMLElement> {
    return this.el.querySelectorAll(selector);
  }

  /** Shows the element anew: it does so by itself when what it shows changes. */
  render(): this {
    (this.el as { requestUpdate?: () => void }).requestUpdate?.();
    return this;
  }

  requestUpdate(): this {
    return this.render();
  }

  setElement(el: HTMLElement): this {
    this.undelegateEvents();
    this.el = el;
    return this.delegateEvents();
  }

  /** Calls the methods in `events` when these events happen in the element, or in parts of it that fit their selector. */
  delegateEvents(events: EventHash = typeof this.events === 'function' ? this.events() : this.events): this {
    this.undelegateEvents();
    for (const [name, method] of Object.entries(events)) {
      const [event = '', ...selector] = name.trim().split(/\s+/);
      this.delegate(event, selector.join(' '), method);
    }
    return this;
  }

  delegate(event: string, selector: string, method: Handler | string): this {
    const call = (given: Event): void => {
      const target = selector === '' ? this.el : (given.target as Element | null)?.closest?.(selector);
      const handler: unknown = typeof method === 'string' ? Reflect.get(this, method) : method;
      if (target && this.el.contains(target) && typeof handler === 'function') {
        Object.defineProperty(given, 'delegateTarget', { value: target, configurable: true });
        handler.call(this, given);
      }
    };
    // Those that concern the keyboard's place go down only.
    const goesDown = event === 'focus' || event === 'blur';
    const { el } = this;
    el.addEventListener(event, call, goesDown);
    this.#listening.push(() => el.removeEventListener(event, call, goesDown));
    return this;
  }

  undelegateEvents(): this {
    this.#listening.forEach((stop) => stop());
    this.#listening = [];
    return this;
  }

  /** Takes the element out of the document. */
  remove(): this {
    this.undelegateEvents();
    this.stopListening();
    this.el.remove();
    return this;
  }
}

View.prototype.events = {};
