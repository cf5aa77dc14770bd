/** The flag rules against the labelled worlds of ../shared/data/flags (its README says how). */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import Papa from 'papaparse';
import type { Instant } from '../../src/core/billing-period.ts';
import { parsePeriod, shiftPeriod } from '../../src/core/billing-period.ts';
import type { FlagLine } from '../../src/core/flag-line.ts';
import { changesBetween, usualChanges } from '../../src/core/flag-sources.ts';
import type { FlagSource, RawCounts } from '../../src/core/flag-sources.ts';
import { flagMonth } from '../../src/core/flags.ts';
import type { FlaggedMonth } from '../../src/core/flags.ts';
import type { Service } from '../../src/core/model.ts';
import { parseCurrency, parseQuantity, parseUnitPrice } from '../../src/core/money.ts';
import type { Quantity, UnitPrice } from '../../src/core/money.ts';
import { describeShared, shared } from './shared.ts';

type Row = Readonly<Record<string, string>>;
const rowsOf = (file: string): Row[] =>
  Papa.parse<Row>(readFileSync(shared('data', 'flags', ...file.split('/')), 'utf8'), {
    header: true,
    skipEmptyLines: true,
  }).data;

const PLANS = ['M365BB', 'M365BS', 'M365BP'];
const servicesOf = (ids: readonly string[]): Service[] => [
  ...ids.map((id) => ({
    id,
    name: id,
    basis: 'bought' as const,
    unit: 'licence' as const,
    members: [],
    aliases: [],
  })),
  {
    id: 'M365',
    name: 'Microsoft 365',
    basis: 'bought',
    unit: 'licence',
    members: PLANS,
    aliases: [],
  },
];

/** One line of a world: its vendor counts and approved quantities by month, oldest first. */
interface Series {
  readonly client: string;
  readonly service: string;
  readonly source: string;
  readonly asOf: readonly string[];
  readonly vendor: readonly string[];
  readonly approved: readonly string[];
  readonly prices: readonly string[];
}

function review(series: readonly Series[], month: number, last: string): FlaggedMonth {
  const lines = series.map((line): FlagLine => {
    const at = (texts: readonly string[], index: number): Quantity =>
      parseQuantity(texts[index] ?? '0');
    const price = (index: number): UnitPrice => parseUnitPrice(line.prices[index] ?? '0');
    return {
      clientId: line.client,
      serviceId: line.service,
      source: line.source,
      cell: null,
      gone: false,
      unknown: false,
      quantity: at(line.vendor, month),
      unitPrice: price(month),
      last: { quantity: at(line.approved, month - 1), unitPrice: price(month - 1) },
      lastYear: month >= 12 ? at(line.approved, month - 12) : null,
    };
  });
  const ids = [...new Set(series.map(({ service }) => service))];
  return flagMonth({
    period: parsePeriod(last.slice(0, 7)),
    at: last as Instant,
    currency: parseCurrency('USD'),
    lines,
    sources: [...new Set(series.map(({ source }) => source))].map((id) =>
      sourceOf(id, series, month),
    ),
    services: servicesOf(ids),
    clientNames: new Map(),
  });
}

function sourceOf(id: string, series: readonly Series[], month: number): FlagSource {
  const own = series.filter(({ source }) => source === id);
  const raw = (index: number): RawCounts =>
    new Map(
      own.map((line) => [
        `${line.client}|${line.service}`,
        parseQuantity(line.vendor[index] ?? '0'),
      ]),
    );
  const before = Array.from({ length: month }, (_, index) => raw(index));
  return {
    health: {
      id,
      title: id,
      state: 'fresh',
      lastGoodAt: null,
      lastTriedAt: null,
      error: null,
      services: [],
      clients: [],
      unmapped: [],
    },
    asOf: (own[0]?.asOf[month] ?? null) as Instant | null,
    changed: changesBetween(raw(month - 1), raw(month)),
    usual: usualChanges(before),
    used: own.length,
  };
}

interface Score {
  wanted: number;
  found: number;
  flagged: number;
  months: number;
  noticesWanted: number;
  noticesFound: number;
  noticesExtra: number;
  missed: string[];
}
const empty = (): Score => ({
  wanted: 0,
  found: 0,
  flagged: 0,
  months: 0,
  noticesWanted: 0,
  noticesFound: 0,
  noticesExtra: 0,
  missed: [],
});

