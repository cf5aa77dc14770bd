/** The month at one moment: the sheet read now, its spellings looked up, the dry-run made. */
import { toDraft, toDraftInvoice } from '../src/core/drafts.ts';
import { dryRun } from '../src/core/dry-run.ts';
import type { BillingPeriod } from '../src/core/billing-period.ts';
import type {
  ClientId,
  Decision,
  HeldClient,
  PostedMonth,
  ResolvedLine,
  Snapshot,
} from '../src/core/model.ts';
import { resolveReading } from '../src/matching/resolve.ts';
import type { WorkbookReader } from '../src/workbook/workbook.ts';
import { readSheet } from '../src/workbook/read-sheet.ts';
import type { Draft } from '../src/contract/contract.ts';
import type { Review } from './close-state.ts';
import { planResultCells } from '../src/workbook/result-columns.ts';
import { differences } from './differences.ts';

export interface ReviewInput {
  readonly workbook: WorkbookReader;
  readonly sheet: string;
  readonly period: BillingPeriod;
  readonly snapshot: Snapshot;
  readonly history: readonly PostedMonth[];
  readonly decisions: readonly Decision[];
  readonly held: readonly HeldClient[];
  readonly taken: ReadonlyMap<ClientId, string>;
}

export async function readReview(input: ReviewInput): Promise<Review> {
  const { snapshot } = input;
  const reading = await readSheet(input.workbook, { sheet: input.sheet, period: input.period });
  const lines = resolveReading(reading, snapshot.clients, snapshot.services);
  const unknown = unknownIn(lines);
  return decideAgain({ reading, lines, snapshot, unknown }, input);
}

/** The same reading with other decisions: pure, so every key press can afford it. */
export function decideAgain(
  read: Omit<Review, 'dryRun'>,
  with_: Pick<ReviewInput, 'period' | 'history' | 'decisions' | 'held' | 'taken'>,
): Review {
  const { reading, lines, snapshot, unknown } = read;
  const made = dryRun({
    period: with_.period,
    reading,
    lines,
    clients: snapshot.clients,
    services: snapshot.services,
    snapshot,
    previous: snapshot.previous,
    history: with_.history,
    decisions: with_.decisions,
    held: with_.held,
    taken: with_.taken,
  });
  return { reading, lines, snapshot, unknown, dryRun: made };
}

function unknownIn(lines: readonly ResolvedLine[]): Review['unknown'] {
  const clients = lines.filter((line) => line.clientId === null).map((line) => line.client);
  const services = lines.filter((line) => line.serviceId === null).map((line) => line.service);
  return [
    ...[...new Set(clients)].map((name) => ({ kind: 'client' as const, name })),
    ...[...new Set(services)].map((name) => ({ kind: 'service' as const, name })),
  ];
}

/** What goes to the relay; throws while something blocks. */
export const draftOf = (review: Review, workbook: string, decisions: readonly Decision[]): Draft =>
  toDraft(review.dryRun, workbook, decisions);

/** The lines of these clients as they stand, to be compared with an approval and not to be approved. */
export function draftOfClients(
  { dryRun: run }: Review,
  workbook: string,
  decisions: readonly Decision[],
  clientIds: ReadonlySet<string>,
): Draft {
  const invoices = run.invoices
    .filter((invoice) => clientIds.has(invoice.clientId) && invoice.document !== 'none')
    .map(toDraftInvoice);
  return {
    period: run.period,
    snapshotId: run.snapshotId,
    workbook,
    invoices,
    held: [],
    decisions: [...decisions],
  };
}

export { differences, planResultCells };
