/** `_converse.bookmarks`: the rooms that the user keeps. There after `bookmarksInitialized`, if the account keeps any. */
export interface Bookmarks {
  readonly length: number;
  readonly models: Bookmark[];
  get(jid: string): Bookmark | undefined;
  /** Bookmarks a room, or changes the bookmark it has. */
  create(attributes: BookmarkAttributes): Bookmark | undefined;
  /** The same; resolves when the server has it, and rejects if it does not take it. */
  createBookmark(attributes: BookmarkAttributes): Promise<Bookmark>;
  /** Takes bookmarks out. */
  remove(bookmarks: Bookmark | string | readonly (Bookmark | string)[]): unknown;
  [name: string]: any;
}

/** A bookmark; what is saved in its attributes is kept by the server. */
export interface Bookmark {
  readonly id: string;
  get<K extends keyof BookmarkAttributes>(name: K): BookmarkAttributes[K];
  get(name: string): any;
  save(attributes: Partial<BookmarkAttributes>): unknown;
  /** Takes it out. */
  destroy(): unknown;
  [name: string]: any;
}

export interface BookmarkAttributes {
  /** The room's address. */
  jid: string;
  name?: string | undefined;
  /** What the user is called in the room. */
  nick?: string | undefined;
  /** Whether the room is entered after the log-in. */
  autojoin?: boolean;
}
