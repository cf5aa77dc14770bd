// A quiet month from the file to the books in one command, then the same command again.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seedRelay, startStandIns } from '../../src/start/parts.ts';
import { writeSampleFiles, type SampleFiles } from '../../src/start/sample-files.ts';

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Books {
  readonly invoices: readonly { readonly transactionDate: string }[];
}

let folder = '';
let files: SampleFiles;
let standIns: Awaited<ReturnType<typeof startStandIns>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcc-post-'));
  standIns = await startStandIns({ state: join(folder, 'stand-ins'), world: 'quiet' });
  files = await writeSampleFiles(folder, standIns.ready.url, 'quiet');
  await seedRelay({
    config: files.config,
    data: folder,
    seed: files.seed,
    done: join(folder, 'seeded'),
  });
}, 180_000);

afterAll(async () => {
  await standIns.stop();
  await rm(folder, { recursive: true, force: true });
});

function close(...more: string[]): Promise<Ended> {
  const args = [
    'src/terminal/main.ts',
    files.workbook,
    '--period',
    '2026-10',
    '--config',
    files.config,
    ...more,
  ];
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, MCC_DATA: folder },
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => void (out += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => void (err += chunk.toString('utf8')));
    child.once('error', fail);
    child.once('close', (code) => done({ code, out, err }));
  });
}

async function octoberInvoices(): Promise<number> {
  const answer = await fetch(`${standIns.ready.url}/_sim/books`);
  const { invoices } = (await answer.json()) as Books;
  return invoices.filter((invoice) => invoice.transactionDate === '2026-10-31').length;
}

test('approves and posts the whole month once, however often it is run', async () => {
  const looked = await close('--json');
  expect([looked.code, await octoberInvoices()]).toEqual([0, 0]);
  const report = JSON.parse(looked.out) as {
    lines: { source: string | null; flags: { blocks: boolean }[] }[];
    totals: { amount: string };
  };
  expect(report.lines.filter(({ source }) => source !== null).length).toBeGreaterThan(100);
  expect(report.lines.flatMap(({ flags }) => flags).filter(({ blocks }) => blocks)).toEqual([]);

  const posted = await close('--json', '--approve', 'Kim Ostrander', '--post');
  if (posted.code !== 0) throw new Error(posted.err);
  expect((JSON.parse(posted.out) as { totals: unknown }).totals).toEqual(report.totals);
  expect(posted.err).toMatch(/Approved by Kim Ostrander: 40 invoices, 40 posted\./);
  expect(await octoberInvoices()).toBe(40);

  const again = await close('--approve', 'Kim Ostrander', '--post');
  expect(await octoberInvoices()).toBe(40);
  expect([again.code, again.err]).toEqual([0, '']);
}, 240_000);
