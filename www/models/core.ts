/** What the handles need of the core; `src/api/` has the other side. */
export interface Core {
  attributes(kind: number, of: string, id: string): Record<string, any> | undefined;
  ids(kind: number, of: string): string[];
  write(kind: number, of: string, id: string, attributes: object): void;
  sendMessage(jid: string, message: object): any;
  sendMessageAgain(jid: string, id: string): boolean;
  createChat(jid: string, attributes: object): any;
  closeChat(jid: string): void;
  watch(kind: number, of: string, id: string, watched: boolean): void;
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
