/** Accounts of one vendor that are read one by one: one that fails is a gap and not the end. */
import { AppError } from '../../core/errors.ts';
import type { AccountGap } from './source.ts';

export interface Account {
  readonly ref: string;
  readonly name: string;
}

export interface Read<Content> {
  readonly account: Account;
  readonly content: Content;
}

export interface ReadAll<Content> {
  readonly read: readonly Read<Content>[];
  readonly gaps: readonly AccountGap[];
}

/** A service that is down or busy for a second account is so for all: nobody waits for the rest. */
const OUTAGES_MAX = 1;
const OUTAGES: readonly string[] = ['SOURCE_DOWN', 'SOURCE_BUSY'];
const OF_ONE_ACCOUNT: readonly string[] = ['SOURCE_REFUSED', 'SOURCE_MALFORMED', ...OUTAGES];

/** Throws what the first account failed with when no account could be read. */
export async function readEach<Content>(
  accounts: readonly Account[],
  readOne: (account: Account) => Promise<Content>,
): Promise<ReadAll<Content>> {
  const read: Read<Content>[] = [];
  const failures: { readonly account: Account; readonly error: AppError }[] = [];
  for (const account of accounts) {
    try {
      read.push({ account, content: await readOne(account) });
    } catch (error) {
      if (!(error instanceof AppError) || !OF_ONE_ACCOUNT.includes(error.code)) throw error;
      failures.push({ account, error });
      const outages = failures.filter((failure) => OUTAGES.includes(failure.error.code));
      if (outages.length > OUTAGES_MAX) throw error;
    }
  }
  const [first] = failures;
  if (first && read.length === 0) throw first.error;
  return {
    read,
    gaps: failures.map(({ account, error }) => ({
      clientRef: account.ref,
      clientName: account.name,
      reason: error.message,
    })),
  };
}
