import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { flagsOfInvoices } from '../../src/core/dry-run.ts';
import type {
  CountPart,
  DryRun,
  LineKind,
  PostedLine,
  ResolvedLine,
} from '../../src/core/model.ts';
import { addQuantities, isZero, parseQuantity, sumAmounts } from '../../src/core/money.ts';
import {
  causesOf, count, counted, formula, idsOf, lineOf, month, part, posted, run, snapshot, source, typed, USD,
} from './make.ts'; // prettier-ignore
import { property, RUNS } from './property.ts';

/** The planted events of the sample month, each by what the sources say. */
describe('planted events leave nothing unexplained', () => {
  const ids = idsOf('pc', 18);
  const before = (
    quantity: number,
    parts: readonly CountPart[],
    serviceId = 'WS',
    price = 65,
  ): PostedLine => counted('A', serviceId, quantity, price, { parts });

  test('a double count: each device is listed twice under the same id', () => {
    const twice = [part('acc-A', 'WS', 36, [...ids, ...ids])];
    const result = run([formula('A', 'WS', 65)], {
      snapshot: snapshot([count('A', 'WS', 36, { parts: twice })]),
      previous: month([before(18, [part('acc-A', 'WS', 18, ids)])]),
    });
    expect(causesOf(lineOf(result, 'A', 'WS'))).toEqual(['joined 18 1170.00']);
    expect(lineOf(result, 'A', 'WS').causes[0]?.text).toBe(
      '18 are there that were not last month; 18 are listed more than once.',
    );
    expect(flagsOfInvoices(result.invoices).map(({ rule }) => rule)).toEqual(['doubled']);
  });

  test('a double count: the same devices in a second account', () => {
    const both = [part('acc-A', 'WS', 18, ids), part('acc-A2', 'WS', 13, ids.slice(0, 13))];
    const result = run([formula('A', 'WS', 65)], {
      snapshot: snapshot([count('A', 'WS', 31, { parts: both })]),
      previous: month([before(18, [part('acc-A', 'WS', 18, ids)])]),
    });
    expect(causesOf(lineOf(result, 'A', 'WS'))).toEqual(['joined 13 845.00']);
  });

  test('an account that is shared now: the rule took some, and the rest is the vendor’s', () => {
    const split = {
      ...{ whole: parseQuantity('20'), rule: '2 of 3 shares', by: 'Lee' },
      at: '2026-10-30T10:00:00.000Z' as never,
    };
    const now = [{ ...part('acc-A', 'WS', 13), split }];
    const result = run([formula('A', 'WS', 65)], {
      snapshot: snapshot([count('A', 'WS', 13, { parts: now })]),
      previous: month([before(18, [part('acc-A', 'WS', 18)])]),
    });
    const { causes } = lineOf(result, 'A', 'WS');
    expect(causes[0]).toMatchObject({ kind: 'mapping changed', quantity: '-7' });
    expect(causes[0]?.text).toBe('Account acc-A is shared: 2 of 3 shares.');
    expect(addQuantities(causes.map(({ quantity }) => quantity))).toBe('-5');
  });

  test('a drop to zero, with ids and without', () => {
    const given = (parts: readonly CountPart[]) => ({
      snapshot: snapshot([count('A', 'WS', 0, { parts: [] })]),
      previous: month([before(18, parts)]),
    });
    for (const parts of [[part('acc-A', 'WS', 18, ids)], [part('acc-A', 'WS', 18)]]) {
      expect(causesOf(lineOf(run([formula('A', 'WS', 65)], given(parts)), 'A', 'WS'))).toEqual([
        'left -18 -1170.00',
      ]);
    }
  });

  test('a plan swap: seats that went from one plan to another of the group', () => {
    const previous = month([
      before(20, [part('t', 'O365_BS', 20)], 'M365BS', 14),
      before(3, [part('t', 'SPB', 3)], 'M365BP', 22),
    ]);
    const counts = [
      count('A', 'M365BS', 8, { parts: [part('t', 'O365_BS', 8)] }),
      count('A', 'M365BP', 15, { parts: [part('t', 'SPB', 15)] }),
    ];
    const result = run([formula('A', 'M365BS', 14), formula('A', 'M365BP', 22)], {
      previous,
      snapshot: snapshot(counts),
    });
    expect(causesOf(lineOf(result, 'A', 'M365BS'))).toEqual(['SKU changed -12 -168.00']);
    expect(causesOf(lineOf(result, 'A', 'M365BP'))).toEqual(['SKU changed 12 264.00']);
    expect(result.cards.map(({ reasons }) => reasons.map(({ rule }) => rule))).toEqual([
      ['plan swapped'],
    ]);
  });

  test('a typed-over formula: what was typed against what the source counts', () => {
    const result = run([typed('A', 'WS', 12, 65)], {
      snapshot: snapshot([
        count('A', 'WS', 19, { parts: [part('acc-A', 'WS', 19, [...ids, 'pc99'])] }),
      ]),
      previous: month([before(18, [part('acc-A', 'WS', 18, ids)])]),
    });
    expect(causesOf(lineOf(result, 'A', 'WS'))).toEqual(['joined 1 65.00', 'override -7 -455.00']);
  });
});

