// The audit trail without a relay: npm run audit -- verify [--data DIR] [--head SEQ:HASH] [--json],
// npm run audit -- verify --export DIR, npm run audit -- export --period 2026-10 --out DIR.
// Exit code 0: all holds, 1: something does not, 2: the input cannot be used.
import { parseArgs } from 'node:util';
import { parsePeriod } from '../../core/billing-period.ts';
import { AppError } from '../../core/errors.ts';
import type { AuditHead } from '../store/audit-head.ts';
import { openForReading, type Store } from '../store/database.ts';
import { exportPeriod, verifyExport } from './export.ts';
import { verifyFolder, type AuditFinding } from './verify.ts';

/** Where `npm start` keeps the sample. */
const DATA_DEFAULT = '.mcc/sample';
const HOLDS = 0;
const DOES_NOT_HOLD = 1;
const UNUSABLE = 2;

const OPTIONS = {
  data: { type: 'string', default: DATA_DEFAULT },
  head: { type: 'string' },
  export: { type: 'string' },
  period: { type: 'string' },
  out: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;
type Values = ReturnType<typeof readArguments>['values'];

try {
  const { values, command } = readArguments();
  process.exitCode = await run(command, values);
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = UNUSABLE;
}

function run(command: string | undefined, values: Values): Promise<number> {
  if (command === 'verify' && values.export !== undefined)
    return checkExport(values.export, values);
  if (command === 'verify') return onStore(values.data, (store) => check(store, values));
  if (command === 'export') return onStore(values.data, (store) => write(store, values));
  throw new AppError(
    'INPUT_INVALID',
    'Say what to do: verify [--data DIR] [--head SEQ:HASH], verify --export DIR, or export --period YYYY-MM --out DIR.',
  );
}

async function onStore(data: string, work: (store: Store) => Promise<number>): Promise<number> {
  const store = openForReading(data);
  try {
    return await work(store);
  } finally {
    await store.destroy();
  }
}

async function check(store: Store, { data, head, json }: Values): Promise<number> {
  const finding = await verifyFolder(store, data, head === undefined ? null : parseHead(head));
  say(json ? JSON.stringify(finding) : wordsOf(finding));
  return finding.verified ? HOLDS : DOES_NOT_HOLD;
}

function wordsOf({ verified, reasons, entries, head, anchor, batches }: AuditFinding): string {
  const newer = head && anchor ? head.seq - anchor.seq : 0;
  const seen = `${String(entries)} entries and ${String(batches)} batches.`;
  if (!verified) return ['The audit trail does NOT hold.', ...reasons, `Seen: ${seen}`].join('\n');
  return [
    `The audit trail holds: ${seen}`,
    head ? `Its head is ${String(head.seq)}:${head.hash}` : 'It is empty.',
    newer > 0
      ? `The anchor outside the database stands ${String(newer)} entries before it, and fits.`
      : 'The anchor outside the database fits.',
  ].join('\n');
}

async function checkExport(folder: string, { json }: Values): Promise<number> {
  const verdict = await verifyExport(folder);
  if (json) say(JSON.stringify(verdict));
  else if (verdict.verified) say('The export is as it was written, and its audit trail holds.');
  else say(`The export does NOT hold.\n${verdict.reason ?? ''}`);
  return verdict.verified ? HOLDS : DOES_NOT_HOLD;
}

async function write(store: Store, { period, out, json }: Values): Promise<number> {
  if (period === undefined) throw new AppError('INPUT_INVALID', '--period YYYY-MM is missing.');
  if (out === undefined) throw new AppError('INPUT_INVALID', '--out DIR is missing.');
  const written = await exportPeriod(store, parsePeriod(period), out);
  const { folder, invoices, entries } = written;
  say(
    json
      ? JSON.stringify(written)
      : `${folder} holds ${String(invoices)} invoices with their evidence, and the trail of ${String(entries)} entries.`,
  );
  return HOLDS;
}

function parseHead(text: string): AuditHead {
  const [, seq, hash] = /^(\d{1,12}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined || hash === undefined) {
    throw new AppError('INPUT_INVALID', '--head: write the number and the hash, as 1521:4f0c…');
  }
  return { seq: Number(seq), hash };
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
    return { values, command: positionals.length === 1 ? positionals[0] : undefined };
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : 'The arguments are not understood.';
    throw new AppError('INPUT_INVALID', words, { cause });
  }
}

function say(words: string): void {
  process.stdout.write(`${words}\n`);
}
