// R15 and R16 of posting-safety 3.1: what becomes of counts while a vendor is in trouble, and that
// every state of every source is seen before any figure is.
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { count } from '../../functions/cells.ts';
import { createRuntime } from '../../functions/runtime.ts';
import { createSnapshots } from '../../functions/snapshot.ts';
import { flagSources } from '../../src/core/flag-sources.ts';
import { AppError } from '../../src/core/errors.ts';
import type { Flag, Snapshot, SourceHealth, SourceState } from '../../src/core/model.ts';
import { huntress } from '../../src/relay/sources/huntress.ts';
import type { VendorCounts } from '../../src/relay/sources/source.ts';
import { systemHandlers } from '../../src/relay/system-handlers.ts';
import { answerOf, OCTOBER, sourceOf, startWorld, type CountingWorld, type Row } from './counting-world.ts'; // prettier-ignore
import { recordingOf } from './recording.ts';
import { startVendorWorld, type Spoil, type Vendor } from './vendor-world.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(120_000);

let vendor: Vendor | null = null;
let world: CountingWorld | null = null;
afterEach(async () => {
  await vendor?.stop();
  await world?.stop();
  vendor = world = null;
});

/** What the approval asks about a source by whose counts a line is billed. */
const asks = (health: SourceHealth): readonly Flag[] =>
  flagSources({ at: null, sources: [{ health, asOf: null, changed: null, usual: null, used: 1 }] }).notices.filter(({ blocks }) => blocks); // prettier-ignore

describe('R15: while a vendor is in trouble its last good counts stay, and approving asks', () => {
  const recording = recordingOf('huntress');
  const zeros: Spoil = (whole) => ({
    body: JSON.stringify(whole.body).replace(/"(\w+_count)":\d+/g, '"$1":0'),
  });
  const renamed: Spoil = (whole) => ({
    body: JSON.stringify(whole.body).replaceAll('agents_count', 'agent_total'),
  });
  const nothing = { organizations: [], pagination: { current_page_count: 0 } };
  const troubles: readonly (readonly [string, Spoil, string])[] = [
    ['down', () => ({ reset: true }), 'SOURCE_DOWN'],
    ['401', () => ({ status: 401, body: '' }), 'SOURCE_REFUSED'],
    ['429', () => ({ status: 429, body: '' }), 'SOURCE_BUSY'],
    ['a page that breaks off', (whole) => ({ ...whole, cutAt: 40 }), 'SOURCE_DOWN'],
    ['another schema', renamed, 'SOURCE_MALFORMED'],
    ['an empty list', () => ({ body: nothing }), 'SOURCE_MALFORMED'],
    ['counts that drop by 100 %', zeros, 'SOURCE_MALFORMED'],
  ];

  it.each(troubles)('%s for 24 hours', async (_name, spoil, code) => {
    vendor = await startVendorWorld(huntress, recording);
    await vendor.sync();
    const good = await vendor.world.latest();
    const kept = await vendor.kept();
    const { lastGoodAt } = await vendor.world.health('vendor');
    vendor.spoil(spoil);
    const states: SourceState[] = [];
    for (let quarter = 1; quarter <= 97; quarter += 1) {
      vendor.world.later(15);
      await vendor.sync(false);
      const health = await vendor.world.health('vendor');
      states.push(health.state);
      expect(health.lastGoodAt).toBe(lastGoodAt);
      expect(health.error?.code).toBe(code);
      expect(asks(health)).toHaveLength(1);
    }
    // Told within one interval, and late once the counts are older than a day.
    expect(states.slice(0, 96)).toEqual(Array.from({ length: 96 }, () => 'failed'));
    expect(states[96]).toBe('late');
    expect(await vendor.kept()).toBe(kept);
    const now = await vendor.world.latest();
    expect(now.counts).toEqual(good.counts);
    expect(now.sources[0]?.unmapped).toEqual(good.sources[0]?.unmapped);
    vendor.spoil(null);
    vendor.world.later(60);
    await vendor.sync(false);
    expect(await vendor.world.health('vendor')).toMatchObject({ state: 'fresh', error: null });
  });
});

const STATES: readonly SourceState[] = ['fresh', 'late', 'failed', 'never', 'partial'];
const SIX = ['rmm', 'licences', 'backup', 'edr', 'mail', 'firewall'];