function add(score: Score, name: string, labels: readonly Row[], result: FlaggedMonth): void {
  const flagged = new Set(result.flags.map(({ clientId }) => clientId));
  const clients = labels.filter(({ level }) => level === 'client');
  const wanted = new Set(clients.filter(({ look }) => look === '1').map((row) => row.client_id));
  const spared = new Set(clients.filter(({ look }) => look === '0').map((row) => row.client_id));
  const notices = new Set(result.notices.map((flag) => flag.source ?? flag.serviceId ?? ''));
  const sources = labels
    .filter(({ level }) => level === 'source')
    .map(({ subject }) => subject ?? '');
  score.months += 1;
  score.wanted += wanted.size;
  score.flagged += [...flagged].filter(
    (id) => !spared.has(id ?? '') || wanted.has(id ?? ''),
  ).length;
  for (const id of wanted) {
    if (flagged.has(id ?? '')) score.found += 1;
    else
      score.missed.push(
        `${name} ${id ?? ''} ${clients.find((row) => row.client_id === id)?.cause ?? ''}`,
      );
  }
  score.noticesWanted += sources.length;
  for (const subject of sources) {
    if (notices.has(subject)) score.noticesFound += 1;
    else score.missed.push(`${name} ${subject} notice`);
  }
  score.noticesExtra +=
    result.notices.length - sources.filter((subject) => notices.has(subject)).length;
}

const print = (what: string, score: Score): void => {
  const burden = (score.flagged / score.months).toFixed(2);
  console.log(
    `${what}: ${score.found} of ${score.wanted} clients, ${burden} flagged a month in ${score.months} months, ` +
      `${score.noticesFound} of ${score.noticesWanted} notices, ${score.noticesExtra} more. Missed: ${score.missed.join('; ') || 'none'}`,
  );
};

function packSeries(row: Row): Series {
  const columns = (letter: string, last: number): string[] =>
    Array.from(
      { length: last },
      (_, index) => row[`${letter}${String(index + 1).padStart(2, '0')}`] ?? '0',
    );
  const prices = Array.from(
    { length: 13 },
    (_, index) => (index === 12 ? row.price_13 : row.price_12) ?? '0',
  );
  return {
    client: row.client_id ?? '',
    service: row.service_id ?? '',
    source: row.source ?? '',
    prices,
    asOf: Array.from({ length: 13 }, () => row.source_as_of_13 ?? ''),
    vendor: columns('v', 13),
    approved: columns('a', 12),
  };
}

describeShared('flags on labelled worlds', () => {
  test('finds at least 98 % of the labelled clients of 30 worlds with at most 3 flagged of 40', () => {
    const history = Map.groupBy(rowsOf('pack30/history.csv'), (row) => row.world ?? '');
    const labels = Map.groupBy(rowsOf('pack30/labels.csv'), (row) => row.world ?? '');
    const score = empty();
    for (const [world, rows] of history) {
      add(score, world, labels.get(world) ?? [], review(rows.map(packSeries), 12, '2026-09-30'));
    }
    print('pack30', score);
    expect(score.months).toBe(30);
    expect(score.found / score.wanted).toBeGreaterThanOrEqual(0.98);
    expect(score.flagged / score.months).toBeLessThanOrEqual(3);
    expect(score.noticesFound).toBe(score.noticesWanted);
    expect(score.noticesExtra).toBe(0);
  });

  test('finds them in the months of one world, from the second month on', () => {
    const rows = rowsOf('history.csv');
    const labels = Map.groupBy(rowsOf('labels.csv'), (row) => row.month ?? '');
    const months = [...new Set(rows.map(({ month }) => month ?? ''))].sort();
    const series = [
      ...Map.groupBy(rows, (row) => `${row.client_id}|${row.service_id}`).values(),
    ].map((own): Series => {
      const sorted = [...own].sort((a, b) => ((a.month ?? '') < (b.month ?? '') ? -1 : 1));
      const [first = {}] = sorted;
      return {
        client: first.client_id ?? '',
        service: first.service_id ?? '',
        source: first.source ?? '',
        asOf: sorted.map((row) => row.source_as_of ?? ''),
        vendor: sorted.map((row) => row.vendor_qty ?? '0'),
        approved: sorted.map((row) => row.approved_qty ?? '0'),
        prices: sorted.map((row) => row.unit_price ?? '0'),
      };
    });
    const [early, late] = [empty(), empty()];
    months.forEach((month, index) => {
      if (index === 0) return;
      const asOf = `${shiftPeriod(parsePeriod(month), 1)}-01`;
      add(index < 6 ? early : late, month, labels.get(month) ?? [], review(series, index, asOf));
    });
    print('history months 2-6', early);
    print('history months 7-13', late);
    expect(late.found / late.wanted).toBeGreaterThanOrEqual(0.98);
    expect(early.found).toBe(early.wanted);
    expect((early.flagged + late.flagged) / (early.months + late.months)).toBeLessThanOrEqual(3);
    expect(early.noticesExtra + late.noticesExtra).toBe(0);
    expect(late.noticesFound + early.noticesFound).toBe(late.noticesWanted + early.noticesWanted);
  });
});