describe('each cause', () => {
  const given = (
    lines: readonly PostedLine[],
    counts: Parameters<typeof snapshot>[0],
    more = {},
  ) => ({
    previous: month(lines),
    snapshot: snapshot(counts, more),
  });

  test('joined and left are told apart by ids', () => {
    const [was, is] = [
      ['a', 'b', 'c'],
      ['b', 'c', 'd', 'e'],
    ];
    const result = run(
      [formula('A', 'WS', 65)],
      given(
        [counted('A', 'WS', 3, 65, { parts: [part('x', 'WS', 3, was)] })],
        [count('A', 'WS', 4, { parts: [part('x', 'WS', 4, is)] })],
      ),
    );
    expect(causesOf(lineOf(result, 'A', 'WS')).sort()).toEqual([
      'joined 2 130.00',
      'left -1 -65.00',
    ]);
  });

  test("an account that was another client's is a changed mapping on both sides", () => {
    const was = [
      counted('A', 'WS', 3, 65, { parts: [part('x', 'WS', 3)] }),
      counted('B', 'WS', 6, 65, { parts: [part('y', 'WS', 2), part('z', 'WS', 4)] }),
    ];
    const is = [
      count('A', 'WS', 7, { parts: [part('x', 'WS', 3), part('z', 'WS', 4)] }),
      count('B', 'WS', 2, { parts: [part('y', 'WS', 2)] }),
    ];
    const result = run([formula('A', 'WS', 65), formula('B', 'WS', 65)], given(was, is));
    expect(causesOf(lineOf(result, 'A', 'WS'))).toEqual(['mapping changed 4 260.00']);
    expect(causesOf(lineOf(result, 'B', 'WS'))).toEqual(['mapping changed -4 -260.00']);
  });

  test('a device that another client had last month came by mapping, one of another service by SKU', () => {
    const was = [
      counted('A', 'WS', 1, 65, { parts: [part('x', 'WS', 1, ['a'])] }),
      counted('A', 'SRV', 1, 145, { parts: [part('x', 'SRV', 1, ['s'])] }),
      counted('B', 'WS', 1, 65, { parts: [part('x', 'WS', 1, ['b'])] }),
    ];
    const is = [
      count('A', 'WS', 3, { parts: [part('x', 'WS', 3, ['a', 'b', 's'])] }),
      count('A', 'SRV', 0, { parts: [] }),
      count('B', 'WS', 0, { parts: [] }),
    ];
    const result = run(
      [formula('A', 'WS', 65), formula('A', 'SRV', 145), formula('B', 'WS', 65)],
      given(was, is),
    );
    expect(causesOf(lineOf(result, 'A', 'WS')).sort()).toEqual([
      'SKU changed 1 65.00',
      'mapping changed 1 65.00',
    ]);
    expect(causesOf(lineOf(result, 'A', 'SRV'))).toEqual(['SKU changed -1 -145.00']);
    expect(causesOf(lineOf(result, 'B', 'WS'))).toEqual(['mapping changed -1 -65.00']);
  });

  test('the price takes its effect on the new quantity', () => {
    const result = run([typed('A', 'WS', 12, 70)], {
      previous: month([posted('A', 'WS', 10, 65)]),
    });
    expect(causesOf(lineOf(result, 'A', 'WS'))).toEqual([
      'unexplained 2 130.00',
      'price changed 0 60.00',
    ]);
  });

  test('a count kept from a late source that cannot be explained is stale', () => {
    const late = source('rmm', { state: 'late' });
    const result = run(
      [formula('A', 'WS', 65)],
      given([counted('A', 'WS', 3, 65)], [count('A', 'WS', 5)], { sources: [late] }),
    );
    expect(causesOf(lineOf(result, 'A', 'WS'))).toEqual(['source stale 2 130.00']);
  });

  test('what nothing explains is called so', () => {
    const result = run(
      [formula('A', 'WS', 65)],
      given([counted('A', 'WS', 3, 65)], [count('A', 'WS', 5)]),
    );
    expect(causesOf(lineOf(result, 'A', 'WS'))).toEqual(['unexplained 2 130.00']);
  });

  test("a line taken out of the sheet while the source still counts is the person's doing", () => {
    const result = run([], given([counted('A', 'WS', 3, 65)], [count('A', 'WS', 3)]));
    expect(causesOf(lineOf(result, 'A', 'WS'))).toEqual(['override -3 -195.00']);
  });

  test("the end of last month's override is an override too", () => {
    const was = posted('A', 'WS', 15, 65, { parts: [part('acc-A', 'WS', 17)] });
    const result = run([formula('A', 'WS', 65)], given([was], [count('A', 'WS', 17)]));
    expect(causesOf(lineOf(result, 'A', 'WS'))).toEqual(['override 2 130.00']);
  });
});

