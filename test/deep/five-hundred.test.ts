// R19: a batch of 500 through lost answers, late landings, a pause and three deaths of the relay.
// At every moment what the books hold is what is posted and what is shown to be in doubt.
import { afterEach, expect, it } from '@jest/globals';
import type { CreateFault } from '../relay/posting/fake-books.ts';
import { draftOf, invoiceOf, startEngine, type Running, type World } from '../relay/posting/fake-ports.ts'; // prettier-ignore
import {
  actions,
  ANNA,
  closeWorlds,
  makeWorld,
  posted,
  reopen,
  type Batch,
} from '../relay/posting/world.ts';
import { chanceOf } from '../simulation/random.ts';

afterEach(closeWorlds);

const CLIENTS = 500;
const SEED = Number(process.env['MCC_SEED'] ?? Date.now() % 1_000_000);
const TROUBLES: readonly CreateFault[] = ['request lost', 'answer lost', '500 before', '500 after', 'lands late', 'busy']; // prettier-ignore
const PAUSE_AT = 100;
/** So many times on the way of an invoice, counted from each start. */
const DIES_AFTER = [180, 120, 100];
const PLACES = ['posting.before-send', 'posting.after-send', 'posting.read-back', 'posting.intent-written']; // prettier-ignore
const DOUBT = ['SENDING', 'UNKNOWN', 'NEEDS_PERSON'];
const HALF_HOUR = 31 * 60_000;

it(`500 invoices are settled once, whatever happens (MCC_SEED=${String(SEED)})`, async () => {
  const chance = chanceOf(SEED);
  const first = await makeWorld({ clients: CLIENTS, onDisk: true });
  let world = first;
  const live = async (restarts: number): Promise<Running> => {
    const own = await startEngine(world, { holder: `start ${String(restarts)}` });
    const after = DIES_AFTER[restarts];
    if (after !== undefined) own.failpoints.arm(chance.pick(PLACES), after);
    return own;
  };
  let running = await live(0);
  const batch = await posted(running, draft());
  world.books.faults = {
    create: () => (chance.is(0.12) ? chance.pick(TROUBLES) : 'none'),
    read: () => (chance.is(0.01) ? 'failed' : 'none'),
  };
  let checks = 0;
  world.books.onCreate = async () => {
    const { length } = world.books.creates;
    if (length % 10 === 0) checks += await checkProgress(world);
    if (length === PAUSE_AT) await actionsOf(running).pause(batch);
  };
  let restarts = 0;
  for (let round = 0; round < 200; round += 1) {
    const crashed = await Promise.race([running.worker.tick().then(() => null), running.failpoints.crashed()]); // prettier-ignore
    await checkProgress(world);
    if (crashed !== null) {
      restarts += 1;
      world = await reopen(first);
      running = await live(restarts);
      continue;
    }
    const seen = await actions(running).look(batch);
    if (seen.state === 'PAUSED') await resume(running, seen);
    if (seen.state === 'COMPLETED') break;
    await decideWhatWaits(running, seen);
    world.clock.advance(HALF_HOUR / 4);
  }
  expect(restarts).toBe(3);
  expect(checks).toBeGreaterThan(40);
  expect((await actions(running).look(batch)).state).toBe('COMPLETED');
  const refs = world.books.invoices().map(({ ref }) => ref);
  expect([new Set(refs).size, refs.length]).toEqual([CLIENTS, CLIENTS]);
}, 1_200_000);

const draft = () =>
  draftOf(
    Array.from({ length: CLIENTS }, (_, index) =>
      invoiceOf(`c${String(index + 1)}`, [{ quantity: String(1 + (index % 40)), price: '22.05' }]),
    ),
  );

/** Posted is in the books; in the books is posted or in doubt; nothing is missing from the count. */
async function checkProgress({ store, books }: World): Promise<number> {
  const rows = await store.selectFrom('posting').select(['ref', 'state']).execute();
  const inBooks = new Set(books.invoices().map(({ ref }) => ref));
  const posted = rows.filter(({ state }) => state === 'POSTED');
  const inDoubt = rows.filter(({ state }) => DOUBT.includes(state));
  const ready = rows.filter(({ state }) => state === 'READY');
  expect(posted.length + inDoubt.length + ready.length).toBe(CLIENTS);
  expect(posted.filter(({ ref }) => !inBooks.has(ref))).toEqual([]);
  const found = inDoubt.filter(({ ref }) => inBooks.has(ref));
  expect(posted.length + found.length).toBe(inBooks.size);
  return 1;
}

async function decideWhatWaits(running: Running, { id, postings }: Batch): Promise<void> {
  for (const { key, state } of postings) {
    if (state !== 'NEEDS_PERSON') continue;
    // Too early is an answer too: it is asked again later.
    await actions(running)
      .decide({ id }, key, 'send again')
      .catch(() => undefined);
  }
}

/** The books may be away just now: then somebody presses it once more. */
async function resume(running: Running, batch: Batch): Promise<void> {
  await actions(running)
    .post(batch, `resume-${String(batch.version)}`)
    .catch(() => undefined);
}

const actionsOf = ({ posting }: Running) => ({
  pause: ({ id }: Pick<Batch, 'id'>) =>
    posting.handlers.pause({
      ...ANNA,
      query: {},
      params: { batch: id },
      body: { reason: 'lunch' },
    }),
});
