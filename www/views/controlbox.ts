/** The view of the control box. */
import { state } from '../elements/state.ts';
import { Model } from '../models/model.ts';
import { View } from './view.ts';

export class ControlBoxView extends View {
  constructor(el: HTMLElement) {
    super(el, new Model({ id: 'controlbox', type: 'controlbox' }));
  }

  show(): this {
    state.set({ controlbox: true });
    return this;
  }

  close(): this {
    state.set({ controlbox: false });
    return this;
  }

  hide(): this {
    return this.close();
  }

  /** Puts the keyboard where one begins: in the form, or at what comes first. */
  focus(): this {
    const first = [...this.el.querySelectorAll<HTMLElement>('input, button')].find((element) => element.checkVisibility());
    first?.focus();
    return this;
  }
}
