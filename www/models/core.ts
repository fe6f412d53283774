/** What the handles need of the core; `src/api/` has the other side. */
export interface Core {
  attributes(kind: number, of: string, id: string): Record<string, any> | undefined;
  ids(kind: number, of: string): string[];
  write(kind: number, of: string, id: string, attributes: object): void;
  watch(kind: number, of: string, id: string, watched: boolean): void;
  /** Resolves with the entity when it is known what it can do. */
  discover(jid: string): Promise<any>;
  /** Has somebody's vCard fetched when there is time, unless it is known. */
  wantVCard(jid: string): void;
  setBookmark(jid: unknown, name: unknown, nick: unknown, autojoin: boolean): Promise<any>;
  removeBookmark(jid: string): Promise<void>;
}

let lent: Core | undefined;

/** Says which core the handles belong to. */
export function useCore(core: Core): void {
  lent = core;
}

export function core(): Core {
  if (!lent) {
    throw new Error('converse: there are no models before initialize');
  }
  return lent;
}
