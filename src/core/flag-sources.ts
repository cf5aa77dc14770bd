/** Source rules come first: one notice for a source, and no client flags from its old counts. */
import { daysBetween } from './billing-period.ts';
import type { Instant } from './billing-period.ts';
import { moment, plural } from './flag-words.ts';
import type { Flag, FlagRule, SourceHealth, UnmappedAccount } from './model.ts';
import type { Quantity } from './money.ts';

const EXPORT_DAYS_MAX = 7;
/** A source that usually changes at least so many lines a month and changed none is frozen. */
const FROZEN_USUAL_MIN = 5;
const NAMED_MAX = 3;

export interface FlagSource {
  readonly health: SourceHealth;
  /** The date its counts carry themselves; null when nobody knows. */
  readonly asOf: Instant | null;
  /** Lines of it that changed against last month's raw counts; null: nothing to compare. */
  readonly changed: number | null;
  /** The usual number of changes a month; null without two months of history. */
  readonly usual: number | null;
  /** Lines billed by its counts this month; of one that answered in part: by those it kept. */
  readonly used: number;
}

export interface SourceFindings {
  readonly notices: readonly Flag[];
  /**
   * Sources whose counts are not this month's: their clients are not flagged. One that answered in
   * part is none of them: most of its counts are new.
   */
  readonly silenced: ReadonlySet<string>;
}

export function flagSources(input: {
  readonly at: Instant | null;
  readonly sources: readonly FlagSource[];
}): SourceFindings {
  const stale = input.sources.flatMap((source) => staleNotice(source, input.at) ?? []);
  const inPart = new Set(input.sources.flatMap(({ health }) => (health.state === 'partial' ? health.id : []))); // prettier-ignore
  const unmapped = input.sources.flatMap(({ health }) => unmappedNotice(health) ?? []);
  return {
    notices: [...stale, ...unmapped],
    silenced: new Set(stale.flatMap(({ source }) => (source && !inPart.has(source) ? source : []))),
  };
}

/** "client|service" to the raw count of one source in one month. */
export type RawCounts = ReadonlyMap<string, Quantity>;

export function changesBetween(before: RawCounts, after: RawCounts): number {
  let changes = 0;
  for (const [key, quantity] of before) if (quantity !== (after.get(key) ?? '0')) changes += 1;
  for (const [key, quantity] of after) if (quantity !== '0' && !before.has(key)) changes += 1;
  return changes;
}

/** The middle month of those before: one frozen or wild month does not move it. */
export function usualChanges(months: readonly RawCounts[]): number | null {
  const changes = months
    .slice(1)
    .map((month, index) => changesBetween(months[index] ?? month, month));
  const sorted = changes.sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}

function staleNotice(source: FlagSource, at: Instant | null): Flag | null {
  const { health, asOf, used } = source;
  const { title } = health;
  const needs = used > 0;
  const bills = `${plural(used, 'line')} ${used === 1 ? 'is' : 'are'} billed by its counts`;
  if (health.state !== 'fresh') return stateNotice(source, needs, bills);
  if (asOf !== null && at !== null && daysBetween(asOf, at) > EXPORT_DAYS_MAX) {
    const age = `is dated ${moment(asOf)}, ${daysBetween(asOf, at)} days before this snapshot`;
    return notice('source late', health, `The export of ${title} ${age}; ${bills}.`, needs);
  }
  if (source.changed === 0 && source.usual !== null && source.usual >= FROZEN_USUAL_MIN) {
    const words = `not one line changed since last month; usually ${source.usual} do`;
    return notice('source frozen', health, `${title} looks frozen: ${words}. ${bills}.`, false);
  }
  return null;
}

function stateNotice({ health }: FlagSource, needs: boolean, bills: string): Flag {
  const { title, state, lastGoodAt, error } = health;
  const why = error ? ` ${ended(error.message)} ${ended(error.remedy)}` : '';
  if (lastGoodAt === null) {
    const text = `${title} has not given any counts yet.${why}`;
    return notice('source failed', health, text, false);
  }
  if (state === 'partial') {
    const words = `${title} answered only in part (${moment(lastGoodAt)})`;
    const kept = `of the accounts it left out the counts of before are kept and ${bills}`;
    return notice('source late', health, `${words}; ${kept}.${why}`, needs);
  }
  const rule = state === 'failed' ? 'source failed' : 'source late';
  const words = `${title} last answered ${moment(lastGoodAt)}`;
  return notice(rule, health, `${words}; the counts of then are kept and ${bills}.${why}`, needs);
}

const ended = (words: string): string => (/[.!?]$/.test(words) ? words : `${words}.`);

function unmappedNotice(health: SourceHealth): Flag | null {
  const { title, unmapped } = health;
  if (unmapped.length === 0) return null;
  const named = unmapped.slice(0, NAMED_MAX).map(describe).join(', ');
  const more = unmapped.length > NAMED_MAX ? ` and ${unmapped.length - NAMED_MAX} more` : '';
  const are = unmapped.length === 1 ? 'belongs' : 'belong';
  const what = plural(
    unmapped.length,
    unmapped.every(({ kind }) => kind === 'service') ? 'SKU' : 'account',
  );
  const text = `${title}: ${what} ${are} to nobody yet: ${named}${more}. Map or mark as never billed.`;
  return notice('source unmapped', health, text, false);
}

const describe = ({ name, quantity }: UnmappedAccount): string => `${name} (${quantity})`;

function notice(rule: FlagRule, health: SourceHealth, text: string, blocks: boolean): Flag {
  const nowhere = { cell: null, clientId: null, serviceId: null, impact: null };
  return { rule, blocks, text, source: health.id, ...nowhere };
}
