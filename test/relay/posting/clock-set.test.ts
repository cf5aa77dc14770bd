// R17: the clock is set while a batch runs, months end in six zones, approvals end by time alone.
import { afterEach, describe, expect, it } from '@jest/globals';
import { lastDay, nextPeriod, type BillingPeriod } from '../../../src/core/billing-period.ts';
import { createSteadyClock, periodAt, type Clock } from '../../../src/relay/clock.ts';
import type { PostingPorts } from '../../../src/relay/posting/ports.ts';
import { draftOf, invoiceOf, plainDraft, startEngine, type Running, type World } from './fake-ports.ts'; // prettier-ignore
import { actions, closeWorlds, makeWorld, posted, stateOf } from './world.ts';

afterEach(closeWorlds);

const HOUR = 3_600_000;
const CLIENTS = 6;
const ALL_POSTED = Array.from({ length: CLIENTS }, () => 'POSTED');

const PLACES = ['posting.picked', 'posting.intent-written', 'posting.before-send', 'posting.after-send', 'posting.read-back']; // prettier-ignore

interface Machine {
  readonly clock: Clock;
  /** Somebody sets the clock; no time passes. */
  set(byMs: number): void;
}

/** The machine's clock shows the time of the world and what somebody has set it off by. */
function machineOf({ clock }: World): Machine {
  let offMs = 0;
  return {
    clock: createSteadyClock({ wallMs: () => clock.nowMs() + offMs, steadyMs: () => clock.nowMs() }),
    set: (byMs) => void (offMs += byMs),
  }; // prettier-ignore
}

describe.each([
  ['two hours forward', 2 * HOUR],
  ['two hours back', -2 * HOUR],
])('the clock is set %s in the middle of a batch', (_words, byMs) => {
  it('and nothing comes of it: the relay goes on in its own time', async () => {
    const world = await makeWorld({ clients: CLIENTS });
    const machine = machineOf(world);
    const running = await startEngine(world, { clock: machine.clock });
    const batch = await posted(running, plainDraft(CLIENTS));
    world.books.onCreate = () => {
      if (world.books.creates.length === 2) machine.set(byMs);
    };
    await running.worker.tick();
    const done = await actions(running).look(batch);
    expect([done.state, ...stateOf(done)]).toEqual(['COMPLETED', ...ALL_POSTED]);
    expect(world.books.creates.length).toBe(CLIENTS);
    const moves = await world.store.selectFrom('posting_transition').selectAll().orderBy('seq').execute(); // prettier-ignore
    const times = moves.map(({ at }) => at);
    expect(times).toEqual([...times].sort());
    expect(Date.parse(times.at(-1) ?? '') - Date.parse(times[0] ?? '')).toBeLessThan(HOUR);
  });

  it('wherever it strikes, a relay that follows it sends nothing twice and loses nothing', async () => {
    for (const place of PLACES) {
      const world = await makeWorld({ clients: CLIENTS });
      let isSet = false;
      const failpoints: PostingPorts['failpoints'] = {
        reach(name) {
          if (name === place && world.books.creates.length >= 2 && !isSet) {
            isSet = true;
            world.clock.advance(byMs);
          }
          return Promise.resolve();
        },
      };
      const running = await startEngine(world, { failpoints });
      const batch = await posted(running, plainDraft(CLIENTS));
      await rest(world, running, batch.id);
      expect([place, isSet]).toEqual([place, true]);
      expect(stateOf(await actions(running).look(batch))).toEqual(ALL_POSTED);
      expect(new Set(world.books.creates.map(({ ref }) => ref)).size).toBe(CLIENTS);
      expect(world.books.invoices().length).toBe(CLIENTS);
      await closeWorlds();
    }
  });
});

/** Hours pass and a person decides what waits, until everything is posted. */
async function rest(world: World, running: Running, id: string): Promise<void> {
  for (let round = 0; round < 12; round += 1) {
    await running.worker.tick();
    const { postings } = await actions(running).look({ id });
    for (const { key, state } of postings) {
      if (state !== 'NEEDS_PERSON') continue;
      await actions(running)
        .decide({ id }, key, 'send again')
        .catch(() => undefined);
    }
    world.clock.advance(31 * 60_000);
  }
}

