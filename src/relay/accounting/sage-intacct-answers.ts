// What Sage Intacct's answers mean: its one error body, and the verdict on a create by allow-list.
// Statuses are those of Sage's page on error handling (read 2026-11-22); not tried on a live company.

import { z } from 'zod';
import type { Answer } from '../http.ts';
import type { CreateOutcome } from './accounting.ts';
import { parseJson, plain, quietFor, unknown } from './answer-text.ts';

const QUIET_SECONDS = 60;
/** What it refuses for certain; 202 and 207 stand for work of later and for many at once. */
const REJECTING = new Set([400, 403, 404, 422]);
const CONFLICT = 409;
/** Numbers that the company keeps unique are refused in words; the code for it is not published. */
const EXISTS = /already (exists|in use|been used)|duplicate|must be unique/i;

const Failure = z.object({
  code: z.string().min(1),
  message: z.string().min(1),
  details: z
    .array(z.object({ message: z.string().nullish(), correction: z.string().nullish() }))
    .nullish(),
});
/** The description has it within the result; public clients have seen it without as well. */
const Refusal = z.union([
  z.object({ 'ia::result': z.object({ 'ia::error': Failure }) }).transform((body) => body['ia::result']),
  z.object({ 'ia::error': Failure }),
]); // prettier-ignore
const Created = z.object({
  'ia::result': z.object({ key: z.string().min(1), 'ia::error': z.undefined().optional() }),
});

interface Refused {
  readonly code: string;
  readonly words: string;
}

/** One answer, one verdict; what is not on a list is unknown. */
export function toVerdict(answer: Answer, redact: (text: string) => string): CreateOutcome {
  const { status } = answer;
  if (status === 201) return toCreated(answer);
  const refused = readRefusal(answer);
  if (!refused) return unknown(`${String(status)} without an error of Sage Intacct`);
  const { code, words } = refused;
  const reason = redact(words);
  if (status === 401) return { verdict: 'not sent', reason };
  if (status === 429) return { verdict: 'not sent', reason, ...quietFor(answer, QUIET_SECONDS) };
  if (status === CONFLICT) return { verdict: 'exists', reason };
  if (!REJECTING.has(status)) return unknown(`${String(status)}: ${reason}`);
  return EXISTS.test(words)
    ? { verdict: 'exists', reason }
    : { verdict: 'rejected', reason, code: redact(code) };
}

function toCreated(answer: Answer): CreateOutcome {
  const body = Created.safeParse(parseJson(answer.text));
  return body.success
    ? { verdict: 'created', invoiceId: body.data['ia::result'].key }
    : unknown('201 without the key of the invoice');
}

/** It says, in its own error, that there is no such object. */
export const isAbsent = (answer: Answer): boolean =>
  answer.status === 404 && readRefusal(answer) !== null;

/** Its words for people, for any refusal of it. */
export const explain = (answer: Answer): string | null => readRefusal(answer)?.words ?? null;

function readRefusal(answer: Answer): Refused | null {
  const body = Refusal.safeParse(parseJson(answer.text));
  if (!body.success) return null;
  const { code, message, details } = body.data['ia::error'];
  const more = (details ?? []).flatMap((one) => [one.message ?? '', one.correction ?? '']);
  return { code, words: plain([message, ...more].join(' ')) };
}
