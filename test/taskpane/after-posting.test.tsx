// After a press: lost answers, refusals, panes that were closed; nothing false stays on screen.
import { jest } from '@jest/globals';
import { cleanup, configure, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { AppError } from '../../src/core/errors.ts';
import type { Batch } from '../../src/contract/contract.ts';
import type { Snapshot } from '../../src/core/model.ts';
import { approve } from '../../taskpane/actions/approve.ts';
import { begin, chooseMonth } from '../../taskpane/actions/begin.ts';
import { draw } from '../../taskpane/actions/check.ts';
import { post } from '../../taskpane/actions/post.ts';
import { refresh } from '../../taskpane/actions/review.ts';
import { App } from '../../taskpane/App.tsx';
import { approved, looked } from './fake-batch.ts';
import {
  ACME,
  approvedMonth,
  BETA,
  button,
  COBALT,
  ended,
  findButton,
  heading,
  refused,
  region,
  reviewed,
  row,
} from './approved-month.tsx';
import { month, monthInSheet } from './month.ts';
import { openPane, type OpenPane } from './open-pane.ts';

beforeEach(() => Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false }));
afterEach(cleanup);

configure({ asyncUtilTimeout: 8000 });
jest.setTimeout(60_000);
const user = userEvent.setup();

const DECIDE = 'POST /api/batches/:batch/postings/:key/decide';
const lost = { error: new AppError('SOURCE_DOWN', 'MCC is not reachable.'), acts: true };
const stale = { error: new AppError('VERSION_STALE', 'The batch is POSTING.'), acts: false };
const postedRows = ({ workbook }: OpenPane): readonly (readonly string[])[] =>
  workbook.written.audit.filter((cells) => cells[2] === 'posted');

/** Approved and pressed; the relay goes on alone to the end. */
async function closedWhilePosting(): Promise<OpenPane> {
  const opened = await approvedMonth();
  cleanup();
  opened.relay.batch = { ...opened.relay.batch!, state: 'POSTING' };
  while (looked(opened.relay).state === 'POSTING');
  return opened;
}

function reopen(before: OpenPane): OpenPane {
  const opened = openPane(month, monthInSheet, before.relay, before);
  render(<App pane={opened.pane} dark={false} />);
  return opened;
}

describe('an action that failed', () => {
  test('is looked up: the answer to a retry was lost, the invoice is posted', async () => {
    const opened = await ended({ [COBALT]: refused });
    opened.relay.failures.set(DECIDE, lost);
    await user.click(await findButton('Retry Cobalt Dental'));
    await heading('All invoices are posted');
    expect((await screen.findByRole('alert')).textContent).toMatch(/MCC is not reachable/);
  });

  test('is looked up: somebody else posted what was to be withdrawn', async () => {
    const opened = await approvedMonth();
    opened.relay.failures.set('POST /api/batches/:batch/cancel', stale);
    await user.click(button('Withdraw …'));
    opened.relay.batch = { ...opened.relay.batch!, state: 'POSTING' };
    await user.type(
      within(screen.getByRole('group', { name: 'Withdraw' })).getByRole('textbox'),
      'wrong month{Enter}',
    );
    await heading('All invoices are posted');
    expect((await screen.findByRole('alert')).textContent).toMatch(/The batch is POSTING/);
  });

  test('is looked up: the answer to lifting the park was lost, and the books are free', async () => {
    const opened = await approvedMonth();
    opened.relay.parked = 'The batch is beyond the cap';
    await user.click(await findButton('Refresh this list'));
    const parked = await region('Nothing is sent');
    opened.relay.failures.set('POST /api/books/unpark', lost);
    await user.click(within(parked).getByRole('button', { name: 'Lift the stop …' }));
    await user.type(within(parked).getByRole('textbox'), 'a good month{Enter}');
    await waitFor(() =>
      expect(screen.queryByRole('region', { name: 'Nothing is sent' })).toBeNull(),
    );
  });

  test('leaves a second approval possible: the answer to the approval was lost', async () => {
    const opened = await reviewed();
    opened.relay.failures.set('POST /api/batches/:batch/approve', lost);
    await approve(opened.pane);
    await waitFor(() => expect(opened.pane.get().batch?.state).toBe('APPROVED'));
  });
});