describe('an approval ends after 72 hours', () => {
  const approved = async (world: World, clock: Clock) => {
    const running = await startEngine(world, { clock });
    const batch = await actions(running).submit(plainDraft(CLIENTS));
    return { running, batch: await actions(running).approve(batch) };
  };

  it('and not because the clock is set forward', async () => {
    const world = await makeWorld({ clients: CLIENTS });
    const machine = machineOf(world);
    const { running, batch } = await approved(world, machine.clock);
    machine.set(200 * HOUR);
    world.clock.advance(71 * HOUR);
    await running.worker.tick();
    await actions(running).post(batch);
    await running.worker.tick();
    expect(stateOf(await actions(running).look(batch))).toEqual(ALL_POSTED);
  });

  it('though the clock is set back by a year, in steps or at once', async () => {
    for (const steps of [1, 12]) {
      const world = await makeWorld({ clients: CLIENTS });
      const machine = machineOf(world);
      const { running, batch } = await approved(world, machine.clock);
      for (let step = 0; step < steps; step += 1) {
        machine.set((-365 * 24 * HOUR) / steps);
        world.clock.advance((73 * HOUR) / steps);
        await running.worker.tick();
      }
      await expect(actions(running).post(batch)).rejects.toMatchObject({ code: 'APPROVAL_STALE' });
      expect(world.books.creates).toEqual([]);
    }
  });

  it('small corrections of the clock are followed, so that it stays right for years', async () => {
    const world = await makeWorld();
    const machine = machineOf(world);
    for (let day = 0; day < 1_000; day += 1) {
      world.clock.advance(24 * HOUR);
      machine.set(1_000);
      expect(Date.parse(machine.clock.now()) - world.clock.nowMs()).toBe((day + 1) * 1_000);
    }
  });
});

/** Zone, and how far it is from UTC at the end of each of the months below. */
const ZONES: readonly (readonly [string, readonly string[]])[] = [
  ['UTC', ['+00:00', '+00:00', '+00:00', '+00:00', '+00:00']],
  ['America/New_York', ['-05:00', '-04:00', '-04:00', '-05:00', '-04:00']],
  ['Europe/London', ['+00:00', '+01:00', '+00:00', '+00:00', '+01:00']],
  ['Australia/Sydney', ['+11:00', '+11:00', '+11:00', '+11:00', '+11:00']],
  ['Asia/Kathmandu', ['+05:45', '+05:45', '+05:45', '+05:45', '+05:45']],
  ['Pacific/Apia', ['+13:00', '+13:00', '+13:00', '+13:00', '+13:00']],
];
/**
 * A leap day; London's first summer day; New York's last one (it ends at two in the night after);
 * a year's end; the day before Sydney's summer ends.
 */
const MONTHS = ['2028-02', '2024-03', '2026-10', '2026-12', '2029-03'] as BillingPeriod[];
const ENDS = ZONES.flatMap(([zone, offsets]) =>
  MONTHS.map((period, index) => ({ zone, period, offset: offsets[index] ?? '' })),
);

describe('the last millisecond of a month', () => {
  it.each(ENDS)('$period in $zone', async ({ zone, period, offset }) => {
    const end = Date.parse(`${lastDay(period)}T23:59:59.999${offset}`);
    const at = (ms: number): BillingPeriod => periodAt(new Date(ms).toISOString(), zone);
    expect([at(end), at(end + 1)]).toEqual([period, nextPeriod(period)]);

    const world = await makeWorld({ clients: 1 });
    world.clock.advance(end - world.clock.nowMs());
    const running = await startEngine(world, { timeZone: zone });
    const draft = draftOf([invoiceOf('c1', [{ quantity: '1', price: '22' }])], { period });
    const next = { ...draft, period: nextPeriod(period) };
    await expect(actions(running).submit(next)).rejects.toThrow(/has not begun/);
    const batch = await posted(running, draft);
    await running.worker.tick();
    world.clock.advance(1);
    expect(world.books.invoices().map(({ date }) => date)).toEqual([lastDay(period)]);
    // The month is billed: a second time it is refused, and the next one may be billed now.
    await expect(actions(running).submit(draft, 'again')).rejects.toThrow();
    const later = await actions(running).submit(next, 'next');
    expect([later.period, batch.period]).toEqual([nextPeriod(period), period]);
  });
});
