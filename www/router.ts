/** `_converse.router`, as plugins know it from Backbone. */
import { Events } from './models/events.ts';

/** Calls functions when the fragment of the page's address is one that was asked for. */
export class Router extends Events {
  route(pattern: string | RegExp, name: string | ((...parts: string[]) => unknown), callback?: (...parts: string[]) => unknown): this {
    const call = callback ?? (typeof name === 'function' ? name : undefined);
    const fits = pattern instanceof RegExp ? pattern : new RegExp(`^${pattern.replace(/[-{}[\]+?.,\\^$|#\s]/g, '\\$&').replace(/:\w+/g, '([^/?]+)').replace(/\*\w+/g, '([^?]*?)')}(?:\\?.*)?$`);
    const look = (): void => {
      const parts = fits.exec(location.hash.slice(1));
      if (parts) {
        call?.(...parts.slice(1));
      }
    };
    addEventListener('hashchange', look);
    look();
    return this;
  }

  navigate(fragment: string, { replace = false } = {}): this {
    replace ? location.replace(`#${fragment}`) : (location.hash = fragment);
    return this;
  }
}