test('retrying several is one action, without those that cannot be retried any more', async () => {
  const opened = await ended({ [ACME]: refused, [BETA]: refused, [COBALT]: refused });
  const retry = await findButton('Retry 3');
  const { batch, calls } = opened.relay;
  const postings = batch!.postings.map((one) =>
    one.clientId === BETA ? { ...one, state: 'SUPERSEDED' as const, retriable: false } : one,
  );
  opened.relay.batch = { ...batch!, postings };
  const from = calls.length;
  await user.click(retry);
  await screen.findByText('3 of 4 posted');
  const after = calls.slice(from);
  expect(after.filter((call) => call === DECIDE)).toHaveLength(2);
  expect(after.slice(after.indexOf(DECIDE), after.lastIndexOf(DECIDE) + 1)).toEqual([
    DECIDE,
    DECIDE,
  ]);
  expect(screen.queryByRole('alert')).toBeNull();
});

describe('a pane that was closed while the relay posted', () => {
  test('writes the audit rows when it is opened again, each at its time and once', async () => {
    const before = await closedWhilePosting();
    const opened = reopen(before);
    await begin(opened.pane);
    await heading('All invoices are posted');
    await waitFor(() => expect(postedRows(opened)).toHaveLength(4));
    const sentAt = opened.relay.batch?.postings[0]?.sentAt;
    expect(postedRows(opened)[0]?.[0]).toBe(sentAt);
    cleanup();
    const again = reopen(opened);
    await begin(again.pane);
    await chooseMonth(again.pane, month.period);
    await heading('All invoices are posted');
    expect(postedRows(again)).toHaveLength(4);
  });

  test('leaves out what the pane of a colleague has written already', async () => {
    const before = await closedWhilePosting();
    const opened = openPane(month, monthInSheet, before.relay, before);
    const cell = (line: number, column: number, text: string) => ({
      row: line, column, value: { kind: 'text' as const, text }, formula: null, numberFormat: '@', note: null, bold: false,
    }); // prettier-ignore
    const { workbook } = opened.pane.outside;
    const own = { ...workbook };
    Object.assign(workbook, {
      sheetNames: async () => [...(await own.sheetNames()), { name: 'MCC Audit', visible: true }],
      readSheet: async (name: string) =>
        name === 'MCC Audit'
          ? { ...(await own.readSheet('Oct 2026')), name, cells: [cell(2, 3, 'posted'), cell(2, 9, 'MB2610-0010')] }
          : own.readSheet(name),
    }); // prettier-ignore
    await begin(opened.pane);
    await waitFor(() => expect(postedRows(opened)).toHaveLength(3));
    expect(postedRows(opened).map((cells) => cells[8])).not.toContain('MB2610-0010');
  });

  test('is ready at once, however long the relay posts', async () => {
    const before = await approvedMonth();
    cleanup();
    before.relay.batch = { ...before.relay.batch!, state: 'POSTING' };
    before.relay.stalled = true;
    const opened = reopen(before);
    await begin(opened.pane);
    expect(opened.pane.get().batch?.state).toBe('POSTING');
    before.relay.stalled = false;
    await heading('All invoices are posted');
  });

  test('writes nothing into a workbook of another month', async () => {
    const { relay } = await closedWhilePosting();
    const opened = openPane(month, monthInSheet, relay);
    await begin(opened.pane);
    await waitFor(() => expect(relay.calls.at(-1)).toBe('GET /api/batches/:batch'));
    expect(opened.workbook.written.audit).toEqual([]);
  });
});

test('one invoice that is looked for keeps no other out of the audit', async () => {
  const opened = await ended({ [COBALT]: { state: 'UNKNOWN', outcome: 'uncertain' } });
  await waitFor(() => expect(postedRows(opened)).toHaveLength(3));
  await waitFor(() =>
    expect(screen.getByRole('status').textContent).toBe('3 of 4 posted, 1 in doubt.'),
  );
});

test('results that come while another action runs are written after it', async () => {
  const opened = await ended({ [COBALT]: { state: 'UNKNOWN', outcome: 'uncertain' } });
  const { relay, pane, workbook } = opened;
  await user.click(await findButton('Results into the sheet …'));
  await user.click(await findButton(/^Write \d+ cells/));
  await waitFor(() => expect(workbook.written.cells.length).toBeGreaterThan(0));
  let come = (): void => undefined;
  relay.hold = new Promise((done) => (come = done));
  const refreshed = refresh(pane);
  const postings = relay.batch!.postings.map((one) =>
    one.clientId === COBALT
      ? { ...one, state: 'POSTED' as const, outcome: 'created' as const }
      : one,
  );
  relay.batch = { ...relay.batch!, state: 'COMPLETED', postings };
  await waitFor(() => expect(pane.get().batch?.state).toBe('COMPLETED'));
  come();
  await refreshed;
  await waitFor(() =>
    expect(workbook.written.cells.map(({ value }) => value)).toContain('MB2610-0012'),
  );
});

