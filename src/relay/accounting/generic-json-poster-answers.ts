// What a described service says to a create: by the statuses the description names, and only with
// the service's own words; whatever else comes is unknown.

import { AppError } from '../../core/errors.ts';
import { textAt, valueAt } from '../described/rows.ts';
import type { Answer } from '../http.ts';
import type { CreateOutcome } from './accounting.ts';
import { parseJson, pauseAsked, plain, quietFor, unknown } from './answer-text.ts';
import { quoteNumbers } from './exact-json.ts';
import type { Answers } from './generic-json-poster-settings.ts';

const QUIET_SECONDS = 60;

export function toVerdict(
  answer: Answer,
  answers: Answers,
  redact: (text: string) => string,
): CreateOutcome {
  const status = String(answer.status);
  if (answers.created.some((one) => one === answer.status)) return toCreated(answer, answers.id);
  const words = wordsOf(answer, answers.error);
  if (words === null) return unknown(`${status} without an error of the service`);
  const reason = redact(words);
  if (answers.exists.includes(answer.status)) return { verdict: 'exists', reason };
  if (answers.refused.includes(answer.status)) return { verdict: 'rejected', reason, code: status };
  if (answers.notSent.includes(answer.status)) return { verdict: 'not sent', reason, ...pauseOf(answer) }; // prettier-ignore
  return unknown(`${status}: ${reason}`);
}

/** A created status is no creation without the id of what was made. */
function toCreated(answer: Answer, pointer: string): CreateOutcome {
  const value = parseJson(quoteNumbers(answer).text);
  try {
    return { verdict: 'created', invoiceId: textAt({ value, place: 'The answer' }, pointer) };
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    return unknown(`${String(answer.status)} without the id of the document`);
  }
}

/** The service's own words for people; null where the answer is not of its kind. */
export function wordsOf({ text }: Answer, pointer: string): string | null {
  try {
    const words = valueAt({ value: parseJson(text), place: 'The answer' }, pointer);
    return typeof words === 'string' && words.trim() !== '' ? plain(words) : null;
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    return null;
  }
}

/** A token that ran out is no reason to wait. */
const pauseOf = (answer: Answer): { readonly retryAfterSeconds?: number } =>
  answer.status === 429 || pauseAsked(answer) !== null ? quietFor(answer, QUIET_SECONDS) : {};
