import { lastDay, parsePeriod } from '../../../src/core/billing-period.ts';
import type { InvoiceContent } from '../../../src/core/model.ts';
import { parseCurrency } from '../../../src/core/money.ts';
import type { AccountingCompany, InvoiceKeys } from '../../../src/relay/accounting/accounting.ts';
import { conductor as books } from '../../../src/relay/accounting/conductor.ts';
import { sampleBooks } from '../../../src/sample/config.ts';
import { sampleSeed, type SampleDraft } from '../../../src/sample/seed.ts';
import { sampleWorld } from '../../../src/sample/world.ts';
import type { RunningSim } from '../../../src/sim/start-sim.ts';
import { askAll, http } from './run.ts';
import { signedBy, type ContractSystem } from './system.ts';

const MONTHS_POSTED = 3;

export const conductor: ContractSystem = {
  system: 'conductor',
  files: ['quickbooks-desktop-conductor/conductor-qbd-invoicing.openapi.yaml'],
  isSigned: signedBy('Bearer'),
  undeclared: 'The file declares 200 only; errors have the one shape of its documentation.',
  errorFields: ['message', 'userFacingMessage', 'type', 'code', 'httpStatusCode', 'requestId'],
  errorOf: (answer) => (answer as { readonly error?: unknown } | null)?.error,
  async run(sim) {
    await postMonths(sim);
    const { apiKey, endUserId } = sampleBooks(sim.url);
    const headers = { authorization: `Bearer ${apiKey}`, 'conductor-end-user-id': endUserId };
    await askAll(`${sim.url}/conductor`, headers, QUESTIONS);
  },
};

/** Every invoice of the last months: looked for, created, read back; then each month listed. */
async function postMonths(sim: RunningSim): Promise<void> {
  const company = books.connect(sampleBooks(sim.url), http);
  await company.identity();
  await company.checkHealth();
  await company.customers();
  await company.items();
  for (const { draft, period } of sampleSeed('planted').months.slice(-MONTHS_POSTED)) {
    for (const [index, content] of contentsOf(draft).entries()) {
      await postOne(company, content, `${period.slice(2).replace('-', '')}-${String(index + 1)}`);
    }
    await company.list({ from: `${period}-01`, to: lastDay(parsePeriod(period)) });
  }
  await postCredit(company);
  for (const document of ['invoice', 'credit memo'] as const) {
    await company.findDeleted?.(document, 'CM-1');
  }
}

async function postOne(
  company: AccountingCompany,
  content: InvoiceContent,
  ref: string,
): Promise<void> {
  const keys = keysOf(ref);
  const before = await company.lookup(content, keys);
  if (before.verdict !== 'none') throw new Error(`${ref} is in the books already`);
  await company.customer(content.customerId);
  const created = await company.create(content, keys);
  if (created.verdict !== 'created') throw new Error(`${ref}: ${created.reason}`);
  const read = await company.read(content.document, created.invoiceId);
  if (read?.subtotal !== content.total) throw new Error(`${ref} was read back with another total`);
}

/** A refund larger than the month: a credit memo, written with positive lines. */
async function postCredit(company: AccountingCompany): Promise<void> {
  const [draft] = sampleSeed('planted').months;
  const [content] = draft ? contentsOf(draft.draft) : [];
  if (content) await postOne(company, { ...content, document: 'credit memo' }, 'CM-1');
}

const keysOf = (ref: string): InvoiceKeys => ({
  postingKey: `00000000-0000-4000-9000-${ref.replace(/\D/g, '').padStart(12, '0')}`,
  providerKey: `00000000-0000-4000-8000-${ref.replace(/\D/g, '').padStart(12, '0')}`,
  ref,
  marker: `[rly:${ref}]`,
});

function contentsOf(draft: SampleDraft): InvoiceContent[] {
  const items = new Map(
    sampleWorld('planted').services.map(({ id, item }) => [id, item?.id ?? '']),
  );
  return draft.invoices.map(({ clientId, lines, total }) => ({
    clientId,
    customerId: clientId,
    period: parsePeriod(draft.period),
    series: 'main',
    revision: 1,
    currency: parseCurrency('USD'),
    document: 'invoice' as const,
    invoiceDate: `${draft.period}-28`,
    mappingVersion: 1,
    lines: lines.map((line) => ({ ...line, itemId: items.get(line.serviceId) ?? '' })),
    total,
  })) as unknown as InvoiceContent[];
}

const QUESTIONS = [
  '/v1/end-users', '/v1/end-users/end_usr_aldersample01', '/v1/quickbooks-desktop/company', '/v1/quickbooks-desktop/health-check',
  '/v1/quickbooks-desktop/customers?limit=7', '/v1/quickbooks-desktop/customers?status=all&nameContains=dental', '/v1/quickbooks-desktop/customers?fullNames=Kestrel%20Haulage',
  '/v1/quickbooks-desktop/customers?fullNames=Nobody', '/v1/quickbooks-desktop/customers?limit=151', '/v1/quickbooks-desktop/customers/none',
  '/v1/quickbooks-desktop/service-items', '/v1/quickbooks-desktop/other-charge-items', '/v1/quickbooks-desktop/non-inventory-items', '/v1/quickbooks-desktop/service-items?nameStartsWith=m365',
  '/v1/quickbooks-desktop/invoices?refNumberStartsWith=2607', '/v1/quickbooks-desktop/invoices?refNumbers=nowhere', '/v1/quickbooks-desktop/invoices?limit=20&transactionDateFrom=2026-01-01&transactionDateTo=2026-03-31',
  '/v1/quickbooks-desktop/invoices?includeLineItems=false&limit=3', '/v1/quickbooks-desktop/invoices?refNumberContains=1&refNumberEndsWith=2', '/v1/quickbooks-desktop/credit-memos',
  '/v1/quickbooks-desktop/deleted-transactions?transactionTypes=invoice&transactionTypes=credit_memo', '/v1/quickbooks-desktop/deleted-transactions', '/v1/quickbooks-desktop/nowhere',
]; // prettier-ignore
