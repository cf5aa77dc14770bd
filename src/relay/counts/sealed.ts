/** Counts of a month that was posted without a snapshot: what was billed is what it counts. */
import type { BillingPeriod, Instant } from '../../core/billing-period.ts';
import { AppError, assert } from '../../core/errors.ts';
import { nextPeriod } from '../../core/billing-period.ts';
import type { Basis, Count, PostedLine } from '../../core/model.ts';
import { addQuantities } from '../../core/money.ts';
import { readServices } from './catalogue.ts';
import { readClients } from './clients.ts';
import type { CountingPorts } from './ports.ts';
import type { SnapshotContent } from './snapshots.ts';

/** Source id of a count that no vendor gave. */
const SHEET = 'sheet';

export async function sealedSnapshot(
  { store, config, closed }: CountingPorts,
  period: BillingPeriod,
): Promise<SnapshotContent> {
  const [month] = await closed.postedMonths(nextPeriod(period), 1);
  if (month?.period !== period) {
    throw new AppError('NOT_FOUND', `There are no counts and no posted lines of ${period}.`);
  }
  const at = `${period}-01T00:00:00.000Z` as Instant;
  const basisOf = (id: string): Basis =>
    config.services.find((service) => service.id === id)?.basis ?? 'billable';
  const lines = month.lines.filter(({ kind }) => kind === 'recurring');
  const cells = Map.groupBy(lines, ({ clientId, serviceId }) =>
    JSON.stringify([clientId, serviceId]),
  );
  return {
    id: `${period}.posted`,
    period,
    publishedAt: at,
    clients: await readClients(store),
    services: await readServices(store, config),
    sources: [],
    counts: [...cells.values()].map((cell) => toCount(cell, basisOf, at)),
  };
}

function toCount(
  cell: readonly PostedLine[],
  basisOf: (id: string) => Basis,
  asOf: Instant,
): Count {
  const [first] = cell;
  assert(first, 'a group of lines has a line');
  return {
    clientId: first.clientId,
    serviceId: first.serviceId,
    basis: basisOf(first.serviceId),
    quantity: addQuantities(cell.map(({ quantity }) => quantity)),
    source: first.source ?? SHEET,
    asOf,
    parts: cell.flatMap(({ parts }) => parts),
  };
}
