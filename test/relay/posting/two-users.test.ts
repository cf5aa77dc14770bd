// R9: two people approve and post the same batch at once, two hundred times, in every order that
// chance makes of it. Whoever loses is told so; nobody is told of a defect; each invoice is there once.
import { afterEach, expect, it } from '@jest/globals';
import { shiftPeriod } from '../../../src/core/billing-period.ts';
import { AppError, ERRORS } from '../../../src/core/errors.ts';
import { verifyAudit } from '../../../src/relay/store/audit.ts';
import { chanceOf } from '../../simulation/random.ts';
import { OCTOBER, plainDraft, startEngine, type Running, type World } from './fake-ports.ts';
import { actions, ANNA, BEN, closeWorlds, makeWorld, stateOf, type Batch } from './world.ts';

afterEach(closeWorlds);

const ROUNDS = 200;
const SEED = Number(process.env['MCC_SEED'] ?? Date.now() % 1_000_000);
const CARLA = { person: 'Carla', requestId: 'r3' };
const ALLOWED = [200, 202, 409, 422];

it(`two users at once, 200 rounds: n invoices are n postings (MCC_SEED=${String(SEED)})`, async () => {
  const chance = chanceOf(SEED);
  const seen = new Map<number, number>();
  const world = await makeWorld({ clients: 3 });
  const running = await startEngine(world);
  let sent = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const period = shiftPeriod(OCTOBER, -round);
    const draft = { ...plainDraft(1 + chance.below(3)), period };
    const batch = await actions(running).submit(draft, period, CARLA);
    const people = [ANNA, BEN].map((person) => clicksOf(running, batch, person));
    const clicks = people.flatMap((own) => (chance.is(0.5) ? own : own.toReversed()));
    for (const status of await Promise.all(clicks.map(answer))) {
      seen.set(status, (seen.get(status) ?? 0) + 1);
    }
    // Who came with a post before any approval presses it once more.
    await actions(running).post(batch, `once more ${period}`);
    await running.worker.tick();
    const done = await actions(running).look(batch);
    expect(stateOf(done)).toEqual(draft.invoices.map(() => 'POSTED'));
    sent += draft.invoices.length;
    expect(await movesOf(world, batch)).toEqual(['VALIDATED', 'SUBMITTED', 'APPROVED', 'POSTING', 'COMPLETED']); // prettier-ignore
  }
  expect(world.books.creates.length).toBe(sent);
  expect(new Set(world.books.invoices().map(({ ref }) => ref)).size).toBe(sent);
  expect(await verifyAudit(world.store, null)).toMatchObject({ verified: true });
  expect([...seen.keys()].filter((status) => !ALLOWED.includes(status))).toEqual([]);
  expect(seen.get(200)).toBeGreaterThanOrEqual(ROUNDS);
}, 120_000);

async function movesOf({ store }: World, { id }: Batch): Promise<string[]> {
  const rows = await store.selectFrom('batch_transition').select('to_state').where('batch', '=', id).orderBy('seq').execute(); // prettier-ignore
  return rows.map((row) => row.to_state);
}

type Click = () => Promise<Batch>;

const clicksOf = (running: Running, batch: Batch, person: typeof ANNA): Click[] => [
  () => actions(running).approve(batch, person),
  () => actions(running).post(batch, `post by ${person.person}`, person),
];

/** The status that the person's pane gets. */
async function answer(click: Click): Promise<number> {
  try {
    await click();
    return 200;
  } catch (cause) {
    if (cause instanceof AppError) return ERRORS[cause.code].http;
    throw cause;
  }
}
