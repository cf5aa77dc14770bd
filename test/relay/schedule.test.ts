// The schedule of the sources, on timers of the test's own.
import { expect, it } from '@jest/globals';
import { startSchedule, type Job } from '../../src/relay/schedule.ts';

interface Planned {
  readonly ms: number;
  readonly work: () => void;
  isTakenBack: boolean;
}

function setUp(jobs: readonly Omit<Job, 'run'>[], random: () => number) {
  const ran: string[] = [];
  const failures: string[] = [];
  const planned: Planned[] = [];
  const schedule = startSchedule(
    jobs.map((job) => ({
      ...job,
      run: () => {
        ran.push(job.name);
        return job.name === 'broken' ? Promise.reject(new Error('defect')) : Promise.resolve();
      },
    })),
    {
      random,
      failed: (name) => failures.push(name),
      later: (ms, work) => {
        const one = { ms, work, isTakenBack: false };
        planned.push(one);
        return () => (one.isTakenBack = true);
      },
    },
  );
  return { ran, failures, planned, schedule };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const source = (name: string, atStart = true): Omit<Job, 'run'> => ({
  name,
  everyMs: 15 * 60_000,
  atStart,
});

it('asks one source at the start and spreads the others', () => {
  const { ran, planned } = setUp(
    ['a', 'b', 'c', 'd'].map((name) => source(name)),
    () => 0.5,
  );
  expect(ran).toEqual(['a']);
  expect(planned.map(({ ms }) => ms)).toEqual([1000, 2000, 3000]);
});

it('is due again after its interval, a fifth sooner or later, once it has ended', async () => {
  for (const [random, minutes] of [[0, 12], [0.5, 15], [1, 18]] as const) {
    const { ran, planned } = setUp([source('a')], () => random);
    expect(planned).toEqual([]);
    await settled();
    expect(planned.map(({ ms }) => Math.round(ms / 60_000))).toEqual([minutes]);
    planned[0]?.work();
    expect(ran).toEqual(['a', 'a']);
  } // prettier-ignore
});

it('goes on after a defect, which is told', async () => {
  const { failures, planned } = setUp([source('broken')], () => 0.5);
  await settled();
  expect(failures).toEqual(['broken']);
  expect(planned).toHaveLength(1);
});

it('waits its interval where it is not asked at the start, and never after the stop', async () => {
  const { ran, planned, schedule } = setUp([source('books', false)], () => 0.5);
  expect(ran).toEqual([]);
  expect(planned.map(({ ms }) => ms / 60_000)).toEqual([15]);
  await schedule.stop();
  expect(planned[0]?.isTakenBack).toBe(true);
});
