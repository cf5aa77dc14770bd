/**
 * The tokens of an OAuth connection (F30): renewed by one caller at a time, and on disk, encrypted
 * under a key outside the database, before anybody gets them.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import type { Grant, TokenKeeper, TokenRequest } from '../accounting/tools.ts';
import { addMinutes, type Clock } from '../clock.ts';
import { inTransaction, type Store } from './database.ts';
import type { BooksTokenTable } from './schema-books.ts';

/** A token that runs out sooner is renewed first. */
const SPARE_MINUTES = 1;

interface Tokens {
  readonly refresh: string;
  readonly access: string;
}

export interface TokenStore {
  readonly store: Store;
  readonly clock: Clock;
  readonly connection: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

export function createTokenKeeper(at: TokenStore): TokenKeeper {
  let turn: Promise<unknown> = Promise.resolve();
  return {
    accessToken(request) {
      const mine = turn.catch(() => null).then(() => provide(at, request));
      turn = mine;
      return mine;
    },
  };
}

/** The key of the data folder, made at the first start; whoever holds the database alone has none. */
export function provideTokenKey(directory: string): Buffer {
  const folder = join(directory, 'keys');
  const path = join(folder, 'tokens.key');
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(path, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
  }
  return Buffer.from(readFileSync(path, 'utf8'), 'hex');
}

async function provide(at: TokenStore, request: TokenRequest): Promise<string> {
  const kept = await keptTokens(at, request.first);
  if (kept && !request.refused && isGood(at, kept.row)) return kept.tokens.access;
  const before = kept?.tokens.refresh ?? request.first;
  const grant = await request.renew(before);
  await keep(at, request.first, { before, grant });
  return grant.accessToken;
}

const isGood = ({ clock }: TokenStore, row: BooksTokenTable): boolean =>
  addMinutes(clock.now(), SPARE_MINUTES) < row.expires_at && clock.now() >= row.renewed_at;

async function keptTokens(
  { store, connection, key }: TokenStore,
  first: string,
): Promise<{ readonly row: BooksTokenTable; readonly tokens: Tokens } | null> {
  const query = store.selectFrom('books_token').selectAll().where('connection', '=', connection);
  const row = await query.executeTakeFirst();
  if (row?.first_hash !== hashOf(first)) return null;
  return { row, tokens: unseal(row.sealed, { key, connection }) };
}

async function keep(
  { store, clock, connection, key }: TokenStore,
  first: string,
  { before, grant }: { readonly before: string; readonly grant: Grant },
): Promise<void> {
  const now = clock.now();
  const tokens = { refresh: grant.refreshToken ?? before, access: grant.accessToken };
  const row = {
    connection,
    first_hash: hashOf(first),
    sealed: seal(tokens, { key, connection }),
    expires_at: addMinutes(now, grant.expiresInSeconds / 60),
    renewed_at: now,
  };
  await inTransaction(store, async (transaction) => {
    await transaction
      .insertInto('books_token')
      .values(row)
      .onConflict((conflict) => conflict.column('connection').doUpdateSet(row))
      .execute();
  });
}

interface Lock {
  readonly key: Buffer;
  readonly connection: string;
}

function seal(tokens: Tokens, { key, connection }: Lock): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(connection));
  const text = Buffer.concat([cipher.update(JSON.stringify(tokens), 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64');
}

function unseal(sealed: string, { key, connection }: Lock): Tokens {
  const bytes = Buffer.from(sealed, 'base64');
  try {
    const cipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
    cipher.setAAD(Buffer.from(connection)).setAuthTag(bytes.subarray(12, 28));
    const text = Buffer.concat([cipher.update(bytes.subarray(28)), cipher.final()]);
    return JSON.parse(text.toString('utf8')) as Tokens;
  } catch (cause) {
    const words = 'The kept tokens of the books cannot be read: keys/tokens.key is another one';
    throw new AppError('SETUP_MISSING', `${words}. Put it back, or connect the books anew.`, {
      cause,
    });
  }
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
