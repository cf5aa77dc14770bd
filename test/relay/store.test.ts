import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Instant } from '../../src/core/billing-period.ts';
import { startMovableClock } from '../../src/relay/clock.ts';
import { createFailpoints } from '../../src/relay/failpoints.ts';
import { withoutSecrets } from '../../src/relay/log.ts';
import { databasePath, inTransaction, openStore } from '../../src/relay/store/database.ts';
import { parseStrictJson } from '../../src/relay/strict-json.ts';
import { makeFolder } from './fixture.ts';

let folder: string;
beforeEach(() => {
  folder = makeFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the database', () => {
  it('is in WAL, with synchronous=FULL and foreign keys', async () => {
    const store = await openStore(folder);
    const pragma = async (name: string) => {
      const { rows } = await store.executeQuery({
        sql: `pragma ${name}`,
        parameters: [],
        query: { kind: 'RawNode' },
        queryId: {},
      } as never);
      return Object.values(rows[0] as object)[0] as unknown;
    };
    expect(await pragma('journal_mode')).toBe('wal');
    expect(await pragma('synchronous')).toBe(2);
    expect(await pragma('foreign_keys')).toBe(1);
    await store.destroy();
  });

  it('takes the write lock when a transaction begins', async () => {
    const store = await openStore(folder);
    const other = new Sqlite(databasePath(folder), { timeout: 0 });
    await inTransaction(store, async () => {
      expect(() => other.exec('begin immediate')).toThrow(/locked/);
      await Promise.resolve();
    });
    other.exec('begin immediate');
    other.close();
    await store.destroy();
  });

  it('refuses a transaction inside a transaction instead of waiting for ever', async () => {
    const store = await openStore(folder);
    const nested = inTransaction(store, () => inTransaction(store, () => Promise.resolve(1)));
    await expect(nested).rejects.toThrow(/not opened inside another/);
    await store.destroy();
  });

  it('holds only text and integers, so that PostgreSQL fits', async () => {
    const store = await openStore(folder);
    await store.destroy();
    const file = new Sqlite(databasePath(folder), { readonly: true });
    const tables = file
      .prepare(`select name from sqlite_master where type = 'table' and name not like 'sqlite%'`)
      .pluck()
      .all() as string[];
    const types = tables.flatMap((table) =>
      (file.pragma(`table_info(${table})`) as { type: string }[]).map(({ type }) =>
        type.toLowerCase(),
      ),
    );
    file.close();
    expect(tables.length).toBeGreaterThan(8);
    expect([...new Set(types)].sort()).toEqual(['integer', 'text']);
  });
});

describe('the movable clock', () => {
  const START = '2026-10-31T10:00:00.000Z' as Instant;

  it('runs, can be moved, and goes on where it was stopped', () => {
    const clock = startMovableClock(folder, START);
    expect(clock.now() >= START && clock.now() < '2026-10-31T10:00:05Z').toBe(true);
    clock.set('2026-11-02T08:00:00.000Z' as Instant);
    clock.stop();
    const again = startMovableClock(folder, START);
    expect(again.now()).toMatch(/^2026-11-02T08:00:0/);
    again.stop();
  });

  it('never goes back over a kill', () => {
    const clock = startMovableClock(folder, START);
    const before = clock.now();
    const kept = readFileSync(join(folder, 'clock.json'), 'utf8');
    clock.stop();
    writeFileSync(join(folder, 'clock.json'), kept);
    const again = startMovableClock(folder, START);
    expect(again.now() >= before).toBe(true);
    again.stop();
  });
});

describe('failpoints', () => {
  it('hang at the nth time, once', async () => {
    const points = createFailpoints();
    points.arm('x', 2);
    await points.reach('x');
    const hung = points.reach('x').then(() => 'went on');
    expect(await Promise.race([hung, Promise.resolve('hangs')])).toBe('hangs');
    expect(points.hanging()).toEqual(['x']);
    await points.reach('x');
  });
});

describe('strict JSON', () => {
  it.each([
    '{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}],"d":"\\"a\\":","e":"{\\"a\\"","f":[],"g":{}}',
    '"just text"',
    '[1,2,-3.5e10,true,false,null]',
    ' {"a" : "\\u00e9\\ud83d\\ude00"} ',
  ])('takes %s as JSON.parse does', (text) => {
    expect(parseStrictJson(text, 'it')).toEqual(JSON.parse(text));
  });

  it.each([
    ['{"a":1,"b":2,"a":3}', /"a" stands there twice/],
    ['{"a":{"x":1,"\\u0078":2}}', /"x" stands there twice/],
    ['[{"a":1},{"b":{"c":1,"c":1}}]', /"c" stands there twice/],
    ['{"__proto__":1}', /"__proto__" is not allowed/],
    ['{"\\u005f_proto__":1}', /"__proto__" is not allowed/],
    ['{"a":"\\udc00"}', /half a character/],
    ['{"a":-1e999}', /too large/],
    ['{"a":1,}', /not JSON/],
    ['', /not JSON/],
  ])('refuses %s', (text, words) => {
    expect(() => parseStrictJson(text, 'it')).toThrow(words);
  });

  it('is quick on a long text and a deep one', () => {
    const long = JSON.stringify(
      Array.from({ length: 20_000 }, (_, index) => ({ a: index, b: 'x'.repeat(20) })),
    );
    const began = performance.now();
    parseStrictJson(long, 'it');
    expect(() => parseStrictJson('['.repeat(500_000), 'it')).toThrow(/nested|not JSON/);
    expect(performance.now() - began).toBeLessThan(3000);
  });
});

describe('the log', () => {
  it('leaves secrets out, also where JSON has escaped them', () => {
    const secret = 'a"b\\c\nd';
    expect(withoutSecrets(JSON.stringify({ words: `x ${secret} y` }), [secret])).toBe(
      '{"words":"x [removed] y"}',
    );
  });
});
