/** What every reader of answers does with a text: JSON or nothing, words for people, a doubt. */
import type { Answer, SendOutcome } from '../http.ts';
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

/** How long it asks to be left alone, where it says so in seconds. */
export function pauseAsked({ headers }: Answer): number | null {
  const asked = /^\d{1,5}$/.exec(headers['retry-after'] ?? '')?.[0];
  return asked === undefined ? null : Number(asked);
}

export const quietFor = (
  answer: Answer,
  otherwise: number,
): { readonly retryAfterSeconds: number } => ({
  retryAfterSeconds: pauseAsked(answer) ?? otherwise,
});

export const unknown = (reason: string): CreateOutcome => ({ verdict: 'unknown', reason });

/** A create that met no answer is judged alike for all books; an answer by their own allow-list. */
export function judge(
  outcome: SendOutcome,
  answered: (answer: Answer) => CreateOutcome,
): CreateOutcome {
  if (outcome.kind === 'not sent') return { verdict: 'not sent', reason: outcome.reason };
  return outcome.kind === 'lost' ? unknown(outcome.reason) : answered(outcome);
}
