/** R20: no set of books ever has to say 429 to us, and little of what it allows is left unused. */
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { createHttp } from '../../../src/relay/http.ts';
import { FaultSchema } from '../../../src/sim/faults.ts';
import { startSim, type RunningSim } from '../../../src/sim/start-sim.ts';
import { openEngineWorld, postSample, type EngineWorld } from './engine-world.ts';
import { CASES } from './registry.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(120_000);

const SHARE_MIN = 0.8;

const opened: (EngineWorld | RunningSim)[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

const statuses = ({ standIns }: RunningSim): readonly number[] =>
  standIns.exchanges().map(({ status }) => status);

/** Answers of their own, as their gateways give them. */
const BUSY = {
  'quickbooks-online': {
    quietSeconds: 60,
    body: { fault: { error: [{ message: 'message=ThrottleExceeded; statusCode=429', code: '3001' }], type: 'THROTTLE' } },
    headers: {},
  },
  xero: { quietSeconds: 50, body: '', headers: { 'x-rate-limit-problem': 'minute', 'retry-after': '50' } },
} as const; // prettier-ignore

it.each(['quickbooks-online', 'xero'] as const)(
  '%s: a 429 on one invoice leaves the whole connection alone, and the batch goes on after it',
  async (id) => {
    const one = CASES.find(({ system }) => system.id === id);
    if (!one) throw new Error('no case');
    const world = await openEngineWorld(one, { rateLimits: true, recordExchanges: true });
    opened.push(world);
    const running = await world.start();
    await postSample(world, running);
    const { quietSeconds, ...answer } = BUSY[id];
    const fault = { system: one.standIn, match: one.create, nth: 5, fault: 'status', status: 429 };
    world.sim.standIns.faults.add(FaultSchema.parse({ ...fault, ...answer }));
    const next = Date.parse((await running.worker.tick()) ?? '');
    expect(statuses(world.sim).at(-1)).toBe(429);
    expect(next - world.clock.nowMs()).toBe(quietSeconds * 1000);
    const asked = statuses(world.sim).length;
    world.clock.advanceMs(quietSeconds * 1000 - 1);
    await running.worker.tick();
    expect(statuses(world.sim)).toHaveLength(asked);
    world.clock.advanceMs(1);
    await running.worker.tick();
    expect((await world.rows()).map(({ state }) => state)).toEqual(Array(40).fill('POSTED'));
  },
);

describe.each(CASES.map((one) => [one.system.id, one] as const))('%s', (_id, one) => {
  it('a batch keeps the documented limit and uses four fifths of it', async () => {
    const world = await openEngineWorld(one, { rateLimits: true, recordExchanges: true });
    opened.push(world);
    const running = await world.start();
    await postSample(world, running);
    const [startMs, before] = [world.clock.nowMs(), statuses(world.sim).length];
    await running.worker.tick();
    expect((await world.rows()).map(({ state }) => state)).toEqual(Array(40).fill('POSTED'));
    expect(statuses(world.sim).filter((status) => status === 429)).toEqual([]);
    if (!one.pace) return;
    const { calls, perSeconds } = one.pace;
    const allowed = (calls * (world.clock.nowMs() - startMs)) / 1000 / perSeconds;
    expect((statuses(world.sim).length - before) / allowed).toBeGreaterThan(SHARE_MIN);
  });

  it('thirty questions at the same time are no more at once than it takes', async () => {
    const sim = await startSim({ options: { rateLimits: true, recordExchanges: true, latencyMs: 5 } });
    opened.push(sim);
    const http = createHttp({ allowLoopback: true, delay: () => Promise.resolve() });
    const company = one.system.connect(one.settings(sim.url), http, one.tools?.());
    await company.identity();
    // Time does not pass here, so a limit by the minute may be met; that many at once may not.
    await Promise.allSettled(Array.from({ length: 30 }, () => company.customer(one.goneId)));
    const crowded = sim.standIns.exchanges().filter(({ status, answer }) => status === 429 && /oncurren/.test(JSON.stringify(answer)));
    expect(crowded).toEqual([]);
  });
}); // prettier-ignore
