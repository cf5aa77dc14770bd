// What a refusal says: the state in plain words, who can help, and by which hand a conflict is ended.
import { afterEach, describe, expect, it } from '@jest/globals';
import { AppError } from '../../../src/core/errors.ts';
import { draftOf, invoiceOf, plainDraft, startEngine, POLICY } from './fake-ports.ts';
import { actions, ANNA, BEN, closeWorlds, makeWorld, only, posted } from './world.ts';

afterEach(closeWorlds);

/** No state of the code, no id of a batch. */
const PLAIN = /^(?!.*([A-Z]{2,}_[A-Z]|\b(SUBMITTED|APPROVED|CANCELLED|POSTED|REJECTED)\b|[0-9a-f]{8}-))/; // prettier-ignore

async function refusal(asked: Promise<unknown>): Promise<AppError> {
  const cause: unknown = await asked.then(() => null, (error: unknown) => error); // prettier-ignore
  if (cause instanceof AppError) return cause;
  throw new Error('it was not refused', { cause });
}

describe('a refusal', () => {
  it('says how the invoice and the approval stand, without codes', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const act = actions(running);
    const batch = await posted(running);
    await running.worker.tick();
    const { key } = only(await act.look(batch));
    const looked = await refusal(act.decide(batch, key, 'look again'));
    expect(looked.message).toMatch(/is not in doubt: it is in the books\.$/);
    const tried = await refusal(act.decide(batch, key, 'retry'));
    expect(tried.message).toMatch(/was not refused: it is in the books\.$/);
    const none = await refusal(act.decide(batch, 'other', 'retry'));
    const over = await refusal(act.approve(await act.look(batch)));
    expect(over.message).toMatch(/^The batch of October 2026 is posted already/);
    for (const { message } of [looked, tried, none, over]) expect(message).toMatch(PLAIN);
  });

  it('of a batch that is not approved says so when it is posted', async () => {
    const running = await startEngine(await makeWorld());
    const act = actions(running);
    const batch = await act.submit(plainDraft(1));
    const { message } = await refusal(act.post(batch));
    expect(message).toBe('The batch of October 2026 waits for approval. Nothing was sent.');
  });

  it('of an invoice that stands in the way leaves its client out', async () => {
    const running = await startEngine(await makeWorld());
    const act = actions(running);
    const batch = await posted(running, plainDraft(1));
    await running.worker.tick();
    const { code, remedy } = await refusal(act.submit(plainDraft(1), 'key-2'));
    expect([code, remedy]).toEqual([
      'LEDGER_CONFLICT',
      expect.stringMatching(/without this client/),
    ]);
    const late = await refusal(act.decide(batch, batch.postings[0]!.key, 'send again'));
    expect([late.code, late.remedy]).toEqual([
      'VERSION_STALE',
      expect.stringMatching(/the state it has now/),
    ]);
  });

  it('of the two-person rule sends to another person, not to a new pairing code', async () => {
    const running = await startEngine(await makeWorld(), { policy: { ...POLICY, twoPersons: true } });
    const act = actions(running);
    const batch = await act.submit(plainDraft(1));
    const { code, remedy } = await refusal(act.approve(batch, ANNA));
    expect([code, remedy]).toEqual(['NOT_ALLOWED', expect.stringMatching(/^Ask another person/)]);
    expect((await act.approve(batch, BEN)).state).toBe('APPROVED');
  }); // prettier-ignore

  it('of a runaway amount names the currency of the cap', async () => {
    const running = await startEngine(await makeWorld());
    const big = draftOf([invoiceOf('c1', [{ quantity: '100000', price: '22' }])]);
    const { message } = await refusal(actions(running).submit(big));
    expect(message).toMatch(/comes to 2200000\.00 USD; the configuration allows 100000 USD/);
  });
});

describe('a conflict names its cause', () => {
  /** Approved, and the books hold this under the number that was given out. */
  const meets = async (change: { marker?: null; subtotal?: string }, copies = 1) => {
    const world = await makeWorld();
    const first = await startEngine(world);
    const batch = await posted(first, plainDraft(1));
    const row = await world.store.selectFrom('posting').selectAll().executeTakeFirstOrThrow();
    const content = JSON.parse(row.content) as never;
    for (let copy = 0; copy < copies; copy += 1) {
      const { key: postingKey, provider_key, ref, marker } = row;
      const keys = { postingKey, providerKey: `${provider_key}${String(copy)}`, ref, marker, batch: batch.id };
      await world.books.company.create(content, keys);
    }
    for (const { id } of world.books.invoices()) world.books.edit(id, change as never);
    await first.worker.tick();
    return only(await actions(first).look(batch));
  }; // prettier-ignore

  it.each([
    ['ours, and other content', { subtotal: '1.00' }, 1, 'ours in books'],
    ['ours more than once', {}, 2, 'ours in books'],
    ['the number of a stranger', { marker: null }, 1, 'number taken'],
  ] as const)('%s', async (_name, change, copies, block) => {
    expect(await meets(change, copies)).toMatchObject({ state: 'CONFLICT', block });
  });
});
