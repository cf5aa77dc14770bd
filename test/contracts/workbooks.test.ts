import { existsSync, readFileSync } from 'node:fs';
import { parsePeriod } from '../../src/core/billing-period.ts';
import { sumAmounts, type Currency } from '../../src/core/money.ts';
import type { SheetReading } from '../../src/core/model.ts';
import { openXlsx } from '../../src/workbook/xlsx-workbook.ts';
import { readSheet } from '../../src/workbook/read-sheet.ts';
import Papa from 'papaparse';

const SHARED = new URL('../../../shared/data/', import.meta.url);
const isThere = existsSync(new URL('workbooks/expected_cells.csv', SHARED));
const when = isThere ? test : test.skip;
const USD = 'USD' as Currency;
type Row = Record<string, string>;

if (!isThere) {
  console.warn(
    `SKIPPED: the development workbooks are not at ${SHARED.pathname}; put them there to check them.`,
  );
}

const rowsOf = (path: string): Row[] =>
  Papa.parse<Row>(readFileSync(new URL(path, SHARED), 'utf8'), {
    header: true,
    skipEmptyLines: true,
  }).data;

async function read(file: string, period: string): Promise<SheetReading> {
  const book = await openXlsx(readFileSync(new URL(`workbooks/${file}`, SHARED)), file);
  return readSheet(book, { period: parsePeriod(period) });
}

/** The client ids of the truth, by the spelling of one source. */
function clientIds(source: string): ReadonlyMap<string, string> {
  const rows = rowsOf('vendors/truth_accounts.csv').filter((row) => row.source === source);
  return new Map(rows.map((row) => [row.source_name ?? '', row.client_id ?? '']));
}

when('reads every quantity of both months of the wide workbook, and no other', async () => {
  const ids = clientIds('sheet');
  const expected = rowsOf('workbooks/expected_cells.csv');
  const services = new Map(
    expected.map((row) => [(row.cell ?? '').replace(/\d+/, ''), row.service_id]),
  );
  const found = [];
  for (const month of ['2026-09', '2026-10']) {
    const reading = await read('billing_wide_dev.xlsx', month);
    for (const line of reading.lines) {
      const [sheet = '', cell = ''] = line.cell.split('!');
      found.push([
        sheet,
        cell,
        ids.get(line.client),
        services.get(cell.replace(/\d+/, '')),
        reading.period,
        Number(line.quantity),
      ]);
    }
  }
  expect(expected).toHaveLength(629);
  expect(found).toEqual(
    expected.map((row) => [
      row.sheet,
      row.cell,
      row.client_id,
      row.service_id,
      row.month,
      Number(row.quantity),
    ]),
  );
});

when('reads every line of the long workbook with kind, quantity, price and amount', async () => {
  const ids = clientIds('accounting');
  const expected = rowsOf('workbooks/expected_lines.csv');
  const reading = await read('billing_long_dev.xlsx', '2026-10');
  const retired = expected.filter((row) => row.kind === 'retired');
  expect(expected).toHaveLength(237);
  expect(
    reading.lines.map((line) => [
      line.cell,
      ids.get(line.client),
      line.kind,
      Number(line.quantity),
      Number(line.unitPrice),
      Number(line.amount),
    ]),
  ).toEqual(
    expected
      .filter((row) => row.kind !== 'retired')
      .map((row) => [
        `Invoice Lines!F${row.row ?? ''}`,
        row.client_id,
        row.kind,
        Number(row.quantity),
        Number(row.unit_price),
        Number(row.amount),
      ]),
  );
  const skipped = new Map(reading.skipped.map(({ cell, reason }) => [cell, reason]));
  for (const { row = '' } of retired)
    expect(skipped.get(`Invoice Lines!F${row}`)).toMatch(/hidden/);
});

when('gives each item of the long workbook one service', async () => {
  const expected = rowsOf('workbooks/expected_lines.csv').filter((row) => row.kind === 'recurring');
  const reading = await read('billing_long_dev.xlsx', '2026-10');
  const byCell = new Map(reading.lines.map((line) => [line.cell, line.service]));
  const names = new Map<string, Set<string>>();
  for (const { row = '', service_id = '' } of expected) {
    const name = byCell.get(`Invoice Lines!F${row}`) ?? '';
    names.set(service_id, (names.get(service_id) ?? new Set()).add(name));
  }
  expect([...names.values()].map((set) => set.size)).toEqual([...names].map(() => 1));
  expect(new Set([...names.values()].flatMap((set) => [...set])).size).toBe(names.size);
});

when('finds the totals of both workbooks, and the cell that makes one of them wrong', async () => {
  const wide = await read('billing_wide_dev.xlsx', '2026-10');
  expect(wide.total).toBe('97919.00');
  expect(wide.shownTotal).toEqual({ cell: 'Oct 2026!O59', amount: '96554.00' });
  const blocking = wide.lines.flatMap((line) => line.flags).filter(({ blocks }) => blocks);
  expect(blocking).toHaveLength(1);
  expect(blocking[0]?.rule).toBe('sheet total differs');
  expect(blocking[0]?.text).toMatch(/97919\.00.*96554\.00.*O59.*C53/);
  const september = await read('billing_wide_dev.xlsx', '2026-09');
  expect([september.total, september.shownTotal?.amount]).toEqual(['96220.45', '96220.45']);
  expect(september.lines.flatMap((line) => line.flags)).toEqual([]);
  const long = await read('billing_long_dev.xlsx', '2026-10');
  expect([long.total, long.shownTotal?.cell]).toEqual(['100034.00', 'Invoice Lines!H323']);
  const recurring = long.lines
    .filter(({ kind }) => kind === 'recurring')
    .map(({ amount }) => amount);
  expect(sumAmounts(recurring, USD)).toBe('97919.00');
  expect(long.lines.flatMap((line) => line.flags)).toEqual([]);
});

when('takes last month from the neighbouring column or tab', async () => {
  const long = await read('billing_long_dev.xlsx', '2026-10');
  expect(long.lines.find(({ cell }) => cell === 'Invoice Lines!F10')?.previous).toEqual({
    quantity: '8',
    unitPrice: '26.4',
  });
  const wide = await read('billing_wide_dev.xlsx', '2026-10');
  const expected = rowsOf('workbooks/expected_cells.csv').filter((row) => row.month === '2026-09');
  const before = new Map(
    expected.map((row) => [`${row.client_id ?? ''} ${row.service_id ?? ''}`, Number(row.quantity)]),
  );
  const ids = clientIds('sheet');
  const services = new Map(
    expected.map((row) => [(row.cell ?? '').replace(/\d+/, ''), row.service_id ?? '']),
  );
  for (const line of wide.lines) {
    const column = line.cell.split('!')[1]?.replace(/\d+/, '') ?? '';
    const was = before.get(`${ids.get(line.client) ?? ''} ${services.get(column) ?? ''}`);
    expect([line.cell, line.previous && Number(line.previous.quantity)]).toEqual([
      line.cell,
      was ?? null,
    ]);
  }
});
