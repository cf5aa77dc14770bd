// Answers of the real relay, altered on their way to the pane: states that a healthy month has not.
import type { Page, Route } from 'playwright-core';
import type { Batch, Posting, SpotCheck } from '../../../src/contract/contract.ts';

const BATCHES = /\/api\/batches$/;
const BATCH = /\/api\/batches\/[^/]+$/;
const BESIDE = /\/in-books$/;
const MONTH_IN_BOOKS = /\/api\/periods\/[^/]+\/in-books$/;
const BOOKS = /\/api\/books$/;
const MARKS = /\/api\/books\/marks$/;
const POST = /\/api\/batches\/[^/]+\/post$/;
const SPOT_CHECKS = /\/spot-checks$/;

const change =
  <Answer>(make: (answer: Answer) => Answer) =>
  async (route: Route): Promise<void> => {
    const response = await route.fetch();
    await route.fulfill({ response, json: make((await response.json()) as Answer) });
  };

const field = (name: string, approved: string, books: string) => ({
  name, approved, books, equal: approved === books,
}); // prettier-ignore
const FIELDS = [
  field('Document', 'invoice', 'invoice'),
  field('Customer', 'Northwind Logistics and Warehousing', 'Northwind Logistics and Warehousing'),
  field('Line 3 Managed workstation, hosted in the second office quantity', '31', '30'),
  field('Total', '1612.50', '1590.50'),
];

const ENDS: readonly Partial<Posting>[] = [
  { state: 'REJECTED', outcome: 'not_created', retriable: true, reason: 'the terms "Net 45" are inactive' },
  { state: 'REJECTED', outcome: 'not_created', retriable: true, reason: 'the customer is inactive' },
  { state: 'BLOCKED', outcome: 'not_created', block: 'books', retriable: true, reason: 'the period is closed in the books' },
  { state: 'BLOCKED', outcome: 'not_created', block: 'approval lapsed', retriable: false, reason: 'the customer mapping was changed after the approval' },
  { state: 'BLOCKED', outcome: 'not_created', block: 'tampered', retriable: false, reason: 'what is stored is not what was approved' },
  { state: 'CONFLICT', outcome: 'not_created', reason: 'Number MC2610-0006 is taken in the books by invoice 7F3A-1700000000 without our mark' },
  { state: 'MISMATCH', outcome: 'created', reason: 'Total: approved 1612.50, in the books 1590.50' },
  { state: 'VOIDED', outcome: 'created', reason: 'it was voided in the books' },
  { state: 'CANCELLED', outcome: 'uncertain', reason: 'given up by Robin, not known whether it is in the books: the company file is lost' },
]; // prettier-ignore

/** Every way an invoice can end, beside the real doubt. */
export async function alterEnds(page: Page): Promise<() => Promise<void>> {
  await page.route(BATCH, change<Batch>((batch) => ({ ...batch, postings: ended(batch.postings) }))); // prettier-ignore
  await page.route(BESIDE, (route) =>
    route.fulfill({
      json: {
        lookedAt: '2026-10-31T10:20:00.000Z',
        documents: [{ invoiceId: '7F3A-1700000000', ref: 'MC2610-0006', ours: false, fields: FIELDS }],
      },
    }),
  ); // prettier-ignore
  return async () => {
    await page.unroute(BATCH);
    await page.unroute(BESIDE);
  };
}

function ended(postings: readonly Posting[]): Posting[] {
  let next = 0;
  return postings.map((posting) => {
    if (posting.outcome === 'uncertain') return posting;
    return { ...posting, ...ENDS[next++] };
  });
}

/** What a person finds before the first send: look-alikes, a strange mark, a cap, a late sweep. */
export async function alterInTheWay(page: Page): Promise<() => Promise<void>> {
  const words = 'The books hold what may be the same already.';
  const strange = {
    marker: '[rly:ffffffffffff]',
    words: 'invoice 9B1C-1700000000 (number MC2610-0040) of 2026-10-31 over 1020.00',
  };
  let isKnown = false;
  await page.route(MARKS, async (route) => {
    isKnown = true;
    await route.continue();
  });
  await page.route(POST, (route) =>
    route.fulfill({ status: 409, contentType: 'application/problem+json', json: { code: 'LEDGER_CONFLICT', message: words } }),
  ); // prettier-ignore
  await page.route(MONTH_IN_BOOKS, (route) =>
    route.fulfill({
      json: {
        foreignMarks: isKnown ? [] : [strange],
        invoices: [],
      },
    }),
  ); // prettier-ignore
  await page.route(BOOKS, change<Record<string, unknown>>((books) => ({
    ...books,
    parked: 'A batch of 61200.00 USD is beyond the cap of 60000.00 USD',
    liftedBy: 'person',
  }))); // prettier-ignore
  return async () => {
    await page.unroute(POST);
    await page.unroute(MONTH_IN_BOOKS);
    await page.unroute(MARKS);
    await page.unroute(BOOKS);
  };
}

/** A restored database that the books were not asked about yet. */
export async function alterRecovery(page: Page): Promise<() => Promise<void>> {
  const reason = 'Entries 1204 to 1311 of the audit trail are missing.';
  await page.route(BOOKS, change<Record<string, unknown>>((books) => ({
    ...books,
    recovery: {
      since: '2026-10-31T10:20:00.000Z', reason, looked: 12, total: 40, needsPerson: false,
      words: `This database is not the one the relay wrote last: ${reason} Nothing is sent before all are: 12 of 40 invoices were looked up in the books.`,
    },
  }))); // prettier-ignore
  return () => page.unroute(BOOKS);
}

/** What is sent in changes so much against last month that somebody has to look at it first. */
export async function alterSentIn(page: Page): Promise<() => Promise<void>> {
  const mustSee = [
    'Northwind Logistics and Warehousing: 1612.50 USD, 240 % of the 672.00 USD of last month',
  ];
  const inSentIn = change<Batch>((batch) =>
    batch.state === 'SUBMITTED' ? { ...batch, mustSee } : batch,
  );
  let isOver = false;
  // Left in place at the end: the pane looks whenever it likes, and an answer may be under way.
  for (const path of [BATCHES, BATCH]) {
    await page.route(path, (route) => (isOver ? route.fallback() : inSentIn(route)));
  }
  return () => {
    isOver = true;
    return Promise.resolve();
  };
}

/** Two invoices that differ when all are read back. */
export async function alterReadBack(page: Page): Promise<() => Promise<void>> {
  await page.route(SPOT_CHECKS, change<SpotCheck>((check) => ({
    ...check,
    readBack: {
      compared: check.readBack.compared,
      equal: check.readBack.compared - 2,
      differing: check.invoices.slice(0, 2).map(({ key, clientName, ref }) => ({ key, clientName, ref, equal: false, fields: FIELDS })),
    },
  }))); // prettier-ignore
  return () => page.unroute(SPOT_CHECKS);
}
