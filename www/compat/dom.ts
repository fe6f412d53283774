/** Of `converse.env.utils`, what has to do with the document. Where an element is wanted, nothing is an answer too. */

type Maybe = Element | null | undefined;

/** The element or the nearest one around it that matches. */
export function ancestor(element: Maybe, selector: string): Element | null {
  return element?.closest(selector) ?? null;
}

export function hasClass(name: string, element: Maybe): boolean {
  return Boolean(element?.classList.contains(name));
}

export function addClass(name: string, element: Maybe): Maybe {
  element?.classList.add(name);
  return element;
}

export function removeClass(name: string, element: Maybe): Maybe {
  element?.classList.remove(name);
  return element;
}

export function toggleClass(name: string, element: Maybe): Maybe {
  element?.classList.toggle(name);
  return element;
}

export function showElement(element: Maybe): Maybe {
  element?.classList.remove('collapsed', 'hidden');
  return element;
}

export function hideElement(element: Maybe): Maybe {
  return addClass('hidden', element);
}

export function removeElement(element: Maybe): void {
  element?.remove();
}

export function isVisible(element: Maybe): boolean {
  return element instanceof HTMLElement && !hasClass('hidden', element) && element.getClientRects().length > 0;
}

/** Shows what was hidden. Nothing is animated here: the style sheet may. */
export function fadeIn(element: Maybe, done?: () => void): void {
  removeClass('hidden', element);
  done?.();
}

/** Opens what was collapsed; resolves when it is open. */
export function slideOut(element: HTMLElement): Promise<HTMLElement> {
  removeClass('collapsed', element);
  element.style.removeProperty('height');
  return Promise.resolve(element);
}

/** Collapses it; resolves when it is. */
export function slideIn(element: HTMLElement): Promise<HTMLElement> {
  addClass('collapsed', element);
  return Promise.resolve(element);
}

export function slideToggleElement(element: HTMLElement): Promise<HTMLElement> {
  return hasClass('collapsed', element) ? slideOut(element) : slideIn(element);
}

export function slideInAllElements(elements: Iterable<HTMLElement>): Promise<HTMLElement[]> {
  return Promise.all([...elements].map(slideIn));
}

export function getNextElement(element: Maybe, selector = '*'): Element | null {
  return find(element?.nextElementSibling, selector, 'nextElementSibling');
}

export function getPreviousElement(element: Maybe, selector = '*'): Element | null {
  return find(element?.previousElementSibling, selector, 'previousElementSibling');
}

export function getFirstChildElement(element: Maybe, selector = '*'): Element | null {
  return find(element?.firstElementChild, selector, 'nextElementSibling');
}

export function getLastChildElement(element: Maybe, selector = '*'): Element | null {
  return find(element?.lastElementChild, selector, 'previousElementSibling');
}

/** The elements that follow, up to the first that matches. */
export function nextUntil(element: Element, selector: string): Element[] {
  const found: Element[] = [];
  for (let next = element.nextElementSibling; next && !next.matches(selector); next = next.nextElementSibling) {
    found.push(next);
  }
  return found;
}

export function queryChildren(element: Element, selector: string): Element[] {
  return [...element.children].filter((child) => child.matches(selector));
}

export function matchesSelector(element: Maybe, selector: string): boolean {
  return Boolean(element?.matches?.(selector));
}

export function siblingIndex(element: Element): number {
  return element.parentElement ? [...element.parentElement.children].indexOf(element) : 0;
}

export function rootContains(root: Node, element: Node): boolean {
  return root.contains(element);
}

export function calculateElementHeight(element: Element): number {
  return [...element.children].reduce((sum, child) => sum + ((child as HTMLElement).offsetHeight ?? 0), 0);
}

export function getOuterWidth(element: HTMLElement, margins = false): number {
  const { marginLeft, marginRight } = getComputedStyle(element);
  return element.offsetWidth + (margins ? Number.parseInt(marginLeft, 10) + Number.parseInt(marginRight, 10) : 0);
}

export function triggerEvent(element: EventTarget, name: string, _type = 'Event', bubbles = true, cancelable = true): void {
  element.dispatchEvent(new Event(name, { bubbles, cancelable }));
}

/** The first element of HTML text, which the caller vouches for; scripts in it do not run. */
export function stringToElement(html: string): Element | null {
  return createFragmentFromText(html).firstElementChild;
}

export { stringToElement as stringToNode };

