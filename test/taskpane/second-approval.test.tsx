// One month, several approvals: who is billed already is left out, and no doubt is lost.
import { cleanup, configure, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { turned } from './fake-batch.ts';
import {
  approveOne,
  BETA,
  billed,
  button,
  COBALT,
  DELTA,
  ended,
  findButton,
  heading,
  lapsed,
  reviewed,
  row,
} from './approved-month.tsx';

beforeEach(() => Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false }));
afterEach(cleanup);

configure({ asyncUtilTimeout: 8000 });
const user = userEvent.setup();

/** The held client is billed after the others. */
async function billBeta(): Promise<void> {
  await user.click(await findButton('Bill Beta Manufacturing now'));
  await approveOne();
}

test('one client is approved again once the others are posted, and nothing of those stands in its way', async () => {
  const opened = await ended({ [COBALT]: lapsed });
  // A line of a client that is posted; it would block a client that is not.
  opened.workbook.edit('Oct 2026!C3', 'abc');
  await user.click(await findButton('Review Cobalt Dental'));
  await user.clear(await screen.findByRole('textbox', { name: /^Search/ }));
  expect((await screen.findByRole('treegrid')).textContent).toMatch(
    /Acme Limitedposted MB2610-0010/,
  );
  await user.click(await findButton('Approve 1 …'));
  expect((await screen.findByText('3 billed already')).nextSibling?.textContent).toMatch(
    /Acme Limited \(posted MB2610-0010\); Beta/,
  );
  await user.click(await findButton(/^Approve 1 invoice /));
  await heading('Approved: post 1 invoice?');
  expect(billed(opened)).toEqual([COBALT]);
  expect(opened.relay.drafts.at(-1)?.held).toEqual([]);
  opened.relay.outcomes.clear();
  await user.click(button(/^Post 1 invoice/));
  await heading('All invoices are posted');
});

test('a client that another pane has billed meanwhile is named before anything is approved', async () => {
  const opened = await ended({ [COBALT]: lapsed, [DELTA]: lapsed });
  await user.click(await findButton('Review Cobalt Dental'));
  await user.click(await findButton('Approve 2 …'));
  const { batch } = opened.relay;
  const postings = batch!.postings.map((one) =>
    one.clientId === DELTA
      ? { ...one, state: 'POSTED' as const, outcome: 'created' as const }
      : one,
  );
  opened.relay.batch = { ...batch!, postings };
  await user.click(await findButton(/^Approve 2 invoices/));
  expect((await screen.findByRole('alert')).textContent).toMatch(
    /Delta Foods: posted MB2610-0013 meanwhile, left out/,
  );
  expect(opened.relay.drafts).toHaveLength(1);
});

test('a client closed without invoice meanwhile is named, and nothing is approved before it was seen', async () => {
  const opened = await reviewed();
  await user.click(await findButton('Approve 4 …'));
  opened.relay.closed.push(COBALT);
  await user.click(await findButton(/^Approve 4 invoices/));
  expect((await screen.findByRole('alert')).textContent).toMatch(
    /Cobalt Dental: closed without invoice meanwhile, left out\./,
  );
  expect(opened.relay.drafts).toHaveLength(0);
  await user.click(button('I have seen it'));
  opened.relay.closed.pop();
  await user.click(await findButton(/^Approve 3 invoices/));
  expect((await screen.findByRole('alert')).textContent).toMatch(
    /Cobalt Dental: to be billed again\./,
  );
  expect(opened.relay.drafts).toHaveLength(0);
});

test('what was billed already and is altered in the books goes out again only when it is asked for itself', async () => {
  const altered = { state: 'MISMATCH', outcome: 'created', reason: 'the total differs' } as const;
  await ended({ [COBALT]: lapsed, [DELTA]: altered });
  await user.click(await findButton('Review Cobalt Dental'));
  await findButton('Approve 1 …');
  await user.click(await findButton(/5 Post/));
  await user.click(await findButton('Review Delta Foods'));
  await findButton('Approve 2 …');
});

test('a held client is billed later, alone', async () => {
  const opened = await ended({}, { held: BETA });
  await billBeta();
  expect(billed(opened)).toEqual([BETA]);
});

