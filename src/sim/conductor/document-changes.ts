/** Invoices that were changed, voided or deleted after they were written. */
import { parseJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import { firstTrouble, UpdateBody } from './bodies.ts';
import type { Books, StoredDocument } from './books.ts';
import { ok, stamp, type DocumentContext } from './documents.ts';
import { invalidRequest, notFound, refusedByBooks } from './errors.ts';
import { toDocument } from './shapes.ts';

type Kind = StoredDocument['kind'];

export function updateDocument(
  request: SimRequest, id: string, kind: Kind, context: DocumentContext,
): SimAnswer {
  const row = context.books.documents(kind).find((candidate) => candidate.id === id);
  if (!row) return notFound(`There is no ${kind} with the id ${id}.`);
  const parsed = UpdateBody.safeParse(parseJson(request.body));
  if (!parsed.success) return invalidRequest(firstTrouble(parsed.error));
  const { revisionNumber, ...asked } = parsed.data;
  const changes = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  if (revisionNumber !== String(row.revision)) {
    return refusedByBooks(3200, `The provided edit sequence "${revisionNumber}" is out-of-date.`);
  }
  const changed = { ...row, ...changes, ...touched(row, request.nowMs) };
  context.books.write({ event: 'document', value: changed });
  return ok(toDocument(changed, context.books));
} // prettier-ignore

/** Every change moves the edit sequence on, also two in one second. */
export const touched = (
  { revision }: { readonly revision: number },
  nowMs: number,
): { readonly updatedAt: string; readonly revision: number } => ({
  updatedAt: stamp(nowMs),
  revision: Math.max(revision + 1, Math.floor(nowMs / 1000)),
});

export function deleteDocument(id: string, kind: Kind, nowMs: number, books: Books): SimAnswer {
  const row = books.documents(kind).find((candidate) => candidate.id === id);
  if (!row) return notFound(`There is no ${kind} with the id ${id}.`);
  const { refNumber, createdAt } = row;
  books.write({
    event: 'deleted',
    value: { id, kind, refNumber, createdAt, deletedAt: stamp(nowMs) },
  });
  return ok({ id, objectType: `qbd_${kind}`, refNumber, deleted: true });
}

/** The record stays, with every amount zero. */
export function voidDocument(id: string, kind: Kind, nowMs: number, books: Books): SimAnswer {
  const row = books.documents(kind).find((candidate) => candidate.id === id);
  if (!row) return notFound(`There is no ${kind} with the id ${id}.`);
  const lines = row.lines.map((line) => ({ ...line, rate: '0.00', amount: '0.00' }));
  const memo = row.memo === null ? 'VOID:' : `VOID: ${row.memo}`;
  const changed = { ...row, lines, memo, ...touched(row, nowMs) };
  books.write({ event: 'document', value: changed });
  const { createdAt, refNumber } = row;
  return ok({
    id,
    objectType: `qbd_${kind}`,
    createdAt,
    updatedAt: changed.updatedAt,
    refNumber,
    voided: true,
  });
}
