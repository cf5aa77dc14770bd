// One refresh of the 40-client month over real HTTP while every vendor call takes 300 ms.
import { startMcc } from '../test/e2e/support/mcc.ts';
import { openClient } from '../test/e2e/support/client.ts';
import { routes } from '../src/contract/contract.ts';
import { parsePeriod } from '../src/core/billing-period.ts';
import { measure, type Measure } from './report.ts';

const LATENCY_MS = 300;
/** product.md 6, claim 1. */
const COLD_GOAL_MS = 5_000;
const WARM_GOAL_MS = 1_000;

export async function measureRefresh(): Promise<readonly Measure[]> {
  const mcc = await startMcc('quiet');
  try {
    const client = await openClient(mcc.relay.ready);
    const period = parsePeriod('2026-10');
    for (const system of ['ninjaone', 'pax8', 'huntress']) {
      await mcc.sim('POST', '/_sim/faults', { system, match: {}, fault: 'slow', ms: LATENCY_MS });
    }
    const cold = await timed(() => client.call(routes.refresh, { params: { period }, body: {} }));
    const params = { period, snapshot: 'latest' };
    const warm = await timed(() => client.call(routes.snapshot, { params }));
    return [
      measure(
        'refresh',
        `40 clients, three sources, ${String(LATENCY_MS)} ms a call`,
        cold,
        'ms',
        COLD_GOAL_MS,
      ),
      measure('refresh', 'the snapshot once it is published', warm, 'ms', WARM_GOAL_MS),
    ];
  } finally {
    await mcc.stop();
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
