/** The audit trail looked at from outside: the program, its export, and a thousand edits (SEC12). */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '../../src/relay/canonical.ts';
import { auditEntries, verifyChain } from '../../src/relay/store/audit.ts';
import type { AuditHead } from '../../src/relay/store/audit-head.ts';
import { databasePath, openForReading } from '../../src/relay/store/database.ts';
import type { AuditTable } from '../../src/relay/store/schema-audit.ts';
import { makeFolder } from './fixture.ts';
import { draftFor, idOf, startSmallMonth, type SmallMonth } from './small-month.ts';

jest.setTimeout(120_000);

const EDITS = 1000;
const SEED = Number(process.env['MCC_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const CUSTOMERS = [1, 2, 3].map((number) => ({ id: idOf(number), name: `Client =${number}` }));

let month: SmallMonth;
let out: string;
let trail: AuditTable[];
let head: AuditHead;

beforeAll(async () => {
  month = await startSmallMonth(CUSTOMERS);
  await month.post(await month.approved(draftFor(CUSTOMERS)));
  await month.relay.stop();
  out = makeFolder();
  const store = openForReading(month.relay.data);
  trail = [];
  for await (const entry of auditEntries(store)) trail.push(entry);
  await store.destroy();
  head = trail.at(-1) ?? { seq: 0, hash: '' };
});
afterAll(async () => {
  rmSync(out, { recursive: true, force: true });
  await month.stop();
});

function audit(...words: string[]) {
  const program = ['src/relay/audit/main.ts', ...words];
  const { status, stdout, stderr } = spawnSync(process.execPath, program, { encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('npm run audit', () => {
  it('says that a posted month holds, and names the head to keep elsewhere', () => {
    const { status, stdout } = audit('verify', '--data', month.relay.data);
    expect({ status, stdout }).toMatchObject({ status: 0 });
    expect(stdout).toContain(
      `The audit trail holds: ${String(trail.length)} entries and 1 batches.`,
    );
    expect(stdout).toContain(`${String(head.seq)}:${head.hash}`);
    const kept = ['--head', `${String(head.seq)}:${head.hash}`];
    expect(audit('verify', '--data', month.relay.data, ...kept).status).toBe(0);
  });

  it('does not believe a trail that never had the head kept elsewhere', () => {
    const other = `${String(head.seq)}:${'0'.repeat(64)}`;
    const { status, stdout } = audit('verify', '--data', month.relay.data, '--head', other);
    expect(status).toBe(1);
    expect(stdout).toContain(`Entry ${String(head.seq)} was written anew.`);
  });

  it('exports the month with its evidence, readable and whole', () => {
    const folder = join(out, 'october');
    const written = audit(
      'export',
      '--period',
      '2026-10',
      '--out',
      folder,
      '--data',
      month.relay.data,
    );
    expect(written).toMatchObject({ status: 0, stderr: '' });
    const lines = readFileSync(join(folder, 'lines.csv'), 'utf8').trim().split('\n');
    expect(lines).toHaveLength(1 + CUSTOMERS.length);
    expect(lines[1]).toContain(',1,WS,recurring,Workstation,1,65.05,65.05');
    expect(readFileSync(join(folder, 'evidence.csv'), 'utf8')).toContain('Going out to');
    expect(audit('verify', '--export', folder).stdout).toContain('as it was written');
    const again = audit(
      'export',
      '--period',
      '2026-10',
      '--out',
      folder,
      '--data',
      month.relay.data,
    );
    expect(again).toMatchObject({ status: 2, stdout: '' });
    expect(again.stderr).toContain('is there already. Name a new folder.');
  });

  it.each([
    ['a line is changed', 'lines.csv', /lines\.csv was changed/],
    ['the trail is changed', 'audit.jsonl', /audit\.jsonl was changed/],
    ['a file is added', 'more.csv', /more\.csv does not belong/],
  ])('notices in an export that %s', (_what, name, words) => {
    const folder = join(out, name);
    audit('export', '--period', '2026-10', '--out', folder, '--data', month.relay.data);
    appendFileSync(join(folder, name), 'x');
    const { status, stdout } = audit('verify', '--export', folder);
    expect(status).toBe(1);
    expect(stdout).toMatch(words);
  });

  it('notices a batch whose approved content was exchanged', () => {
    const file = new Sqlite(databasePath(month.relay.data));
    file.exec('drop trigger batch_content_is_sealed');
    const change = file.prepare("update batch set invoices = replace(invoices, '65.05', '65.06')");
    expect(change.run().changes).toBe(1);
    const { status, stdout } = audit('verify', '--data', month.relay.data);
    file.prepare("update batch set invoices = replace(invoices, '65.06', '65.05')").run();
    file.close();
    expect(status).toBe(1);
    expect(stdout).toMatch(/The batch of 2026-10 .* has another content than its digest says/);
  });

  it('says what is missing when it is asked wrongly, and writes nothing', () => {
    const data = ['--data', month.relay.data];
    const wrong: readonly (readonly [readonly string[], string])[] = [
      [[], 'Say what to do: verify'],
      [['verify', '--data', join(out, 'nowhere')], 'There is no database'],
      [['verify', '--head', '12', ...data], '--head: write the number and the hash'],
      [['verify', '--colour'], '--colour'],
      [['verify', '--export', out], 'this is no export of MCC'],
      [['export', '--out', join(out, 'x'), ...data], '--period YYYY-MM is missing'],
      [['export', '--period', '2026-10', ...data], '--out DIR is missing'],
      [['export', '--period', '2026-13', '--out', join(out, 'x'), ...data], '2026-13'],
      [['export', '--period', '2025-01', '--out', join(out, 'x'), ...data], 'January 2025'],
    ];
    for (const [words, message] of wrong) {
      const { status, stderr } = audit(...words);
      expect({ words, status }).toEqual({ words, status: 2 });
      expect(stderr).toContain(message);
    }
    expect(existsSync(join(out, 'x'))).toBe(false);
  });
});

describe('a thousand edits of the trail', () => {
  it(`are all found by the head kept outside (seed ${String(SEED)})`, async () => {
    const at = fc.nat(trail.length - 1);
    const edit = fc.oneof(
      fc.record({ kind: fc.constant('flip' as const), at, field: fc.constantFrom(...FIELDS), by: fc.nat(25) }),
      fc.record({ kind: fc.constant('delete' as const), at }),
      fc.record({ kind: fc.constant('insert' as const), at, from: at }),
      fc.record({ kind: fc.constant('swap' as const), at, with: at }),
      fc.record({ kind: fc.constant('truncate' as const), at }),
      fc.record({ kind: fc.constant('write anew' as const), at }),
    ); // prettier-ignore
    await fc.assert(
      fc.asyncProperty(edit, async (one) => {
        const edited = withEdit(one);
        fc.pre(canonicalJson(edited) !== canonicalJson(trail));
        expect((await verifyChain(edited, head)).verified).toBe(false);
      }),
      { seed: SEED, numRuns: EDITS },
    );
    expect((await verifyChain(trail, head)).verified).toBe(true);
  });
});

const FIELDS = ['ts', 'person', 'action', 'object', 'words', 'digests', 'request_id', 'prev', 'hash'] as const; // prettier-ignore

type Edit =
  | { kind: 'flip'; at: number; field: (typeof FIELDS)[number]; by: number }
  | { kind: 'delete' | 'truncate' | 'write anew'; at: number }
  | { kind: 'insert'; at: number; from: number }
  | { kind: 'swap'; at: number; with: number };

function withEdit(edit: Edit): AuditTable[] {
  const rows = [...trail];
  const row = rows[edit.at] ?? never();
  switch (edit.kind) {
    case 'flip':
      rows[edit.at] = { ...row, [edit.field]: flipped(row[edit.field], edit.by) };
      return rows;
    case 'delete':
      return rows.toSpliced(edit.at, 1);
    case 'insert':
      return rows.toSpliced(edit.at, 0, rows[edit.from] ?? never());
    case 'swap':
      rows[edit.at] = rows[edit.with] ?? never();
      rows[edit.with] = row;
      return rows;
    case 'truncate':
      return rows.slice(0, edit.at);
    case 'write anew':
      return writtenAnew(rows, edit.at);
  }
}

const flipped = (text: string, by: number): string =>
  text === '' ? 'x' : String.fromCharCode(text.charCodeAt(0) + 1 + by) + text.slice(1);

/** What the owner of the file can do: change an entry and give it and all after it fitting hashes. */
function writtenAnew(rows: readonly AuditTable[], from: number): AuditTable[] {
  let prev = rows[from - 1]?.hash ?? '0'.repeat(64);
  return rows.map((row, index) => {
    if (index < from) return row;
    const { seq, ts, person, action, object, period, digests, request_id: requestId } = row;
    const words = index === from ? `${row.words} Really.` : row.words;
    const sealed = { seq, ts, person, action, object, words, period, digests, requestId, prev };
    prev = createHash('sha256').update(canonicalJson(sealed)).digest('hex');
    return { ...row, words, prev: sealed.prev, hash: prev };
  });
}

function never(): never {
  throw new Error('The edit is outside the trail');
}
