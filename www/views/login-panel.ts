/** What plugins hold of the form to log in with. There is such a view only once a plugin has its say in it. */
import { state } from '../elements/state.ts';
import { isReplaced, replaceable } from '../models/replaced.ts';
import { Model } from '../models/model.ts';
import { View } from './view.ts';

export class LoginPanel extends View {
  /** The form is drawn when this is called; plugins add to it afterwards. */
  override render(_cfg?: unknown): this {
    return this;
  }
}

replaceable(LoginPanel.prototype, 0, 'render', 'initialize');

/** Has plugins add to the form what they want there. */
export function addToLogin(el: HTMLElement): void {
  const Class: typeof LoginPanel = state.closured['LoginPanel'] ?? LoginPanel;
  const replaced = Class !== LoginPanel || ['render', 'initialize'].some((name) => isReplaced(Class.prototype, name));
  if (replaced || Object.keys(Class.prototype.events).length > 0) {
    try {
      new Class(el, new Model()).render();
    } catch (exception) {
      reportError(exception);
    }
  }
}
