/** R20: no set of books ever has to say 429 to us, and little of what it allows is left unused. */
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { createHttp } from '../../../src/relay/http.ts';
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
