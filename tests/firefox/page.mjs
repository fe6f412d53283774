// A page as a person meets it: what is on it is found by what it is and how it is called.

import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';

const PICTURES = fileURLToPath(new URL('../../test-results/firefox/', import.meta.url));
const WAIT_MS = 20_000;
const POLL_MS = 30;
/** The key under which WebDriver hands over elements. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
/** What can be of a role, before Firefox is asked what it takes it for. */
const CANDIDATES = {
  button: 'button, [role=button], summary',
  dialog: 'dialog',
  image: 'img, [role=img]',
  link: 'a[href]',
  menuitem: '[role=menuitem]',
  textbox: 'textarea, input',
  /** Is of no role. */
  password: 'input[type=password]',
};
/** An element that was there a moment ago, or is not yet in reach: looked for once more. */
const PASSING = ['stale element reference', 'no such element', 'element not interactable', 'element click intercepted'];

export const KEYS = { Enter: '\uE007', Escape: '\uE00C', Home: '\uE011', ArrowUp: '\uE013', Shift: '\uE008', Tab: '\uE004' };

export class Page {
  #firefox;
  #window;

  constructor(firefox, window) {
    this.#firefox = firefox;
    this.#window = window;
  }

  command(method, path, parameters) {
    return this.#firefox.commandTo(this.#window, method, path, parameters);
  }

  async go(url) {
    await this.command('POST', '/url', { url });
  }

  async reload() {
    await this.command('POST', '/refresh');
  }

  async back() {
    await this.command('POST', '/back');
  }

  async close() {
    await this.#firefox.closeWindow(this.#window);
  }

  /** What `script`, the body of a function, returns. */
  run(script, ...args) {
    return this.command('POST', '/execute/sync', { script, args });
  }

  /** Waits until `script` returns something that counts as true, and says what. */
  until(script, ...args) {
    return this.#wait(() => this.run(script, ...args), `${script} ${JSON.stringify(args)}`);
  }

  /** Waits until `text` is to be seen in an element that `selector` finds. */
  async sees(text, selector = 'body') {
    await this.until('return [...document.querySelectorAll(arguments[1])].some((one) => one.checkVisibility() && one.innerText.includes(arguments[0]))', text, selector);
  }

  /** Waits until `text` is to be seen nowhere. */
  async seesNo(text) {
    await this.until('return !document.body.innerText.includes(arguments[0])', text);
  }

  /** Waits for something that Firefox tells those who do not see the page with this role and name. */
  find(role, name, within = 'body') {
    return this.#wait(() => this.#find(role, name, within), `${role} "${name}" in ${within}`);
  }

  /** Waits until there is no such thing. */
  async misses(role, name) {
    await this.#wait(async () => !(await this.#find(role, name, 'body')), `no ${role} "${name}"`);
  }

  async click(role, name, within) {
    await this.#with(role, name, within, (element) => this.command('POST', `/element/${element}/click`));
  }

  /** Writes `text` in the place of what stands in the field. */
  async fill(role, name, text, within) {
    await this.#with(role, name, within, async (element) => {
      await this.command('POST', `/element/${element}/clear`);
      await this.command('POST', `/element/${element}/value`, { text });
    });
  }

  /** Presses keys, one after the other, wherever the focus is; `held` all the while. */
  async press(keys, held) {
    const of = (type) => (value) => ({ type, value });
    const strokes = [...keys].flatMap((value) => [of('keyDown')(value), of('keyUp')(value)]);
    const actions = held ? [of('keyDown')(held), ...strokes, of('keyUp')(held)] : strokes;
    await this.command('POST', '/actions', { actions: [{ type: 'key', id: 'keyboard', actions }] });
  }

  /** Presses Tab until something of this role and name has the focus. After the last on the page come the browser's own. */
  tabTo(role, name) {
    return this.#step(role, name);
  }

  /** The same backwards. */
  tabBackTo(role, name) {
    return this.#step(role, name, KEYS.Shift);
  }

  async #step(role, name, held) {
    do {
      await this.press(KEYS.Tab, held);
      if (!(await this.run('return document.hasFocus()'))) throw new Error(`Tab leads out of the page, and not to ${role} "${name}"`);
    } while (!(await this.#is((await this.command('GET', '/element/active'))[ELEMENT], role, name)));
  }

  /** Chooses files in the field that `selector` finds. */
  async choose(selector, ...files) {
    await this.until('return document.querySelector(arguments[0])', selector);
    const { [ELEMENT]: element } = await this.command('POST', '/element', { using: 'css selector', value: selector });
    await this.command('POST', `/element/${element}/value`, { text: files.join('\n') });
  }

  /** Turns the wheel over the element that `selector` finds. */
  async wheel(selector, deltaY) {
    const origin = await this.command('POST', '/element', { using: 'css selector', value: selector });
    const actions = [{ type: 'scroll', x: 0, y: 0, deltaX: 0, deltaY, origin }];
    await this.command('POST', '/actions', { actions: [{ type: 'wheel', id: 'wheel', actions }] });
  }

  /** What went wrong on this load of the page, as watch.js noted it. */
  noted() {
    return this.run('return window.noted');
  }

  async picture(name) {
    await mkdir(PICTURES, { recursive: true });
    await writeFile(`${PICTURES}${name}.png`, Buffer.from(await this.command('GET', '/screenshot'), 'base64'));
    return `test-results/firefox/${name}.png`;
  }

  /** Names are looked at in the page first, where that is cheap, and then as Firefox computes them. */
  async #find(role, name, within) {
    const found = await this.run(
      `const [selector, name, within] = arguments;
       const scope = document.querySelector(within);
       return [...(scope?.querySelectorAll(selector) ?? [])].filter((one) => one.checkVisibility() &&
         [one.ariaLabel, one.textContent, one.title, one.alt, ...[...(one.labels ?? [])].map((label) => label.textContent),
          document.getElementById(one.getAttribute('aria-labelledby') ?? '')?.textContent].some((text) => text?.includes(name)));`,
      CANDIDATES[role], typeof name === 'string' ? name : '', within,
    );
    for (const { [ELEMENT]: element } of found) {
      if (await this.#is(element, role, name)) return element;
    }
    return undefined;
  }

  async #is(element, role, name) {
    if ((await this.command('GET', `/element/${element}/computedrole`)) !== (role === 'password' ? '' : role)) return false;
    const label = await this.command('GET', `/element/${element}/computedlabel`);
    return typeof name === 'string' ? label === name : name.test(label);
  }

  async #with(role, name, within, act) {
    await this.#wait(async () => {
      const element = await this.#find(role, name, within ?? 'body');
      if (element === undefined) return false;
      await act(element);
      return true;
    }, `${role} "${name}"`);
  }

  async #wait(look, what) {
    const until = Date.now() + WAIT_MS;
    let last;
    for (;;) {
      const found = await look().catch((error) => {
        if (!PASSING.includes(error.code)) throw error;
        last = error;
      });
      if (found) return found;
      if (Date.now() > until) {
        const picture = await this.picture(`waited-${Date.now()}`).catch(() => 'no picture');
        const noted = await this.noted().catch(() => undefined);
        throw new Error(`waited ${WAIT_MS / 1000} s for ${what} (${picture}, noted: ${JSON.stringify(noted)})`, { cause: last });
      }
      await pause(POLL_MS);
    }
  }
}
