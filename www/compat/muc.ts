/** What plugins compute of a room's members, in `converse.env.utils`. */
import { NS } from './namespaces.ts';

/** A person's standing in a room. */
export interface Member {
  jid: string;
  affiliation: string;
  reason?: string;
}

/**
 * The changes that lead from `old_list` to `new_list`. With `exclude_existing` nobody's affiliation is changed, with
 * `remove_absentees` those who are missing in the new list lose theirs.
 */
export function computeAffiliationsDelta(
  exclude_existing: boolean,
  remove_absentees: boolean,
  new_list: readonly Member[],
  old_list: readonly Member[],
): Member[] {
  const old = new Map(old_list.map((member) => [member.jid, member.affiliation]));
  const added = new_list.filter(({ jid }) => !old.has(jid));
  const changed = new_list.filter(({ jid, affiliation }) => old.has(jid) && old.get(jid) !== affiliation);

  const wanted = new Set(new_list.map(({ jid }) => jid));
  const absent = old_list.filter(({ jid, affiliation }) => !wanted.has(jid) && affiliation !== 'none');
  return [
    ...added,
    ...(exclude_existing ? [] : changed),
    ...(remove_absentees ? absent.map(({ jid }) => ({ jid, affiliation: 'none' })) : []),
  ];
}

/** The members in the answer to a question for a room's members of one affiliation. */
export function parseMemberListIQ(iq: Element): Record<string, string>[] {
  const items = iq.getElementsByTagNameNS(NS['MUC_ADMIN'] ?? '', 'item');
  return Array.from(items, (item) =>
    Object.fromEntries(
      ['affiliation', 'jid', 'nick', 'role'].flatMap((name) => {
        const value = item.getAttribute(name);
        return value === null ? [] : [[name, value]];
      }),
    ),
  );
}
