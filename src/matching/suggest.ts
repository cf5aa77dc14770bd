/**
 * Candidates for a spelling that no equal key decides: found by character 3-grams, ranked by how
 * their words align, and told with the reason. A suggestion is never taken by itself; "strong"
 * only means that one may be shown first.
 */
import { GENERIC_WORDS } from './business-words.ts';
import { buildGramIndex, type GramIndex } from './grams.ts';
import type { Named } from './link.ts';
import { dropState, tidy, toPlainName } from './normalise.ts';
import { buildPrefixIndex, type PrefixIndex } from './prefixes.ts';
import { alignWords, type Alignment } from './words.ts';

export interface Suggestion {
  readonly id: string;
  /** 0 to 1, for ranking. */
  readonly score: number;
  /** Nothing speaks against it, and no other candidate comes near. */
  readonly strong: boolean;
  readonly reason: string;
}

export interface Suggester {
  readonly suggest: (text: string, limit?: number) => readonly Suggestion[];
}

const CANDIDATES_MAX = 20;
const LIMIT = 5;
/** Below this the words have next to nothing in common. */
const SCORE_MIN = 0.2;
/** What a suggestion keeps of its score when something speaks against it. */
const CAP = 0.75;
const STRONG_MIN = 0.8;
/** So much of both names, word by word, says the same. */
const ALIGNED_MIN = 0.85;
/** Two candidates nearer than this are a tie, and a tie is nobody's. */
const TIE = 0.03;

interface Entry {
  readonly id: string;
  readonly name: string;
  readonly words: readonly string[];
  readonly key: string;
  readonly legalForms: readonly string[];
  /** First letters, with and without those of "and". */
  readonly initials: readonly string[];
}

interface Corpus {
  readonly entries: readonly Entry[];
  readonly grams: GramIndex;
  readonly starts: PrefixIndex;
  readonly initials: ReadonlyMap<string, readonly Entry[]>;
  readonly firstWords: ReadonlyMap<string, number>;
}

/** Built once for a list of clients or services. */
export function buildSuggester(named: readonly Named[]): Suggester {
  const corpus = buildCorpus(named);
  return {
    suggest(text, limit = LIMIT) {
      const plain = toAsked(text);
      const asked = { ...plain, isCut: corpus.starts.ownersOf(plain.words.join(''), 2).length > 1 };
      const scored = nearest(corpus, asked)
        .map(({ entry, cosine }) => judge(corpus, asked, entry, cosine))
        .sort((a, b) => b.score - a.score || a.id.localeCompare(b.id));
      return refuseTies(onePerId(scored))
        .filter(({ score }) => score >= SCORE_MIN)
        .slice(0, limit);
    },
  };
}

interface Asked {
  readonly text: string;
  /** Cut short in a way that fits more than one. */
  readonly isCut: boolean;
  readonly words: readonly string[];
  /** It names one of several of this name, maybe another one. */
  readonly hasState: boolean;
  /** With CamelCase left as one word. */
  readonly unsplit: readonly string[];
  readonly legalForms: readonly string[];
}

/** Without code and site where it carries any, and with CamelCase and slugs taken apart. */
function toAsked(text: string): Omit<Asked, 'isCut'> {
  const clean = tidy(text);
  const stem = /^[^\s@]+\.[a-z]{2,}$/i.test(clean) ? (clean.split('.')[0] ?? clean) : clean;
  const plain = dropState(stem.replace(/^[A-Z]{0,4}-?\d{3,8}\s*[-:|]\s+/, ''));
  const { words, legalForms } = toPlainName(plain.replace(/(\p{Ll})(?=\p{Lu}\p{Ll})/gu, '$1 '));
  const hasState = dropState(clean) !== clean;
  return { text: clean, words, hasState, unsplit: toPlainName(plain).words, legalForms };
}

function buildCorpus(named: readonly Named[]): Corpus {
  const entries = named.flatMap(({ id, name, aliases = [] }) =>
    [name, ...aliases].map((spelling): Entry => {
      const { words, legalForms } = toPlainName(dropState(tidy(spelling)));
      return { id, name, words, legalForms, key: words.join(''), initials: initialsOf(words) };
    }),
  );
  const spelled = entries.flatMap((entry) =>
    entry.initials.map((initials) => ({ initials, entry })),
  );
  const groups = Map.groupBy(spelled, ({ initials }) => initials);
  return {
    entries,
    grams: buildGramIndex(entries.map(({ key }) => key)),
    starts: buildPrefixIndex(entries.map(({ id, key }) => ({ id, text: key }))),
    initials: new Map([...groups].map(([key, own]) => [key, own.map(({ entry }) => entry)])),
    firstWords: countFirstWords(entries),
  };
}

function countFirstWords(entries: readonly Entry[]): Map<string, number> {
  const owners = Map.groupBy(entries, (entry) => entry.words[0] ?? '');
  return new Map([...owners].map(([word, own]) => [word, new Set(own.map((one) => one.id)).size]));
}

