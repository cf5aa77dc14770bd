/** A source that fails, is empty, or answers what cannot be. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Instant } from '../../src/core/billing-period.ts';
import { AppError } from '../../src/core/errors.ts';
import type { VendorCounts } from '../../src/relay/sources/source.ts';
import {
  ACME,
  OCTOBER,
  countOf,
  endMonth,
  health,
  latest,
  month,
  refresh,
  rows,
  startMonth,
} from './counts-world.ts';

beforeEach(startMonth);
afterEach(endMonth);

describe('a source that fails', () => {
  const down = () =>
    Promise.reject(new AppError('SOURCE_REFUSED', 'Acme RMM refused our credentials (401).'));

  it('keeps its last good counts, with time, reason and remedy', async () => {
    await refresh();
    const before = await health();
    month.answer = down;
    month.clock.set('2026-10-31T12:00:00.000Z' as Instant);
    await refresh();
    expect(await countOf(ACME, 'WS')).toBe('12');
    expect(await health()).toMatchObject({
      state: 'failed',
      lastGoodAt: before.lastGoodAt,
      error: {
        code: 'SOURCE_REFUSED',
        message: 'Acme RMM refused our credentials (401).',
        remedy: 'Renew the credentials of this connection.',
      },
    });
    month.clock.set('2026-11-01T04:00:00.000Z' as Instant);
    expect((await health()).state).toBe('failed');
    month.clock.set('2026-11-01T12:00:00.000Z' as Instant);
    expect(await health()).toMatchObject({ state: 'late', error: { code: 'SOURCE_REFUSED' } });
  });

  it('and never answered has no counts at all', async () => {
    month.answer = down;
    await refresh();
    expect((await latest()).counts).toEqual([]);
    expect(await health()).toMatchObject({
      state: 'failed',
      lastGoodAt: null,
      // What the configuration says it owes: a service of two sources is not one source's alone.
      services: ['WS'],
      clients: [],
    });
  });

  it('is never before it was asked', async () => {
    expect(await health()).toMatchObject({ state: 'never', lastTriedAt: null, error: null });
  });

  it('with a mistake of ours blames nobody else', async () => {
    month.answer = () => Promise.reject(new TypeError('x is not a function'));
    await refresh();
    const { error } = await health();
    expect(error?.code).toBe('INTERNAL');
    expect(error?.message).not.toContain('not a function');
  });

  it.each([
    ['an empty list', (): VendorCounts => rows()],
    [
      'nothing but zeros',
      () => rows(['7', 'Acme Limited', 'WKS', '0'], ['8', 'Beta Dental', 'WKS', '0']),
    ],
  ])(
    'and answers %s after a full one is not believed until a person confirms it',
    async (_name, empty) => {
      await refresh();
      month.answer = () => Promise.resolve(empty());
      await refresh();
      expect(await countOf(ACME, 'WS')).toBe('12');
      expect((await health()).error?.message).toMatch(
        /had 2 accounts before. The last good counts are kept/,
      );
      await month.counting.refresh({ period: OCTOBER, confirmEmpty: ['rmm'] });
      expect(await countOf(ACME, 'WS')).toBe('0');
      expect((await health()).state).toBe('fresh');
    },
  );

  it('and answers a negative count takes over nothing and names the account', async () => {
    await refresh();
    month.answer = () =>
      Promise.resolve(rows(['7', 'Acme Limited', 'WKS', '20'], ['8', 'Beta Dental', 'WKS', '-1']));
    await refresh();
    expect(await countOf(ACME, 'WS')).toBe('12');
    expect((await health()).error?.message).toMatch(/Beta Dental has -1 of WKS/);
  });
});
