// What the answers of QuickBooks Online mean: its Fault, and the verdict on a create by allow-list.

import { z } from 'zod';
import type { Answer } from '../http.ts';
import type { CreateOutcome, DocumentKind } from './accounting.ts';
import { parseJson, pauseAsked, plain, unknown } from './answer-text.ts';

/** Intuit asks for a minute of quiet after a 429 (read 2026-11-22). */
export const QUIET_SECONDS = 60;

const NOT_FOUND = '610';
const DUPLICATE_NUMBER = '6140';
/** "An application error has occurred": it may come after the work, whatever it is called. */
const UNCERTAIN = new Set(['10000', '-1']);

/** The service answers in capitals; its gateway, which checks tokens and rates, in small letters. */
const Problem = z
  .object({
    Message: z.string().nullish(),
    message: z.string().nullish(),
    Detail: z.string().nullish(),
    detail: z.string().nullish(),
    code: z.string().min(1),
  })
  .refine(({ Message, message }) => Boolean(Message ?? message));
const Service = z.object({
  Fault: z.object({ Error: z.array(Problem).min(1), type: z.string().min(1) }),
});
const Gateway = z.object({
  fault: z.object({ error: z.array(Problem).min(1), type: z.string().min(1) }),
});

interface Fault {
  readonly type: string;
  readonly code: string;
  readonly words: string;
}

export const ENTITIES = { invoice: 'Invoice', 'credit memo': 'CreditMemo' } as const;

/** One answer, one verdict; what is not on a list is unknown. */
export function toVerdict(
  answer: Answer,
  document: DocumentKind,
  redact: (text: string) => string,
): CreateOutcome {
  if (answer.status === 200) return toCreated(answer, document);
  const fault = parseFault(answer);
  if (!fault) return unknown(`${String(answer.status)} without an error of QuickBooks Online`);
  return toRefusal(answer, fault, redact(fault.words));
}

function toRefusal(answer: Answer, fault: Fault, reason: string): CreateOutcome {
  const { status } = answer;
  const type = fault.type.toLowerCase();
  const isTokenTrouble = type.startsWith('authentication');
  if (status === 429) {
    const retryAfterSeconds = Math.max(QUIET_SECONDS, pauseAsked(answer) ?? 0);
    return { verdict: 'not sent', reason, retryAfterSeconds };
  }
  if (status === 401 && isTokenTrouble) return { verdict: 'not sent', reason };
  if (UNCERTAIN.has(fault.code)) return unknown(`${String(status)}: ${reason}`);
  const isRefused =
    (status === 400 && type === 'validationfault') ||
    (status === 403 && type.startsWith('authorization')) ||
    (status === 404 && type === 'validationfault');
  if (!isRefused) return unknown(`${String(status)}: ${reason}`);
  if (fault.code === DUPLICATE_NUMBER) return { verdict: 'exists', reason };
  return { verdict: 'rejected', reason, code: fault.code };
}

/** It says that there is no such object; any other error says nothing of the kind. */
export function isAbsent(answer: Answer): boolean {
  const fault = parseFault(answer);
  return (
    (answer.status === 400 || answer.status === 404) &&
    fault?.type === 'ValidationFault' &&
    fault.code === NOT_FOUND
  );
}

/** Its words for people, for any refusal of it. */
export const explain = (answer: Answer): string | null => parseFault(answer)?.words ?? null;

function toCreated(answer: Answer, document: DocumentKind): CreateOutcome {
  const entity = ENTITIES[document];
  const Created = z.object({ [entity]: z.object({ Id: z.string().min(1) }) });
  const result = Created.safeParse(parseJson(answer.text));
  const id = result.success ? result.data[entity]?.Id : undefined;
  return id === undefined
    ? unknown(`200 without the ${document}`)
    : { verdict: 'created', invoiceId: id };
}

function parseFault(answer: Answer): Fault | null {
  const body = parseJson(answer.text);
  const service = Service.safeParse(body);
  if (service.success) return toFault(service.data.Fault.type, service.data.Fault.Error);
  const gateway = Gateway.safeParse(body);
  return gateway.success ? toFault(gateway.data.fault.type, gateway.data.fault.error) : null;
}

function toFault(type: string, problems: readonly z.infer<typeof Problem>[]): Fault | null {
  const [first] = problems;
  if (!first) return null;
  // A refusal for two reasons is as uncertain as its worst and as plain as its first.
  const worst = problems.find(({ code }) => UNCERTAIN.has(code)) ?? first;
  const words = first.Detail ?? first.detail ?? first.Message ?? first.message ?? '';
  return { type, code: worst.code, words: plain(words) };
}
