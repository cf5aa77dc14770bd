/**
 * Caps against a runaway import (F32). A batch of too many invoices or too much money parks the
 * books: nothing is sent until a person lifts that. A big change on last month needs a tick.
 */
import { periodTitle, type BillingPeriod } from '../../core/billing-period.ts';
import { AppError } from '../../core/errors.ts';
import type { InvoiceContent } from '../../core/model.ts';
import {
  addMoney,
  compareDecimals,
  minorUnits,
  parseAmount,
  type Money,
} from '../../core/money.ts';
import type { BatchRow } from '../store/posting.ts';
import { invoicesOf, moneyOf, totalsOfContents } from './batch-content.ts';
import { contentOf, holdFence, type Engine } from './engine.ts';
import { OTHER_PERSON, type Asker } from './ports.ts';
import { CLOSED } from './states.ts';
import type { PostingReader, PostingTransaction } from './store-port.ts';

/**
 * In words, what is beyond the caps of the configuration; null when nothing is. Asked before each
 * send too, as the caps may have been lowered since the approval.
 */
export function breachOfContents(
  { policy }: Engine,
  contents: readonly InvoiceContent[],
): string | null {
  const { invoicesPerBatchMax: countMax, amountPerBatchMax: amountMax } = policy;
  if (contents.length > countMax) {
    return `${contents.length} invoices in one batch; the configuration allows ${countMax} (caps.invoicesMax)`;
  }
  if (amountMax === null) return null;
  const over = totalsOfContents(contents.map(asInvoice)).find(
    ({ amount, currency }) => compareDecimals(amount, parseAmount(amountMax, currency)) > 0,
  );
  if (!over) return null;
  const hasCredits = contents.some(({ document }) => document === 'credit memo');
  const how = hasCredits ? ', credit memos added to it' : '';
  return `The batch comes to ${over.amount} ${over.currency}${how}; the configuration allows ${amountMax} ${over.currency} (caps.batchMax)`;
}

/** A credit memo is money that leaves: it makes no room under a cap. */
const asInvoice = (content: InvoiceContent): InvoiceContent => ({
  ...content,
  document: 'invoice',
});

/** From now on nothing is sent; what is in doubt is looked up all the same. */
export async function parkWithin(
  engine: Engine,
  transaction: PostingTransaction,
  words: string,
  asker: Asker,
): Promise<void> {
  const { connection } = engine.books;
  const row = await transaction.findConnection(connection);
  if (row?.parked != null) return;
  const parked = { parked: words, park_kind: 'caps', parked_by: asker.person };
  await transaction.changeConnection(connection, parked);
  const { person, requestId } = asker;
  const entry = { person, requestId, action: 'books parked', object: connection };
  await transaction.appendAudit({ ...entry, words: `${words}. Nothing is sent until it is lifted.` });
} // prettier-ignore

export function park(engine: Engine, words: string, asker: Asker): Promise<void> {
  return engine.store.transaction(async (transaction) => {
    await holdFence(engine, transaction);
    await parkWithin(engine, transaction, words, asker);
  });
}

/** A person has looked at what was beyond the caps; who and why stands in the audit. */
export async function unpark(engine: Engine, reason: string, asker: Asker): Promise<void> {
  const { connection } = engine.books;
  await engine.store.transaction(async (transaction) => {
    await holdFence(engine, transaction);
    const row = await transaction.findConnection(connection);
    if (row?.parked == null) return;
    checkUnpark(engine, row, asker);
    const none = { parked: null, park_kind: null, parked_by: null };
    await transaction.changeConnection(connection, none);
    const { person, requestId } = asker;
    const words = `${person}: ${reason}. It was parked by ${row.parked_by ?? 'the relay'}: ${row.parked}`;
    const entry = { person, requestId, action: 'books unparked', object: connection, words };
    await transaction.appendAudit(entry);
  });
  engine.scheduler.wake();
}

function checkUnpark(
  { policy }: Engine,
  row: { readonly parked: string | null; readonly park_kind: string | null; readonly parked_by: string | null },
  { person }: Asker,
): void {
  if (row.park_kind !== 'caps') {
    throw new AppError('LEDGER_CONFLICT', `${row.parked ?? ''}. Only the right company lifts this.`);
  }
  if (policy.twoPersons && row.parked_by === person) {
    const words = `${person} sent in what parked the books. Another person has to lift it`;
    throw new AppError('NOT_ALLOWED', `${words} (the two-person rule is on).`, OTHER_PERSON);
  }
} // prettier-ignore