// Random months: any mixture of typed and counted lines, parts with and without ids, new, gone,
// repriced, one-offs, held clients, late sources.
const pick = <T>(...values: T[]) => fc.constantFrom(...values);
const partOf = fc
  .tuple(pick('x', 'y', 'z'), fc.nat({ max: 6 }), fc.boolean(), fc.nat({ max: 20 }))
  .map(([account, size, hasIds, from]) =>
    part(account, 'S', size, hasIds ? idsOf(`i${from}-`, size) : undefined),
  );
const partsOf = fc.array(partOf, { maxLength: 3 });
const quantity = fc.oneof(
  fc.nat({ max: 60 }).map(String),
  fc.nat({ max: 40_000 }).map((n) => (n / 1000).toFixed(3)),
);
const price = fc.oneof(
  pick('65', '8', '12.50', '0.0375', '0', '19.99'),
  fc.nat({ max: 9_999_999 }).map((n) => (n / 100_000).toFixed(5)),
);
const kind = pick<LineKind>(
  'recurring',
  'recurring',
  'recurring',
  'recurring',
  'one-off',
  'credit',
  'adjustment',
);
const spot = fc.record({
  clientId: pick('A', 'B', 'C', 'D'), serviceId: pick('WS', 'SRV', 'EDR', 'M365BS', 'M365BP'), kind,
  was: fc.option(fc.record({ quantity, price, counted: fc.boolean(), parts: partsOf })),
  now: fc.option(fc.record({ quantity, price, entry: pick('count', 'typed', 'formula' as const) })),
  vendor: fc.option(partsOf),
  sign: pick('', '-'),
}); // prettier-ignore
const worlds = fc.record({
  spots: fc.uniqueArray(spot, { selector: (s) => `${s.clientId}${s.serviceId}${s.kind}`, maxLength: 20 }),
  state: pick('fresh' as const, 'late' as const, 'failed' as const),
  held: fc.subarray(['A', 'B', 'C', 'D']),
}); // prettier-ignore
type World = typeof worlds extends fc.Arbitrary<infer W> ? W : never;

