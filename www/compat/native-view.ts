/** `Backbone.NativeView`: a view of Backbone's that needs no jQuery. */

type Listener = (event: Event) => unknown;

interface Delegated {
  readonly type: string;
  readonly selector: string;
  readonly listener: Listener;
  readonly handler: Listener;
  readonly captures: boolean;
}

/** A view, as far as it is looked at here. */
interface View {
  el: Element;
  delegated?: Delegated[];
  undelegateEvents(): unknown;
}

/** Events that do not bubble: those of children are heard on their way down. */
const SILENT = ['focus', 'blur', 'mouseenter', 'mouseleave'];

export function makeNativeView(Backbone: any): any {
  return Backbone.View.extend({
    /** The elements in this view that match. */
    $(this: View, selector: string): NodeListOf<Element> {
      return this.el.querySelectorAll(selector);
    },

    delegate(this: View, type: string, selector: string | Listener, listener?: Listener): Listener {
      const [within, call] = typeof selector === 'function' ? ['', selector] : [selector, listener!];
      const handler = within ? (event: Event): void => route(this.el, within, event, call) : call;
      const captures = within !== '' && SILENT.includes(type);
      this.el.addEventListener(type, handler, captures);
      (this.delegated ??= []).push({ type, selector: within, listener: call, handler, captures });
      return handler;
    },

    undelegate(this: View, type: string, selector?: string | Listener, listener?: Listener): unknown {
      const [within, call] = typeof selector === 'function' ? [undefined, selector] : [selector, listener];
      drop(this, (one) => one.type === type && (!within || one.selector === within) && (!call || one.listener === call || one.handler === call));
      return this;
    },

    undelegateEvents(this: View): unknown {
      drop(this, () => true);
      return this;
    },

    _setElement(this: View, element: string | Element | { readonly 0?: Element }): void {
      // An element, where to find it, or one that jQuery has wrapped.
      this.el = typeof element === 'string' ? (document.querySelector(element) as Element) : element instanceof Element ? element : (element[0] as Element);
    },

    _setAttributes(this: View, attributes: Readonly<Record<string, unknown>>): void {
      for (const [name, value] of Object.entries(attributes)) {
        name in this.el ? Reflect.set(this.el, name, value) : this.el.setAttribute(name, String(value));
      }
    },

    _removeElement(this: View): void {
      this.undelegateEvents();
      this.el?.remove();
    },
  });
}

/** Calls for each element between where it happened and the view that matches. */
function route(root: Element, selector: string, event: Event, listener: Listener): void {
  for (let element = event.target as Element | null; element && element !== root; element = element.parentElement) {
    if (element.matches?.(selector)) {
      Reflect.set(event, 'delegateTarget', element);
      listener(event);
    }
  }
}

function drop(view: View, unwanted: (one: Delegated) => boolean): void {
  const all = view.delegated ?? [];
  all.filter(unwanted).forEach(({ type, handler, captures }) => view.el.removeEventListener(type, handler, captures));
  view.delegated = all.filter((one) => !unwanted(one));
}
