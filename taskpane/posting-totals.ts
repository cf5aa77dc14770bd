/** Sums of invoices, one a currency; a credit memo counts against them. */
import type { Posting } from '../src/contract/contract.ts';
import { negateAmount, sumAmounts } from '../src/core/money.ts';

export function totalsOfPostings(postings: readonly Posting[]): Posting['total'][] {
  const currencies = [...new Set(postings.map((posting) => posting.total.currency))];
  return currencies.map((currency) => ({
    currency,
    amount: sumAmounts(
      postings
        .filter((posting) => posting.total.currency === currency)
        .map(({ document, total }) =>
          document === 'credit memo' ? negateAmount(total.amount) : total.amount,
        ),
      currency,
    ),
  }));
}
