// Which rows are seats, which are money or no longer in use; a value nobody knows refuses the file.

import { foldHeading, type FileProfile, type Role } from './profile.ts';

export interface OwnValues {
  readonly count?: readonly string[] | undefined;
  readonly leave?: readonly string[] | undefined;
}

/** What becomes of a row: counted, left out, or the words that refuse it. */
export type Verdict = 'count' | 'leave' | { readonly unknown: string };

/** `values` are the cells of a row in the order of `roles`. */
export function newJudge(
  profile: FileProfile,
  roles: readonly Role[],
  own: OwnValues,
): (values: readonly string[]) => Verdict {
  const rules = (profile.rows ?? []).flatMap((rule) => {
    const at = roles.indexOf(rule.role);
    if (at < 0) return [];
    const count = new Set([...rule.count, ...(own.count ?? [])].map(foldHeading));
    const leave = new Set([...rule.leave, ...(own.leave ?? [])].map(foldHeading));
    // What a person says wins over the profile.
    for (const value of own.leave ?? []) count.delete(foldHeading(value));
    for (const value of own.count ?? []) leave.delete(foldHeading(value));
    return [{ at, role: rule.role, judged: new Map<string, Verdict>(), count, leave }];
  });
  const others = (profile.leaveWhere ?? []).flatMap(({ role, matches }) => {
    const at = roles.indexOf(role);
    return at < 0 ? [] : [{ at, matches }];
  });
  return (values) => {
    if (others.some(({ at, matches }) => matches.test(values[at] ?? ''))) return 'leave';
    let verdict: Verdict = 'count';
    for (const { at, role, judged, count, leave } of rules) {
      const value = values[at] ?? '';
      const known = judged.get(value) ?? judge(value, role, count, leave);
      judged.set(value, known);
      if (typeof known === 'object') return known;
      if (known === 'leave') verdict = 'leave';
    }
    return verdict;
  };
}

function judge(
  value: string,
  role: Role,
  count: ReadonlySet<string>,
  leave: ReadonlySet<string>,
): Verdict {
  const folded = foldHeading(value);
  if (count.has(folded)) return 'count';
  if (leave.has(folded)) return 'leave';
  const words = `"${value.slice(0, 40)}" (${role}) is known neither as counted nor as left out; add it to "count" or to "leave"`;
  return { unknown: words };
}
