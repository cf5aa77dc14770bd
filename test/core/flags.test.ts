import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FlagLine } from '../../src/core/flag-line.ts';
import { usualChanges } from '../../src/core/flag-sources.ts';
import type { FlagSource } from '../../src/core/flag-sources.ts';
import { flagMonth } from '../../src/core/flags.ts';
import type { FlagMonthInput } from '../../src/core/flags.ts';
import { parseCurrency, parseQuantity, parseUnitPrice } from '../../src/core/money.ts';
import type { Quantity } from '../../src/core/money.ts';
import { CLIENTS, NOW, PERIOD, rulesOf, SERVICES, source, USD } from './make.ts';
import { property } from './property.ts';

interface Short {
  readonly client?: string;
  readonly service?: string;
  readonly price?: string;
  readonly was?: string;
  readonly year?: number;
  readonly gone?: boolean;
  readonly source?: string | null;
  readonly unknown?: boolean;
}

const q = (value: number | string): Quantity => parseQuantity(String(value));
const line = (last: number | string | null, now: number | string, more: Short = {}): FlagLine => ({
  clientId: more.client ?? 'A', serviceId: more.service ?? 'WS', source: more.source === undefined ? 'rmm' : more.source,
  quantity: q(now), unitPrice: parseUnitPrice(more.price ?? '65'), gone: more.gone ?? false, unknown: more.unknown ?? false, cell: null,
  last: last === null ? null : { quantity: q(last), unitPrice: parseUnitPrice(more.was ?? more.price ?? '65') },
  lastYear: more.year === undefined ? null : q(more.year),
}); // prettier-ignore

/** A quiet line beside each, so that a client with one line is not gone as a whole. */
const still = (client: string): FlagLine => line(5, 5, { client, service: 'LABOUR' });
const flagged = (lines: readonly FlagLine[], more: Partial<FlagMonthInput> = {}) =>
  flagMonth({
    period: PERIOD, at: NOW, currency: USD, sources: [], services: SERVICES,
    clientNames: new Map(CLIENTS.map(({ id, name }) => [id, name])), lines: [...lines, ...[...new Set(lines.map(({ clientId }) => clientId))].map(still)], ...more,
  }); // prettier-ignore
const rules = (...lines: FlagLine[]): string[] => rulesOf(flagged(lines).flags);

describe('one line', () => {
  test.each<[string, FlagLine, string[]]>([
    ['unchanged', line(20, 20), []],
    ['below 40 a month', line(20, 24, { price: '9.99' }), []],
    ['at 40 a month exactly', line(10, 14, { price: '10' }), ['jump']],
    ['two units', line(5, 7), []],
    ['three units of fifteen, a fifth', line(15, 18), []],
    ['five units of fifteen, more than 1.2 roots', line(15, 20), ['jump']],
    ['three of a hundred', line(100, 103), []],
    ['nineteen of a hundred, below a fifth', line(100, 119), []],
    ['twenty of a hundred', line(100, 120), ['jump']],
    ['down by a fifth', line(100, 80), ['jump']],
    ['exactly doubled from two', line(2, 4), ['doubled']],
    ['doubled from one', line(1, 2), []],
    ['from four to one, a quarter', line(4, 1), ['dropped']],
    ['from two to half', line(2, 1), []],
    ['from three to zero', line(3, 0), ['dropped!']],
    ['from one to zero', line(1, 0), ['dropped!']],
    ['to zero below 40 a month', line(3, 0, { price: '8' }), []],
    ['gone from the sheet', line(3, 0, { gone: true }), ['line gone']],
    ['new', line(null, 2), ['new line']],
    ['new after zero', line(0, 2), ['new line']],
    ['new below 40 a month', line(null, 2, { price: '8' }), []],
    ['its count missing', line(30, 0, { unknown: true }), []],
  ])('%s', (_, given, expected) => expect(rules(given)).toEqual(expected));

  test('a jump that lands where the same month stood last year is a season', () => {
    expect(rules(line(20, 30, { year: 28 }))).toEqual([]);
    expect(rules(line(20, 30, { year: 26 }))).toEqual(['jump']);
    expect(rules(line(20, 30, { year: 0 }))).toEqual(['jump']);
    expect(rules(line(20, 40, { year: 40 }))).toEqual(['doubled']);
  });

  test('every flag is a whole sentence with its own numbers', () => {
    const { flags } = flagged([line(18, 31, { service: 'M365BS', price: '14' })]);
    expect(flags[0]?.text).toBe(
      'Service M365BS moved by 3 units and 20 % or more: 18 to 31 (+13, +72 %), 182.00 USD a month more.',
    );
    expect(flags[0]?.impact).toEqual({ amount: '182.00', currency: 'USD' });
  });

  test('in a currency without cents the floor is 4,000', () => {
    const yen = (price: string) =>
      rulesOf(flagged([line(10, 15, { price })], { currency: parseCurrency('JPY') }).flags);
    expect([yen('799'), yen('800')]).toEqual([[], ['jump']]);
  });
});

