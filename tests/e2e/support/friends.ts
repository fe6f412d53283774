/** Two people who see each other's presence. */
import { expect, type Account, type Chat, type Opening } from './chat.ts';

export interface Friends {
  juliet: Chat;
  romeo: Chat;
  julietJid: string;
  romeoJid: string;
}

/** Logs in both and has them subscribe to each other, with the setting that grants it. */
export async function friends(
  newAccount: (contacts?: [], name?: string) => Promise<Account>,
  logIn: (account: Account, opening?: Opening) => Promise<Chat>,
): Promise<Friends> {
  const accounts = [await newAccount(), await newAccount([], 'romeo')] as const;
  const open = (account: Account) => logIn(account, { settings: { auto_subscribe: true } });
  const [juliet, romeo] = [await open(accounts[0]), await open(accounts[1])];
  await juliet.page.evaluate((jid) => _converse.api.contacts.add(jid), accounts[1].jid);
  await expect.poll(() => subscription(juliet, accounts[1].jid)).toBe('both');
  await expect.poll(() => subscription(romeo, accounts[0].jid)).toBe('both');
  return { juliet, romeo, julietJid: accounts[0].jid, romeoJid: accounts[1].jid };
}

/** What the page knows of the subscription to `jid`; null if that is no contact. */
export function subscription(chat: Chat, jid: string): Promise<string | null> {
  return chat.page.evaluate((jid) => _converse.api.contacts.get(jid)?.get('subscription') ?? null, jid);
}

/** The presences that the page sent. */
export function sentPresences(chat: Chat): string[] {
  return chat.wire.filter((frame) => frame.startsWith('><presence'));
}
