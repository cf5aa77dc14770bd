/** What every reader of answers does with a text: JSON or nothing, words for people, a doubt. */
import type { CreateOutcome } from './accounting.ts';

const WORDS_MAX = 300;

/** Null when it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** One line without control characters, short enough for a message. */
export const plain = (words: string): string =>
  words
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, WORDS_MAX);

export const unknown = (reason: string): CreateOutcome => ({ verdict: 'unknown', reason });