describe('plans of one group', () => {
  const swap = (bs: [number, number], bp: [number | null, number]) =>
    rules(
      line(bs[0], bs[1], { service: 'M365BS', price: '14' }),
      line(bp[0], bp[1], { service: 'M365BP', price: '22' }),
    );

  test('one down by three or more and another up by about that is one swap', () => {
    expect(swap([20, 8], [3, 15])).toEqual(['plan swapped']);
    expect(swap([20, 0], [null, 20])).toEqual(['plan swapped']);
    expect(swap([20, 17], [3, 6])).toEqual(['plan swapped']);
    expect(swap([20, 8], [30, 45])).toEqual(['plan swapped']);
  });

  test('up by much less, or services of no group, are no swap', () => {
    expect(swap([20, 8], [3, 5])).toEqual(['jump']);
    expect(rules(line(20, 8), line(3, 15, { service: 'SRV' })).sort()).toEqual(['jump', 'jump']);
    expect(swap([20, 18], [3, 5])).toEqual([]);
  });
});

describe('clients', () => {
  test('a client whose lines are all new, all gone or all zero is one reason', () => {
    const three = (last: number | null, now: number, gone = false) =>
      ['WS', 'SRV', 'EDR'].map((id) => line(last, now, { service: id, client: 'B', gone }));
    const alone = (lines: FlagLine[]) =>
      rulesOf(flagged([], { lines: [...lines, still('A')] }).flags);
    expect(alone(three(null, 4))).toEqual(['new line']);
    expect(alone(three(4, 0, true))).toEqual(['line gone']);
    expect(alone(three(4, 0))).toEqual(['dropped!']);
    const kept = line(2, 2, { client: 'B', service: 'LABOUR' });
    expect(alone([...three(4, 0), kept])).toEqual(['dropped!', 'dropped!', 'dropped!']);
  });

  test('what one lost and another gained of a service is a pair; two equally near are none', () => {
    const lost = line(22, 0);
    const gained = line(60, 83, { client: 'B' });
    expect(flagged([lost, gained]).pairs).toEqual([{ lost: 'A', gained: 'B' }]);
    expect(rules(lost, gained)).toContain('wrong mapping');
    expect(flagged([lost, gained, line(50, 73, { client: 'C' })]).pairs).toEqual([]);
    expect(flagged([lost, line(60, 83, { client: 'B', service: 'SRV' })]).pairs).toEqual([]);
    expect(flagged([lost, line(60, 70, { client: 'B' })]).pairs).toEqual([]);
  });

  test('several services that went over together may be off by ordinary churn', () => {
    const lost = [line(14, 0), line(1, 0, { service: 'SRV', price: '145' })];
    const gained = [
      line(90, 107, { client: 'B' }),
      line(5, 6, { client: 'B', service: 'SRV', price: '145' }),
    ];
    const result = flagged([...lost, ...gained]);
    expect(result.pairs).toEqual([{ lost: 'A', gained: 'B' }]);
    expect(result.flags.find(({ clientId }) => clientId === 'B')?.text).toBe(
      'Service WS rose from 90 to 107 (+17) and Service SRV rose from 5 to 6 (+1), 1250.00 USD a month more, while Client A went to 0 from 14 and 1: possibly one wrong mapping.',
    );
    expect(flagged([...lost, line(90, 107, { client: 'B' })]).pairs).toEqual([]);
  });
});

describe('prices', () => {
  test.each<[string, string, number, string[]]>([
    ['65', '70', 8, ['price changed']],
    ['65', '69.9', 8, []],
    ['65', '60', 8, ['price changed']],
    ['65', '65.6', 200, []],
    ['100', '101', 40, ['price changed']],
    ['100', '100.9', 400, []],
    ['0', '65', 8, []],
  ])('from %s to %s for %d', (was, price, quantity, expected) =>
    expect(rules(line(quantity, quantity, { was, price }))).toEqual(expected),
  );

  const all = (prices: readonly string[]) =>
    flagged(prices.map((price, index) => line(20, 20, { client: `K${index}`, was: '10', price })));

  test('when a service moved for most of its clients it is one notice', () => {
    const result = all(['11', '11', '11', '10', '10']);
    expect(rulesOf(result.notices)).toEqual(['vendor price moved']);
    expect(result.notices[0]?.text).toBe(
      "The price of Service WS moved for 3 of 5 clients by about +10.0 %, together 60.00 USD a month more: a vendor's new price?",
    );
    expect(result.flags).toEqual([]);
    expect(rulesOf(all(['11', '11', '10', '10', '10']).notices)).toEqual([]);
  });

  test('a client that moved by more than the service did is flagged beside the notice', () => {
    expect(all(['11', '11', '11', '14', '11']).flags.map(({ clientId }) => clientId)).toEqual([
      'K3',
    ]);
  });
});