describe('R16: 6 sources in 5 states, 30 of 30 seen before any figure', () => {
  const ACME = (id: string): Row => ['7', 'Acme Limited', `${id}-sku`, '12'];
  const BETA = (id: string): Row => ['8', 'Beta Dental', `${id}-sku`, '3'];

  async function bring(state: SourceState): Promise<CountingWorld> {
    let answer: (id: string) => Promise<VendorCounts> = (id) =>
      Promise.resolve(answerOf([ACME(id), BETA(id)]));
    const made = await startWorld(
      SIX.map((id) => ({
        id,
        adapter: sourceOf(id, () => answer(id)),
        services: { [`${id}-sku`]: `S-${id}` },
      })),
    );
    world = made;
    if (state === 'never') {
      await made.counting.publish(OCTOBER);
      return made;
    }
    await made.counting.refresh({ period: OCTOBER });
    made.later(state === 'late' ? 25 * 60 : 15);
    if (state === 'failed') {
      answer = (id) => Promise.reject(new AppError('SOURCE_DOWN', `Vendor ${id} is down.`));
    }
    if (state === 'partial') {
      const gap = { clientRef: '8', clientName: 'Beta Dental', reason: 'its list broke off' };
      answer = (id) => Promise.resolve(answerOf([ACME(id)], [gap]));
    }
    if (state === 'late') await made.counting.publish(OCTOBER);
    else await made.counting.refresh({ period: OCTOBER });
    return made;
  }

  /** The result of =MCC.COUNT in a cell: its number and its note, or its error. */
  async function cell(snapshot: Snapshot, client: string, service: string): Promise<string> {
    const refuse = () => Promise.reject(new Error('no cell asks the relay'));
    const options = { url: '', token: () => 'x', isOnline: () => true, nowMs: () => 0, delay: refuse, fetch: refuse }; // prettier-ignore
    const snapshots = createSnapshots(options);
    snapshots.put(snapshot);
    const runtime = createRuntime(snapshots);
    runtime.setWorkbook({ period: OCTOBER, snapshotId: snapshot.id });
    try {
      const { value, words } = await count(runtime, [client, service, null, null], false);
      return `${String(value)} ${words}`.trim();
    } catch (error) {
      return error instanceof AppError ? `#N/A ${error.message}` : String(error);
    }
  }

  const SHOWN: Readonly<Record<SourceState, (title: string) => RegExp>> = {
    fresh: () => /^3$/,
    late: (title) => new RegExp(`^3 ${title} last answered `),
    failed: (title) => new RegExp(`^3 ${title} last answered `),
    never: (title) => new RegExp(`^#N/A No count from ${title} for October 2026 yet`),
    partial: (title) => new RegExp(`^3 ${title} answered only in part: it could not read Beta`),
  };

  it.each(STATES)('%s', async (state) => {
    const made = await bring(state);
    const { counting, ports } = made;
    const snapshot = await made.latest();
    const system = systemHandlers({
      ...ports,
      counting,
      posting: {
        doubt: () => Promise.resolve({ uncertainTotal: 0, oldestSince: null }),
        recovery: () => Promise.resolve(null),
        troubles: () => Promise.resolve([]),
      } as never,
      anchor: { trouble: () => null } as never,
      machine: { freeBytes: () => null },
      version: '0.0.0',
    });
    const asked = { params: {}, query: {}, body: {}, person: 'nobody', requestId: '' };
    const health = await system.health(asked);
    expect(health.sources).toEqual(SIX.map((id) => ({ id, state })));
    expect(health.status).toBe(state === 'failed' || state === 'never' ? 'degraded' : 'ok');
    for (const source of snapshot.sources) {
      expect([source.id, source.state]).toEqual([source.id, state]);
      const shown = await cell(snapshot, 'Beta Dental', `Service S-${source.id}`);
      expect(shown).toMatch(SHOWN[state](source.title));
      // The review says it on top, before its figures, and asks where a figure rests on it.
      const [notice] = flagSources({ at: null, sources: [{ health: source, asOf: null, changed: null, usual: null, used: 1 }] }).notices; // prettier-ignore
      if (state === 'fresh') expect(notice).toBeUndefined();
      else expect(notice?.text).toContain(source.title);
      expect(asks(source)).toHaveLength(['late', 'failed', 'partial'].includes(state) ? 1 : 0);
    }
  });
});
