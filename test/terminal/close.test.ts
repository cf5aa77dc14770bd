// The terminal as a person starts it: a process with arguments, its output and its exit code.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcc-close-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function close(...args: string[]): Promise<Ended> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, ['src/terminal/main.ts', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => void (out += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => void (err += chunk.toString('utf8')));
    child.once('error', fail);
    child.once('close', (code) => done({ code, out, err }));
  });
}

async function workbook(name: string, rows: readonly (readonly unknown[])[]): Promise<string> {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet('Oct 2026');
  for (const row of rows) sheet.addRow([...row]);
  const path = join(folder, name);
  await writeFile(path, Buffer.from(await book.xlsx.writeBuffer()));
  return path;
}

const HEADER = ['Client', 'WS', 'SRV', 'Total'];
const PRICES = ['Price', 65, 145];
const SOUND = [
  HEADER,
  PRICES,
  ['Harbor Dental ', 5, 1, 470],
  ['Birch Law', 3, '-', 195],
  ['Total', 8, 1, 665],
];
const WRONG = [
  HEADER,
  PRICES,
  ['Harbor Dental ', '5', 1, 145],
  ['Birch Law', 3, null, 195],
  ['Total', null, null, 340],
];

test('--json prints exactly the object that is promised, and nothing else', async () => {
  const file = await workbook('sound.xlsx', SOUND);
  const { code, out, err } = await close(file, '--period', '2026-10', '--no-counts', '--json');
  expect([code, err]).toEqual([0, '']);
  const report = JSON.parse(out) as Record<string, unknown>;
  expect(Object.keys(report)).toEqual(['period', 'lines', 'skipped', 'totals']);
  expect(report).toEqual({
    period: '2026-10',
    lines: [
      {
        client: 'Harbor Dental ',
        service: 'WS',
        quantity: '5',
        unitPrice: '65',
        amount: '325.00',
        cell: 'Oct 2026!B3',
        kind: 'recurring',
        source: null,
        flags: [],
      },
      {
        client: 'Harbor Dental ',
        service: 'SRV',
        quantity: '1',
        unitPrice: '145',
        amount: '145.00',
        cell: 'Oct 2026!C3',
        kind: 'recurring',
        source: null,
        flags: [],
      },
      {
        client: 'Birch Law',
        service: 'WS',
        quantity: '3',
        unitPrice: '65',
        amount: '195.00',
        cell: 'Oct 2026!B4',
        kind: 'recurring',
        source: null,
        flags: [],
      },
      {
        client: 'Birch Law',
        service: 'SRV',
        quantity: '0',
        unitPrice: '145',
        amount: '0.00',
        cell: 'Oct 2026!C4',
        kind: 'recurring',
        source: null,
        flags: [],
      },
    ],
    skipped: [
      ...['A1', 'B1', 'C1', 'D1'].map((cell) => ({ cell: `Oct 2026!${cell}`, reason: 'header' })),
      { cell: 'Oct 2026!A2', reason: 'label of the price row' },
      ...['A5', 'B5', 'C5', 'D5'].map((cell) => ({
        cell: `Oct 2026!${cell}`,
        reason: 'total or subtotal',
      })),
    ],
    totals: { amount: '665.00' },
  });
});

test('a blocking flag is told in both forms and ends with 1', async () => {
  const file = await workbook('wrong.xlsx', WRONG);
  const json = await close(file, '--period', '2026-10', '--no-counts', '--json');
  expect(json.code).toBe(1);
  const { lines, totals } = JSON.parse(json.out) as {
    lines: { cell: string; flags: { rule: string; blocks: boolean; text: string }[] }[];
    totals: { amount: string };
  };
  expect(totals.amount).toBe('665.00');
  const blocking = lines.flatMap((line) =>
    line.flags.filter(({ blocks }) => blocks).map((flag) => [line.cell, flag.rule, flag.text]),
  );
  expect(blocking).toEqual([
    [
      'Oct 2026!B3',
      'sheet total differs',
      expect.stringMatching(/665\.00.*340\.00.*D5.*B3 holds "5" as text/),
    ],
  ]);
  const page = await close(file, '--period', 'October 2026', '--no-counts');
  expect(page.code).toBe(1);
  expect(page.out).toMatch(/In the way \(1\)[\s\S]*B3 holds "5"[\s\S]*Harbor Dental +470\.00 USD/);
  expect(page.out.split('\n').filter((line) => line.length > 100)).toEqual([]);
});

test('the page names clients, lines, totals and what was not taken', async () => {
  const file = await workbook('page.xlsx', SOUND);
  const { code, out } = await close(file, '--period', '2026-10', '--no-counts');
  expect(code).toBe(0);
  expect(out).toMatch(/October 2026, sheet "Oct 2026" \(a row per client\): 2 clients, 4 lines\./);
  expect(out).toMatch(/Nothing needs a look\./);
  expect(out).toMatch(/B3 +WS +5 × +65 +325\.00/);
  expect(out).toMatch(/9 cells not taken/);
  expect(out).toMatch(
    /Total 665\.00 USD; the sheet shows 665\.00 in Oct 2026!D5\. Nothing blocks\./,
  );
});

test.each([
  ['no file', [], /Which workbook/],
  ['no month', ['x.xlsx'], /Which month/],
  ['a month that is none', ['x.xlsx', '--period', '13/2026'], /Month not understood: "13\/2026"/],
  ['an unknown option', ['x.xlsx', '--period', '2026-10', '--fast'], /Unknown option '--fast'/],
  [
    'posting without an approval',
    ['x.xlsx', '--period', '2026-10', '--post'],
    /Nothing is posted without an approval/,
  ],
  [
    'approving without counts',
    ['x.xlsx', '--period', '2026-10', '--no-counts', '--approve', 'Kim'],
    /cannot approve/,
  ],
  [
    'a file that is not there',
    ['not-there.xlsx', '--period', '2026-10', '--no-counts'],
    /"not-there\.xlsx" does not exist/,
  ],
  ['a folder', ['src', '--period', '2026-10', '--no-counts', '--json'], /"src" is a folder/],
  [
    'a file that is no workbook',
    ['package.json', '--period', '2026-10', '--no-counts', '--json'],
    /not an Excel workbook/,
  ],
])('%s ends with 2, in words, and an empty stdout', async (_, args, words) => {
  const { code, out, err } = await close(...args);
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(words);
});

test('another month than the sheet has ends with 2', async () => {
  const file = await workbook('month.xlsx', SOUND);
  const { code, err } = await close(file, '--period', '2026-11', '--no-counts');
  expect([code, err]).toEqual([
    2,
    expect.stringMatching(/No sheet for November 2026.*"Oct 2026" \(October 2026\)/),
  ]);
});

test('--help explains itself', async () => {
  const { code, out } = await close('--help');
  expect(code).toBe(0);
  expect(out).toMatch(/--no-counts/);
});

test('a relay that does not start ends with 3 and names what it said', async () => {
  const file = await workbook('relay.xlsx', SOUND);
  const config = join(folder, 'config.json');
  await writeFile(config, '{ "profile": "sample", "surprise": true }');
  const { code, out, err } = await close(file, '--period', '2026-10', '--json', '--config', config);
  expect([code, out]).toEqual([3, '']);
  expect(err).toMatch(/The relay did not start/);
}, 60_000);
