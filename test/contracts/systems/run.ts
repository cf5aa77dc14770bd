/** What the runs of several systems share. */
import { parsePeriod } from '../../../src/core/billing-period.ts';
import { createHttp } from '../../../src/relay/http.ts';
import type { CountSource } from '../../../src/relay/sources/source.ts';
import { PERIODS } from '../../../src/sample/timeline.ts';
import type { RunningSim } from '../../../src/sim/start-sim.ts';
import { PROBE_HEADER } from './system.ts';

export const http = createHttp({ allowLoopback: true, delay: () => Promise.resolve() });
const PROBE = { [PROBE_HEADER]: 'yes' };

/** A source at the end of each month, the early ones in small pages. */
export async function syncEveryMonth(
  sim: RunningSim,
  source: CountSource,
  settings: unknown,
  periods: readonly string[] = PERIODS,
): Promise<void> {
  for (const period of periods) {
    sim.standIns.clock.set(`${period}-28T10:00:00.000Z`);
    sim.standIns.setOptions({ pageSizeMax: period < '2026-04' ? 20 : 1000 });
    await source.count(settings, parsePeriod(period), http);
  }
  sim.standIns.setOptions({ pageSizeMax: 1000 });
}

/** Straight to a stand-in, each path with and without proof of who asks; wrong ones on purpose. */
export async function askAll(
  address: string,
  headers: Readonly<Record<string, string>>,
  paths: readonly string[],
): Promise<void> {
  for (const path of paths) {
    const url = `${address}${path}`;
    await (await fetch(url, { headers: { ...headers, ...PROBE } })).arrayBuffer();
    await (await fetch(url, { headers: PROBE })).arrayBuffer();
  }
}

/** Signs in and gives the header that proves it. */
export async function bearer(url: string, init: RequestInit): Promise<Record<string, string>> {
  const answer = (await (await fetch(url, { method: 'POST', ...init })).json()) as {
    readonly access_token: string;
  };
  return { authorization: `Bearer ${answer.access_token}` };
}
