// The audit chain of a data folder, verified as it lies and again with one byte changed.
import Sqlite from 'better-sqlite3';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAnchor } from '../../../src/relay/store/audit-anchor.ts';
import { openStore } from '../../../src/relay/store/database.ts';

export async function isTrailWhole(data: string): Promise<boolean> {
  const store = await openStore(data);
  try {
    return (await openAnchor(store, data).verify()).verified;
  } finally {
    await store.destroy();
  }
}

/** A copy in which one character of one entry in the middle reads differently. */
export function withOneByteChanged(data: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'mcc-trail-'));
  cpSync(data, copy, { recursive: true });
  const database = new Sqlite(join(copy, 'relay.sqlite'));
  const triggers = database
    .prepare("select name from sqlite_master where type = 'trigger' and tbl_name = 'audit'")
    .all() as { name: string }[];
  // Whoever owns the file can drop what guards it; the chain must notice all the same.
  for (const { name } of triggers) database.exec(`drop trigger "${name}"`);
  database.exec(
    `update audit set words = 'x' || substr(words, 2)
     where seq = (select max(seq) / 2 from audit where words not like 'x%' and words <> '')`,
  );
  database.close();
  return copy;
}

export const remove = (folder: string): void => rmSync(folder, { recursive: true, force: true });
