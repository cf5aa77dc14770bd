/**
 * The sample's past: each month is counted, submitted, approved and posted by the very functions
 * that the routes call, with the clock standing at that month. A seed that was cut short goes on
 * where it stopped.
 */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { DraftSchema, type Batch } from '../contract/contract.ts';
import { BasisName, InstantText, Period, QuantityText } from '../contract/values.ts';
import type { BillingPeriod } from '../core/billing-period.ts';
import { AppError } from '../core/errors.ts';
import type { RelayCore } from './core.ts';
import { periodAt } from './clock.ts';
import { storeGood } from './counts/sync.ts';
import { clean } from './counts/vendor-counts.ts';
import type { VendorCount } from './sources/source.ts';
import { inTransaction } from './store/database.ts';
import { parseStrictJson } from './strict-json.ts';

const SeedMapping = z.strictObject({
  source: z.string(),
  kind: z.enum(['client', 'service']),
  ref: z.string(),
  name: z.string(),
  /** Null: never billed. */
  target: z.string().nullable(),
});
/** A vendor's count as a sync would have brought it then. */
const SeedCount = z.strictObject({
  source: z.string(),
  clientRef: z.string(),
  clientName: z.string(),
  sku: z.string(),
  skuName: z.string(),
  basis: BasisName,
  quantity: QuantityText,
  ids: z.array(z.string()).optional(),
});
const SeedMonth = z.strictObject({
  period: Period,
  at: InstantText,
  counts: z.array(SeedCount).default([]),
  draft: DraftSchema,
});
const SeedSchema = z.strictObject({
  person: z.string().min(1),
  mappings: z.array(SeedMapping),
  months: z.array(SeedMonth),
  syncAt: InstantText,
  now: InstantText,
});
export type Seed = z.infer<typeof SeedSchema>;
type SeedMonth = Seed['months'][number];

const SETTLED = new Set(['COMPLETED', 'COMPLETED_WITH_EXCEPTIONS', 'COMPLETED_WITH_DOUBT']);

export function readSeed(path: string): Seed {
  const parsed = SeedSchema.safeParse(parseStrictJson(readFileSync(path, 'utf8'), path));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw new AppError('INPUT_INVALID', `${path}: ${where}: ${issue?.message ?? 'is not a seed'}.`);
}

/** Resolves with the number of months that are posted now. */
export async function seedStore(core: RelayCore, seed: Seed): Promise<number> {
  const { movable, counting, posting, config } = core;
  if (!movable) {
    throw new AppError('SETUP_MISSING', '--seed: only the sample and lab profiles can be filled.');
  }
  const first = seed.months[0]?.at ?? seed.syncAt;
  if (core.recovery !== null) throw new AppError('RECOVERY', `--seed: ${core.recovery}`);
  movable.set(first);
  await posting.recover();
  await counting.syncBooks();
  await confirmAll(core, seed);
  for (const month of seed.months) await seedMonth(core, seed.person, month);
  movable.set(seed.syncAt);
  await counting.refresh({ period: periodAt(seed.syncAt, config.timeZone) });
  movable.set(seed.now);
  return seed.months.length;
}

async function confirmAll({ counting }: RelayCore, { mappings, person }: Seed): Promise<void> {
  for (const mapping of mappings)
    await counting.confirm({ ...mapping, person, requestId: 'seed' }, []);
}

async function seedMonth(core: RelayCore, person: string, month: SeedMonth): Promise<void> {
  const { movable, counting, handlers, posting } = core;
  const { period, at } = month;
  if (await posting.isSealed(period)) return;
  movable?.set(at);
  await storeCounts(core, month);
  const snapshot = await counting.publish(period);
  const asked = { query: {}, person, requestId: `seed ${period}` };
  const draft = { ...month.draft, snapshotId: snapshot.id };
  const submitted = await handlers.submit({
    ...asked,
    params: {},
    body: { key: `seed-${period}`, draft },
  });
  const { id } = submitted;
  const { digest } = submitted;
  const params = { batch: id };
  if (submitted.state === 'SUBMITTED') {
    await handlers.approve({ ...asked, params, body: { digest, version: submitted.version } });
  }
  await handlers.post({ ...asked, params, body: { key: `seed-post-${period}`, digest } });
  await posting.settled(id);
  refuseUnsettled(period, await handlers.batch({ ...asked, params, body: {} }));
}

type SettledBatch = Pick<Batch, 'state'> & {
  readonly postings: readonly {
    readonly clientName: string;
    readonly state: string;
    readonly reason: string;
  }[];
};

function refuseUnsettled(period: BillingPeriod, { state, postings }: SettledBatch): void {
  if (state === 'COMPLETED') return;
  const left = postings.find((posting) => posting.state !== 'POSTED');
  const why = left ? ` ${left.clientName} is ${left.state}: ${left.reason}` : '';
  const what = SETTLED.has(state) ? 'was not posted whole' : 'did not come to an end';
  throw new AppError('SETUP_MISSING', `The sample month ${period} ${what} (${state}).${why}`);
}

async function storeCounts({ config, store, clock }: RelayCore, month: SeedMonth): Promise<void> {
  for (const { id, title } of config.connections) {
    const own = month.counts.filter(({ source }) => source === id);
    if (own.length === 0) continue;
    const counts = clean(id, title ?? id, own.map(toVendorCount));
    const answer = { period: month.period, counts, asOf: null, at: clock.now() };
    await inTransaction(store, (transaction) => storeGood(transaction, id, answer));
  }
}

const toVendorCount = (count: z.infer<typeof SeedCount>): VendorCount => ({
  clientRef: count.clientRef,
  clientName: count.clientName,
  sku: count.sku,
  skuName: count.skuName,
  basis: count.basis,
  quantity: count.quantity,
  ...(count.ids ? { ids: count.ids } : {}),
});