/** Grams of the letters without spaces, so that joined words are near the same words apart. */
function nearest(corpus: Corpus, asked: Asked): { entry: Entry; cosine: number }[] {
  const found = corpus.grams.nearest(asked.words.join(''), CANDIDATES_MAX).flatMap((near) => {
    const entry = corpus.entries[near.at];
    return entry ? [{ entry, cosine: near.cosine }] : [];
  });
  const abbreviated = corpus.initials.get(initialsIn(asked.text)) ?? [];
  return [...found, ...abbreviated.map((entry) => ({ entry, cosine: 0 }))];
}

function initialsOf(words: readonly string[]): string[] {
  const letters = (list: readonly string[]): string => list.map((word) => word.charAt(0)).join('');
  return [...new Set([letters(words), letters(words.filter((word) => word !== 'and'))])];
}

/** "WCU" may be Wendcroft Credit Union; empty for what cannot be initials. */
const initialsIn = (text: string): string =>
  /^[A-Z&]{2,6}$/.test(text) ? text.replace('&', '').toLowerCase() : '';

function judge(corpus: Corpus, asked: Asked, entry: Entry, cosine: number): Suggestion {
  const { id, name } = entry;
  const initials = initialsIn(asked.text);
  if (initials !== '' && entry.initials.includes(initials)) {
    return { id, score: 0.6, strong: false, reason: `initials of ${name}` };
  }
  const { words, aligned } = readBest(asked, entry);
  const score = (cosine + aligned.score) / 2;
  const doubts = findDoubts(corpus, { ...asked, words }, entry, aligned);
  return {
    id,
    score: round(doubts.length > 0 ? Math.min(score, CAP) : score),
    strong: doubts.length === 0 && (score >= STRONG_MIN || aligned.score >= ALIGNED_MIN),
    reason: describe(name, aligned, doubts),
  };
}

/** "CrowdStrike" is one word in one list and two in another: as it fits better. */
function readBest(asked: Asked, entry: Entry): { words: readonly string[]; aligned: Alignment } {
  const split = { words: asked.words, aligned: alignWords(asked.words, entry.words) };
  if (asked.unsplit.length === asked.words.length) return split;
  const whole = { words: asked.unsplit, aligned: alignWords(asked.unsplit, entry.words) };
  return whole.aligned.score > split.aligned.score ? whole : split;
}

/** What speaks against taking the two names for one. */
function findDoubts(corpus: Corpus, asked: Asked, entry: Entry, aligned: Alignment): string[] {
  const first = asked.words[0] ?? '';
  // "W. R. Berkley" is "BERKLEY W R": all words, in another order.
  const isSame = aligned.score === 1;
  const doubts: [boolean, string][] = [
    [differ(numbersIn(asked.words), numbersIn(entry.words)), 'number differs'],
    [!isSame && mainWord(asked.words) !== mainWord(entry.words), 'main word differs'],
    [aligned.extraHere.length > 0 && aligned.extraThere.length > 0, 'extra words on both sides'],
    [!isSame && (corpus.firstWords.get(first) ?? 0) > 1, `more than one is called ${first}`],
    [conflict(asked.legalForms, entry.legalForms), 'legal form differs'],
    [asked.hasState, 'a state is named'],
    [asked.isCut, 'cut short, and fits more than one'],
    [aligned.extraHere.length > 0, 'extra words'],
  ];
  return doubts.filter(([holds]) => holds).map(([, words]) => words);
}

const ROMAN = /^(i{1,3}|iv|vi{0,3}|ix|x)$/;
const numbersIn = (words: readonly string[]): string =>
  words.filter((word) => /\d/.test(word) || ROMAN.test(word)).join(' ');
const differ = (a: string, b: string): boolean => a !== b;
const mainWord = (words: readonly string[]): string =>
  words.find((word) => !GENERIC_WORDS.has(word)) ?? words[0] ?? '';
const conflict = (a: readonly string[], b: readonly string[]): boolean =>
  a.length > 0 && b.length > 0 && !a.some((form) => b.includes(form));

function describe(name: string, aligned: Alignment, doubts: readonly string[]): string {
  const parts = [
    aligned.shared.length > 0 ? `shares ${aligned.shared.join(', ')}` : 'looks alike',
    ...(aligned.extraHere.length > 0 ? [`extra here: ${aligned.extraHere.join(', ')}`] : []),
    ...(aligned.extraThere.length > 0 ? [`only in ${name}: ${aligned.extraThere.join(', ')}`] : []),
    ...doubts.filter((doubt) => !doubt.startsWith('extra words')),
  ];
  return parts.join('; ').slice(0, 250);
}

function onePerId(sorted: readonly Suggestion[]): Suggestion[] {
  const seen = new Set<string>();
  return sorted.filter(({ id }) => !seen.has(id) && seen.add(id));
}

function refuseTies(sorted: readonly Suggestion[]): Suggestion[] {
  const [first, second] = sorted;
  if (!first || !second || first.score - second.score > TIE) return [...sorted];
  return sorted.map((one) => (first.score - one.score > TIE ? one : { ...one, strong: false }));
}

const round = (score: number): number => Math.round(score * 1000) / 1000;
