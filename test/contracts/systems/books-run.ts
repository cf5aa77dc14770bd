/** What every set of books on a ledger is put through: a month, a credit memo if it takes one, all questions. */
import type { AccountingCompany, DocumentKind } from '../../../src/relay/accounting/accounting.ts';
import { keysOf, PERIOD, sampleInvoices } from '../../relay/books/case.ts';

export async function postMonth(
  company: AccountingCompany,
  goneId: string,
  documents: readonly DocumentKind[] = ['invoice', 'credit memo'],
  firstNumber = 1,
): Promise<void> {
  await company.identity();
  await company.checkHealth();
  await company.taxCodes?.();
  const invoices = await sampleInvoices(company);
  for (const [index, content] of invoices.entries()) {
    await postOne(company, content, firstNumber + index);
  }
  const [content] = invoices;
  if (!content) throw new Error('the month has no invoice');
  if (documents.includes('credit memo')) {
    const credit = { ...content, document: 'credit memo' } as const;
    await postOne(company, credit, firstNumber + invoices.length);
  }
  await company.list({ from: `${PERIOD}-01`, to: `${PERIOD}-30` });
  await company.customer(goneId);
}

type Content = Parameters<AccountingCompany['create']>[0];

async function postOne(
  company: AccountingCompany,
  content: Content,
  position: number,
): Promise<void> {
  const keys = keysOf(position);
  const before = await company.lookup(content, keys);
  if (before.verdict !== 'none') throw new Error(`${keys.ref}: ${JSON.stringify(before)}`);
  await company.customer(content.customerId);
  const created = await company.create(content, keys);
  if (created.verdict !== 'created') throw new Error(`${keys.ref}: ${JSON.stringify(created)}`);
  const read = await company.read(content.document, created.invoiceId);
  if (read?.subtotal !== content.total) throw new Error(`${keys.ref}: another total`);
}
