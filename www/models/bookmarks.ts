/** Handles of bookmarks. */
import { Collection } from './collection.ts';
import { core } from './core.ts';
import { Kind } from './kinds.ts';
import { Model, type Attributes, type Options } from './model.ts';

/** What of a bookmark the server keeps. */
const KEPT = ['name', 'nick', 'autojoin'];

/** A room that the user keeps. What is written here is kept by the server. */
export class Bookmark extends Model {
  override set(name: string | Attributes | null, value?: unknown, options?: Options): this | false {
    const given: Attributes = name == null ? {} : typeof name === 'object' ? { ...name } : { [name]: value };
    const kept = Object.entries(given).filter(([key, value]) => KEPT.includes(key) && value !== this.get(key));
    if (this.place && kept.length > 0) {
      kept.forEach(([key]) => delete given[key]);
      send({ ...this.attributes, ...Object.fromEntries(kept) }).catch(reportError);
    }
    return super.set(given, (typeof name === 'string' ? options : value) as Options | undefined);
  }
}

export class Bookmarks extends Collection<Bookmark> {
  /** Bookmarks a room: `jid`, and if you like `name`, `nick` and `autojoin`. */
  override create(attributes: Attributes, _options?: Options): Bookmark | undefined {
    send(attributes).catch(reportError);
    return this.get(String(attributes['jid']).toLowerCase());
  }

  /** The same; resolves with the bookmark when the server has it, and rejects when it does not keep it. */
  createBookmark(attributes: Attributes): Promise<Bookmark> {
    return send(attributes);
  }

  /** Publishes every bookmark as it is here; resolves when the server has them. */
  async sendBookmarkStanza(): Promise<void> {
    for (const { attributes } of this.models) {
      await send(attributes);
    }
  }

  /** Asks the server for the bookmarks once more; resolves when they are there. */
  fetchBookmarks(): Promise<void> {
    return core().fetchBookmarks();
  }

  protected override removeModel(bookmark: Bookmark): void {
    core().removeBookmark(bookmark.id).catch(reportError);
  }
}

/** What other clients change comes by itself, and so is in the core already. */
function send({ jid, name, nick, autojoin }: Attributes): Promise<any> {
  return core().setBookmark(jid, name, nick, Boolean(autojoin));
}

export const bookmarks = new Bookmarks(Kind.Bookmark);
