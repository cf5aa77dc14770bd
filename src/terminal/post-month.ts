/** Approves exactly what was printed, posts it, and waits until every invoice rests. */
import { createHash } from 'node:crypto';
import type { Client } from '../client/client.ts';
import { routes, type Batch } from '../contract/contract.ts';
import { toDraft } from '../core/drafts.ts';
import { AppError } from '../core/errors.ts';
import type { DryRun } from '../core/model.ts';

const LOOK_MS = 500;
const LOOKS_MAX = 2_400;
const MOVING = new Set(['READY', 'SENDING', 'UNKNOWN', 'PLANNED']);

export async function approveMonth(
  client: Client,
  dryRun: DryRun,
  workbook: string,
): Promise<Batch> {
  const draft = toDraft(dryRun, workbook, []);
  // The key is made of the content: running twice is one approval, a changed line is another.
  const key = `draft-${createHash('sha256').update(JSON.stringify(draft)).digest('hex').slice(0, 32)}`;
  const stored = await client.call(routes.submit, { body: { key, draft } });
  if (stored.state !== 'SUBMITTED') return stored;
  const session = await client.call(routes.session, {});
  if (session.twoPersons) return stored;
  const body = { digest: stored.digest, version: stored.version };
  return client.call(routes.approve, { params: { batch: stored.id }, body });
}

export async function postMonth(
  client: Client,
  batch: Batch,
  delay: (ms: number) => Promise<void>,
): Promise<Batch> {
  if (batch.approvedAt === null) {
    throw new AppError(
      'APPROVAL_STALE',
      'The batch is submitted and waits for a second person; nothing was posted.',
    );
  }
  const params = { batch: batch.id };
  const body = { key: `post-${batch.id}-${String(batch.version)}`, digest: batch.digest };
  let seen = await client.call(routes.post, { params, body });
  for (let looks = 0; looks < LOOKS_MAX && isMoving(seen); looks += 1) {
    await delay(LOOK_MS);
    seen = await client.call(routes.batch, { params });
  }
  return seen;
}

const isMoving = (batch: Batch): boolean =>
  batch.state === 'POSTING' && batch.postings.some(({ state }) => MOVING.has(state));

export const isAllPosted = (batch: Batch): boolean =>
  batch.postings.every(({ state }) => state === 'POSTED');
export const isInDoubt = (batch: Batch): boolean =>
  batch.postings.some(({ outcome }) => outcome === 'uncertain');

/** `kind`: of the books; what is written to a file is not posted before a person imports it. */
export function printBatch(batch: Batch, kind?: 'file'): string {
  const done = kind === 'file' ? 'exported' : 'posted';
  const rows = batch.postings.map(({ ref, clientName, total, state, reason }) => {
    const words = reason === '' ? '' : `  ${reason}`;
    return `  ${(ref ?? '').padEnd(14)} ${clientName.slice(0, 40).padEnd(40)} ${`${total.amount} ${total.currency}`.padStart(17)}  ${state === 'POSTED' ? done.toUpperCase() : state}${words}`;
  });
  const posted = batch.postings.filter(({ state }) => state === 'POSTED').length;
  const by =
    batch.approvedBy === null ? 'Submitted, not approved' : `Approved by ${batch.approvedBy}`;
  return [
    `${by}: ${String(batch.postings.length)} invoices, ${String(posted)} ${done}.`,
    ...rows,
    ...(kind === 'file' && posted > 0 ? ['Import the file into your books, once.'] : []),
    '',
  ].join('\n');
}