test('a client closed without invoice is in no approval until a person bills it after all', async () => {
  const opened = await ended({ [COBALT]: lapsed }, { held: BETA });
  const held = await row('Beta Manufacturing');
  await user.click(within(held).getByRole('button', { name: 'No invoice for October 2026 …' }));
  await user.type(within(held).getByRole('textbox'), 'paid by cheque{Enter}');
  await waitFor(() => expect(held.textContent).toMatch(/closed without invoice/));
  // As on another computer, where nobody held it.
  opened.pane.tell({ type: 'learned', news: { held: [] } });
  await user.click(await findButton('Review Cobalt Dental'));
  await findButton('Approve 1 …');
  await user.click(await findButton(/5 Post/));
  await user.click(await findButton('Bill Beta Manufacturing now'));
  await findButton('Approve 2 …');
});

describe('results in the sheet', () => {
  test('stay as they were for a client that a later approval leaves out', async () => {
    const { workbook, relay } = await ended({ [COBALT]: lapsed });
    await user.click(await findButton('Results into the sheet …'));
    await user.click(await findButton(/^Write \d+ cells/));
    const textsOf = async (line: number): Promise<string[]> => {
      const { cells } = await workbook.readSheet('Oct 2026');
      const own = cells.filter((cell) => cell.row === line && cell.column > 5);
      return own
        .toSorted((a, b) => a.column - b.column)
        .map(({ value }) => (value.kind === 'text' ? value.text : ''));
    };
    await waitFor(async () => expect(await textsOf(3)).toHaveLength(3));
    const before = await textsOf(3);
    expect(before).toEqual(['MB2610-0010', 'posted', expect.stringMatching(/^2026-/)]);
    await user.click(await findButton('Review Cobalt Dental'));
    await approveOne();
    relay.outcomes.clear();
    await user.click(button(/^Post 1 invoice/));
    await waitFor(async () => expect((await textsOf(7))[0]).toBe('MB2610-0020'));
    expect(await textsOf(3)).toEqual(before);
  });
});

describe('what an earlier approval leaves open', () => {
  const gone = { state: 'MISSING_IN_LEDGER', outcome: 'created' } as const;
  const inDoubt = { state: 'NEEDS_PERSON', outcome: 'uncertain' } as const;

  test('is shown beside a newer one and decided where it was approved', async () => {
    const opened = await ended({ [COBALT]: inDoubt, [DELTA]: gone }, { held: BETA });
    await billBeta();
    const card = await screen.findByRole('article', { name: 'Cobalt Dental' });
    expect((await row('Delta Foods')).textContent).toMatch(/earlier approval/);
    expect(screen.getByText('0 of 1 posted')).toBeTruthy();
    await user.click(within(card).getByRole('button', { name: 'It is not there …' }));
    await user.click(within(card).getByRole('button', { name: /send it again/ }));
    await waitFor(() =>
      expect(screen.queryByRole('article', { name: 'Cobalt Dental' })).toBeNull(),
    );
    expect(screen.queryByRole('alert')).toBeNull();
    expect(opened.pane.get().batch?.id).toBe('batch-2');
    await heading('Approved: post 1 invoice?');
  });

  test('is looked for on and on, and written down when it turns up', async () => {
    const opened = await ended(
      { [COBALT]: { state: 'UNKNOWN', outcome: 'uncertain' } },
      { held: BETA },
    );
    await billBeta();
    await user.click(button(/^Post 1 invoice/));
    await heading('All invoices of this approval are posted');
    await screen.findByRole('article', { name: 'Cobalt Dental' });
    turned(opened.relay, 'Cobalt Dental', { state: 'POSTED', outcome: 'created' });
    await waitFor(() =>
      expect(screen.queryByRole('article', { name: 'Cobalt Dental' })).toBeNull(),
    );
    await waitFor(() =>
      expect(
        opened.workbook.written.audit.filter((cells) => cells[4]?.startsWith('Cobalt')),
      ).toHaveLength(1),
    );
  });
});

test('an answer that comes late does not bring an older batch back', async () => {
  const opened = await ended(
    { [COBALT]: { state: 'UNKNOWN', outcome: 'uncertain' } },
    { held: BETA },
  );
  let come = (): void => undefined;
  const { calls } = opened.relay;
  opened.relay.late = new Promise((done) => (come = done));
  const looks = (): number => calls.filter((call) => call === 'GET /api/batches/:batch').length;
  const before = looks();
  await waitFor(() => expect(looks()).toBeGreaterThan(before));
  await billBeta();
  opened.relay.late = null;
  come();
  await waitFor(() => expect(looks()).toBeGreaterThan(before + 1));
  await heading('Approved: post 1 invoice?');
  expect(opened.pane.get().batch?.id).toBe('batch-2');
});
