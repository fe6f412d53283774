/** The views on `_converse` that plugins extend. */
import { Modal } from './modal.ts';

interface ModalView {
  el: HTMLElement;
  modal: Modal;
  trigger_el?: Element | null;
  render(): { insertIntoDOM(): unknown };
}

/** The `_converse` of the last `initialize`. */
let current: Record<string, any> | undefined;
let modal: unknown;

/** Makes each of them, by its name on `_converse`. */
export function pluginViews(_converse: Record<string, any>, backbone: () => any): Record<string, () => unknown> {
  current = _converse;
  return {
    NativeView: () => backbone().NativeView,
    VDOMView: () => backbone().VDOMView,
    ViewWithAvatar: () => backbone().NativeView.extend({ renderAvatar }),
    VDOMViewWithAvatar: () => backbone().VDOMView.extend({ renderAvatar }),
    BootstrapModal: () => bootstrapModal(backbone),
  };
}

/** The class, which plugins for converse.js 7 and later find in `converse.env`. */
export function bootstrapModal(backbone: () => any): unknown {
  return (modal ??= makeModal(backbone().VDOMView));
}

function makeModal(VDOMView: any): unknown {
  return VDOMView.extend({
    className: 'modal',

    initialize(this: ModalView): void {
      this.render().insertIntoDOM();
      this.modal = new Modal(() => this.el);
      this.el.addEventListener('hide.bs.modal', () => this.trigger_el?.classList.remove('selected'));
    },

    insertIntoDOM(this: ModalView): void {
      const root: Element | undefined = current?.['chatboxviews'].el;
      (root?.querySelector('#converse-modals') ?? root ?? document.body).append(this.el);
    },

    /** Shows it; of an event, what was clicked is marked while it is open. */
    show(this: ModalView, event?: Event): void {
      if (event) {
        event.preventDefault();
        this.trigger_el = event.target as Element;
        this.trigger_el.classList.add('selected');
      }
      this.modal.show();
    },

    remove(this: ModalView): unknown {
      this.modal.dispose();
      return VDOMView.prototype.remove.call(this);
    },
  });
}

/** Draws the picture of whom the model is about, where the view has a place for it: `<canvas class="avatar">`. */
function renderAvatar(this: { el: Element; model: any }, element: Element = this.el): void {
  const place = element.querySelector<HTMLCanvasElement>('canvas.avatar');
  const vcard = this.model?.vcard;
  const image: unknown = vcard?.get('image');
  if (place && image) {
    const picture = new Image(place.width, place.height);
    picture.className = place.className;
    picture.alt = '';
    picture.src = `data:${vcard.get('image_type') || 'image/png'};base64,${image}`;
    place.replaceWith(picture);
  }
}
