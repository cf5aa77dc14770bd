// Answers with gaps, the circuit breaker, and how far a sync is.
import { afterEach, describe, expect, it } from '@jest/globals';
import { countOf, indexCounts } from '../../src/core/counts.ts';
import { AppError } from '../../src/core/errors.ts';
import type { VendorCounts } from '../../src/relay/sources/source.ts';
import { answerOf, OCTOBER, sourceOf, START, startWorld, type CountingWorld, type Row } from './counting-world.ts'; // prettier-ignore

let world: CountingWorld;
let answer: () => Promise<VendorCounts>;
let asked = 0;
afterEach(() => world.stop());

async function start(more: { refreshMaxMs?: number } = {}): Promise<void> {
  asked = 0;
  const adapter = sourceOf('rmm', () => {
    asked += 1;
    return answer();
  });
  world = await startWorld([{ id: 'rmm', adapter, services: { WKS: 'WS', SVR: 'SRV' } }], more);
}

const refresh = (insist = true) => world.counting.refresh({ period: OCTOBER, insist });
const says = (rows: readonly Row[], gaps: VendorCounts['gaps'] = []): void => {
  answer = () => Promise.resolve(answerOf(rows, gaps));
};

const ACME: Row = ['7', 'Acme Limited', 'WKS', '12'];
const BETA: Row = ['8', 'Beta Dental', 'WKS', '3'];
const GAMMA: Row = ['9', 'Gamma Legal', 'WKS', '5'];
const gap = ([clientRef, clientName]: Row, reason = 'its list broke off') => ({ clientRef, clientName, reason }); // prettier-ignore

describe('an answer with gaps', () => {
  it('keeps the rows of the accounts it leaves out, with the age they have', async () => {
    await start();
    says([ACME, BETA]);
    await refresh();
    world.later(120);
    // What it says of the account in the gap (a first page) is not taken over.
    says([['7', 'Acme Limited', 'WKS', '13'], ['8', 'Beta Dental', 'WKS', '1']], [gap(BETA)]); // prettier-ignore
    await refresh();
    const { counts, sources } = await world.latest();
    expect(counts.filter(({ serviceId }) => serviceId === 'WS')).toMatchObject([
      { clientId: 'C-1', quantity: '13', asOf: world.now() },
      { clientId: 'C-2', quantity: '3', asOf: START },
    ]);
    expect(sources).toMatchObject([
      {
        state: 'partial',
        lastGoodAt: world.now(),
        error: { message: 'Vendor rmm could not read one account: Beta Dental (its list broke off).' },
        gaps: [{ clientId: 'C-2', name: 'Beta Dental', since: START }],
      },
    ]);
  }); // prettier-ignore

  it('and another gap the next time: the age stays that of the last good rows', async () => {
    await start();
    says([ACME, BETA]);
    await refresh();
    for (const hour of [1, 2, 3]) {
      world.later(60);
      says([['7', 'Acme Limited', 'WKS', String(12 + hour)]], [gap(BETA)]);
      await refresh();
    }
    const { counts } = await world.latest();
    expect(counts.find(({ clientId }) => clientId === 'C-2')).toMatchObject({ asOf: START });
    says([ACME, BETA]);
    await refresh();
    expect(await world.health('rmm')).toMatchObject({ state: 'fresh', error: null });
    expect((await world.health('rmm')).gaps).toBeUndefined();
  });

  it('of an account that was never read is no count, not even zero, and says why', async () => {
    await start();
    says([ACME], [gap(GAMMA, 'no rights for this tenant')]);
    await refresh();
    const snapshot = await world.latest();
    expect(snapshot.counts.map(({ clientId }) => clientId)).not.toContain('C-3');
    expect(snapshot.sources[0]?.gaps).toMatchObject([{ clientId: 'C-3', since: null }]);
    const index = indexCounts(snapshot);
    const found = countOf(index, 'C-3', 'WS');
    expect(found).toMatchObject({ kind: 'unknown', reason: 'not read' });
    expect(found.kind === 'unknown' && found.text).toBe(
      'No count of Service WS of Gamma Legal yet. Vendor rmm could not read its account Gamma Legal: no rights for this tenant. Sync it in the MCC pane, or type the quantity.',
    );
    expect(countOf(index, 'C-1', 'WS')).toMatchObject({ kind: 'count' });
  });

  it('leaves a client without a count whose other account was read: a part is no whole', async () => {
    await start();
    says([ACME, ['10', 'Acme Limited', 'WKS', '4']]);
    await refresh();
    expect(await world.quantity('C-1', 'WS')).toBe('16');
    says([ACME], [gap(['11', 'Acme Limited', 'WKS', ''])]);
    await refresh();
    expect(await world.quantity('C-1', 'WS')).toBeNull();
  });

  it('with nothing but gaps is a failure', async () => {
    await start();
    says([ACME]);
    await refresh();
    says([], [gap(ACME), gap(BETA)]);
    await refresh();
    expect(await world.health('rmm')).toMatchObject({ state: 'failed', error: { code: 'SOURCE_DOWN' } }); // prettier-ignore
    expect(await world.quantity('C-1', 'WS')).toBe('12');
  });

  it('that is empty but for its gaps does not empty the others', async () => {
    await start();
    says([ACME, BETA, GAMMA]);
    await refresh();
    says([['7', 'Acme Limited', 'WKS', '0'], ['8', 'Beta Dental', 'WKS', '0']], [gap(GAMMA)]); // prettier-ignore
    await refresh();
    expect((await world.health('rmm')).error?.message).toMatch(/nothing but zeros/);
    expect(await world.quantity('C-2', 'WS')).toBe('3');
  });
});

