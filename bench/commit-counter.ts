// Loaded into the relay's process by the bench: counts the commits of its database, and keeps the
// count in a file of eight bytes that the bench reads between two moments.
import Sqlite from 'better-sqlite3';
import { openSync, writeSync } from 'node:fs';

const path = process.env['MCC_COMMIT_COUNT'];
if (path !== undefined) {
  const file = openSync(path, 'w');
  const bytes = new BigUint64Array(1);
  countCommits(() => {
    bytes[0] = (bytes[0] ?? 0n) + 1n;
    writeSync(file, bytes, 0, bytes.byteLength, 0);
  });
}

function countCommits(onCommit: () => void): void {
  const prepare = Reflect.get(Sqlite.prototype, 'prepare') as Prepare;
  const counted: Prepare = function (this: Sqlite.Database, sql) {
    const statement = prepare.call(this, sql);
    const isCommit = /^\s*commit\b/i.test(sql);
    // Outside a transaction each statement that changes something is a commit of its own.
    const commits = (): boolean => isCommit || (!statement.readonly && !this.inTransaction);
    for (const name of ['run', 'all', 'get'] as const) {
      const original = statement[name].bind(statement);
      const wrapped = (...args: unknown[]): unknown => {
        const result: unknown = original(...args);
        if (commits()) onCommit();
        return result;
      };
      Object.defineProperty(statement, name, { value: wrapped });
    }
    return statement;
  };
  Reflect.set(Sqlite.prototype, 'prepare', counted);
}

type Prepare = (this: Sqlite.Database, sql: string) => Sqlite.Statement;
