// What NetSuite's answers mean: its one error body, and the verdict on a create by allow-list.

import { z } from 'zod';
import type { Answer } from '../http.ts';
import type { CreateOutcome, DocumentKind } from './accounting.ts';
import { parseJson, plain, quietFor, unknown } from './answer-text.ts';

const QUIET_SECONDS = 10;
/** Of a record that is not there, as public clients have met it (read 2026-11-22). */
const ABSENT = new Set(['NONEXISTENT_ID', 'RCRD_DSNT_EXIST']);
/** The id is that of a transaction of another kind: no two transactions share one. */
const OTHER_KIND = /transaction type specified is incorrect/i;
/** A script of the account may fail after the record was stored; these say no more than "failed". */
const UNCERTAIN = /^(SSS_|UNEXPECTED|INTERNAL)/;
/** Over REST public clients met a known external id as these words, under USER_ERROR. */
const EXISTS = /already exists|has already been (used|added)/i;
const REJECTING = new Set([400, 403, 404]);

/** An error of NetSuite; a proxy that replays one under another status is not believed. */
const Refusal = z.object({
  title: z.string().min(1),
  status: z.number(),
  'o:errorDetails': z
    .array(z.object({ detail: z.string().min(1), 'o:errorCode': z.string().min(1) }))
    .min(1),
});

interface Refused {
  readonly codes: readonly string[];
  readonly words: string;
}

export const RECORDS = { invoice: 'invoice', 'credit memo': 'creditMemo' } as const;

/** One answer, one verdict; what is not on a list is unknown. */
export function toVerdict(
  answer: Answer,
  document: DocumentKind,
  redact: (text: string) => string,
): CreateOutcome {
  const { status } = answer;
  if (status === 204) return toCreated(answer, document);
  const refused = readRefusal(answer);
  if (!refused) return unknown(`${String(status)} without an error of NetSuite`);
  const reason = redact(refused.words);
  if (status === 401) return { verdict: 'not sent', reason };
  if (status === 429) return { verdict: 'not sent', reason, ...quietFor(answer, QUIET_SECONDS) };
  if (!REJECTING.has(status)) return unknown(`${String(status)}: ${reason}`);
  return toRefused(refused, reason);
}

/** Only the address of the new record says that it is there; 202 stands for a job of later. */
function toCreated({ headers }: Answer, document: DocumentKind): CreateOutcome {
  const match = /\/services\/rest\/record\/v1\/(\w+)\/(\d{1,15})$/.exec(headers['location'] ?? '');
  const isOurs = match?.[1]?.toLowerCase() === RECORDS[document].toLowerCase();
  const id = match?.[2];
  if (!isOurs || id === undefined || !/[1-9]/.test(id)) {
    return unknown(`204 without the address of the ${document}`);
  }
  return { verdict: 'created', invoiceId: id };
}

function toRefused({ codes, words }: Refused, reason: string): CreateOutcome {
  if (codes.some((code) => UNCERTAIN.test(code))) return unknown(reason);
  if (codes.includes('DUP_RCRD') || EXISTS.test(words)) return { verdict: 'exists', reason };
  return { verdict: 'rejected', reason, code: codes[0] ?? '' };
}

/** It says, in its own error, that there is no such record. */
export function isAbsent(answer: Answer): boolean {
  const refused = readRefusal(answer);
  if (!refused) return false;
  if (answer.status === 404) return refused.codes.every((code) => ABSENT.has(code));
  return answer.status === 400 && OTHER_KIND.test(refused.words);
}

/** Its words for people, for any refusal of it. */
export const explain = (answer: Answer): string | null => readRefusal(answer)?.words ?? null;

function readRefusal(answer: Answer): Refused | null {
  const body = Refusal.safeParse(parseJson(answer.text));
  if (!body.success || body.data.status !== answer.status) return null;
  const details = body.data['o:errorDetails'];
  return {
    codes: details.map((one) => one['o:errorCode']),
    words: plain(details.map(({ detail }) => detail).join(' ')),
  };
}
