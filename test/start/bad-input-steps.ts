/** The steps of a close that the bad-input table walks, and what it holds against them. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { sql } from 'kysely';
import { AppError } from '../../src/core/errors.ts';
import { dryRun, flagsOfInvoices } from '../../src/core/dry-run.ts';
import type { DryRun, Flag, Snapshot } from '../../src/core/model.ts';
import { resolveReading } from '../../src/matching/resolve.ts';
import { memoryWorkbook, type SheetInput } from '../../src/workbook/memory-workbook.ts';
import { readSheet } from '../../src/workbook/read-sheet.ts';
import { OCTOBER, type SmallMonth } from '../relay/small-month.ts';

/** Every row of the store but the tokens, whose last use is noted. */
export async function fingerprint(month: SmallMonth): Promise<string> {
  const { store } = month.relay.core;
  const tables = await sql<{ name: string }>`select name from sqlite_master where type = 'table' and name <> 'token' order by name`.execute(store); // prettier-ignore
  const hash = createHash('sha256').update(JSON.stringify(await month.truth()));
  for (const { name } of tables.rows) {
    const { rows } = await sql`select * from ${sql.table(name)}`.execute(store);
    hash.update(`${name} ${JSON.stringify(rows)}`);
  }
  return hash.digest('hex');
}

export async function closeSheet(sheet: SheetInput, snapshot: Snapshot): Promise<DryRun> {
  const reading = await readSheet(memoryWorkbook({ sheets: [sheet] }), { period: OCTOBER });
  const { clients, services, previous } = snapshot;
  const lines = resolveReading(reading, clients, services);
  return dryRun({ period: OCTOBER, reading, lines, clients, services, snapshot, previous }); // prettier-ignore
}

export const flagsOf = (made: DryRun): readonly Flag[] => [
  ...made.flags,
  ...flagsOfInvoices(made.invoices),
];

/** The rows of a relay that does not run, but those that each start writes: who holds the books. */
export function rowsOf(data: string): Readonly<Record<string, readonly unknown[]>> {
  const database = new Sqlite(join(data, 'relay.sqlite'), { readonly: true });
  try {
    const names = database.prepare("select name from sqlite_master where type = 'table'").pluck().all() as string[]; // prettier-ignore
    const kept = names.filter((name) => !/token|connection/.test(name));
    return Object.fromEntries(kept.map((name) => [name, database.prepare(`select * from "${name}"`).all()])); // prettier-ignore
  } finally {
    database.close();
  }
}

/** The message of what is refused; empty when it is not. */
export function wordsOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof AppError ? error.message : `a defect: ${String(error)}`;
  }
  return '';
}

/** Somewhere it says what to do: a verb in the imperative at the beginning of a clause. */
const ADVICE =
  /(^|[.;:,] |\bthen |\band |\bor |\belse )(activate|approve|ask|bill|change|check|choose|clear|close|complete|confirm|correct|decide|delete|do not|enter|find|fix|format|give|hold|leave|load|look|map|mend|move|name|open|put|refresh|remove|rename|renew|report|retry|retype|review|set|show|split|start|take|try|type|undo|unhide|unmerge|use|wait|write)\b/i;

/** The texts that name a trouble and leave the person alone with it. */
export const withoutAdvice = (texts: readonly string[]): readonly string[] =>
  texts.filter((text) => !ADVICE.test(text));
