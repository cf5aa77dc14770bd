/** Tells of every commit of this process' databases, and how long it took in milliseconds. */
import Sqlite from 'better-sqlite3';

type Prepare = (this: Sqlite.Database, sql: string) => Sqlite.Statement;

export function countCommits(onCommit: (ms: number) => void): void {
  const prepare = Reflect.get(Sqlite.prototype, 'prepare') as Prepare;
  const counted: Prepare = function (this: Sqlite.Database, sql) {
    const statement = prepare.call(this, sql);
    const isCommit = /^\s*commit\b/i.test(sql);
    // Outside a transaction each statement that changes something is a commit of its own.
    const commits = (): boolean => isCommit || (!statement.readonly && !this.inTransaction);
    for (const name of ['run', 'all', 'get'] as const) {
      const original = statement[name].bind(statement);
      const wrapped = (...args: unknown[]): unknown => {
        const startMs = performance.now();
        const result: unknown = original(...args);
        if (commits()) onCommit(performance.now() - startMs);
        return result;
      };
      Object.defineProperty(statement, name, { value: wrapped });
    }
    return statement;
  };
  Reflect.set(Sqlite.prototype, 'prepare', counted);
}
