/** What plugins hold of what is on the screen: an object with an element and what that shows. */
import { Events } from '../models/events.ts';
import type { Model } from '../models/model.ts';

/** The surface of a Backbone view, for plugins that extend those here, or look for parts of the element. */
export class View extends Events {
  readonly el: HTMLElement;
  readonly model: Model;

  constructor(el: HTMLElement, model: Model) {
    super();
    this.el = el;
    this.model = model;
  }

  get id(): string {
    return this.model.id;
  }

  /** Shows the element anew: it does so by itself when what it shows changes. */
  render(): this {
    (this.el as { requestUpdate?: () => void }).requestUpdate?.();
    return this;
  }

  /** Takes the element out of the document. */
  remove(): this {
    this.stopListening();
    this.el.remove();
    return this;
  }
}
