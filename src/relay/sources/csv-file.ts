// CSV file: an export of any system, one row per device, licence or account.
// How old it is: the newest day of its date column, else when the file was written.

import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { z } from 'zod';
import { BASES } from '../../core/model.ts';
import { addQuantities, parseQuantity, quantityFromCell, type Quantity } from '../../core/money.ts';
import { DELIMITERS, readCsv } from '../tables/csv-rows.ts';
import { ENCODINGS, unusable } from '../tables/csv-text.ts';
import { planByName } from '../tables/named-columns.ts';
import { defineCountSource, type VendorCount, type VendorCounts } from './source.ts';

const Column = z.string().trim().min(1, 'names no column').max(200);

const Settings = z
  .strictObject({
    path: z.string().min(1, 'names no file'),
    encoding: z.enum(ENCODINGS).optional(),
    delimiter: z.enum(DELIMITERS).optional(),
    clientColumn: Column,
    /** One of the two: a column, or the same SKU for every row. */
    skuColumn: Column.optional(),
    sku: z.string().trim().min(1).max(200).optional(),
    /** Absent: every row counts one. */
    quantityColumn: Column.optional(),
    /** Only rows whose value is one of these are counted; the others still name their client. */
    filter: z.strictObject({ column: Column, values: z.array(z.string()).min(1) }).optional(),
    /** A value met twice for one client and SKU counts once: a serial number is one device. */
    distinctColumn: Column.optional(),
    dateColumn: Column.optional(),
    basis: z.enum(BASES).default('active'),
  })
  .refine(({ sku, skuColumn }) => (sku === undefined) !== (skuColumn === undefined), {
    path: ['skuColumn'],
    error: 'name either skuColumn or sku',
  })
  .refine(({ quantityColumn, distinctColumn }) => !(quantityColumn && distinctColumn), {
    path: ['distinctColumn'],
    error: 'goes with counting rows, not with quantityColumn',
  });
type Settings = z.infer<typeof Settings>;

export const csvFile = defineCountSource({
  id: 'csv-file',
  title: 'CSV file',
  kind: 'file',
  skus: {},
  settings: Settings,

  async count(settings): Promise<VendorCounts> {
    const tally = newTally(settings);
    const roles = ['client', 'sku', 'quantity', 'filter', 'distinct', 'date'] as const;
    const named = [
      settings.clientColumn,
      settings.skuColumn,
      settings.quantityColumn,
      settings.filter?.column,
      settings.distinctColumn,
      settings.dateColumn,
    ];
    const asked = roles.filter((_, index) => named[index] !== undefined);
    const columns = named.filter((column) => column !== undefined);
    const plan = planByName(columns, basename(settings.path), (values, row) => {
      tally.add(Object.fromEntries(asked.map((role, at) => [role, values[at] ?? ''])), row);
    });
    const written = await readCsv({ ...settings, plan });
    return { counts: tally.counts(), asOf: tally.newest() ?? written.toISOString() };
  },
});

interface Row {
  readonly client?: string;
  readonly sku?: string;
  readonly quantity?: string;
  readonly filter?: string;
  readonly distinct?: string;
  readonly date?: string;
}

interface Tally {
  add(row: Row, number: number): void;
  counts(): VendorCount[];
  newest(): string | null;
}

interface Sum {
  /** Whole numbers, the most of them; at most a million of nine digits, so a double is exact. */
  whole: number;
  /** Hours and other parts. */
  parts: Quantity[];
  readonly ids: Set<string>;
}

const TOTAL_MAX = 999_999_999;
/** Parts are added up now and then, so that a million of them do not stand in memory. */
const FOLD_AT = 1000;

function newTally(settings: Settings): Tally {
  const name = basename(settings.path);
  const wanted = new Set(settings.filter?.values.map((value) => fold(value)));
  const clients = new Map<string, Map<string, Sum>>();
  const skus = new Set(settings.sku === undefined ? [] : [settings.sku]);
  let newest: string | null = null;

  return {
    add(row, number) {
      const client = row.client || '(no client)';
      const own = clients.get(client) ?? new Map<string, Sum>();
      clients.set(client, own);
      if (row.date !== undefined) newest = later(newest, readDay(row.date, name, number, settings));
      if (row.filter !== undefined && !wanted.has(fold(row.filter))) return;
      const sku = settings.sku ?? (row.sku || '(no SKU)');
      skus.add(sku);
      const sum = own.get(sku) ?? { whole: 0, parts: [], ids: new Set() };
      own.set(sku, sum);
      if (row.distinct) {
        const id = toId(row.distinct);
        if (sum.ids.has(id)) return;
        sum.ids.add(id);
      }
      addTo(sum, row.quantity ?? '1', () => `row ${String(number)}`, settings);
      if (sum.whole > TOTAL_MAX) throw unusable(name, `${client}: more than a billion ${sku}`);
    },
    counts: () =>
      [...clients].flatMap(([client, own]) =>
        [...skus].map((sku) => toCount(client, sku, own.get(sku), settings)),
      ),
    newest: () => newest,
  };
}

/** A client of the file gets a row for every SKU of the file: none is told from "not looked". */
function toCount(
  client: string,
  sku: string,
  sum: Sum | undefined,
  settings: Settings,
): VendorCount {
  return {
    clientRef: client,
    clientName: client,
    sku,
    skuName: sku,
    basis: settings.basis,
    quantity: addQuantities([quantityFromCell(sum?.whole ?? 0), ...(sum?.parts ?? [])]),
    ...(settings.distinctColumn ? { ids: [...(sum?.ids ?? [])].sort() } : {}),
  };
}

function addTo(sum: Sum, text: string, row: () => string, settings: Settings): void {
  if (/^\d{1,9}$/.test(text)) {
    sum.whole += Number(text);
    return;
  }
  const { quantityColumn = '', basis } = settings;
  const name = basename(settings.path);
  const where = `${row()}, column "${quantityColumn}"`;
  const isNumber = /^\d{1,9}\.\d{1,4}$/.test(text);
  if (!isNumber) throw unusable(name, `${where}: "${text.slice(0, 40)}" is not a count such as 12`);
  // Hours come in parts; devices and seats do not.
  if (basis !== 'billable') throw unusable(name, `${where}: ${text} is not a whole number`);
  sum.parts.push(parseQuantity(text));
  if (sum.parts.length > FOLD_AT) sum.parts = [addQuantities(sum.parts)];
}

/** Only 2026-10-31, with or without a time: 10/11/2026 is two days to two readers. */
function readDay(
  text: string,
  name: string,
  row: number,
  { dateColumn = '' }: Settings,
): string | null {
  if (text === '') return null;
  const day = /^(\d{4}-\d\d-\d\d)(?:$|[T ])/.exec(text)?.[1];
  const instant = day && Date.parse(`${day}T00:00:00.000Z`);
  if (day && instant && new Date(instant).toISOString().startsWith(day)) {
    return `${day}T00:00:00.000Z`;
  }
  const where = `row ${String(row)}, column "${dateColumn}"`;
  throw unusable(name, `${where}: "${text.slice(0, 40)}" is not a day such as 2026-10-31`);
}

const later = (a: string | null, b: string | null): string | null =>
  a === null || (b !== null && b > a) ? b : a;

const fold = (text: string): string => text.trim().toLowerCase();

/** A serial number is the same in capitals or not; hashed, as it names a machine. */
const toId = (text: string): string =>
  createHash('sha256').update(`csv-file:${text.toUpperCase()}`).digest('hex').slice(0, 24);