describe('sources', () => {
  const of = (more: Partial<FlagSource>): FlagSource => ({
    health: source('rmm'),
    asOf: NOW,
    changed: 3,
    usual: 9,
    used: 4,
    ...more,
  });
  const notices = (given: FlagSource, lines = [line(20, 40)]) => {
    const result = flagged(lines, { sources: [given] });
    return [rulesOf(result.notices), rulesOf(result.flags)];
  };

  test('an export more than a week old is late; its clients are not flagged', () => {
    expect(notices(of({ asOf: '2026-10-24T23:00:00.000Z' as never }))).toEqual([[], ['doubled']]);
    expect(notices(of({ asOf: '2026-10-23T23:00:00.000Z' as never }))).toEqual([
      ['source late!'],
      [],
    ]);
  });

  test.each([
    [0, 5, ['source frozen']],
    [0, 4, []],
    [1, 9, []],
    [0, null, []],
    [null, 9, []],
  ])('%p changed where %p usually do', (changed, usual, expected) =>
    expect(notices(of({ changed, usual }))[0]).toEqual(expected),
  );

  test('a source that failed blocks only when something is billed by it', () => {
    const health = source('rmm', { state: 'failed' });
    expect(notices(of({ health }))[0]).toEqual(['source failed!']);
    expect(notices(of({ health, used: 0 }))[0]).toEqual(['source failed']);
  });

  test('a price that moved is flagged however old the counts are', () => {
    const moved = line(20, 20, { was: '60' });
    expect(notices(of({ health: source('rmm', { state: 'late' }) }), [moved])).toEqual([
      ['source late!'],
      ['price changed'],
    ]);
  });

  test('typed lines are flagged while the source is late', () => {
    expect(
      notices(of({ health: source('rmm', { state: 'late' }) }), [line(20, 40, { source: null })]),
    ).toEqual([['source late!'], ['doubled']]);
  });

  test('the usual number of changes is that of the middle month', () => {
    const months = [
      [1, 1, 1],
      [1, 2, 2],
      [9, 9, 9],
      [9, 9, 9],
    ].map((list) => new Map(list.map((value, i) => [`k${i}`, q(value)])));
    expect(usualChanges(months)).toBe(2);
    expect(usualChanges(months.slice(0, 1))).toBeNull();
  });
});

const moves = fc.record({
  client: fc.constantFrom('A', 'B', 'C', 'D'),
  service: fc.constantFrom('WS', 'SRV', 'EDR', 'M365BS', 'M365BP'),
  last: fc.option(fc.nat({ max: 80 })),
  now: fc.nat({ max: 80 }),
});

property('an unchanged month has no flag, whatever it holds', [fc.array(moves)], (list) => {
  const lines = list.map(({ client, service, now }) => line(now, now, { client, service }));
  expect(flagged(lines)).toMatchObject({ flags: [], notices: [] });
});

property(
  'nothing under the floor is flagged, and every flag carries its money and its sentence',
  [fc.uniqueArray(moves, { selector: (m) => `${m.client}${m.service}` })],
  (list) => {
    const lines = list.map(({ client, service, last, now }) =>
      line(last, now, { client, service, price: '9' }),
    );
    for (const flag of flagged(lines).flags) {
      expect(Number(flag.impact?.amount)).toBeGreaterThanOrEqual(40);
      expect(flag.text).toMatch(/\d.*\.$/);
      expect(flag.clientId).not.toBeNull();
    }
  },
);

property(
  'a client is never flagged for what another one did, but for a pair',
  [fc.uniqueArray(moves, { selector: (m) => `${m.client}${m.service}` })],
  (list) => {
    const lines = list.map(({ client, service, last, now }) =>
      line(last, now, { client, service }),
    );
    const moved = new Set(
      lines.filter((each) => each.last?.quantity !== each.quantity).map(({ clientId }) => clientId),
    );
    for (const { clientId } of flagged(lines).flags) expect(moved.has(clientId ?? '')).toBe(true);
  },
);
