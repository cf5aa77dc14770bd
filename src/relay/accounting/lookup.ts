/** What a look-up is in all books: our marker, how far dates may have moved, the three answers. */
import { AppError } from '../../core/errors.ts';
import type { BooksInvoice, DayRange, LookupOutcome } from './accounting.ts';

/** How far a person may have moved the date of an invoice and we still find it. */
const LOOKUP_DAYS = 45;
const DAY_MS = 86_400_000;

export const shiftDay = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

export const daysAround = (day: string): DayRange => ({
  from: shiftDay(day, -LOOKUP_DAYS),
  to: shiftDay(day, LOOKUP_DAYS),
});

/** Our marker in a text of the books; null where there is none. */
export const markerIn = (text: string | null | undefined): string | null =>
  /\[rly:[^\]\s]{1,40}\]/.exec(text ?? '')?.[0] ?? null;

/** Each hit once; a search that fails is never "none" (F20). */
export async function lookUp(
  search: () => Promise<readonly BooksInvoice[]>,
): Promise<LookupOutcome> {
  try {
    const byId = new Map((await search()).map((invoice) => [invoice.id, invoice]));
    if (byId.size === 0) return { verdict: 'none' };
    return { verdict: 'found', invoices: [...byId.values()] };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { verdict: 'failed', reason: error.message };
  }
}
