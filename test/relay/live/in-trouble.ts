/** What every source must say when its service fails, over a stand-in with faults. */
import { expect, it } from '@jest/globals';
import { parsePeriod } from '../../../src/core/billing-period.ts';
import type { AppError, ErrorCode } from '../../../src/core/errors.ts';
import { createHttp } from '../../../src/relay/http.ts';
import type { CountSource, VendorCount } from '../../../src/relay/sources/source.ts';
import { FaultSchema } from '../../../src/sim/faults.ts';
import type { RunningSim } from '../../../src/sim/start-sim.ts';

export const PERIOD = parsePeriod('2026-10');
export const http = createHttp({
  allowLoopback: true,
  timeoutMaxMs: 1500,
  delay: () => Promise.resolve(),
});

export interface LiveSource {
  readonly source: CountSource;
  /** A path every sync asks, for the faults to strike at. */
  readonly path: string;
  readonly sim: () => RunningSim;
  readonly count: () => Promise<readonly VendorCount[]>;
  /** False where every request carries the credentials themselves. */
  readonly signsIn?: boolean;
}

type Trouble = readonly [string, object, readonly ErrorCode[]];
const TROUBLES: readonly Trouble[] = [
  ['drop-request', {}, ['SOURCE_DOWN']],
  ['drop-answer', {}, ['SOURCE_DOWN']],
  ['hold-answer', {}, ['SOURCE_DOWN']],
  ['reset', {}, ['SOURCE_DOWN']],
  ['status', { status: 429, headers: { 'retry-after': '1' } }, ['SOURCE_BUSY']],
  ['status', { status: 401 }, ['SOURCE_REFUSED']],
  ['status', { status: 403 }, ['SOURCE_REFUSED']],
  ['status', { status: 503 }, ['SOURCE_DOWN']],
  ['status', { status: 302, headers: { location: 'http://127.0.0.1:9/' } }, ['SOURCE_MALFORMED']],
  ['truncate', {}, ['SOURCE_MALFORMED', 'SOURCE_DOWN']],
  ['html', {}, ['SOURCE_MALFORMED', 'SOURCE_REFUSED', 'SOURCE_DOWN']],
  ['empty-list', {}, ['SOURCE_MALFORMED']],
  ['changed-schema', {}, ['SOURCE_MALFORMED']],
];

/** To be called inside a describe; the stand-in's faults are the caller's to clear. */
export function itSpeaksOfTrouble(live: LiveSource): void {
  const { source, path, sim, count, signsIn = true } = live;
  const add = (fault: object): void => {
    const match = { path };
    sim().standIns.faults.add(FaultSchema.parse({ system: source.id, match, ...fault }));
  };

  it.each(TROUBLES)('%s %j', async (fault, more, codes) => {
    add({ fault, ...more });
    const error = await count().then(
      () => null,
      (one: unknown) => one as AppError,
    );
    expect(codes).toContain(error?.code);
    expect(error?.message).toContain(source.title);
  });

  it('counts all the same after one 500 and one 429', async () => {
    const whole = await count();
    for (const status of [500, 429]) add({ nth: 1, fault: 'status', status });
    expect(await count()).toEqual(whole);
    expect(sim().standIns.faults.list().map(({ struck }) => struck)).toEqual([1, 1]); // prettier-ignore
  });

  if (!signsIn) return;
  it('signs in again when the credentials are renewed in the middle', async () => {
    const whole = await count();
    add({ nth: 1, fault: 'status', status: 401 });
    expect(await count()).toEqual(whole);
  });
}