describe('the circuit breaker', () => {
  const down = (code: 'SOURCE_DOWN' | 'SOURCE_MALFORMED' = 'SOURCE_DOWN'): void => {
    answer = () => Promise.reject(new AppError(code, 'Vendor rmm answered /x with 500.'));
  };

  it('leaves a dead service alone, longer each time, and closes with its first answer', async () => {
    await start();
    down();
    const askedAfter: number[] = [];
    for (let minute = 0; minute < 24 * 60; minute += 1) {
      const before = asked;
      await world.counting.refresh({ period: OCTOBER });
      if (asked > before) askedAfter.push(minute);
      world.later(1);
    }
    const pauses = askedAfter.slice(1).map((minute, index) => minute - (askedAfter[index] ?? 0));
    expect(pauses.slice(0, 6)).toEqual([1, 1, 4, 14, 29, 59]);
    expect(new Set(pauses.slice(6))).toEqual(new Set([59]));
    says([ACME]);
    world.later(60);
    await refresh(false);
    expect(await world.health('rmm')).toMatchObject({ state: 'fresh' });
    await refresh(false);
    expect((await world.health('rmm')).lastTriedAt).toBe(world.now());
  }, 60_000);

  it('says so, and asks at once for a person who insists', async () => {
    await start();
    down();
    for (let time = 0; time < 3; time += 1) await refresh(false);
    expect((await world.health('rmm')).error?.message).toMatch(
      /with 500\. It failed several times in a row, so its schedule leaves it alone for 4 minutes; Sync asks it at once\.$/,
    );
    await refresh(false);
    expect(asked).toBe(3);
    await refresh(true);
    expect(asked).toBe(4);
    says([ACME]);
    await refresh(true);
    expect(await world.health('rmm')).toMatchObject({ state: 'fresh', error: null });
  });

  it('is not opened by an answer that cannot be used', async () => {
    await start();
    down('SOURCE_MALFORMED');
    for (let time = 0; time < 6; time += 1) await refresh(false);
    expect(asked).toBe(6);
  });
});

describe('a sync under way', () => {
  it('is told while it runs, and gone afterwards', async () => {
    await start();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    answer = async () => {
      await held;
      return answerOf([ACME]);
    };
    const done = refresh();
    await new Promise((resolve) => setImmediate(resolve));
    expect(world.counting.running()).toEqual([{ source: 'rmm', period: OCTOBER, since: START, pages: 0 }]); // prettier-ignore
    release();
    await done;
    expect(world.counting.running()).toEqual([]);
  });

  it('that takes longer than anybody waits is published when it has answered', async () => {
    await start({ refreshMaxMs: 1 });
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    answer = async () => {
      await held;
      return answerOf([ACME]);
    };
    const early = await refresh();
    expect(await world.quantity('C-1', 'WS')).toBeNull();
    release();
    let id = early.snapshotId;
    while (id === early.snapshotId) {
      await new Promise((resolve) => setImmediate(resolve));
      id = (await world.counting.latestId(OCTOBER)) ?? id;
    }
    expect(await world.quantity('C-1', 'WS')).toBe('12');
  });

  it('is not the answer to a person who has confirmed an empty list meanwhile', async () => {
    await start();
    says([ACME]);
    await refresh();
    says([]);
    const running = refresh();
    await world.counting.refresh({ period: OCTOBER, confirmEmpty: ['rmm'] });
    await running;
    expect(asked).toBe(3);
    expect(await world.quantity('C-1', 'WS')).toBe('0');
  });
});