export function createFragmentFromText(html: string): DocumentFragment {
  const template = document.createElement('template');
  template.innerHTML = html;
  return document.importNode(template.content, true);
}

export function escapeHTML(text: string): string {
  return text.replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[char] ?? '&quot;');
}

/** The text that HTML says. */
export function unescapeHTML(html: string): string {
  return new DOMParser().parseFromString(html, 'text/html').body.textContent ?? '';
}

/** Line breaks as HTML has them. */
export function renderNewLines(text: string): string {
  return text.replace(/\n\n+/g, '<br/><br/>').replace(/\n/g, '<br/>');
}

/** Makes links of the addresses in text, which is escaped before if strangers wrote it. */
export function addHyperlinks(text: string): string {
  return text.replace(/\b(?:https?:\/\/|www\.)[^\s<>"']*[^\s<>"'.,;:!?)\]}]/gi, (found) => {
    const href = /^www\./i.test(found) ? `http://${found}` : found;
    return `<a target="_blank" rel="noopener" href="${href}">${found}</a>`;
  });
}

export function isImageURL(url: string): boolean {
  return endsIn(url, /\.(jpe?g|png|gif|bmp|tiff|svg|webp)$/, location.protocol === 'https:');
}

export function isAudioURL(url: string): boolean {
  return endsIn(url, /\.(ogg|mp3|m4a)$/, true);
}

export function isVideoURL(url: string): boolean {
  return endsIn(url, /\.(mp4|webm)$/, true);
}

interface Words {
  __: (text: string, ...parts: unknown[]) => string;
  show_images_inline?: unknown;
}

/** Makes of an address what plays it, and a link. Another one stays as it is; so it does with the next three. */
export function renderAudioURL({ __ }: Words, url: string): string {
  return isAudioURL(url) ? player('audio', url, __('Download audio file "%s"', fileName(url))) : url;
}

export function renderMovieURL({ __ }: Words, url: string): string {
  return isVideoURL(url) ? player('video', url, __('Download video file "%s"', fileName(url))) : url;
}

export function renderFileURL({ __ }: Words, url: string): string {
  return isImageURL(url) || isVideoURL(url) || isAudioURL(url) ? url : linked(url, escapeHTML(__('Download file "%s"', fileName(url))));
}

export function renderImageURL(_converse: Words, url: string): string {
  const image = (): string => linked(url, `<img class="chat-image img-thumbnail" src="${escapeHTML(url)}">`);
  return _converse.show_images_inline === false ? addHyperlinks(url) : isImageURL(url) ? image() : url;
}

function player(kind: string, url: string, words: string): string {
  return `<${kind} controls src="${escapeHTML(url)}"></${kind}>${linked(url, escapeHTML(words))}`;
}

function linked(url: string, html: string): string {
  return `<a target="_blank" rel="noopener" href="${escapeHTML(url)}">${html}</a>`;
}

/** What a file is called by its address. */
export function fileName(href: string): string {
  const name = href.split(/[?#]/)[0]!.split('/').at(-1)!;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** The word that is being written. */
export function getCurrentWord(field: HTMLTextAreaElement | HTMLInputElement, index?: number): string {
  return field.value.slice(0, index || field.selectionEnd || undefined).split(' ').at(-1) ?? '';
}

/** Puts another in its place, and a space behind it. */
export function replaceCurrentWord(field: HTMLTextAreaElement | HTMLInputElement, word: string): void {
  const cursor = field.selectionEnd ?? field.value.length;
  const start = cursor - getCurrentWord(field).length;
  field.value = `${field.value.slice(0, start)}${word} ${field.value.slice(cursor)}`;
  field.selectionEnd = start + word.length + 1;
}

/** Puts the cursor behind what is written. */
export function placeCaretAtEnd(field: HTMLTextAreaElement): void {
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
  field.scrollTop = field.scrollHeight;
}

export { placeCaretAtEnd as putCurserAtEnd };

export function getSelectValues(select: HTMLSelectElement | null | undefined): string[] {
  return [...(select?.selectedOptions ?? [])].map(({ value, text }) => value || text);
}

function find(element: Maybe, selector: string, next: 'nextElementSibling' | 'previousElementSibling'): Element | null {
  while (element && !element.matches(selector)) {
    element = element[next];
  }
  return element ?? null;
}

function endsIn(url: string, ending: RegExp, encrypted: boolean): boolean {
  const { protocol, pathname } = new URL(url, document.baseURI);
  return (!encrypted || protocol === 'https:') && ending.test(pathname.toLowerCase());
}