test('a workbook that takes no audit rows stops neither the approval nor the posting', async () => {
  const opened = await reviewed();
  Object.assign(opened.pane.outside.workbook, {
    appendAudit: () => Promise.reject(new AppError('INPUT_INVALID', 'The sheet is protected.')),
  });
  await approve(opened.pane);
  await heading('Approved: post 4 invoices?');
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toMatch(/^Approved\. MCC Audit could not be written: The sheet is/);
  expect(alert.textContent).not.toMatch(/Correct the value/);
  await user.click(button(/^Post 4 invoices/));
  await heading('All invoices are posted');
  await waitFor(() =>
    expect(screen.getByRole('alert').textContent).toMatch(/^Posted\. MCC Audit could not be/),
  );
});

test('a newer snapshot touches no approval', async () => {
  const opened = await approvedMonth();
  const counts = month.counts.map((count) =>
    count.clientId === ACME ? { ...count, quantity: '35' as typeof count.quantity } : count,
  );
  const newer: Snapshot = { ...month, id: 'snap-2', counts };
  opened.relay.newer = newer;
  await refresh(opened.pane);
  void post(opened.pane, false);
  await user.click(await findButton(/5 Post/));
  await heading('All invoices are posted');
  expect(opened.pane.get().lapsed).toEqual([]);
  expect(opened.pane.get().review?.snapshot.id).toBe('snap-2');
});

test('what reading back has found stands in the posting step', async () => {
  const opened = await ended({});
  opened.relay.readBack.set(COBALT, { state: 'VOIDED', reason: '' });
  await draw(opened.pane);
  await user.click(await findButton(/5 Post/));
  expect((await row('Cobalt Dental')).textContent).toMatch(/voided in QuickBooks/);
});

test('whoever prepared it learns that the second person has approved', async () => {
  const opened = await reviewed();
  opened.relay.twoPersons = true;
  const session = { ...opened.pane.get().session!, twoPersons: true };
  opened.pane.tell({ type: 'learned', news: { session } });
  await approve(opened.pane);
  await heading('Waiting for a second person');
  const byLee: Batch = { ...approved(opened.relay), approvedBy: 'Lee' };
  opened.relay.batch = byLee;
  await heading('Approved: post 4 invoices?');
  expect(screen.getByRole('status').textContent).toBe('Approved by Lee: 4 invoices.');
});

test('one mark that is known makes all marks of that installation known', async () => {
  const opened = await approvedMonth();
  opened.relay.foreignMark = '[rly:k7f3-1] [rly:k7f3-2]';
  await user.click(button(/^Post 4 invoices/));
  const found = await screen.findByRole('listitem', { name: '[rly:k7f3-1]' });
  await user.click(within(found).getByRole('button', { name: 'I know whose it is …' }));
  await user.type(within(found).getByRole('textbox'), 'the old server{Enter}');
  await waitFor(() => expect(button(/^Post 4 invoices/)).toHaveProperty('disabled', false));
});

test('what stood in the way and is gone from the books stops nothing after a refresh', async () => {
  const { relay } = await approvedMonth();
  relay.foreignMark = '[rly:k7f3-1]';
  relay.typedByHand = 'Delta Foods';
  await user.click(button(/^Post 4 invoices/));
  await region('Marks of another relay');
  await region('In the books already');
  Object.assign(relay, { foreignMark: null, typedByHand: null });
  await user.click(button('Refresh this list'));
  await waitFor(() => expect(screen.queryByRole('region', { name: 'Marks of another relay' })).toBeNull()); // prettier-ignore
  expect(screen.queryByRole('region', { name: 'In the books already' })).toBeNull();
  await user.click(await findButton(/^Post 4 invoices to QuickBooks$/));
  await heading('All invoices are posted');
});

test('a document of another amount that the relay refuses for is shown', async () => {
  const opened = await approvedMonth();
  opened.relay.typedByHand = 'Delta Foods';
  opened.relay.typedTotal = '100.00';
  await user.click(button(/^Post 4 invoices/));
  expect((await region('In the books already')).textContent).toMatch(
    /Delta Foods: invoice number 1042 of 2026-10-30 over 100\.00/,
  );
  await user.click(button(/^Post 4 invoices.*they are others/));
  await heading('All invoices are posted');
});
