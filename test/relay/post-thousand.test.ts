// R9: a thousand people press Post at once: over real HTTPS, into the stand-ins' books over real HTTP.
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { sql } from 'kysely';
import type { Batch } from '../../src/contract/contract.ts';
import { verifyAudit } from '../../src/relay/store/audit.ts';
import { draftFor, expectOnce, idOf, startSmallMonth, type SmallMonth } from './small-month.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(120_000);

const CALLS = 1_000;
/** What the contract gives for a post: done, or a problem a person can act on. */
const DOCUMENTED = [200, 202, 409, 422, 429];
const CUSTOMERS = Array.from({ length: 12 }, (_, index) => ({
  id: idOf(index + 1),
  name: `Client ${String(index + 1)}`,
}));
const [FIVE, TWO, OTHER_FIVE] = [CUSTOMERS.slice(0, 5), CUSTOMERS.slice(5, 7), CUSTOMERS.slice(7)];

let month: SmallMonth;
beforeAll(async () => {
  month = await startSmallMonth(CUSTOMERS);
});
afterAll(() => month.stop());

const path = ({ id }: Batch): string => `/api/batches/${id}`;

async function postAndSettle(batch: Batch): Promise<Batch> {
  const body = { key: `post-${batch.id}`, digest: batch.digest };
  await month.good('POST', `${path(batch)}/post`, body);
  await month.relay.core.posting.settled(batch.id);
  return month.good('GET', path(batch));
}

test.each([
  { what: 'one key', keys: 1, customers: FIVE },
  { what: '1000 keys', keys: CALLS, customers: OTHER_FIVE },
])('1,000 concurrent posts with $what are one run, each invoice once', async (thousand) => {
  const draft = draftFor(thousand.customers, `${thousand.what}.xlsx`);
  const batch = await month.approved(draft);
  const answers = await Promise.all(
    Array.from({ length: CALLS }, (_, index) =>
      month.relay.asked({
        method: 'POST',
        path: `${path(batch)}/post`,
        body: { key: `key-${String(index % thousand.keys)}`, digest: batch.digest },
      }),
    ),
  );
  expect(answers.length).toBe(CALLS);
  expect(answers.filter(({ status }) => !DOCUMENTED.includes(status))).toEqual([]);
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
  for (const { status, json } of answers) {
    if (status === 200) expect(json.id).toBe(batch.id);
    else expect(json).toMatchObject({ code: expect.any(String), remedy: expect.any(String) });
  }
  await month.relay.core.posting.settled(batch.id);
  expect(await month.good('GET', path(batch))).toMatchObject({ state: 'COMPLETED' });
  const ours = new Set(draft.invoices.map(({ clientId }) => clientId));
  const { invoices, creditMemos } = await month.truth();
  expectOnce(
    { creditMemos, invoices: invoices.filter(({ customer }) => ours.has(customer.id)) },
    draft,
  );
  const runs = await month.relay.core.store
    .selectFrom('batch_transition')
    .selectAll()
    .where('batch', '=', batch.id)
    .where('to_state', '=', 'POSTING')
    .execute();
  expect(runs.length).toBe(1);
  expect(await verifyAudit(month.relay.core.store, null)).toMatchObject({ verified: true });
});

test('a line changed after the approval blocks its client alone, by name and cell', async () => {
  const draft = draftFor(TWO, 'Changed.xlsx');
  const batch = await month.approved(draft);
  const [first, second] = draft.invoices;
  const [line] = second?.lines ?? [];
  if (!first || !second || !line) throw new Error('the draft has two invoices of one line');
  const changed = { ...line, quantity: '31', amount: '2016.55' };
  const invoices = [first, { ...second, lines: [changed], total: '2016.55' }];
  const compared = await month.good<{ lapsed: { clientId: string; words: string }[] }>(
    'POST',
    `${path(batch)}/compare`,
    { draft: { ...draft, invoices } },
  );
  expect(compared.lapsed.map(({ clientId }) => clientId)).toEqual([second.clientId]);
  expect(compared.lapsed[0]?.words).toMatch(/Workstation.*quantity was 2, now 31/);
  const done = await postAndSettle(batch);
  expect(done.postings.map(({ state }) => state)).toEqual(['POSTED', 'BLOCKED']);
  expect(done.postings[1]).toMatchObject({
    clientName: 'Client 7',
    reason: expect.stringContaining('Oct 2026!C6'),
    nextStep: expect.stringMatching(/Refresh, review it and approve it again/),
  });
  const { invoices: there } = await month.truth();
  expect(there.filter(({ customer }) => customer.id === second.clientId)).toEqual([]);
});

test('a customer is never taken from outside, nor from a row that was changed', async () => {
  const own = await startSmallMonth(CUSTOMERS);
  const [one, two] = CUSTOMERS;
  if (!one || !two) throw new Error('there are customers');
  const draft = draftFor([one]);
  const invoices = draft.invoices.map((invoice) => ({ ...invoice, customerId: two.id }));
  const body = { key: 'with-customer', draft: { ...draft, invoices } };
  const refused = await own.relay.asked({ method: 'POST', path: '/api/batches', body });
  expect(refused).toMatchObject({ status: 400, json: { code: 'INPUT_INVALID' } });
  expect(refused.text).toMatch(/customerId/);

  const batch = await own.approved(draft);
  const { store } = own.relay.core;
  await sql.raw('drop trigger posting_content_is_sealed').execute(store);
  await sql`update posting set content = replace(content, ${one.id}, ${two.id}), customer_id = ${two.id}`.execute(store); // prettier-ignore
  await own.good('POST', `${path(batch)}/post`, { key: 'post', digest: batch.digest });
  await own.relay.core.posting.settled(batch.id);
  const done = await own.good<Batch>('GET', path(batch));
  expect(done.postings).toMatchObject([
    { state: 'BLOCKED', clientName: one.name, reason: expect.stringMatching(/behind the relay/) },
  ]);
  expect((await own.truth()).invoices).toEqual([]);
  await own.stop();
});
