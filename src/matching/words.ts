/** Two names word by word: which words are the same, which stand on one side only. */
import { GENERIC_WORDS } from './business-words.ts';

export interface Alignment {
  /** 0 to 1: how much of both names is shared, common business words counting little. */
  readonly score: number;
  readonly shared: readonly string[];
  readonly extraHere: readonly string[];
  readonly extraThere: readonly string[];
}

const GENERIC_WEIGHT = 0.3;
const JOINER_WEIGHT = 0.05;
const PREFIX_LENGTH_MIN = 3;
const TYPO_LENGTH_MIN = 5;
/** How much of a word counts as shared when it is written short, or with one slip. */
const SHORTENED = 0.85;
const SLIPPED = 0.8;

export function alignWords(here: readonly string[], there: readonly string[]): Alignment {
  const left = new Set(there.keys());
  const shared: string[] = [];
  const extraHere: string[] = [];
  let common = 0;
  for (const word of here) {
    const best = bestMatch(word, there, left);
    if (best === null) {
      extraHere.push(word);
      continue;
    }
    left.delete(best.index);
    shared.push(word);
    common += best.alike * weightOf(there[best.index] ?? word);
  }
  const extraThere = [...left].map((index) => there[index] ?? '');
  const total = sum(here) + sum(there);
  return {
    score: total === 0 ? 0 : Math.min(1, (2 * common) / total),
    shared: shared.filter((word) => word !== 'and'),
    extraHere: extraHere.filter((word) => word !== 'and'),
    extraThere: extraThere.filter((word) => word !== 'and'),
  };
}

function bestMatch(
  word: string,
  others: readonly string[],
  left: ReadonlySet<number>,
): { index: number; alike: number } | null {
  let best: { index: number; alike: number } | null = null;
  for (const index of left) {
    const alike = compare(word, others[index] ?? '');
    if (alike > (best?.alike ?? 0)) best = { index, alike };
  }
  return best;
}

function compare(a: string, b: string): number {
  if (a === b) return 1;
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  // A number is itself or another number; it has no short form.
  if (/\d/.test(a) || /\d/.test(b)) return 0;
  const isShort = short.length >= PREFIX_LENGTH_MIN;
  if (isShort && (long.startsWith(short) || isSkeleton(short, long))) return SHORTENED;
  return short.length >= TYPO_LENGTH_MIN && isOneSlip(short, long) ? SLIPPED : 0;
}

/** Written without vowels, first and last letter kept: "agcy", "thpy", "mgmt". */
function isSkeleton(short: string, long: string): boolean {
  if (!/^.[^aeiou]+$/.test(short) || short.at(-1) !== long.at(-1)) return false;
  let at = 0;
  for (const letter of long) if (letter === short[at]) at += 1;
  return at === short.length && short[0] === long[0];
}

/** One letter more, less or other, or two neighbours swapped. */
function isOneSlip(short: string, long: string): boolean {
  if (long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at += 1;
  if (short.length < long.length) return short.slice(at) === long.slice(at + 1);
  const isSwap = short[at] === long[at + 1] && short[at + 1] === long[at];
  return (
    short.slice(at + 1) === long.slice(at + 1) ||
    (isSwap && short.slice(at + 2) === long.slice(at + 2))
  );
}

const sum = (words: readonly string[]): number =>
  words.reduce((total, word) => total + weightOf(word), 0);

function weightOf(word: string): number {
  if (word === 'and' || word === 'of') return JOINER_WEIGHT;
  return GENERIC_WORDS.has(word) ? GENERIC_WEIGHT : 1;
}
