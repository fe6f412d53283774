/** What plugins put above everything else: the part of Bootstrap's modals that they call, in a `<dialog>`. */

/** Shows and hides an element. The browser keeps the keyboard in it, and gives it back. */
export class Modal {
  readonly #dialog: HTMLDialogElement;
  readonly #element: () => HTMLElement;

  /** `element` says which one, as it may be replaced by another when it is drawn anew. */
  constructor(element: () => HTMLElement) {
    this.#element = element;
    this.#dialog = document.createElement('dialog');
    this.#dialog.className = 'converse-modal plugin-modal';
    const first = element();
    first.replaceWith(this.#dialog);
    this.#dialog.append(first);
    this.#dialog.addEventListener('cancel', (event) => {
      event.preventDefault();
      this.hide();
    });
    this.#dialog.addEventListener('click', ({ target }) => {
      if (target instanceof Element && target.closest('[data-dismiss="modal"], [data-bs-dismiss="modal"]')) {
        this.hide();
      }
    });
  }

  show(): void {
    if (!this.#dialog.isConnected || this.#dialog.open || !this.#tell('show')) {
      return;
    }
    this.#display(true);
    this.#dialog.setAttribute('aria-label', this.#element().querySelector('.modal-title')?.textContent?.trim() ?? '');
    this.#dialog.showModal();
    setTimeout(() => this.#tell('shown'));
  }

  hide(): void {
    if (this.#dialog.open && this.#tell('hide')) {
      this.#display(false);
      this.#dialog.close();
      setTimeout(() => this.#tell('hidden'));
    }
  }

  toggle(): void {
    this.#dialog.open ? this.hide() : this.show();
  }

  update(): void {}

  /** Takes it out of the document. */
  dispose(): void {
    this.#dialog.remove();
  }

  /** As Bootstrap does it, whose style sheet the page may have. */
  #display(shown: boolean): void {
    const element = this.#element();
    element.classList.toggle('show', shown);
    element.style.display = shown ? 'block' : 'none';
    element.setAttribute('aria-hidden', String(!shown));
  }

  #tell(what: string): boolean {
    return this.#element().dispatchEvent(new CustomEvent(`${what}.bs.modal`, { cancelable: true }));
  }
}
