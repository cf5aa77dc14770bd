// "It is there", and what a person names is not it: a slip of the finger must end no doubt, for
// the lost invoice may still land late (F15) and a second one would follow.
import { afterEach, describe, expect, it } from '@jest/globals';
import type { InvoiceContent } from '../../../src/core/model.ts';
import { PLAIN_WEAK } from './fake-books.ts';
import { plainDraft, startEngine } from './fake-ports.ts';
import { actions, closeWorlds, makeWorld, only, posted } from './world.ts';

const MINUTE_MS = 60_000;
const LANDS_LATE = { ...PLAIN_WEAK, landsWithinMs: 20 * MINUTE_MS };

/** One invoice without an answer, which lands within twenty minutes. */
async function inDoubt() {
  const world = await makeWorld({ kind: LANDS_LATE });
  const running = await startEngine(world);
  const act = actions(running);
  const batch = await posted(running, plainDraft(1));
  world.books.faults.create = () => 'lands late';
  await running.worker.tick();
  world.books.faults.create = () => 'none';
  world.clock.advance(MINUTE_MS + 1_000);
  await running.worker.tick();
  const { key } = only(await act.look(batch));
  const typed = async (ref: string, marker: string | null, customerId = 'c1') => {
    const sent = JSON.parse(world.books.creates[0]!.body) as InvoiceContent;
    const content = { ...sent, customerId, total: '7.00' as InvoiceContent['total'] };
    const keys = { postingKey: ref, providerKey: ref, ref, marker: 'x' };
    const made = await world.books.company.create(content, keys);
    const id = made.verdict === 'created' ? made.invoiceId : '';
    world.books.edit(id, { marker });
    return id;
  };
  return { world, running, act, batch, key, typed };
}

afterEach(closeWorlds);

describe('"it is there", with the id of another invoice', () => {
  it('is refused in words, ends no doubt and frees the client for no other approval', async () => {
    const { world, running, act, batch, key, typed } = await inDoubt();
    const id = await typed('4711', null);
    await expect(act.decide(batch, key, 'it is there', id)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(/invoice \d+ is not it: .*Nothing was changed/),
    });
    expect(only(await act.look(batch))).toMatchObject({ state: 'NEEDS_PERSON', outcome: 'uncertain' });
    await expect(act.submit(plainDraft(1), 'key-2')).rejects.toThrow(/Leave the client out/);
    world.clock.advance(31 * MINUTE_MS);
    await running.worker.tick();
    expect(only(await act.look(batch))).toMatchObject({ state: 'POSTED', adopted: true });
  }); // prettier-ignore

  it('that bears our number keeps the client from another approval until the settle time is over', async () => {
    const { world, act, batch, key, typed } = await inDoubt();
    const id = await typed('MC2610-0001', null, 'c2');
    const named = only(await act.decide(batch, key, 'it is there', id));
    expect(named).toMatchObject({ state: 'CONFLICT', invoiceId: null });
    const second = await act.submit(plainDraft(1), 'key-2');
    await expect(act.approve(second)).rejects.toMatchObject({ code: 'TOO_EARLY' });
    world.clock.advance(31 * MINUTE_MS);
    expect((await act.approve(second)).state).toBe('APPROVED');
  });

  it('that is ours and altered is void first, and only then followed by another', async () => {
    const { world, running, act, batch, key, typed } = await inDoubt();
    const id = await typed('MC2610-0001', null);
    expect(only(await act.decide(batch, key, 'it is there', id))).toMatchObject({ state: 'CONFLICT', invoiceId: id, outcome: 'created' });
    world.clock.advance(31 * MINUTE_MS);
    const late = world.books.invoices().find((one) => one.id !== id);
    world.books.edit(late!.id, { voided: true });
    const second = await act.submit(plainDraft(1), 'key-2');
    await act.approve(second);
    await act.post(second);
    await running.worker.tick();
    const blocked = only(await act.look(second));
    expect(blocked).toMatchObject({ state: 'BLOCKED', retriable: true });
    expect(blocked.reason).toMatch(/still in the books: void it there first/);
  }); // prettier-ignore
});
