// Bookmarks.
import type { Collection, Model } from './models.js';

/** `_converse.bookmarks`: the rooms that the user keeps. There after `bookmarksInitialized`, if the account keeps any. */
export interface Bookmarks extends Collection<Bookmark> {
  /** Bookmarks a room, or changes the bookmark it has. Resolves when the server has it; rejects if it does not take it. */
  createBookmark(attributes: BookmarkAttributes): Promise<Bookmark>;
  /** Publishes every bookmark as it is here. Resolves when the server has them. */
  sendBookmarkStanza(): Promise<void>;
  /** Asks the server for the bookmarks once more. Resolves when they are there. */
  fetchBookmarks(): Promise<void>;
}

/** A bookmark; what is saved in its attributes is kept by the server. */
export type Bookmark = Model<BookmarkAttributes>;

export interface BookmarkAttributes {
  /** The room's address. */
  jid: string;
  name?: string | undefined;
  /** What the user is called in the room. */
  nick?: string | undefined;
  /** Whether the room is entered after the log-in. */
  autojoin?: boolean;
}
