import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Grant, TokenKeeper } from '../../src/relay/accounting/tools.ts';
import { createTokenKeeper } from '../../src/relay/store/books-tokens.ts';
import { openMemoryStore, type Store } from '../../src/relay/store/database.ts';
import { createFakeClock } from './posting/fake-clock.ts';

const KEY = Buffer.alloc(32, 7);
const clock = createFakeClock();
let store: Store;
let asked: string[];
let next: number;
beforeEach(async () => {
  store = await openMemoryStore();
  asked = [];
  next = 0;
});
afterEach(() => store.destroy());

const keeper = (key = KEY): TokenKeeper =>
  createTokenKeeper({ store, clock, connection: 'books', key });
/** As a service that rotates: each refresh token works once. */
const renew = (refreshToken: string): Promise<Grant> => {
  asked.push(refreshToken);
  next += 1;
  return Promise.resolve({
    accessToken: `access-${String(next)}`,
    refreshToken: `refresh-${String(next)}`,
    expiresInSeconds: 3600,
  });
};
const ask = (of: TokenKeeper, more: { first?: string; refused?: boolean } = {}): Promise<string> =>
  of.accessToken({ first: 'typed', refused: false, renew, ...more });
const sealed = (): Promise<string> =>
  store.selectFrom('books_token').select('sealed').executeTakeFirstOrThrow().then((row) => row.sealed); // prettier-ignore

describe('the tokens of an OAuth connection', () => {
  it('are renewed once for a hundred callers at a time, and each rotated token is used once', async () => {
    const tokens = keeper();
    const all = await Promise.all(Array.from({ length: 100 }, () => ask(tokens)));
    expect(new Set(all)).toEqual(new Set(['access-1']));
    clock.advance(3_600_000);
    expect(await ask(tokens)).toBe('access-2');
    expect(await ask(tokens, { refused: true })).toBe('access-3');
    expect(asked).toEqual(['typed', 'refresh-1', 'refresh-2']);
  });

  it('outlive the process, and the new one is stored before it is given', async () => {
    await ask(keeper());
    const stored: string[] = [];
    clock.advance(3_600_000);
    const access = await keeper().accessToken({
      first: 'typed',
      refused: false,
      async renew(refreshToken) {
        stored.push(await sealed());
        return renew(refreshToken);
      },
    });
    stored.push(await sealed());
    expect(access).toBe('access-2');
    expect(asked).toEqual(['typed', 'refresh-1']);
    expect(stored[0]).not.toBe(stored[1]);
    expect(stored.join(' ')).not.toMatch(/refresh|access/);
  });

  it('keep the old one when renewing fails, and the next try uses it again', async () => {
    await ask(keeper());
    clock.advance(3_600_000);
    const fail = (): Promise<Grant> => Promise.reject(new Error('down'));
    await expect(keeper().accessToken({ first: 'typed', refused: false, renew: fail })).rejects.toThrow('down');
    expect(await ask(keeper())).toBe('access-2');
    expect(asked).toEqual(['typed', 'refresh-1']);
  }); // prettier-ignore

  it('begin anew with a token that a person entered, and say so when the key is another one', async () => {
    await ask(keeper());
    await expect(ask(keeper(Buffer.alloc(32, 8)))).rejects.toMatchObject({ code: 'SETUP_MISSING' });
    expect(await ask(keeper(), { first: 'typed later' })).toBe('access-2');
    expect(asked).toEqual(['typed', 'typed later']);
  });
});
