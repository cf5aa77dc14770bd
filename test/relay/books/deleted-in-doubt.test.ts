/** What a person deleted in QuickBooks while nobody was sure of it is told, and never sent again. */
import { afterEach, expect, it, jest } from '@jest/globals';
import type { PostingRow } from '../../../src/relay/store/posting.ts';
import { editBooks } from '../../../src/sim/conductor/office.ts';
import { FaultSchema } from '../../../src/sim/faults.ts';
import { createHttp } from '../../../src/relay/http.ts';
import { providerKey } from '../../../src/relay/posting/keys.ts';
import type { Running } from '../posting/fake-ports.ts';
import { actions } from '../posting/world.ts';
import { conductorCase } from './conductor.ts';
import {
  minutes,
  openEngineWorld,
  postOne,
  strikeCreate,
  type EngineWorld,
} from './engine-world.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(120_000);

const DELETED = '/quickbooks-desktop/deleted-transactions';

let world: EngineWorld | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});

async function open(): Promise<EngineWorld> {
  world = await openEngineWorld(conductorCase, { recordExchanges: true });
  return world;
}

function deleteFirst({ sim, clock }: EngineWorld): void {
  const { books } = sim.standIns;
  const [first] = books.documents('invoice');
  if (!first) throw new Error('nothing is in the books');
  editBooks(books, { kind: 'invoice', id: first.id, delete: true }, clock.nowMs());
}

const onlyRow = async (opened: EngineWorld): Promise<PostingRow> => {
  const [row, ...more] = await opened.rows();
  if (!row || more.length > 0) throw new Error('one posting was expected');
  return row;
};

/** The answer is lost, and the office deletes it before anybody looks. */
async function deletedInDoubt(opened: EngineWorld): Promise<Running> {
  let isDeleted = false;
  const reach = (name: string): Promise<void> => {
    if (name === 'posting.after-send' && !isDeleted) {
      isDeleted = true;
      deleteFirst(opened);
    }
    return Promise.resolve();
  };
  const running = await opened.start({ failpoints: { reach } });
  strikeCreate(opened, 'drop-answer');
  await postOne(opened, running);
  return running;
}

const asksFor = ({ sim }: EngineWorld, path: string): number =>
  sim.standIns.exchanges().filter((one) => one.path.endsWith(path)).length;

it('goes to a person in plain words, is not sent again, and can be given up', async () => {
  const opened = await open();
  const running = await deletedInDoubt(opened);
  await minutes(opened, running, 40);
  const row = await onlyRow(opened);
  const told = /invoice \S+ with the number MC2609-0001 was deleted in QuickBooks Desktop on 2026-10-31/;
  expect(row).toMatchObject({ state: 'NEEDS_PERSON', reason: expect.stringMatching(told) });
  const act = actions(running);
  const of = { id: row.batch };
  const [shown] = (await act.look(of)).postings;
  expect(shown?.nextStep).toMatch(told);
  expect(shown?.evidence.some(({ words }) => told.test(words))).toBe(true);
  await expect(act.decide(of, row.key, 'send again')).rejects.toMatchObject({ code: 'APPROVAL_STALE' });
  await expect(act.decide(of, row.key, 'send again')).rejects.toThrow(/was deleted in QuickBooks/);
  await running.worker.tick();
  expect(conductorCase.truth(opened.sim)).toEqual([]);
  await act.decide(of, row.key, 'give up');
  expect(await onlyRow(opened)).toMatchObject({ state: 'CANCELLED' });
}); // prettier-ignore

it('tells it as well when it was deleted while a person was waited for', async () => {
  const opened = await open();
  const running = await opened.start();
  strikeCreate(opened, 'drop-request');
  await postOne(opened, running);
  await minutes(opened, running, 5);
  const waiting = await onlyRow(opened);
  expect(waiting).toMatchObject({ state: 'NEEDS_PERSON' });
  await landLate(opened, waiting);
  deleteFirst(opened);
  await minutes(opened, running, 40);
  expect((await onlyRow(opened)).reason).toMatch(/the books do not show it so far; invoice .* was deleted/);
}); // prettier-ignore

it('says nothing of the kind while the books do not show what was deleted', async () => {
  const opened = await open();
  const running = await deletedInDoubt(opened);
  const fault = { system: 'conductor', match: { path: DELETED }, fault: 'status', status: 500 };
  opened.sim.standIns.faults.add(FaultSchema.parse(fault));
  await minutes(opened, running, 40);
  const row = await onlyRow(opened);
  const again = actions(running).decide({ id: row.batch }, row.key, 'send again');
  await expect(again).rejects.toMatchObject({ code: expect.stringMatching(/TOO_EARLY|VERSION_STALE/) });
  expect(conductorCase.truth(opened.sim)).toEqual([]);
}); // prettier-ignore

it('stops what a person sends again when the first send landed and was deleted meanwhile', async () => {
  const opened = await open();
  const running = await opened.start();
  strikeCreate(opened, 'drop-request');
  await postOne(opened, running);
  await minutes(opened, running, 40);
  const row = await onlyRow(opened);
  await actions(running).decide({ id: row.batch }, row.key, 'send again');
  await landLate(opened, row);
  deleteFirst(opened);
  await running.worker.tick();
  expect(await onlyRow(opened)).toMatchObject({ state: 'BLOCKED', block: 'approval lapsed', reason: expect.stringMatching(/was deleted/) });
  expect(conductorCase.truth(opened.sim)).toEqual([]);
}); // prettier-ignore

it('costs an ordinary invoice no request', async () => {
  const opened = await open();
  const running = await opened.start();
  await postOne(opened, running);
  await running.worker.tick();
  expect(await onlyRow(opened)).toMatchObject({ state: 'POSTED' });
  expect(asksFor(opened, DELETED)).toBe(0);
});

/** As the first send would have landed. */
async function landLate({ one, sim }: EngineWorld, row: PostingRow): Promise<void> {
  const company = one.system.connect(one.settings(sim.url), createHttp({ allowLoopback: true }));
  const { key: postingKey, ref, marker } = row;
  const keys = { postingKey, providerKey: providerKey(postingKey, 1), ref, marker };
  await company.create(JSON.parse(row.content) as never, keys);
}
