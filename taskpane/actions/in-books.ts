/** What the books hold that stops posting, one by one, so that a person can say what each is. */
import type { Batch } from '../../src/contract/contract.ts';
import { routes } from '../../src/contract/contract.ts';
import type { Pane } from '../pane.ts';
import { shownPostings } from '../shown-postings.ts';
import { money } from '../words.ts';

/** Which document is taken for which invoice the relay says, by the rule it refuses by. */
export async function learnAlike(pane: Pane, batch: Batch): Promise<void> {
  const params = { period: batch.period };
  const found = await pane.outside.client.call(routes.inBooks, { params });
  const { invoices, foreignMarks = [] } = found;
  const alike = invoices.flatMap(
    ({ invoiceId, clientName, document, ref, date, total, alikeTo }) => {
      const posting = shownPostings(batch).find(({ key }) => alikeTo.includes(key));
      if (!posting) return [];
      const number = ref === null ? 'without number' : `number ${ref}`;
      const sum = money({ amount: total, currency: posting.total.currency });
      return [{ invoiceId, words: `${clientName}: ${document} ${number} of ${date} over ${sum}` }];
    },
  );
  pane.tell({ type: 'learned', news: { alike, foreignMarks } });
}
