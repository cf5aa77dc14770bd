// What Xero's answers mean: its errors, and the verdict on a create by allow-list.

import { z } from 'zod';
import type { Answer } from '../http.ts';
import type { CreateOutcome, DocumentKind } from './accounting.ts';
import { parseJson, plain, quietFor, unknown } from './answer-text.ts';

const QUIET_SECONDS = 60;

const Words = z.object({ Message: z.string().nullish() });
/** Of the accounting service: 400 with a reason for each thing that is wrong. */
const Refusal = z.object({
  ErrorNumber: z.number(),
  Type: z.string().min(1),
  Message: z.string().min(1),
  Elements: z.array(z.object({ ValidationErrors: z.array(Words).nullish() })).nullish(),
});
/** Of the gateway before it, which checks tokens and rights. */
const Gate = z.object({
  Title: z.string().min(1),
  Status: z.number(),
  Detail: z.string().nullish(),
});
const Item = z.object({
  HasErrors: z.boolean().nullish(),
  StatusAttributeString: z.string().nullish(),
  ValidationErrors: z.array(Words).nullish(),
});

export const LISTS = { invoice: 'Invoices', 'credit memo': 'CreditNotes' } as const;
export const IDS = { invoice: 'InvoiceID', 'credit memo': 'CreditNoteID' } as const;

/** One answer, one verdict; what is not on a list is unknown. */
export function toVerdict(
  answer: Answer,
  document: DocumentKind,
  redact: (text: string) => string,
): CreateOutcome {
  const { status, headers } = answer;
  if (status === 200) return toCreated(answer, document, redact);
  // Its own limit alone is named so; a proxy's 429 says nothing of Xero.
  if (status === 429 && headers['x-rate-limit-problem']) return toBusy(answer);
  const words = explain(answer);
  if (words === null) return unknown(`${String(status)} without an error of Xero`);
  const reason = redact(words);
  if (status === 401) return { verdict: 'not sent', reason };
  if (status === 403) return { verdict: 'rejected', reason, code: 'Forbidden' };
  return status === 400 ? toRefused(reason, words) : unknown(`${String(status)}: ${reason}`);
}

function toBusy(answer: Answer): CreateOutcome {
  const limit = answer.headers['x-rate-limit-problem'] ?? '';
  return {
    verdict: 'not sent',
    reason: `Xero's limit (${/^\w{1,20}$/.test(limit) ? limit : 'unnamed'}) is reached`,
    ...quietFor(answer, QUIET_SECONDS),
  };
}

/** A clash of keys may mean that the first request under ours is still at work. */
function toRefused(reason: string, words: string): CreateOutcome {
  if (/idempoten/i.test(words)) return unknown(`400: ${reason}`);
  if (/must be unique|already (exists|been used)/i.test(words)) {
    return { verdict: 'exists', reason };
  }
  return { verdict: 'rejected', reason, code: 'ValidationException' };
}

/** A 200 is no creation: Xero may give what is wrong with each document beside it. */
function toCreated(
  answer: Answer,
  document: DocumentKind,
  redact: (text: string) => string,
): CreateOutcome {
  const Created = z.object({ [LISTS[document]]: z.array(z.looseObject({})).length(1) });
  const body = Created.safeParse(parseJson(answer.text));
  const one = body.success ? body.data[LISTS[document]]?.[0] : undefined;
  const state = Item.safeParse(one);
  if (!one || !state.success) return unknown(`200 without the ${document}`);
  const { HasErrors, StatusAttributeString, ValidationErrors } = state.data;
  const isRefused = HasErrors === true || StatusAttributeString === 'ERROR';
  if (isRefused || (ValidationErrors ?? []).length > 0) {
    const words = toWords([{ ValidationErrors }], '');
    return words === ''
      ? unknown('200 with an error and no words')
      : toRefused(redact(words), words);
  }
  const id = z.guid().safeParse(one[IDS[document]]);
  const isOurs = id.success && !/^[0-]+$/.test(id.data);
  return isOurs
    ? { verdict: 'created', invoiceId: id.data }
    : unknown(`200 without the id of the ${document}`);
}

/** Its words for people, for any refusal of it. */
export function explain(answer: Answer): string | null {
  const body = parseJson(answer.text);
  const refusal = answer.status === 400 ? Refusal.safeParse(body) : null;
  if (refusal?.success) return toWords(refusal.data.Elements ?? [], refusal.data.Message);
  const gate = Gate.safeParse(body);
  // A proxy may replay a body under another status: then it is not Xero's word.
  if (!gate.success || gate.data.Status !== answer.status || answer.status === 400) return null;
  return plain(`${gate.data.Title}. ${gate.data.Detail ?? ''}`);
}

type Elements = readonly { readonly ValidationErrors?: readonly z.infer<typeof Words>[] | null | undefined }[]; // prettier-ignore

function toWords(elements: Elements, otherwise: string): string {
  const words = elements.flatMap(({ ValidationErrors }) =>
    (ValidationErrors ?? []).flatMap(({ Message }) => (Message ? [Message] : [])),
  );
  return plain(words.length > 0 ? words.join(' ') : otherwise);
}