const sumOf = (parts: readonly CountPart[]) => addQuantities(parts.map((each) => each.quantity));

function play({ spots, state, held }: World): DryRun {
  const lines = spots.flatMap((s): ResolvedLine[] => {
    if (!s.now) return [];
    const sign = s.kind === 'recurring' ? '' : s.sign;
    if (s.now.entry === 'count')
      return [formula(s.clientId, s.serviceId, s.now.price, { kind: s.kind })];
    const text = parseQuantity(`${sign}${s.now.quantity}`);
    return [
      typed(s.clientId, s.serviceId, text, s.now.price, {
        kind: s.kind,
        entry: s.now.entry as 'typed',
      }),
    ];
  });
  const before = spots.flatMap((s): PostedLine[] => {
    if (!s.was) return [];
    const parts = s.was.counted ? s.was.parts : [];
    const from = s.was.counted ? 'rmm' : null;
    const sign = s.kind === 'recurring' ? '' : s.sign;
    return [
      posted(s.clientId, s.serviceId, `${sign}${s.was.quantity}`, s.was.price, {
        kind: s.kind,
        source: from,
        parts,
      }),
    ];
  });
  const counts = spots.flatMap((s) =>
    s.kind === 'recurring' && s.vendor
      ? [count(s.clientId, s.serviceId, 0, { quantity: sumOf(s.vendor), parts: s.vendor })]
      : [],
  );
  return run(lines, {
    previous: month(before),
    snapshot: snapshot(counts, {
      sources: [source('rmm', { state, services: ['WS', 'SRV', 'EDR', 'M365BS', 'M365BP'] })],
    }),
    held: held.map((clientId) => ({ clientId, reason: 'held' })),
  });
}

describe('for any month', () => {
  property(
    'the causes of every line sum to its delta, in units and in money',
    [worlds],
    (world) => {
      for (const line of play(world).invoices.flatMap((invoice) => [
        ...invoice.lines,
        ...invoice.gone,
      ])) {
        expect(addQuantities(line.causes.map((cause) => cause.quantity))).toBe(line.delta.quantity);
        expect(
          sumAmounts(
            line.causes.map((cause) => cause.amount),
            USD,
          ),
        ).toBe(line.delta.amount);
        expect(line.causes.every(({ quantity: q, amount }) => !(isZero(q) && isZero(amount)))).toBe(
          true,
        );
      }
    },
    RUNS * 2,
  );

  property(
    'the roll-forward ties to the cent and every line is counted once',
    [worlds],
    (world) => {
      const result = play(world);
      for (const roll of result.rollForward) expect(roll.difference).toBe('0.00');
      const { compared, matched, flagged, excluded, unmapped } = result.comparison;
      expect(matched + flagged + excluded + unmapped).toBe(compared);
    },
    RUNS * 2,
  );

  property(
    'no client has two invoices, no line two places, and every sum is that of its lines',
    [worlds],
    (world) => {
      const { invoices, totals } = play(world);
      expect(new Set(invoices.map(({ clientId }) => clientId)).size).toBe(invoices.length);
      const ids = invoices.flatMap(({ lines, gone }) => [...lines, ...gone].map(({ id }) => id));
      expect(new Set(ids).size).toBe(ids.length);
      for (const { lines, total } of invoices)
        expect(
          sumAmounts(
            lines.map(({ amount }) => amount),
            USD,
          ),
        ).toBe(total);
      const posted = invoices.filter(({ held }) => held === null).map(({ total }) => total);
      expect(totals).toEqual([{ amount: sumAmounts(posted, USD), currency: 'USD' }]);
    },
  );

  property('an unknown count always blocks its client', [worlds], (world) => {
    for (const invoice of play(world).invoices) {
      if (invoice.lines.some(({ unknown }) => unknown)) expect(invoice.blocked).toBe(true);
    }
  });
});
