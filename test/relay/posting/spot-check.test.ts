// Reading back what was posted, and the five a person looks at.
import { afterEach, describe, expect, it } from '@jest/globals';
import { plainDraft, startEngine } from './fake-ports.ts';
import { actions, closeWorlds, makeWorld, posted, stateOf } from './world.ts';

afterEach(closeWorlds);

describe('spot check', () => {
  it('reads all back, draws five by the seed and keeps the verdicts', async () => {
    const world = await makeWorld({ clients: 8 });
    const running = await startEngine(world);
    const batch = await posted(running, plainDraft(8));
    await running.worker.tick();
    const ask = { person: 'Anna', requestId: 'r', query: {}, params: { batch: batch.id } };
    const check = await running.posting.handlers.spotCheck({ ...ask, body: { seed: 7 } });
    const again = await running.posting.handlers.spotCheck({ ...ask, body: { seed: 7 } });
    expect(check.readBack).toMatchObject({ compared: 8, equal: 8 });
    expect(check.invoices).toHaveLength(5);
    expect(again.invoices.map(({ key }) => key)).toEqual(check.invoices.map(({ key }) => key));
    const key = check.invoices[0]!.key;
    const said = await running.posting.handlers.spotVerdict({
      ...ask,
      params: { batch: batch.id, check: check.id },
      body: { key, verdict: 'matches' },
    });
    expect(said.invoices.map(({ verdict }) => verdict)).toEqual([
      'matches',
      null,
      null,
      null,
      null,
    ]);
  });

  it('finds what was changed, voided or deleted in the books afterwards', async () => {
    const world = await makeWorld({ clients: 4 });
    const running = await startEngine(world);
    const batch = await posted(running, plainDraft(4));
    await running.worker.tick();
    world.books.edit('1', { subtotal: '1.00' as never });
    world.books.edit('2', { voided: true });
    world.books.remove('3');
    const ask = { person: 'Anna', requestId: 'r', query: {}, params: { batch: batch.id } };
    const check = await running.posting.handlers.spotCheck({ ...ask, body: {} });
    expect(check.readBack).toMatchObject({ compared: 4, equal: 1 });
    const states = stateOf(await actions(running).look(batch));
    expect(states).toEqual(['MISMATCH', 'VOIDED', 'MISSING_IN_LEDGER', 'POSTED']);
    // Drawn again, what is gone or voided is not left out of the count.
    const again = await running.posting.handlers.spotCheck({ ...ask, body: {} });
    expect(again.readBack).toMatchObject({ compared: 4, equal: 1 });
    world.books.edit('1', { subtotal: '232.38' as never });
    const { readBack } = await running.posting.handlers.spotCheck({ ...ask, body: {} });
    expect(readBack).toMatchObject({ compared: 4, equal: 2 });
    expect(stateOf(await actions(running).look(batch))[0]).toBe('POSTED');
  });
});