/** Why nothing goes out although everything is approved; refuses a post. */
export async function refuseParked(engine: Engine): Promise<void> {
  const row = await engine.store.findConnection(engine.books.connection);
  if (row?.parked == null || row.park_kind !== 'caps') return;
  const words = `The books are parked: ${row.parked}`;
  throw new AppError('LEDGER_CONFLICT', `${words}. Lift that with a reason, then post.`);
}

/**
 * What an approver has to have seen, one sentence each: the clients of the batch against what the
 * same clients were billed last, and the month as it grows against the whole month before.
 */
export async function bigChanges(
  engine: Engine,
  reader: PostingReader,
  batch: Pick<BatchRow, 'period' | 'invoices'>,
): Promise<readonly string[]> {
  const { connection } = engine.books;
  const max = engine.policy.changePercentMax;
  const [before] = await reader.latestPostedPeriods(connection, batch.period, 1);
  if (max === null || before === undefined) return [];
  const own = toBilled(invoicesOf(batch).map(({ content }) => content));
  const posted = (await reader.postingsOfPeriod(connection, before)).filter(
    ({ state }) => state === 'POSTED',
  );
  const then = toBilled(posted.map(contentOf));
  const ids = new Set(own.map(({ clientId }) => clientId));
  const others = (await reader.postingsOfPeriod(connection, batch.period)).filter(
    ({ state, client_id: id }) => !CLOSED.includes(state) && !ids.has(id),
  );
  const month = [...own, ...toBilled(others.map(contentOf))];
  const known = new Set(then.map(({ clientId }) => clientId));
  const months = { now: batch.period, before, max };
  return [
    ...changesOf(months, {
      what: 'The clients of this batch that were billed before come to',
      now: own.filter(({ clientId }) => known.has(clientId)),
      then: then.filter(({ clientId }) => ids.has(clientId)),
      only: 'both',
    }),
    ...changesOf(months, { what: 'With this batch the month comes to', now: month, then, only: 'up' }),
  ];
} // prettier-ignore

interface Billed {
  readonly clientId: string;
  readonly money: Money;
}

const toBilled = (contents: readonly InvoiceContent[]): readonly Billed[] =>
  contents.map((content) => ({ clientId: content.clientId, money: moneyOf(content) }));

function changesOf(
  months: { readonly now: string; readonly before: string; readonly max: number },
  { what, now, then, only }: {
    readonly what: string;
    readonly now: readonly Billed[];
    readonly then: readonly Billed[];
    readonly only: 'both' | 'up';
  },
): readonly string[] {
  const sums = { now: sumsOf(now), then: sumsOf(then) };
  return [...sums.now.values()].flatMap((money) => {
    const was = sums.then.get(money.currency);
    const percent = percentOf(money, was);
    if (percent === null || (only === 'up' && percent < 0n)) return [];
    if ((percent < 0n ? -percent : percent) <= BigInt(months.max)) return [];
    const sign = percent > 0n ? '+' : '';
    return [
      `${what} ${money.amount} ${money.currency} for ${titleOf(months.now)}; ${titleOf(months.before)} was ${was?.amount ?? '0'} ${money.currency} (${sign}${percent} %, above ${months.max} % needs a look).`,
    ];
  });
} // prettier-ignore

function sumsOf(billed: readonly Billed[]): ReadonlyMap<string, Money> {
  const sums = new Map<string, Money>();
  for (const { money } of billed) {
    const sum = sums.get(money.currency);
    sums.set(money.currency, sum ? addMoney(sum, money) : money);
  }
  return sums;
}

/** Whole per cent, away from zero, so that 50.1 is above 50; null where nothing was billed before. */
function percentOf(now: Money, then: Money | undefined): bigint | null {
  if (!then) return null;
  const was = minorUnits(then.amount, then.currency);
  if (was === 0n) return null;
  const change = (minorUnits(now.amount, now.currency) - was) * 100n;
  const of = was < 0n ? -was : was;
  const whole = change / of;
  if (change % of === 0n) return whole;
  return change < 0n ? whole - 1n : whole + 1n;
}

const titleOf = (period: string): string => periodTitle(period as BillingPeriod);
