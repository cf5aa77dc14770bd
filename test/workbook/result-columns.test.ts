// Where results go in a sheet: columns of their own, and no cell of the person's.
import { memoryWorkbook, type CellInput } from '../../src/workbook/memory-workbook.ts';
import { planResultCells, type Result } from '../../src/workbook/result-columns.ts';

const of = (clientId: string, clientName: string, more: Partial<Result> = {}): Result => ({
  clientId,
  clientName,
  invoice: 'MC2610-0001',
  status: 'posted',
  posted: '2026-10-31',
  ...more,
});
const ACME = of('a', 'Acme');
const BETA = of('b', 'Beta', { invoice: '', status: 'rejected', posted: '' });

async function plan(rows: readonly (readonly CellInput[])[], results = [ACME, BETA]) {
  const workbook = memoryWorkbook({ sheets: [{ name: 'Oct', rows }] });
  const at = [
    { clientId: 'a', row: 3 },
    { clientId: 'b', row: 4 },
  ];
  const made = planResultCells(await workbook.readSheet('Oct'), at, results);
  const texts = made.writes.map(({ cell, value }) => `${cell.slice(4)} ${String(value)}`);
  return { ...made, texts };
}

const HEAD = ['Client', 'EDR', 'Backup', 'Total'];
const grid = (...more: readonly (readonly CellInput[])[]): CellInput[][] => [
  ['October 2026'],
  [...HEAD, ...(more[0] ?? [])],
  ['Acme', 3, 4, 70, ...(more[1] ?? [])],
  ['Beta', 5, 6, 90, ...(more[2] ?? [])],
];

test('three new columns right of the table, beside each client', async () => {
  const { texts, columns } = await plan(grid());
  expect(columns.map(({ letters, isNew }) => `${letters} ${String(isNew)}`)).toEqual([
    'E true',
    'F true',
    'G true',
  ]);
  expect(texts).toEqual([
    'E2 Invoice no.',
    'F2 MCC status',
    'G2 MCC posted',
    'E3 MC2610-0001',
    'F3 posted',
    'G3 2026-10-31',
    'F4 rejected',
  ]);
});

test('results of the month whose tab was copied are replaced; a word of a person is not', async () => {
  const { texts, occupied } = await plan(
    grid(
      ['Invoice #', 'MCC status', 'MCC posted'],
      ['MC2609-0017', 'posted', '2026-09-30'],
      ['by cheque', 'ask Ann', ''],
    ),
  );
  expect(texts).toEqual(['E3 MC2610-0001', 'G3 2026-10-31']);
  expect(occupied.map(({ write, holds }) => `${write.cell} ${holds}`)).toEqual([
    'Oct!E4 by cheque',
    'Oct!F4 ask Ann',
  ]);
});

test('a formula counts as in use, and a scribble beside the table is kept free of', async () => {
  const used = await plan(grid(['Invoice no'], [{ formula: '=A3&"-1"', value: 'Acme-1' }]));
  expect(used.occupied[0]?.holds).toBe('=A3&"-1"');
  const beside = await plan(grid([], [null, 'call them first']));
  expect(beside.columns.map(({ letters }) => letters)).toEqual(['G', 'H', 'I']);
});

test('a client that the sheet names no more is told', async () => {
  const { missing, clients } = await plan(grid(), [ACME, of('z', 'Zeta')]);
  expect(missing).toEqual(['Zeta']);
  expect(clients).toBe(1);
});
