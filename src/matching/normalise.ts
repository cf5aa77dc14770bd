/**
 * A business name to keys. Two names with the same key are one name written two ways; the key
 * carries no spaces, so that slugs, joined words and stray spaces fall together by themselves.
 */
import { ABBREVIATIONS, LEGAL_FORMS, LEGAL_WORDS_MAX, LETTERS, SITE } from './business-words.ts';

/** What is left of a name: its words, and the legal forms that were taken off ("Company, Inc."). */
export interface PlainName {
  readonly words: readonly string[];
  readonly legalForms: readonly string[];
}

export interface NameKeys {
  /** The whole name; a second key where umlauts may be written out. */
  readonly full: readonly string[];
  /** With a code, a site or the other side of "dba" taken off, or CamelCase taken apart. */
  readonly derived: readonly string[];
  /** How the name looks as a domain or slug: without "and", words not expanded. */
  readonly joined: readonly string[];
  readonly legalForms: readonly string[];
}

export function toKeys(text: string): NameKeys {
  const clean = tidy(text);
  const { legalForms } = toPlainName(clean);
  const full = keysOf(clean);
  const derived = derive(clean).flatMap(keysOf);
  return {
    full,
    derived: distinct(derived).filter((key) => !full.includes(key)),
    joined: distinct([clean, ...derive(clean)].flatMap(joinedKeys)),
    legalForms,
  };
}

/** The first key of a name: lower case, no accents, abbreviations written out, no legal form. */
export const toKey = (text: string): string => keysOf(tidy(text))[0] ?? '';

