// What a person sees of one invoice: when it went out, and what the books hold beside the approval.
import { afterEach, expect, it } from '@jest/globals';
import { plainDraft, startEngine, type Running } from './fake-ports.ts';
import { actions, ANNA, closeWorlds, makeWorld, only, posted, type Batch } from './world.ts';

afterEach(closeWorlds);

const asked = { ...ANNA, query: {}, params: {}, body: {} };
const beside = ({ posting: { handlers } }: Running, batch: Batch, key: string) =>
  handlers.beside({ ...asked, params: { batch: batch.id, key } });
const check = ({ posting: { handlers } }: Running, batch: Batch) =>
  handlers.spotCheck({ ...asked, params: { batch: batch.id }, body: { seed: 7 } });

it('shows a changed invoice field by field, by the name of its customer', async () => {
  const world = await makeWorld();
  const running = await startEngine(world);
  const batch = await posted(running);
  await running.worker.tick();
  const done = await actions(running).look(batch);
  const { key, invoiceId, sentAt, date } = only(done, 'c2');
  expect(date).toBe('2026-10-31');
  expect(sentAt).toMatch(/^2026-/);
  world.books.edit(invoiceId ?? '', { subtotal: '250.00' as never });
  const { documents } = await beside(running, batch, key);
  expect(documents).toMatchObject([{ invoiceId, ours: true }]);
  const wrong = documents[0]?.fields.filter(({ equal }) => !equal);
  expect(wrong).toEqual([{ name: 'Total', approved: '254.38', books: '250.00', equal: false }]);
  expect(documents[0]?.fields.find(({ name }) => name === 'Customer')?.books).toBe('Client 2');
  expect((await actions(running).look(batch)).state).toBe('COMPLETED');
});

it('names every invoice that was read back and differs, drawn or not', async () => {
  const world = await makeWorld({ clients: 9 });
  const running = await startEngine(world);
  const batch = await posted(running, plainDraft(9));
  await running.worker.tick();
  const done = await actions(running).look(batch);
  for (const { invoiceId } of done.postings)
    world.books.edit(invoiceId ?? '', { subtotal: '1.00' as never });
  const { readBack, invoices } = await check(running, batch);
  expect(invoices).toHaveLength(5);
  expect(readBack).toMatchObject({ compared: 9, equal: 0 });
  expect(readBack.differing?.map(({ clientName }) => clientName)).toHaveLength(9);
  expect(readBack.differing?.[0]?.fields.some(({ equal }) => !equal)).toBe(true);
});

it('is no answer where the books cannot be searched, and nothing where they hold nothing', async () => {
  const world = await makeWorld();
  const running = await startEngine(world);
  const batch = await posted(running);
  const { key } = only(batch);
  expect((await beside(running, batch, key)).documents).toEqual([]);
  Object.assign(running.engine.books.company, {
    lookup: () => Promise.resolve({ verdict: 'failed', reason: 'it is closed' }),
  });
  await expect(beside(running, batch, key)).rejects.toMatchObject({ code: 'SOURCE_DOWN' });
  await expect(beside(running, batch, 'nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
