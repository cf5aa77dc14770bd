import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { markerOf, postingKey, providerKey, refOf } from '../../../src/relay/posting/keys.ts';
import { draw } from '../../../src/relay/posting/spot-check.ts';
import { endOfBatch, POSTING_MOVES } from '../../../src/relay/posting/states.ts';
import type { BillingPeriod } from '../../../src/core/billing-period.ts';
import type { PostingState } from '../../../src/contract/contract.ts';

describe('keys', () => {
  const identity = fc.record({
    tenant: fc.string(),
    connection: fc.string(),
    customerId: fc.string(),
    period: fc.constantFrom('2026-09', '2026-10').map((text) => text as BillingPeriod),
    series: fc.constantFrom('main', 'supplementary'),
    revision: fc.integer({ min: 1, max: 9 }),
  });

  it('are equal for equal identities only', () => {
    fc.assert(
      fc.property(identity, identity, (a, b) => {
        const isSame = JSON.stringify(a) === JSON.stringify(b);
        expect(postingKey(a) === postingKey(b)).toBe(isSame);
        expect(postingKey({ ...a })).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/); // prettier-ignore
        expect(markerOf(postingKey(a), 'k7f3')).toMatch(/^\[rly:k7f3-[0-9a-f]{12}\]$/);
        expect(providerKey(postingKey(a), 1)).not.toBe(providerKey(postingKey(a), 2));
      }),
    );
  });

  it('numbers fit eleven characters of QuickBooks Desktop and never repeat', () => {
    const numbers = Array.from({ length: 9999 }, (_, index) => refOf('2026-10' as BillingPeriod, index + 1)); // prettier-ignore
    expect(new Set(numbers).size).toBe(9999);
    expect(numbers.every((ref) => /^[A-Z0-9-]{1,11}$/.test(ref))).toBe(true);
    expect(() => refOf('2026-10' as BillingPeriod, 10_000)).toThrow(/fits/);
  });
});

describe('state tables', () => {
  const states = Object.keys(POSTING_MOVES) as PostingState[];

  it('nothing leads from POSTED back to sending, and UNKNOWN never straight to a denial', () => {
    expect(POSTING_MOVES.POSTED).not.toContain('READY');
    expect(POSTING_MOVES.POSTED).not.toContain('SENDING');
    for (const denial of ['REJECTED', 'BLOCKED', 'CANCELLED'] as const) {
      expect(POSTING_MOVES.UNKNOWN).not.toContain(denial);
    }
  });

  it('a batch is complete only when every posting is, and never while one is in doubt', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...states), { minLength: 1 }), (all) => {
        const end = endOfBatch(all);
        expect(end === 'COMPLETED').toBe(all.every((state) => state === 'POSTED'));
        const isDoubtful = all.some((state) => state === 'UNKNOWN' || state === 'NEEDS_PERSON');
        if (isDoubtful) expect([null, 'COMPLETED_WITH_DOUBT']).toContain(end);
      }),
    );
  });
});

it('a spot check draws the same five for the same seed, whatever the order', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.uuid(), { maxLength: 30 }), fc.nat(), (keys, seed) => {
      const drawn = draw(keys, seed, 5);
      expect(drawn).toEqual(draw([...keys].reverse(), seed, 5));
      expect(new Set(drawn).size).toBe(Math.min(5, keys.length));
    }),
  );
});
