/** A broad run over the wire: our own adapters, and every question the stand-ins can answer. */
import { parsePeriod } from '../../src/core/billing-period.ts';
import type { InvoiceContent } from '../../src/core/model.ts';
import { parseCurrency } from '../../src/core/money.ts';
import type { AccountingCompany, InvoiceKeys } from '../../src/relay/accounting/accounting.ts';
import * as accounting from '../../src/relay/accounting/registry.ts';
import { createHttp } from '../../src/relay/http.ts';
import * as sources from '../../src/relay/sources/registry.ts';
import { CREDENTIALS, sampleBooks, sampleConfig } from '../../src/sample/config.ts';
import { PERIODS } from '../../src/sample/timeline.ts';
import { sampleSeed, type SampleDraft } from '../../src/sample/seed.ts';
import { sampleWorld } from '../../src/sample/world.ts';
import type { RunningSim } from '../../src/sim/start-sim.ts';
import { PROBE_HEADER } from './validate-exchange.ts';

const http = createHttp({ allowLoopback: true, delay: () => Promise.resolve() });
const MONTHS_POSTED = 3;
const PROBE = { [PROBE_HEADER]: 'yes' };
const VENDORS = { ninjaone: sources.ninjaone, pax8: sources.pax8, huntress: sources.huntress };

/** All vendors at the end of each month, in small pages too. */
export async function syncEveryMonth(sim: RunningSim): Promise<void> {
  for (const period of PERIODS) {
    sim.standIns.clock.set(`${period}-28T10:00:00.000Z`);
    sim.standIns.setOptions({ pageSizeMax: period < '2026-04' ? 20 : 1000 });
    for (const { id, settings } of sampleConfig(sim.url).connections) {
      await VENDORS[id].count(settings, parsePeriod(period), http);
    }
  }
  sim.standIns.setOptions({ pageSizeMax: 1000 });
}

/** Every invoice of the last months: looked for, created, read back; then each month listed. */
export async function postMonths(sim: RunningSim): Promise<void> {
  const company = accounting.conductor.connect(sampleBooks(sim.url), http);
  await company.identity();
  await company.checkHealth();
  await company.customers();
  await company.items();
  for (const { draft, period } of sampleSeed('planted').months.slice(-MONTHS_POSTED)) {
    for (const [index, content] of contentsOf(draft).entries()) {
      await postOne(company, content, `${period.slice(2).replace('-', '')}-${String(index + 1)}`);
    }
    await company.list(parsePeriod(period));
  }
  await postCredit(company);
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

/** Straight to the stand-ins: every call and parameter they play, good and bad. */
export async function askEverything(sim: RunningSim): Promise<void> {
  const headers = { ...(await bearers(sim.url)), ...fixedHeaders() };
  for (const [system, paths] of Object.entries(QUESTIONS)) {
    for (const path of paths) {
      const answer = await fetch(`${sim.url}/${system}${path}`, {
        headers: { ...headers[system], ...PROBE },
      });
      await answer.arrayBuffer();
      await (await fetch(`${sim.url}/${system}${path}`, { headers: PROBE })).arrayBuffer();
    }
  }
}

const QUESTIONS: Readonly<Record<string, readonly string[]>> = {
  ninjaone: [
    '/v2/organizations?pageSize=5', '/v2/organizations?pageSize=5&after=24', '/v2/organizations-detailed',
    '/v2/devices?pageSize=50', '/v2/devices?df=org%20%3D%2024', '/v2/devices?pageSize=many', '/v2/devices?df=class%3DMAC', '/v2/nowhere',
  ],
  pax8: [
    '/v1/companies?size=200', '/v1/companies?page=1&size=7&sort=name', '/v1/companies?status=Active', '/v1/companies?size=201',
    '/v1/companies/none', '/v1/subscriptions?size=200&status=Active', '/v1/subscriptions?billingTerm=Annual', '/v1/subscriptions?status=Bogus',
    '/v1/subscriptions?companyId=00000000-0000-4000-8000-000000000000', '/v1/subscriptions/none', '/v1/products?size=3', '/v1/nowhere',
  ],
  huntress: [
    '/v1/account', '/v1/organizations?limit=500', '/v1/organizations?limit=7&sort_field=name&sort_direction=asc', '/v1/organizations/4001',
    '/v1/organizations?limit=501', '/v1/organizations?page_token=bogus', '/v1/agents?limit=100&organization_id=4000', '/v1/agents?platform=darwin',
    '/v1/agents/700000', '/v1/agents/1', '/v1/nowhere',
  ],
  conductor: [
    '/v1/end-users', '/v1/end-users/end_usr_aldersample01', '/v1/quickbooks-desktop/company', '/v1/quickbooks-desktop/health-check',
    '/v1/quickbooks-desktop/customers?limit=7', '/v1/quickbooks-desktop/customers?status=all&nameContains=dental', '/v1/quickbooks-desktop/customers?fullNames=Kestrel%20Haulage',
    '/v1/quickbooks-desktop/customers?fullNames=Nobody', '/v1/quickbooks-desktop/customers?limit=151', '/v1/quickbooks-desktop/customers/none',
    '/v1/quickbooks-desktop/service-items', '/v1/quickbooks-desktop/other-charge-items', '/v1/quickbooks-desktop/non-inventory-items', '/v1/quickbooks-desktop/service-items?nameStartsWith=m365',
    '/v1/quickbooks-desktop/invoices?refNumberStartsWith=2607', '/v1/quickbooks-desktop/invoices?refNumbers=nowhere', '/v1/quickbooks-desktop/invoices?limit=20&transactionDateFrom=2026-01-01&transactionDateTo=2026-03-31',
    '/v1/quickbooks-desktop/invoices?includeLineItems=false&limit=3', '/v1/quickbooks-desktop/invoices?refNumberContains=1&refNumberEndsWith=2', '/v1/quickbooks-desktop/credit-memos',
    '/v1/quickbooks-desktop/deleted-transactions?transactionTypes=invoice&transactionTypes=credit_memo', '/v1/quickbooks-desktop/deleted-transactions', '/v1/quickbooks-desktop/nowhere',
  ],
}; // prettier-ignore

function fixedHeaders(): Record<string, Record<string, string>> {
  const { huntress, conductor } = CREDENTIALS;
  const basic = Buffer.from(`${huntress.apiKey}:${huntress.apiSecret}`).toString('base64');
  return {
    huntress: { authorization: `Basic ${basic}` },
    conductor: {
      authorization: `Bearer ${conductor.apiKey}`,
      'conductor-end-user-id': conductor.endUserId,
    },
  };
}

async function bearers(url: string): Promise<Record<string, Record<string, string>>> {
  const { ninjaone, pax8 } = CREDENTIALS;
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: ninjaone.clientId,
    client_secret: ninjaone.clientSecret,
    scope: 'monitoring',
  });
  const body = JSON.stringify({
    client_id: pax8.clientId,
    client_secret: pax8.clientSecret,
    audience: 'https://api.pax8.com',
    grant_type: 'client_credentials',
  });
  const json = { 'content-type': 'application/json' };
  return {
    ninjaone: await bearer(`${url}/ninjaone/ws/oauth/token`, { body: form }),
    pax8: await bearer(`${url}/pax8/v1/token`, { body, headers: json }),
  };
}

async function bearer(url: string, init: RequestInit): Promise<Record<string, string>> {
  const answer = (await (await fetch(url, { method: 'POST', ...init })).json()) as {
    readonly access_token: string;
  };
  return { authorization: `Bearer ${answer.access_token}` };
}
