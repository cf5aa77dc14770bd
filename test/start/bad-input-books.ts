/** Trouble with the books on reading and posting: nothing twice, nothing said that is not so. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { draftFor, expectOnce, idOf, OCTOBER, startSmallMonth, type SmallMonth } from '../relay/small-month.ts'; // prettier-ignore
import { CREATE_FAULTS, READ_BACK_FAULTS, READ_FAULTS } from './bad-input-faults.ts';
import { fingerprint, withoutAdvice } from './bad-input-steps.ts';

const REFRESH = `/api/periods/${OCTOBER}/refresh`;

export const booksInTrouble = (): void => {
  const CUSTOMERS = CREATE_FAULTS.map(({ name }, index) => ({ id: idOf(index + 1), name: `Client ${name}` })); // prettier-ignore
  const SINGLE = { id: idOf(CUSTOMERS.length + 1), name: 'Client of many reads' };
  const READ_BACK = READ_BACK_FAULTS.map(({ name }, index) => ({ id: idOf(CUSTOMERS.length + 2 + index), name })); // prettier-ignore
  const ALL = [...CUSTOMERS, SINGLE, ...READ_BACK];
  let month: SmallMonth;
  beforeAll(async () => {
    month = await startSmallMonth(ALL);
  });
  beforeEach(() => month.mend());
  afterAll(() => month.stop());

  const countOf = async ({ id }: { id: string }): Promise<number> =>
    (await month.truth()).invoices.filter(({ customer }) => customer.id === id).length;

  test('no fault of a create posts twice, or says posted when it is not', async () => {
    for (const [index, { fault, more }] of CREATE_FAULTS.entries()) {
      const match = {
        method: 'POST',
        path: '/quickbooks-desktop/invoices',
        holds: idOf(index + 1),
      };
      if (fault) await month.fault({ system: 'conductor', match, nth: 1, fault, ...more });
    }
    const draft = draftFor(CUSTOMERS);
    const batch = await month.approved(draft);
    await month.post(batch);
    await month.rest(batch);
    expect(await month.sim.standIns.land()).toBe(1);
    await month.later(31);
    await month.searched(batch);
    // Two looks after the settle time, a minute apart, before anybody may send again.
    await month.later(2);
    const done = await month.look(batch);
    const truth = await month.truth();
    for (const [index, { name, ends, inBooks }] of CREATE_FAULTS.entries()) {
      const posting = done.postings[index];
      expect([name, posting?.state, posting?.clientName]).toEqual([name, ends, `Client ${name}`]);
      const there = truth.invoices.filter(({ customer }) => customer.id === idOf(index + 1));
      expect([name, there.length]).toEqual([name, inBooks ? 1 : 0]);
      if (ends === 'POSTED') continue;
      expect([name, posting?.outcome]).toEqual([name, ends === 'REJECTED' ? 'not_created' : 'uncertain']); // prettier-ignore
      expect(posting?.reason).not.toBe('');
      expect(posting?.nextStep).toContain('QuickBooks Desktop');
      expect(withoutAdvice([posting?.nextStep ?? ''])).toEqual([]);
      if (ends === 'NEEDS_PERSON') expect(posting?.nextStep).toMatch(new RegExp(`${posting?.ref ?? '?'}, Client`)); // prettier-ignore
    }
    // A person looks, sends again or retries: in the end every invoice is there exactly once.
    for (const { key, state } of done.postings.filter(({ state }) => state !== 'POSTED')) {
      const choice = state === 'REJECTED' ? 'retry' : 'send again';
      const path = `/api/batches/${batch.id}/postings/${key}/decide`;
      await month.good('POST', path, { choice, reason: 'Looked in the books.' });
    }
    const { state } = await month.rest(batch);
    expect(state).toBe('COMPLETED');
    expectOnce(await month.truth(), draft);
  });

  test.each(READ_BACK_FAULTS.map((one, index) => [one.name, one, index] as const))(
    'read back with %s: a mismatch, never posted',
    async (_name, { set, says }, index) => {
      const customer = READ_BACK[index];
      if (!customer) throw new Error('each has a client');
      const batch = await month.approved(draftFor([customer], `Read back ${String(index)}.xlsx`));
      const match = { method: 'GET', path: '/quickbooks-desktop/invoices/*' };
      await month.fault({ system: 'conductor', match, fault: 'patch', set });
      await month.post(batch);
      const { postings } = await month.look(batch);
      expect(postings).toMatchObject([{ state: 'MISMATCH', clientName: customer.name }]);
      expect(postings[0]?.reason).toMatch(says);
      expect(postings[0]?.nextStep).toMatch(/Look at it in QuickBooks Desktop and decide/);
      expect(await countOf(customer)).toBe(1);
    },
  );

  test('while reads of the books fail nothing is sent, and it is said why', async () => {
    const draft = draftFor([SINGLE], 'Reads.xlsx');
    const batch = await month.approved(draft);
    const started = { key: `post-${batch.id}`, digest: batch.digest };
    for (const { name, fault, more } of READ_FAULTS) {
      await month.mend();
      await month.fault({ system: 'conductor', match: { method: 'GET' }, fault, ...more });
      await month.later(15);
      const answer = await month.relay.asked({ method: 'POST', path: `/api/batches/${batch.id}/post`, body: started }); // prettier-ignore
      await month.relay.core.posting.settled(batch.id);
      expect([name, await countOf(SINGLE)]).toEqual([name, 0]);
      const [posting] = (await month.look(batch)).postings;
      // Where the company still answers the run begins, and the invoice waits with its reason.
      const isRunning = answer.status === 200;
      expect([name, posting?.state]).toEqual([name, 'READY']);
      const words = isRunning ? posting?.reason : (answer.json.message as string);
      const next = isRunning ? posting?.nextStep : (answer.json.remedy as string);
      expect(words).toContain('QuickBooks Desktop');
      expect(withoutAdvice([next ?? ''])).toEqual([]);
    }
    await month.mend();
    await month.post(batch);
    expect((await month.rest(batch)).state).toBe('COMPLETED');
    expect(await countOf(SINGLE)).toBe(1);
  });

  test.each(READ_FAULTS.map((one) => [one.name, one] as const))(
    'no customers yet, and %s: refused by name, nothing stored',
    async (_name, { fault, more, says }) => {
      const own = await empty();
      const before = await fingerprint(own);
      await own.mend();
      await own.fault({ system: 'conductor', match: { method: 'GET' }, fault, ...more });
      const { status, json } = await own.relay.asked({ method: 'POST', path: REFRESH, body: {} });
      expect(json).toMatchObject({ code: expect.stringMatching(/^SOURCE_/) });
      expect(status).toBeGreaterThanOrEqual(400);
      expect(json.message).toContain('QuickBooks Desktop');
      expect(json.message).toMatch(says);
      expect(withoutAdvice([json.remedy as string])).toEqual([]);
      expect(await fingerprint(own)).toBe(before);
    },
  );

  let bare: SmallMonth | null = null;
  const empty = async (): Promise<SmallMonth> =>
    (bare ??= await startSmallMonth([SINGLE], undefined, false));
  afterAll(() => bare?.stop());
};
