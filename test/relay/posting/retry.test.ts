// A refused invoice is tried again days later: whatever a post asks of the books is asked again.
import { afterEach, describe, expect, it } from '@jest/globals';
import type { InvoiceContent } from '../../../src/core/model.ts';
import { POLICY, plainDraft, startEngine } from './fake-ports.ts';
import { actions, closeWorlds, makeWorld, only, posted } from './world.ts';
import { asked, decide, later, sent, waiting, type Walk } from './walk.ts';

afterEach(closeWorlds);

const DAY = 24 * 60;
const shown = async ({ running, batch }: Walk) => only(await actions(running).look(batch));

async function refused(): Promise<Walk> {
  const walk = await sent('rejected');
  walk.world.clock.advance(DAY * 60_000);
  walk.world.books.creates.length = 0;
  return walk;
}

/** A person enters what was refused, under a number and a mark of somebody else or none. */
async function typedByHand({ world }: Walk, marker: string | null): Promise<string> {
  const row = await world.store.selectFrom('posting').selectAll().executeTakeFirstOrThrow();
  const content = JSON.parse(row.content) as InvoiceContent;
  const keys = { postingKey: 'h', providerKey: 'h', ref: '4711', marker: 'x' };
  const made = await world.books.company.create(content, keys);
  const id = made.verdict === 'created' ? made.invoiceId : '';
  world.books.edit(id, { marker });
  world.books.creates.length = 0;
  return id;
}

describe('a retry', () => {
  it('is refused where another company answers, and nothing is sent', async () => {
    const walk = await refused();
    walk.world.books.companyId = 'company-2';
    await expect(decide(walk, 'retry')).rejects.toThrow(/now Company company-2 answers/);
    await later(walk, 1);
    expect(walk.world.books.creates).toEqual([]);
    expect(await shown(walk)).toMatchObject({ state: 'REJECTED' });
    walk.world.books.companyId = 'company-1';
    await decide(walk, 'retry');
    await later(walk, 1);
    expect(await shown(walk)).toMatchObject({ state: 'POSTED' });
  });

  it('is refused for what was typed by hand meanwhile, until a person has seen it', async () => {
    const walk = await refused();
    const id = await typedByHand(walk, null);
    await expect(decide(walk, 'retry')).rejects.toThrow(/Client 1: invoice 1 \(number 4711\)/);
    await later(walk, 1);
    expect(walk.world.books.creates).toEqual([]);
    const { handlers } = walk.running.posting;
    const params = { batch: walk.batch.id, key: (await shown(walk)).key };
    await handlers.decide({ ...asked, params, body: { choice: 'retry', seen: [id] } });
    await later(walk, 1);
    expect(await shown(walk)).toMatchObject({ state: 'POSTED' });
  });

  it('is refused while another relay posts there', async () => {
    const walk = await refused();
    await typedByHand(walk, '[rly:abcd-ffffffffffff]');
    await expect(decide(walk, 'retry')).rejects.toThrow(/of another relay \(abcd/);
    await later(walk, 1);
    expect(walk.world.books.creates).toEqual([]);
  });

  it.each([
    ['a full disk', { machine: { nowMs: () => null, freeBytes: () => 1024 } }, /Make room/],
    ['posting switched off', { policy: { ...POLICY, postingEnabled: false } }, /switched off/],
  ])('is refused with %s', async (_name, ports, words) => {
    const walk = await refused();
    const running = await startEngine(walk.world, ports);
    await expect(decide({ ...walk, running }, 'retry')).rejects.toThrow(words);
    await running.worker.tick();
    expect(walk.world.books.creates).toEqual([]);
    expect(await shown(walk)).toMatchObject({ state: 'REJECTED', retriable: true });
  });
});

describe('a batch that takes long', () => {
  it('asks every ten minutes who the books are', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const batch = await posted(running, plainDraft(3));
    world.books.onCreate = () => {
      world.clock.advance(11 * 60_000);
      world.books.companyId = 'company-2';
    };
    await running.worker.tick();
    expect(world.books.creates).toHaveLength(1);
    const paused = await actions(running).look(batch);
    expect(paused).toMatchObject({
      state: 'PAUSED',
      reason: expect.stringMatching(/company-2 answers/),
    });
  });
});

describe('what was in doubt, sent again by a person', () => {
  const again = async (walk: Walk, seen: string[]) => {
    const params = { batch: walk.batch.id, key: (await shown(walk)).key };
    const body = { choice: 'send again' as const, seen };
    return walk.running.posting.handlers.decide({ ...asked, params, body });
  };

  it('is refused for what was typed by hand meanwhile, until the person has seen it', async () => {
    const walk = await waiting();
    const id = await typedByHand(walk, null);
    await expect(again(walk, [])).rejects.toThrow(/Client 1: invoice 1 \(number 4711\)/);
    await later(walk, 1);
    expect(walk.world.books.creates).toEqual([]);
    expect(await shown(walk)).toMatchObject({ state: 'NEEDS_PERSON' });
    const params = { period: '2026-10' as never };
    const { invoices } = await walk.running.posting.handlers.inBooks({ ...asked, params });
    expect(invoices).toMatchObject([{ invoiceId: id, alikeTo: [(await shown(walk)).key] }]);
    await again(walk, [id]);
    await later(walk, 1);
    expect(await shown(walk)).toMatchObject({ state: 'POSTED' });
  });

  it('is refused while another relay posts there', async () => {
    const walk = await waiting();
    await typedByHand(walk, '[rly:abcd-ffffffffffff]');
    await expect(again(walk, [])).rejects.toThrow(/of another relay \(abcd/);
    await later(walk, 1);
    expect(walk.world.books.creates).toEqual([]);
  });
});

it('a person who sends what was in doubt again has the company asked once more', async () => {
  const walk = await waiting();
  await decide(walk, 'send again');
  walk.world.books.creates.length = 0;
  walk.world.books.companyId = 'company-2';
  await later(walk, 1);
  expect(walk.world.books.creates).toEqual([]);
});
