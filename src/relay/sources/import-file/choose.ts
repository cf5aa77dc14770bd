// Which kind of file this is, by its headings; in doubt it is refused with the names of both.

import { unusable } from '../../tables/csv-text.ts';
import { listTitles } from '../../tables/table-rows.ts';
import { foldHeading, ROLES, type FileProfile, type Role } from './profile.ts';
import { PROFILES } from './profiles.ts';

export interface Chosen {
  readonly profile: FileProfile;
  /** In words a person reads. */
  readonly reason: string;
  /** What the cells of a row mean, in the order of the positions. */
  readonly roles: readonly Role[];
  readonly positions: readonly number[];
}

/** A person's own headings, beside those of the profile: {"client": "Kundenname"}. */
export type Headings = Readonly<Partial<Record<Role, string>>>;

/** Null when no profile fits these titles; throws when more than one does. */
export function chooseProfile(
  titles: readonly string[],
  named: FileProfile | undefined,
  headings: Headings,
  name: string,
): Chosen | null {
  const folded = titles.map(foldHeading);
  const fitting = (named ? [named] : PROFILES).filter((one) => fits(one, folded, headings));
  const [profile, other] = fitting;
  if (!profile) return null;
  if (other) {
    const both = `${profile.title} ("${profile.id}") and ${other.title} ("${other.id}")`;
    throw unusable(name, `its columns fit ${both}; set "profile" to the one it is`);
  }
  const found = place(profile, folded, headings);
  refuseTwice(folded, titles, found, name);
  const by = found.map(({ at }) => (titles[at] ?? '').trim()).join(', ');
  return {
    profile,
    reason: named ? `set to ${profile.title}` : `recognised as ${profile.title} by ${by}`,
    roles: found.map(({ role }) => role),
    positions: found.map(({ at }) => at),
  };
}

/** The most columns that any profile finds among these titles. */
export function countFit(
  titles: readonly string[],
  named: FileProfile | undefined,
  headings: Headings,
): number {
  const folded = titles.map(foldHeading);
  const counts = (named ? [named] : PROFILES).map((one) => place(one, folded, headings).length);
  return Math.max(0, ...counts);
}

/** Says whose file it is instead, or what the nearest kind lacks. */
export function refuseTitles(
  titles: readonly string[],
  named: FileProfile | undefined,
  headings: Headings,
  name: string,
): Error {
  const folded = titles.map(foldHeading);
  const has = `its first row reads: ${listTitles(titles)}`;
  if (named) {
    const other = PROFILES.find((one) => one !== named && fits(one, folded, headings));
    if (other) {
      const words = `it is not ${named.title}: its columns are those of ${other.title} ("${other.id}")`;
      return unusable(name, words);
    }
    return unusable(name, `it is not ${named.title}: ${describeLack(named, folded, headings)}; ${has}`);
  }
  const nearest = PROFILES.map((one) => ({ one, lack: lacking(one, folded, headings).length })).sort(
    (a, b) => a.lack - b.lack,
  )[0]?.one;
  const hint = nearest ? ` The nearest is ${nearest.title}: ${describeLack(nearest, folded, headings)}.` : '';
  return unusable(name, `its columns are those of no known kind of file; ${has}.${hint} Set "profile" and "columns"`);
} // prettier-ignore

interface Place {
  readonly role: Role;
  readonly at: number;
}

function place(profile: FileProfile, folded: readonly string[], headings: Headings): Place[] {
  return ROLES.flatMap((role) => {
    const at = find(profile, role, folded, headings);
    return at < 0 ? [] : [{ role, at }];
  });
}

function find(
  profile: FileProfile,
  role: Role,
  folded: readonly string[],
  headings: Headings,
): number {
  const own = headings[role];
  const names = own === undefined ? (profile.columns[role]?.names ?? []) : [own];
  const hit = names.map(foldHeading).find((one) => folded.includes(one));
  return hit === undefined ? -1 : folded.indexOf(hit);
}

const lacking = (profile: FileProfile, folded: readonly string[], headings: Headings): Role[] =>
  ROLES.filter((role) => {
    const column = profile.columns[role];
    const isWanted = headings[role] !== undefined || (column && !column.optional);
    return isWanted && find(profile, role, folded, headings) < 0;
  });

function fits(profile: FileProfile, folded: readonly string[], headings: Headings): boolean {
  const isOther = profile.without?.some((title) => folded.includes(foldHeading(title))) ?? false;
  return !isOther && lacking(profile, folded, headings).length === 0;
}

function describeLack(profile: FileProfile, folded: readonly string[], headings: Headings): string {
  const stranger = profile.without?.find((title) => folded.includes(foldHeading(title)));
  if (stranger !== undefined) return `it has a column "${stranger}"`;
  const columns = lacking(profile, folded, headings).map((role) => {
    const names = headings[role] ?? profile.columns[role]?.names.slice(0, 3).join('" or "') ?? role;
    return `"${names}"`;
  });
  return `it has no column ${columns.join(', none ')}`;
}

function refuseTwice(
  folded: readonly string[],
  titles: readonly string[],
  found: readonly Place[],
  name: string,
): void {
  for (const { at } of found) {
    if (folded.lastIndexOf(folded[at] ?? '') === at) continue;
    throw unusable(name, `two columns are called "${(titles[at] ?? '').trim()}"`);
  }
}
