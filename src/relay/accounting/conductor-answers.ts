// What Conductor's answers mean: its documented errors, and the verdict on a create by allow-list.

import { z } from 'zod';
import type { Answer } from '../http.ts';
import type { BooksInvoice, CreateOutcome } from './accounting.ts';
import { parseJson, plain, unknown } from './answer-text.ts';

/** https://docs.conductor.is/api-ref/errors, read 2026-11-21. */
const Failure = z.object({
  error: z.object({
    message: z.string(),
    userFacingMessage: z.string(),
    type: z.string(),
    code: z.string(),
    httpStatusCode: z.number(),
    integrationCode: z.string().nullish(),
  }),
});
type Failure = z.infer<typeof Failure>['error'];

const Created = z.object({ id: z.string().min(1), objectType: z.string() });
const OBJECT_TYPES = { invoice: 'qbd_invoice', 'credit memo': 'qbd_credit_memo' } as const;

const REFUSING = new Set([400, 401, 403, 404, 422]);
/** A broken connection to QuickBooks or an inner error may come after the work: never certain. */
const CERTAIN = new Set([
  'INVALID_REQUEST_ERROR',
  'AUTHENTICATION_ERROR',
  'PERMISSION_ERROR',
  'INTEGRATION_ERROR',
]);
/** QuickBooks' own status for an id or name that it does not have. */
const NOT_FOUND_IN_QUICKBOOKS = '500';

/** One answer, one verdict; what is not on a list is unknown. */
export function toVerdict(
  answer: Answer,
  document: BooksInvoice['document'],
  redact: (text: string) => string,
): CreateOutcome {
  const { status } = answer;
  if (status === 200 || status === 201) return toCreated(answer, document);
  const failure = parseFailure(answer);
  if (!failure) return unknown(`${String(status)} without an error body of Conductor`);
  const reason = redact(toWords(failure));
  if (status === 429) return { verdict: 'not sent', reason };
  if (REFUSING.has(status) && CERTAIN.has(failure.type)) {
    return { verdict: 'rejected', reason, code: toCode(failure) };
  }
  return unknown(`${String(status)}: ${reason}`);
}

/** Conductor says that it does not have it; any other error says nothing of the kind. */
export function isAbsent(answer: Answer): boolean {
  const failure = parseFailure(answer);
  // A missing end-user or connection is not a missing customer or invoice.
  return (
    failure !== null &&
    !/end.?user|connection/i.test(failure.message) &&
    ((answer.status === 404 && failure.code === 'RESOURCE_MISSING') ||
      (failure.type === 'INTEGRATION_ERROR' && failure.integrationCode === NOT_FOUND_IN_QUICKBOOKS))
  );
}

/** QuickBooks itself said no to a question (its own status number, sent as 502): asking on is idle. */
export function isFinal(answer: Answer): boolean {
  const failure = answer.status >= 500 ? parseFailure(answer) : null;
  return failure?.type === 'INTEGRATION_ERROR' && /^\d{1,5}$/.test(failure.integrationCode ?? '');
}

/** Conductor's words for people, for any refusal of it. */
export function explain(answer: Answer): string | null {
  const failure = parseFailure(answer);
  return failure && toWords(failure);
}

function toCreated(answer: Answer, document: BooksInvoice['document']): CreateOutcome {
  const result = Created.safeParse(parseJson(answer.text));
  if (!result.success) return unknown(`${String(answer.status)} without the invoice`);
  if (result.data.objectType !== OBJECT_TYPES[document]) {
    return unknown(`${String(answer.status)} with something else than the ${document}`);
  }
  return { verdict: 'created', invoiceId: result.data.id };
}

function parseFailure(answer: Answer): Failure | null {
  const result = Failure.safeParse(parseJson(answer.text));
  // A gateway in between may replay a body under another status: then it is not Conductor's word.
  return result.success && result.data.error.httpStatusCode === answer.status
    ? result.data.error
    : null;
}

const toCode = ({ code, integrationCode }: Failure): string =>
  integrationCode ? `${code} ${integrationCode}` : code;

const toWords = ({ userFacingMessage, message }: Failure): string =>
  plain(userFacingMessage.trim() || message);