/** Spellings of one character as one: HTML escapes, typographic forms, invisible characters. */
export function tidy(text: string): string {
  return text
    .replace(/&amp;/gi, '&')
    .replace(/&(#39|apos|#8217|rsquo);/gi, "'")
    .replace(/&nbsp;/gi, ' ')
    .normalize('NFKC')
    .replace(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')
    .replace(/[\u2018\u2019\u02bc\u0060\u00b4]/g, "'")
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/\s+/g, ' ')
    .trim();
}

export function toPlainName(clean: string): PlainName {
  const words = joinInitials(splitWords(clean));
  const stripped = stripLegal(dropThe(words));
  const named = shortenCompany(stripped.words).map((word) => ABBREVIATIONS[word] ?? word);
  return { words: named, legalForms: stripped.legalForms };
}

/** Lower-case words without accents; "&" and "+" are the word "and", apostrophes are nothing. */
export function splitWords(clean: string): string[] {
  const plain = fold(clean.toLowerCase())
    .replace(/'/g, '')
    .replace(/[&+]/g, ' and ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return plain === '' ? [] : plain.split(' ');
}

function fold(lower: string): string {
  return lower
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[łøæœßđðþıħ]/g, (letter) => LETTERS[letter] ?? letter);
}

/** Müller is Muller on one keyboard and Mueller on the other. */
const writeOutUmlauts = (clean: string): string =>
  clean.normalize('NFC').replace(/[äöüÄÖÜ]/g, (letter) => `${letter.normalize('NFD').charAt(0)}e`);

function keysOf(clean: string): string[] {
  const keys = [clean, writeOutUmlauts(clean)].map((one) => toPlainName(one).words.join(''));
  return distinct(keys).filter((key) => key !== '');
}

/** "p c" is "pc", "a o smith" is "ao smith". */
function joinInitials(words: readonly string[]): string[] {
  const joined: string[] = [];
  let initials = false;
  for (const word of words) {
    const isInitial = /^\p{L}$/u.test(word);
    if (isInitial && initials) joined.push(`${joined.pop() ?? ''}${word}`);
    else joined.push(word);
    initials = isInitial;
  }
  return joined;
}

function stripLegal(words: readonly string[]): PlainName {
  let left = words;
  const legalForms: string[] = [];
  for (let length = legalLength(left); length > 0; length = legalLength(left)) {
    legalForms.push(LEGAL_FORMS[left.slice(-length).join(' ')] ?? '');
    left = left.slice(0, -length);
  }
  return { words: left, legalForms };
}

/** How many words at the end are a legal form; a name is never stripped to nothing or to "and". */
function legalLength(words: readonly string[]): number {
  for (let length = Math.min(LEGAL_WORDS_MAX, words.length - 1); length > 0; length -= 1) {
    const before = words[words.length - length - 1];
    if (Object.hasOwn(LEGAL_FORMS, words.slice(-length).join(' ')) && before !== 'and')
      return length;
  }
  return 0;
}

/** "Deere & Company" keeps its last word and is "Deere & Co". */
const shortenCompany = (words: readonly string[]): readonly string[] =>
  words.at(-1) === 'company' && words.at(-2) === 'and' ? [...words.slice(0, -1), 'co'] : words;

function dropThe(words: readonly string[]): readonly string[] {
  if (words.length < 2) return words;
  if (words[0] === 'the') return words.slice(1);
  return words.at(-1) === 'the' ? words.slice(0, -1) : words;
}

/** A US state, or NEW, behind a slash at the end, as registers of companies write it. */
const STATE =
  /\s*\/\s*(A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]|NEW)\s*\/?$/;

/** Only for a suggestion: the same name may be another company in another state. */
export const dropState = (clean: string): string => clean.replace(STATE, '');

const CODE_BEFORE = /^[A-Z]{0,5}-?\d{2,8}\s*[-:|]\s+(?=\S)/;
const CODE_AFTER = /\s*[([]\s*[A-Z]{0,5}-?\d{2,8}\s*[)\]]$/;
const ALSO =
  /\s+(?:d\s?[./]?\s?b\s?[./]?\s?a\.?|doing business as|t\/a|trading as|aka|a\.k\.a\.|formerly|f\/k\/a|fka)\s+/i;

/** Codes and sites off, both sides of "dba"; each as a name of its own. */
function derive(clean: string): string[] {
  const coded = clean.replace(CODE_BEFORE, '').replace(CODE_AFTER, '').trim();
  const parts = coded.split(ALSO).map((part) => part.trim());
  const bases = distinct([coded, ...(parts.length > 1 ? parts : [])]);
  const sites = bases.map(stripSite);
  const split = [...bases, ...sites].map(splitCamelCase);
  return distinct([...bases, ...sites, ...split]).filter((one) => one !== '' && one !== clean);
}

/** The codes written round a name: "10030 - Acme", "Acme (AC-030)". */
export function findCodes(text: string): string[] {
  const clean = tidy(text);
  return [CODE_BEFORE, CODE_AFTER].flatMap((pattern) => {
    const code = pattern
      .exec(clean)?.[0]
      .replace(/[^A-Z0-9-]/g, '')
      .replace(/-$/, '');
    return code ? [code] : [];
  });
}

function stripSite(name: string): string {
  const bracketed = /^(.*\S)\s*\(([^()]+)\)$/.exec(name);
  const behind = /^(.*\S)\s*(?:\s-|[-/|:\\,]\s|[/|:\\])\s*([^-/|:\\,]+)$/.exec(name);
  for (const match of [bracketed, behind]) {
    const [, base = '', site = ''] = match ?? [];
    if (base && SITE.test(site.trim().toLowerCase())) return base.trim();
  }
  return name;
}

/** "VarnhavenWealthAdvisors"; a name with spaces is left alone. */
function splitCamelCase(name: string): string {
  if (/\s/.test(name)) return name;
  return name.replace(/(\p{Ll}|\p{N})(?=\p{Lu})/gu, '$1 ');
}

function joinedKeys(clean: string): string[] {
  const stem = domainStem(clean) ?? clean;
  const raw = splitWords(stem);
  const { words } = stripLegal(joinInitials(raw));
  return [raw, words, dropThe(words)].flatMap((list) => [
    list.join(''),
    list.filter((word) => word !== 'and').join(''),
  ]);
}

/** "cafe.example" and "cafe.onmicrosoft.com" are called "cafe". */
export function domainStem(text: string): string | null {
  const match = /^(?:www\.)?([\p{L}\p{N}-]+)(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}$/u.exec(text.trim());
  return match?.[1] ?? null;
}

/** Written as one word: a domain, a slug, joined words. */
export const isJoined = (text: string): boolean => /^[^\s]+$/.test(text.trim()) && text.length > 5;

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)];
