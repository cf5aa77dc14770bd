/** One world walked through: what a person does, what the books do, and the transitions it left. */
import type { InvoiceContent } from '../../../src/core/model.ts';
import type { BooksClass, CreateFault } from './fake-books.ts';
import { once, PLAIN_WEAK } from './fake-books.ts';
import { invoiceOf, draftOf, plainDraft, startEngine, type Running, type World } from './fake-ports.ts'; // prettier-ignore
import { actions, ANNA, makeWorld, type Batch } from './world.ts';

export const STRONG: BooksClass = { ...PLAIN_WEAK, name: 'strong', facility: 'strong' };
export const asked = { ...ANNA, query: {}, params: {}, body: {} };

export interface Walk {
  readonly world: World;
  readonly running: Running;
  readonly batch: Batch;
}

export async function approved(kind: BooksClass = PLAIN_WEAK): Promise<Walk> {
  const world = await makeWorld({ clients: 2, kind });
  const running = await startEngine(world);
  const batch = await actions(running).submit(plainDraft(1));
  await actions(running).approve(batch);
  return { world, running, batch };
}

/** Posted and worked on once, with a fault of the first create. */
export async function sent(fault: CreateFault = 'none', kind = PLAIN_WEAK): Promise<Walk> {
  const walk = await approved(kind);
  walk.world.books.faults.create = once(fault);
  await actions(walk.running).post(walk.batch);
  await walk.running.worker.tick();
  return walk;
}

export async function later(
  { world, running }: Pick<Walk, 'world' | 'running'>,
  minutes: number,
): Promise<void> {
  world.clock.advance(minutes * 60_000);
  await running.worker.tick();
}

/** The settle time is over and one look has counted; the next one makes two. */
export async function settle(walk: Pick<Walk, 'world' | 'running'>): Promise<void> {
  await later(walk, 31);
  walk.world.clock.advance(61_000);
}

/** Nobody knows, and the books keep nothing: a person has to decide, and may. */
export async function waiting(fault: CreateFault = 'request lost'): Promise<Walk> {
  const walk = await sent(fault);
  await later(walk, 2);
  await settle(walk);
  return walk;
}

export async function decide(
  { running, batch }: Walk,
  choice: Parameters<ReturnType<typeof actions>['decide']>[2],
  id?: string,
): Promise<void> {
  const [posting] = (await actions(running).look(batch)).postings;
  await actions(running).decide(batch, posting?.key ?? '', choice, id);
}

/** A new approval of the same client, with other lines. */
export async function approveAnew({ running }: Walk): Promise<Batch> {
  const changed = draftOf([invoiceOf('c1', [{ quantity: '7', price: '22' }])]);
  const next = await actions(running).submit(changed, 'anew');
  return actions(running).approve(next);
}

export const sweep = ({ running }: Walk) => running.posting.handlers.sweep(asked);

/** A document in the books under our number that is not ours. */
export async function stranger({ world, running, batch }: Walk): Promise<void> {
  const row = await world.store.selectFrom('posting').selectAll().executeTakeFirstOrThrow();
  const content = { ...(JSON.parse(row.content) as InvoiceContent), customerId: 'c9' };
  const keys = { postingKey: 'p', providerKey: 'p', ref: row.ref, marker: 'x' };
  const made = await world.books.company.create(content, keys);
  if (made.verdict === 'created') world.books.edit(made.invoiceId, { marker: null });
  await actions(running).look(batch);
}

/** Ours, as a forgotten send or a restored database would have left it. */
export async function thereAlready({ world }: Walk): Promise<void> {
  const row = await world.store.selectFrom('posting').selectAll().executeTakeFirstOrThrow();
  const { key: postingKey, provider_key: providerKey, ref, marker } = row;
  await world.books.company.create(JSON.parse(row.content) as InvoiceContent, { postingKey, providerKey, ref, marker }); // prettier-ignore
}

export async function movesOf(world: World): Promise<{ posting: string[]; batch: string[] }> {
  const posting = await world.store.selectFrom('posting_transition').selectAll().orderBy('seq').execute(); // prettier-ignore
  const batch = await world.store.selectFrom('batch_transition').selectAll().orderBy('seq').execute(); // prettier-ignore
  const words = (row: { from_state: string; to_state: string }) => `${row.from_state} ${row.to_state}`; // prettier-ignore
  return { posting: posting.map(words), batch: batch.map(words) };
}
