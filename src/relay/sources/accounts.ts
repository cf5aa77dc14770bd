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

/** So many are asked at a time: 40 clients at 300 ms a call are read in some two seconds. */
const AT_A_TIME = 8;

type Outcome<Content> = Read<Content> | { readonly account: Account; readonly error: AppError };

/** In the order of the accounts. Throws what the first failed with when none could be read. */
export async function readEach<Content>(
  accounts: readonly Account[],
  readOne: (account: Account) => Promise<Content>,
): Promise<ReadAll<Content>> {
  const outcomes: Outcome<Content>[] = [];
  let outages = 0;
  const ask = async (index: number, account: Account): Promise<void> => {
    const outcome = await tryOne(account, readOne);
    outcomes[index] = outcome;
    if (!('error' in outcome) || !OUTAGES.includes(outcome.error.code)) return;
    outages += 1;
    if (outages > OUTAGES_MAX) throw outcome.error;
  };
  const rest = accounts.entries();
  // The first is asked alone: what is wrong for all is then met once and not eight times.
  const first = rest.next();
  if (!first.done) await ask(...first.value);
  await Promise.all(
    Array.from({ length: AT_A_TIME }, async () => {
      // All draw from the one iterator, so each account is asked once.
      for (const [index, account] of rest) await ask(index, account);
    }),
  );
  const read = outcomes.filter((outcome) => 'content' in outcome);
  const failures = outcomes.filter((outcome) => 'error' in outcome);
  const [failure] = failures;
  if (failure && read.length === 0) throw failure.error;
  return {
    read,
    gaps: failures.map(({ account, error }) => ({
      clientRef: account.ref,
      clientName: account.name,
      reason: error.message,
    })),
  };
}

async function tryOne<Content>(
  account: Account,
  readOne: (account: Account) => Promise<Content>,
): Promise<Outcome<Content>> {
  try {
    return { account, content: await readOne(account) };
  } catch (error) {
    if (error instanceof AppError && OF_ONE_ACCOUNT.includes(error.code)) return { account, error };
    throw error;
  }
}
