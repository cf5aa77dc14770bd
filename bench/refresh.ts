// One refresh of the 40-client month over real HTTP while every vendor call takes 300 ms.
import { parsePeriod } from '../src/core/billing-period.ts';
import { sampleBooks, sampleConfig } from '../src/sample/config.ts';
import { sampleWorld } from '../src/sample/world.ts';
import { FaultSchema } from '../src/sim/faults.ts';
import { startSim, type RunningSim } from '../src/sim/start-sim.ts';
import { AUTOMATE_CREDENTIALS } from '../src/sim/vendors/connectwise-automate.ts';
import { DATTO_CREDENTIALS } from '../src/sim/vendors/datto-rmm.ts';
import { plainConfig, startTestRelay, type TestRelay } from '../test/relay/fixture.ts';
import { measure, type Measure } from './report.ts';

const LATENCY_MS = 300;
/** product.md 6, claim 1. */
const COLD_GOAL_MS = 5_000;
const WARM_GOAL_MS = 1_000;
const PERIOD = parsePeriod('2026-10');
const NOW = '2026-10-31T10:00:00.000Z';
const READS = 200;

export async function measureRefresh(): Promise<readonly Measure[]> {
  const sim = await startSim({ options: { rateLimits: true } });
  const relay = await startTestRelay(configOf(sim));
  try {
    await ask(relay, 'POST', '/_test/clock', { now: NOW });
    const connections = relay.core.config.connections.map(({ id }) => id);
    for (const system of connections) {
      sim.standIns.faults.add(
        FaultSchema.parse({ system, match: {}, fault: 'slow', ms: LATENCY_MS }),
      );
    }
    const path = `/api/periods/${PERIOD}`;
    const [cold, refreshed] = await timed(() => ask(relay, 'POST', `${path}/refresh`, {}));
    refuseHalf(refreshed, connections.length);
    const [warm] = await timed(() => ask(relay, 'GET', `${path}/snapshots/latest`));
    const [reads] = await timed(async () => {
      for (let read = 0; read < READS; read += 1) {
        await relay.core.counting.snapshot(PERIOD, 'latest');
      }
    });
    const clients = sampleWorld('quiet').customers.length;
    const what = `${String(clients)} clients, ${String(connections.length)} sources`;
    return [
      measure('refresh', `${what}, ${String(LATENCY_MS)} ms a call`, cold, 'ms', COLD_GOAL_MS),
      measure('refresh', 'the snapshot once it is published', warm, 'ms', WARM_GOAL_MS),
      // One vendor call alone would take longer than that.
      measure('refresh', 'a read of the counts again, no vendor asked', reads / READS, 'ms', LATENCY_MS / 2), // prettier-ignore
    ];
  } finally {
    await relay.remove();
    await sim.close();
  }
}

function configOf({ url }: RunningSim): Record<string, unknown> {
  const { connections, services } = sampleConfig(url);
  return {
    ...plainConfig(),
    services,
    connections: [
      ...connections,
      { id: 'datto-rmm', adapter: 'datto-rmm', settings: { region: 'merlot', baseUrl: `${url}/datto-rmm`, ...DATTO_CREDENTIALS } },
      { id: 'connectwise-automate', adapter: 'connectwise-automate', settings: { server: 'automate.alder.example', baseUrl: `${url}/connectwise-automate/cwa`, ...AUTOMATE_CREDENTIALS } },
    ],
    books: { adapter: 'conductor', settings: sampleBooks(url) },
  }; // prettier-ignore
}

/** A refresh that failed quickly is no fast refresh. */
function refuseHalf(refreshed: unknown, sources: number): void {
  const { sources: all } = refreshed as {
    sources: { id: string; state: string; error: unknown }[];
  };
  const other = all.filter(({ state }) => state !== 'fresh');
  if (all.length === sources && other.length === 0) return;
  throw new Error(`Not every source answered: ${JSON.stringify(other)}`);
}

async function ask(relay: TestRelay, method: string, path: string, body?: unknown) {
  const { status, json, text } = await relay.asked({ method, path, ...(body ? { body } : {}) });
  if (status !== 200) throw new Error(`${path}: ${String(status)} ${text}`);
  return json as unknown;
}

async function timed<Result>(work: () => Promise<Result>): Promise<[number, Result]> {
  const start = performance.now();
  const result = await work();
  return [performance.now() - start, result];
}
