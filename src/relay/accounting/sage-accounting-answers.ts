// What the answers of Sage Accounting mean: its problems, and the verdict on a create by allow-list.

import { z } from 'zod';
import type { Answer } from '../http.ts';
import type { CreateOutcome, DocumentKind } from './accounting.ts';
import { parseJson, plain, quietFor, unknown } from './answer-text.ts';

const QUIET_SECONDS = 60;
const NOT_FOUND = 'RecordNotFound';

/** https://developer.sage.com/accounting, "Frequently Raised Errors" (read 2026-11-22). */
const Problems = z
  .array(
    z.object({
      $severity: z.string().min(1),
      $dataCode: z.string().min(1),
      $message: z.string().min(1),
      $source: z.string().nullish(),
    }),
  )
  .min(1);
type Problems = z.infer<typeof Problems>;
const Created = z.object({ id: z.string().regex(/^[\w-]{1,64}$/), $path: z.string() });

export const PATHS = { invoice: '/sales_invoices', 'credit memo': '/sales_credit_notes' } as const;

/** Statuses under which its own problems are a certain no; 401, 429 and 5xx are judged apart. */
const REFUSALS = new Set([400, 403, 404, 422]);

/** One answer, one verdict; what is not on a list is unknown. */
export function toVerdict(
  answer: Answer,
  document: DocumentKind,
  redact: (text: string) => string,
): CreateOutcome {
  const { status } = answer;
  if (status === 201) return toCreated(answer, document);
  const problems = parseProblems(answer);
  if (!problems) return unknown(`${String(status)} without an error of Sage Accounting`);
  const reason = redact(toWords(problems));
  if (status === 429) return { verdict: 'not sent', reason, ...quietFor(answer, QUIET_SECONDS) };
  if (status === 401) return { verdict: 'not sent', reason };
  // A clash of keys may mean that the first request under ours is still at work.
  if (!REFUSALS.has(status) || /idempoten/i.test(JSON.stringify(problems))) {
    return unknown(`${String(status)}: ${reason}`);
  }
  return { verdict: 'rejected', reason, code: problems[0]?.$dataCode ?? '' };
}

/** The same key brings back the first answer, so the second of two creates looks like the first. */
function toCreated({ text, status }: Answer, document: DocumentKind): CreateOutcome {
  const result = Created.safeParse(parseJson(text));
  if (!result.success) return unknown(`${String(status)} without the ${document}`);
  const { id, $path } = result.data;
  return $path === `${PATHS[document]}/${id}`
    ? { verdict: 'created', invoiceId: id }
    : unknown(`${String(status)} with something else than the ${document}`);
}

/** It says that there is no such record; a 404 of another kind is a wrong address. */
export const isAbsent = (answer: Answer): boolean =>
  answer.status === 404 &&
  (parseProblems(answer)?.every(({ $dataCode }) => $dataCode === NOT_FOUND) ?? false);

/** Its words for people, for any refusal of it. */
export function explain(answer: Answer): string | null {
  const problems = parseProblems(answer);
  return problems && toWords(problems);
}

function parseProblems({ text }: Answer): Problems | null {
  const result = Problems.safeParse(parseJson(text));
  return result.success ? result.data : null;
}

/** "This field is required. (invoice_lines.tax_rate_id)" */
const toWords = (problems: Problems): string =>
  plain(
    problems
      .map(({ $message, $source }) =>
        $source && $source !== 'base' ? `${$message} (${$source})` : $message,
      )
      .join(' '),
  );
