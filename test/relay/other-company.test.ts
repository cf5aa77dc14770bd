// The company is known from the moment its customers are read: a copy of a file has the same ids.
import { afterEach, expect, jest, test } from '@jest/globals';
import { draftFor, idOf, startSmallMonth, type SmallMonth } from './small-month.ts';

jest.setTimeout(60_000);

const CUSTOMERS = [1, 2].map((number) => ({ id: idOf(number), name: `Client ${String(number)}` }));
const ITEMS = [{ name: 'Workstation', price: '1.00' }, { name: 'EDR', price: '1.00' }]; // prettier-ignore

let month: SmallMonth;
afterEach(() => month.stop());

/** A copy of the company file, opened under another name. */
async function open(company: string, customers = CUSTOMERS): Promise<void> {
  const body = JSON.stringify({ company, customers, items: ITEMS });
  const { ok } = await fetch(`${month.sim.url}/_sim/world`, { method: 'POST', body });
  expect(ok).toBe(true);
}

const sync = () => month.relay.core.counting.syncBooks();
const clients = async (): Promise<number> =>
  (await month.relay.core.store.selectFrom('client').select('id').where('active', '=', 1).execute()).length; // prettier-ignore

test('what was approved for one company is not posted into a copy of it', async () => {
  month = await startSmallMonth(CUSTOMERS);
  const batch = await month.approved(draftFor(CUSTOMERS, 'Oct.xlsx'));
  await open('Somebody Else Ltd');
  await expect(month.post(batch)).rejects.toThrow(/now Somebody Else Ltd answers/);
  expect((await month.truth()).invoices).toEqual([]);
  expect((await month.look(batch)).state).toBe('APPROVED');
});

test('nor are the customers of another company taken over, once something was sent in', async () => {
  month = await startSmallMonth(CUSTOMERS);
  await month.approved(draftFor(CUSTOMERS, 'Oct.xlsx'));
  await open('Somebody Else Ltd', CUSTOMERS.slice(0, 1));
  await expect(sync()).rejects.toMatchObject({ code: 'LEDGER_CONFLICT' });
  expect(await clients()).toBe(2);
});

test('before anything was sent in, another company can be connected', async () => {
  month = await startSmallMonth(CUSTOMERS);
  await open('The right one', CUSTOMERS.slice(0, 1));
  await sync();
  expect(await clients()).toBe(1);
  const batch = await month.approved(draftFor(CUSTOMERS.slice(0, 1), 'Oct.xlsx'));
  await month.post(batch);
  expect((await month.look(batch)).state).toBe('COMPLETED');
});
