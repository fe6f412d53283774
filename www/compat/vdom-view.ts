/** `Backbone.VDOMView`: a view whose `toHTML` says how it looks. What stays the same stays in the document. */
import { render } from 'lit';

interface View {
  el: HTMLElement;
  /** The outermost element as it was said to look last, without what is in it. Others may have made it look otherwise. */
  said?: HTMLElement;
  /** Text, or as plugins for converse.js 7 and later have it, a template of Lit's for what is in the element. */
  toHTML(): string | object;
  beforeRender?: () => unknown;
  afterRender?: () => unknown;
  setElement(element: Element): unknown;
}

export function makeVDOMView(NativeView: any): any {
  return NativeView.extend({
    render(this: View): unknown {
      this.beforeRender?.();
      const html = this.toHTML();
      const wanted = typeof html === 'string' ? parse(html) : undefined;
      if (typeof html === 'object') {
        render(html, this.el);
      } else if (wanted) {
        const before = this.said ?? this.el;
        this.said = wanted.cloneNode(false) as HTMLElement;
        // The outermost element of the text becomes the view's.
        this.setElement(patched(this.el, wanted, before));
      }
      this.afterRender?.();
      return this;
    },
  });
}

/** The text is the plugin's: where a page wants Trusted Types, it says itself (by a default policy) what may pass. */
function parse(html: string): HTMLElement | null {
  const { body, head } = new DOMParser().parseFromString(html, 'text/html');
  return (body.firstElementChild ?? head.firstElementChild) as HTMLElement | null;
}

/** Makes `old`, which was to look as `before` does, look as `wanted`, or puts that in its place. Returns the one that stays. */
function patched<T extends ChildNode>(old: T, wanted: T, before: T = old): T {
  if (!isSame(before, wanted)) {
    old.replaceWith(wanted);
    return wanted;
  }
  if (old instanceof Element) {
    patchAttributes(old, wanted as T & Element, before as T & Element);
    patchChildren(old, wanted as T & Element);
  } else if (old.nodeValue !== wanted.nodeValue) {
    old.nodeValue = wanted.nodeValue;
  }
  return old;
}

function isSame(old: ChildNode, wanted: ChildNode): boolean {
  const looks = ({ id, classList }: Element): string => `${id} ${classList}`;
  return old.nodeName === wanted.nodeName && (!(old instanceof Element) || looks(old) === looks(wanted as ChildNode as Element));
}

function patchAttributes(old: Element, wanted: Element, before: Element): void {
  [...before.attributes].filter(({ name }) => !wanted.hasAttribute(name)).forEach(({ name }) => old.removeAttribute(name));
  [...wanted.attributes].filter(({ name, value }) => before.getAttribute(name) !== value).forEach(({ name, value }) => old.setAttribute(name, value));
}

function patchChildren(old: Element, wanted: Element): void {
  let place = old.firstChild;
  for (const child of [...wanted.childNodes]) {
    // What was taken out in between goes; what was put in between comes before the next that stays.
    const kept = following(place).find((node) => isSame(node, child));
    if (kept) {
      while (place !== kept) {
        const gone: ChildNode = place!;
        place = gone.nextSibling;
        gone.remove();
      }
      place = patched(kept, child).nextSibling;
    } else {
      old.insertBefore(child, place);
    }
  }
  following(place).forEach((node) => node.remove());
}

function following(node: ChildNode | null): ChildNode[] {
  const all: ChildNode[] = [];
  for (let next = node; next; next = next.nextSibling) {
    all.push(next);
  }
  return all;
}
