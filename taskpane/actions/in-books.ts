/** What the books hold that stops a send, one by one, so that a person can say what each is. */
import { routes } from '../../src/contract/contract.ts';
import { toAppError, type Pane } from '../pane.ts';
import { shownPostings } from '../shown-postings.ts';
import { money } from '../words.ts';

/** What stands on screen when the button is pressed; what is learned later was not seen. */
export const seenIn = (pane: Pane): string[] => pane.get().alike.map(({ invoiceId }) => invoiceId);

/** A refused send has its cause in the books: the person sees it, and the next press says so. */
export async function learnConflict(pane: Pane, error: unknown): Promise<void> {
  if (toAppError(error).code === 'LEDGER_CONFLICT') await learnAlike(pane);
}

/** Which document is taken for which invoice the relay says, by the rule it refuses by. */
export async function learnAlike(pane: Pane): Promise<void> {
  const { batch } = pane.get();
  if (!batch) return;
  const params = { period: batch.period };
  const found = await pane.outside.client.call(routes.inBooks, { params });
  const { invoices, foreignMarks = [] } = found;
  const alike = invoices.flatMap(
    ({ invoiceId, clientName, document, ref, date, total, alikeTo }) => {
      const postings = shownPostings(batch).filter(({ key }) => alikeTo.includes(key));
      const [first] = postings;
      if (!first) return [];
      const keys = postings.map(({ key }) => key);
      const number = ref === null ? 'without number' : `number ${ref}`;
      const sum = money({ amount: total, currency: first.total.currency });
      const words = `${clientName}: ${document} ${number} of ${date} over ${sum}`;
      return [{ invoiceId, keys, words }];
    },
  );
  pane.tell({ type: 'learned', news: { alike, foreignMarks } });
}

/** An invoice that went out, or that there is none of, has nothing in its way any more. */
export function forgetAlike(pane: Pane, gone: readonly string[]): void {
  const { alike } = pane.get();
  const left = alike.filter(({ keys }) => keys.some((key) => !gone.includes(key)));
  if (left.length < alike.length) pane.tell({ type: 'learned', news: { alike: left } });
}
