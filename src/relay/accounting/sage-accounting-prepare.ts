/**
 * What Sage Accounting wants in a new document and only the business knows: the tax of each line
 * ("required in v3.1", so the sender computes it by the rate of the books) and the note that the
 * business puts under its invoices, which a note of ours would take the place of.
 */
import { z } from 'zod';
import { format, parseFixed, roundTo } from '../../core/decimal.ts';
import { AppError } from '../../core/errors.ts';
import type { InvoiceContent } from '../../core/model.ts';
import { minorDigits, parseAmount, type Amount, type Currency } from '../../core/money.ts';
import type { HttpService } from '../http.ts';
import { Decimal } from './read-line.ts';
import { Contact, ledgerAccounts } from './sage-accounting-books.ts';
import { readOne, TITLE } from './sage-accounting-service.ts';

export interface LineTax {
  readonly rateId: string;
  readonly amount: Amount;
}

export interface Prepared {
  /** As the business has it in its invoice settings; null: none. */
  readonly note: string | null;
  /** Line by line; null where neither line, customer nor ledger account names a rate. */
  readonly taxes: readonly (LineTax | null)[];
}

const InvoiceSettings = z.object({
  default_note_on_invoice: z.string().nullish(),
  default_note_on_credit_note: z.string().nullish(),
});
const TaxRate = z.object({ id: z.string().min(1), percentage: Decimal });

/** Throws when the books do not answer: nothing was sent then. */
export async function prepare(api: HttpService, content: InvoiceContent): Promise<Prepared> {
  const settings = await api.get('/invoice_settings', InvoiceSettings);
  const note =
    content.document === 'invoice'
      ? settings.default_note_on_invoice
      : settings.default_note_on_credit_note;
  const rateIds = await rateIdsOf(api, content);
  const percentages = new Map<string, string>();
  for (const id of new Set(rateIds)) {
    if (id !== null) percentages.set(id, await percentageOf(api, id, content.invoiceDate));
  }
  const taxes = content.lines.map(({ amount }, index): LineTax | null => {
    const rateId = rateIds[index] ?? null;
    if (rateId === null) return null;
    const percentage = percentages.get(rateId) ?? '0';
    return { rateId, amount: taxOf(amount, percentage, content.currency) };
  });
  return { note: note?.trim() || null, taxes };
}

/** The line's own rate, else the customer's default, else that of the ledger account. */
async function rateIdsOf(
  api: HttpService,
  { customerId, lines }: InvoiceContent,
): Promise<readonly (string | null)[]> {
  const own = lines.map(({ taxCodeId }) => taxCodeId ?? null);
  if (!own.includes(null)) return own;
  const contact = await readOne(api, { list: '/contacts', id: customerId }, Contact);
  const ofCustomer = contact?.default_sales_tax_rate?.id ?? null;
  if (ofCustomer !== null) return own.map((id) => id ?? ofCustomer);
  const accounts = await ledgerAccounts(api);
  const ofAccount = new Map(accounts.map(({ id, tax_rate: rate }) => [id, rate?.id ?? null]));
  return lines.map(({ itemId }, index) => own[index] ?? ofAccount.get(itemId) ?? null);
}

async function percentageOf(api: HttpService, id: string, day: string): Promise<string> {
  const rate = await readOne(api, { list: '/tax_rates', id }, TaxRate, { date: day });
  if (rate) return rate.percentage;
  throw new AppError('INPUT_INVALID', `${TITLE}: there is no tax rate ${id}.`);
}

/** Rounded once per line, half away from zero, as amounts are (rulings 7). */
function taxOf(amount: Amount, percentage: string, currency: Currency): Amount {
  const net = parseFixed(amount, 'amount');
  const share = parseFixed(percentage, 'percentage');
  const product = { units: net.units * share.units, scale: net.scale + share.scale + 2 };
  return parseAmount(format(roundTo(product, minorDigits(currency))), currency);
}
