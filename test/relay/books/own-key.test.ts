/** An invoice whose number and memo a person changed both: our key in the books still says whose it is. */
import { afterEach, expect, it, jest } from '@jest/globals';
import type { AccountingCompany } from '../../../src/relay/accounting/accounting.ts';
import { createHttp } from '../../../src/relay/http.ts';
import { providerKey } from '../../../src/relay/posting/keys.ts';
import { actions, ANNA } from '../posting/world.ts';
import { conductorCase } from './conductor.ts';
import {
  minutes,
  openEngineWorld,
  postOne,
  strikeCreate,
  type EngineWorld,
} from './engine-world.ts';
import { netsuiteCase } from './netsuite.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(120_000);

let world: EngineWorld | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});

/** What the office writes over both: a number of its own series, and a memo of its own. */
const rewrites = {
  conductor({ sim }: EngineWorld) {
    const { books } = sim.standIns;
    const [value] = books.documents('invoice');
    if (!value) throw new Error('nothing is in the books');
    books.write({ event: 'document', value: { ...value, refNumber: '20457', memo: 'September' } });
  },
  netsuite({ sim }: EngineWorld) {
    const ledger = sim.standIns.ledgers.get('netsuite');
    const [value] = ledger?.all('document') ?? [];
    if (!ledger || !value) throw new Error('nothing is in the books');
    ledger.put('document', value.id, { ...value, memo: 'September', reference: 'PO 77' });
  },
};

/** The same books, asked beside the engine. */
const beside = ({ one, sim }: EngineWorld): AccountingCompany =>
  one.system.connect(one.settings(sim.url), createHttp({ allowLoopback: true }));
const asked = { ...ANNA, query: {}, params: {}, body: {} };

const cases = [
  ['conductor', conductorCase],
  ['netsuite', netsuiteCase],
] as const;

it.each(cases)('%s: in doubt it is found by our key, and a person sees what differs', async (id, one) => {
  world = await openEngineWorld(one);
  const opened = world;
  let isRewritten = false;
  const reach = (name: string): Promise<void> => {
    if (name === 'posting.after-send' && !isRewritten) {
      isRewritten = true;
      rewrites[id](opened);
    }
    return Promise.resolve();
  };
  const running = await world.start({ failpoints: { reach } });
  strikeCreate(world, 'drop-answer');
  await postOne(world, running);
  await minutes(world, running, 40);
  const [row] = await world.rows();
  expect(row).toMatchObject({ state: 'MISMATCH', reason: expect.stringMatching(/Number/) });
  expect(one.truth(world.sim)).toHaveLength(1);
  const of = { batch: row?.batch ?? '', key: row?.key ?? '' };
  const shown = await running.posting.handlers.beside({ ...asked, params: of });
  expect(shown.documents).toMatchObject([{ ours: true }]);
}); // prettier-ignore

it('counts the keys of earlier epochs: a late landing of the first send stops the second', async () => {
  world = await openEngineWorld(conductorCase);
  const { books } = world.sim.standIns;
  const running = await world.start();
  strikeCreate(world, 'drop-request');
  await postOne(world, running);
  await minutes(world, running, 40);
  const [row] = await world.rows();
  if (!row) throw new Error('no posting');
  expect(row).toMatchObject({ state: 'NEEDS_PERSON', epoch: 1 });
  await actions(running).decide({ id: row.batch }, row.key, 'send again');
  // The first send lands after all, and the office renumbers it before the second goes out.
  const late = { postingKey: row.key, providerKey: providerKey(row.key, 1), ref: '20457', marker: 'x' };
  await beside(world).create(JSON.parse(row.content) as never, late);
  await running.worker.tick();
  expect(await world.rows()).toMatchObject([{ state: 'CONFLICT', epoch: 2 }]);
  expect(books.documents('invoice')).toHaveLength(1);
}); // prettier-ignore

it('the sweep knows a second copy by our key alone', async () => {
  world = await openEngineWorld(conductorCase);
  const running = await world.start();
  await postOne(world, running);
  await running.worker.tick();
  const [row] = await world.rows();
  if (!row) throw new Error('no posting');
  expect(row.state).toBe('POSTED');
  const copy = { postingKey: row.key, providerKey: providerKey(row.key, 1), ref: '20457', marker: 'x' };
  await beside(world).create(JSON.parse(row.content) as never, copy);
  await running.posting.handlers.sweep(asked);
  expect(await world.rows()).toMatchObject([{ state: 'DUPLICATE_IN_LEDGER' }]);
}); // prettier-ignore
