/** What a matcher did with labelled spellings, as figures. */
import type { NameIndex } from '../../src/matching/link.ts';
import type { Suggester } from '../../src/matching/suggest.ts';
import { measure, type Measure } from '../report.ts';

const BENCH = 'matching';

export interface Case {
  readonly text: string;
  /** Null: belongs to nobody and must stay open. */
  readonly id: string | null;
  readonly category: string;
}

export interface Matcher {
  readonly index: NameIndex;
  readonly suggester: Suggester;
}

/** What became of one spelling. */
export interface Outcome {
  readonly category: string;
  readonly answerable: boolean;
  readonly link: 'right' | 'wrong' | 'none';
  /** Of those left open: what stands first, if it is shown as confident. */
  readonly confident: 'right' | 'wrong' | 'none';
  /** Linked to the right one, or it stands first (among five) of what is shown. */
  readonly first: boolean;
  readonly five: boolean;
}

export const outcomesOf = (matcher: Matcher, cases: readonly Case[]): Outcome[] =>
  cases.map((one) => outcomeOf(matcher, one));

function outcomeOf({ index, suggester }: Matcher, { text, id, category }: Case): Outcome {
  const answerable = id !== null;
  const link = index.link(text);
  if (link.verdict === 'linked') {
    const isRight = link.id === id;
    const verdict = isRight ? 'right' : 'wrong';
    return { category, answerable, link: verdict, confident: 'none', first: isRight, five: isRight };
  }
  const shown = suggester.suggest(text);
  const [first] = shown;
  const confident = first?.strong ? (first.id === id ? 'right' : 'wrong') : 'none';
  return {
    ...{ category, answerable, link: 'none', confident },
    first: answerable && first?.id === id,
    five: shown.some((one) => one.id === id),
  };
} // prettier-ignore

/** The figures of one file, then of each of its categories. */
export function figuresOf(file: string, outcomes: readonly Outcome[]): Measure[] {
  const categories = [...Map.groupBy(outcomes, ({ category }) => category)].sort(byName);
  const parts = categories.length < 2 ? [] : categories;
  return [
    ...figures(file, outcomes),
    ...parts.flatMap(([category, own]) => figures(`${file} [${category}]`, own)),
  ];
}

/** Wrong links of all files together: the one figure that is a must. */
export const wrongLinks = (outcomes: readonly Outcome[]): Measure =>
  measure(BENCH, 'all files: wrong automatic links', count(outcomes, isWrongLink), 'links', 0);

function figures(of: string, outcomes: readonly Outcome[]): Measure[] {
  const answerable = count(outcomes, (one) => one.answerable);
  const linked = count(outcomes, ({ link }) => link === 'right');
  const wrong = count(outcomes, isWrongLink);
  const confident = count(outcomes, (one) => one.confident === 'right');
  const misled = count(outcomes, (one) => one.confident === 'wrong');
  const left = answerable - linked;
  return [
    measure(BENCH, `${of}: spellings`, outcomes.length, 'spellings'),
    measure(BENCH, `${of}: wrong automatic links`, wrong, 'links', 0),
    ...share(`${of}: automatic links, recall`, linked, answerable),
    ...share(`${of}: confident suggestions, precision`, confident, confident + misled),
    ...share(`${of}: confident suggestions, recall of what is left open`, confident, left),
    ...share(`${of}: links and confident suggestions, precision`, linked + confident, linked + confident + wrong + misled),
    ...share(`${of}: links and confident suggestions, recall`, linked + confident, answerable),
    ...share(`${of}: right one first`, count(outcomes, (one) => one.first), answerable),
    ...share(`${of}: right one among five`, count(outcomes, (one) => one.five), answerable),
  ];
} // prettier-ignore

/** Nothing of nothing has no share. */
const share = (figure: string, part: number, whole: number): Measure[] =>
  whole === 0 ? [] : [measure(BENCH, figure, (100 * part) / whole, '%')];

const isWrongLink = ({ link }: Outcome): boolean => link === 'wrong';

const count = (outcomes: readonly Outcome[], holds: (one: Outcome) => boolean): number =>
  outcomes.filter(holds).length;

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : 1;
