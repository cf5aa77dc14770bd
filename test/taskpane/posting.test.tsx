// Every way an invoice can end, on the screen that ships: what it says, and what a person can do.
import { cleanup, configure, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { AppError } from '../../src/core/errors.ts';
import type { Posting } from '../../src/contract/contract.ts';
import { approve } from '../../taskpane/actions/approve.ts';
import { draw } from '../../taskpane/actions/check.ts';
import { post } from '../../taskpane/actions/post.ts';
import { App } from '../../taskpane/App.tsx';
import { ACME, approvedMonth, BETA, button, COBALT, DELTA, region, row, undrawn, type Before } from './approved-month.tsx'; // prettier-ignore
import type { OpenPane } from './open-pane.ts';
import { monthInSheet } from './month.ts';

beforeEach(() => Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false }));
afterEach(cleanup);

configure({ asyncUtilTimeout: 8000 });
const user = userEvent.setup();
let opened: OpenPane;

const isOff = (name: RegExp): boolean => button(name).getAttribute('aria-disabled') === 'true';

async function toReview(): Promise<void> {
  opened = await undrawn();
}

async function toPosting(before?: Before): Promise<void> {
  opened = await approvedMonth(before);
}

/** Posted, with these ends. */
async function ended(ends: Readonly<Record<string, Partial<Posting>>>): Promise<void> {
  await toPosting();
  for (const [client, end] of Object.entries(ends)) opened.relay.outcomes.set(client, end);
  await post(opened.pane, false);
}

const refused = (reason: string): Partial<Posting> => ({
  state: 'REJECTED',
  outcome: 'not_created',
  retriable: true,
  reason,
});
const blocked = (block: Posting['block'], reason: string): Partial<Posting> => ({
  state: 'BLOCKED',
  outcome: 'not_created',
  retriable: block === 'books',
  block: block ?? null,
  reason,
});

const ENDS: readonly (readonly [string, Partial<Posting>, RegExp, readonly RegExp[]])[] = [
  ['rejected', refused('customer is inactive'), /refused it\. Customer is inactive\..*certain that it is not in QuickBooks.*then retry/, [/^Retry Cobalt/, /^No invoice for/]],
  ['blocked by the books', blocked('books', 'the period is closed'), /Not sent\. The period is closed\..*Mend it there, then retry/, [/^Retry Cobalt/, /^No invoice for/]],
  ['blocked, approval lapsed', blocked('approval lapsed', 'the mapping was changed'), /Not sent\. The mapping was changed\..*approve it again; the others are not touched/, [/^Review Cobalt/, /^No invoice for/]],
  ['blocked, changed behind the relay', blocked('tampered', 'it was changed behind the relay'), /who changed the database of MCC before anything else is posted/, [/^Review Cobalt/, /^No invoice for/]],
  ['conflict', { state: 'CONFLICT', outcome: 'not_created', reason: 'number MB2610-0012 is taken' }, /Number MB2610-0012 is taken\..*Nothing more is sent/, [/^Review Cobalt/, /^No invoice for/, /Read it again/]],
  ['mismatch', { state: 'MISMATCH', outcome: 'created', reason: 'Total: approved 312.00, in the books 300.00' }, /in QuickBooks, but not as approved.*never sent again. Do not enter it by hand.*void it there and say that no invoice is due\./, [/^Review Cobalt/, /^No invoice for/, /Read it again/]],
  ['gone', { state: 'MISSING_IN_LEDGER', outcome: 'created', reason: '' }, /was posted on .* not in QuickBooks any more\..*who deleted it and why\. Is it to be billed again\? Review it and approve it again/, [/^Review Cobalt/, /^No invoice for/, /Read it again/]],
  ['voided', { state: 'VOIDED', outcome: 'created', reason: '' }, /voided in QuickBooks.*who voided it and why\. Is it to be billed again\? Review it and approve it again/, [/^Review Cobalt/, /^No invoice for/, /Read it again/]],
  ['twice', { state: 'DUPLICATE_IN_LEDGER', outcome: 'created', reason: '' }, /holds it more than once.*Void all but one of them in QuickBooks; MCC goes on with the one that stands/, [/Read it again/]],
]; // prettier-ignore

test.each(ENDS)('%s: what happened, what is certain, what can be done', async (_, end, words, can) => {
  await ended({ [COBALT]: end });
  const item = await row('Cobalt Dental');
  await waitFor(() => expect(item.textContent).toMatch(words));
  for (const name of can) await within(item).findByRole('button', { name });
  expect(within(item).getAllByRole('button')).toHaveLength(can.length);
}); // prettier-ignore

test('a difference is shown field by field, as approved and as the books have it', async () => {
  await toPosting();
  const field = (name: string, approved: string, books: string) => ({ name, approved, books, equal: approved === books }); // prettier-ignore
  opened.relay.beside.set(`post:${COBALT}`, [
    {
      invoiceId: 'TX-7',
      ref: 'MB2610-0012',
      ours: true,
      fields: [field('Customer', 'Cobalt', 'Cobalt'), field('Total', '312.00', '300.00')],
    },
  ]);
  opened.relay.outcomes.set(COBALT, { state: 'MISMATCH', outcome: 'created', reason: 'x' });
  await post(opened.pane, false);
  const table = await screen.findByRole('table', { name: 'Cobalt Dental, MB2610-0012' });
  expect(within(table).getAllByRole('row').map((one) => one.textContent)).toEqual([
    'approvedin the books',
    'Total312.00300.00≠different',
  ]); // prettier-ignore
});

test('only what certainly is not in the books is tried again; doubt is left alone', async () => {
  await ended({
    [ACME]: refused('no terms'),
    [BETA]: refused('no tax code'),
    [COBALT]: { state: 'NEEDS_PERSON', outcome: 'uncertain', retriable: true },
  });
  await user.click(await screen.findByRole('button', { name: 'Retry 2' }));
  await screen.findByText('3 of 4 posted');
  const decided = opened.relay.calls.filter((call) => call.endsWith('/decide'));
  expect(decided).toHaveLength(2);
  expect(screen.getByRole('article', { name: 'Cobalt Dental' }).textContent).toMatch(/needs you/);
});

test('doubt says what to look for, when it was sent, and giving up asks first', async () => {
  await ended({
    [COBALT]: { state: 'NEEDS_PERSON', outcome: 'uncertain', lookups: 3, lastLookupAt: '2026-10-31T10:20:00.000Z' as never },
  }); // prettier-ignore
  const card = await screen.findByRole('article', { name: 'Cobalt Dental' });
  expect(card.textContent).toMatch(
    /NumberMB2610-0012CustomerCobalt DentalAmount312\.00 USD, before taxDated2026-10-31Sent/,
  );
  expect(card.textContent).toMatch(/Looked up3 times, last/);
  await user.click(within(card).getByRole('button', { name: 'Give up …' }));
  expect(within(card).getByRole('group', { name: 'Give up' }).textContent).toMatch(/no invoice/);
  await user.keyboard('{Escape}');
  expect(document.activeElement?.textContent).toBe('Give up …');
  expect(opened.relay.calls.filter((call) => call.endsWith('/decide'))).toEqual([]);
});

test('posting is paused with one press and resumed with another', async () => {
  await toPosting();
  const { pane, relay } = opened;
  const running = { ...relay.batch!, state: 'POSTING' as const };
  pane.tell({ type: 'learned', news: { batch: running } });
  relay.batch = running;
  await user.click(await screen.findByRole('button', { name: 'Pause' }));
  await screen.findByRole('heading', { name: 'Posting is paused' });
  await user.click(button(/^Resume: 4 invoices/));
  await screen.findByRole('heading', { name: 'All invoices are posted' });
});

test('a batch is withdrawn with a reason, after a question', async () => {
  await toPosting();
  await user.click(button('Withdraw …'));
  const asked = screen.getByRole('group', { name: 'Withdraw' });
  expect(asked.textContent).toMatch(/nothing was sent/);
  await user.type(within(asked).getByRole('textbox'), 'wrong month{Enter}');
  await screen.findByRole('heading', { name: 'Withdrawn' });
  expect(opened.relay.batch).toMatchObject({ state: 'CANCELLED', reason: 'wrong month' });
  expect(screen.queryByRole('button', { name: /^Post/ })).toBeNull();
});

test('the same lines are approved anew after a batch that came to nothing, and only then', async () => {
  await toPosting();
  const { pane, relay } = opened;
  for (const state of ['CANCELLED', 'STALE', 'COMPLETED_WITH_EXCEPTIONS'] as const) {
    const { id = '' } = relay.batch ?? {};
    relay.batch = { ...relay.batch!, state };
    await approve(pane);
    expect(relay.batch).toMatchObject({ state: 'APPROVED' });
    expect(relay.batch.id).not.toBe(id);
  }
  const { id } = relay.batch!;
  relay.batch = { ...relay.batch!, state: 'COMPLETED_WITH_DOUBT', postings: relay.batch!.postings.map((one) => ({ ...one, outcome: 'uncertain' })) };
  await approve(pane);
  await approve(pane);
  expect(relay.batch).toMatchObject({ id, state: 'COMPLETED_WITH_DOUBT' });
}); // prettier-ignore

test('a held client is closed without invoice, with the reason', async () => {
  await toPosting({ held: BETA });
  const item = await row('Beta Manufacturing');
  expect(item.textContent).toMatch(/held.*ask the service desk/);
  await user.click(within(item).getByRole('button', { name: 'No invoice for October 2026 …' }));
  await user.type(within(item).getByRole('textbox'), 'contract ended{Enter}');
  await waitFor(() => expect(item.textContent).toMatch(/closed without invoice/));
  expect(opened.relay.closed).toEqual([BETA]);
  expect(within(item).getAllByRole('button').map((one) => one.textContent)).toEqual([
    'Bill Beta Manufacturing now',
  ]); // prettier-ignore
});

test('a mark of another relay stops posting until a person says whose it is', async () => {
  await toPosting();
  opened.relay.foreignMark = '[rly:ffffffffffff]';
  await user.click(button(/^Post 4 invoices/));
  const found = await region('Marks of another relay');
  expect(found.textContent).toMatch(/Nothing was sent.*\[rly:ffffffffffff\]: invoice 7/);
  expect(isOff(/^Post 4 invoices/)).toBe(true);
  await user.click(within(found).getByRole('button', { name: 'I know whose it is …' }));
  await user.type(within(found).getByRole('textbox'), 'the old server{Enter}');
  await waitFor(() => expect(isOff(/^Post 4 invoices/)).toBe(false));
  await user.click(button(/^Post 4 invoices/));
  await screen.findByRole('heading', { name: 'All invoices are posted' });
});

test('parked books say why, and a person lifts it with a reason', async () => {
  await toReview();
  opened.relay.parked = 'The batch is beyond the cap of 100000.00';
  render(<App pane={opened.pane} dark={false} />);
  await approve(opened.pane);
  const parked = await region('Nothing is sent');
  expect(parked.textContent).toMatch(/Nothing is sent to QuickBooks\. The batch is beyond the cap/);
  await user.click(within(parked).getByRole('button', { name: 'Lift the stop …' }));
  await user.type(within(parked).getByRole('textbox'), 'a good month{Enter}');
  await waitFor(() => expect(screen.queryByRole('region', { name: 'Nothing is sent' })).toBeNull());
});

test('a big change is looked at before it is approved', async () => {
  await toReview();
  opened.relay.mustSee.push('Acme Limited: 806.00 after 80.00');
  render(<App pane={opened.pane} dark={false} />);
  await approve(opened.pane);
  expect((await region('Big changes')).textContent).toMatch(/806\.00 after 80\.00/);
  expect(opened.relay.batch?.state).toBe('SUBMITTED');
  await user.click(button('I have looked: approve 4 invoices'));
  await screen.findByRole('heading', { name: 'Approved: post 4 invoices?' });
});

test('every invoice that differs is named after the read-back, drawn or not', async () => {
  await ended({});
  opened.relay.differing.push({
    key: `post:${DELTA}`, clientName: 'Delta Foods', ref: 'MB2610-0013', equal: false,
    fields: [{ name: 'Total', approved: '234.00', books: '230.00', equal: false }],
  }); // prettier-ignore
  await draw(opened.pane);
  const differs = await region('What differs');
  expect(differs.textContent).toMatch(/Delta Foods MB2610-0013.*Total234\.00230\.00/);
  expect(screen.getByText(/^3 of 4 invoices in the books equal/)).toBeTruthy();
});

/** Nothing of it is in the books before a person imports the file. */
test('books that are files: what is written there is exported, and imported once by hand', async () => {
  await toPosting({ isFile: true });
  opened.relay.outcomes.set(DELTA, { state: 'NEEDS_PERSON', outcome: 'uncertain' });
  await user.click(button('Export 4 invoices'));
  await screen.findByRole('heading', { name: 'Exported, with doubt' });
  await screen.findByText('3 of 4 exported');
  expect(screen.getByText(/^The invoices are in the file, not in your books yet\./).textContent).toMatch(/folder books\/qb of MCC's data.*import it from there once/); // prettier-ignore
  const doubt = await screen.findByRole('article', { name: 'Delta Foods' });
  expect(doubt.textContent).toMatch(/reached the file\. Do not enter it by hand yet/);
  expect(opened.workbook.written.audit.filter((row) => row[2] === 'exported')).toHaveLength(3);
  await user.click(button('Results into the sheet …'));
  expect((await region('Results into the sheet')).textContent).toMatch(/Column H: MCC exported/);
  await user.click(button(/^Write \d+ cells/));
  await waitFor(async () => {
    const { cells } = await opened.workbook.readSheet('Oct 2026');
    // Each client has two rows.
    const texts = cells.flatMap(({ value }) => (value.kind === 'text' ? value.text : []));
    expect(texts.filter((text) => text === 'exported')).toHaveLength(6);
  });
  expect(document.body.textContent).not.toMatch(/\bposted\b/i);
});

describe('results in the sheet', () => {
  const cellOf = async (address: string): Promise<string> => {
    const sheet = await opened.workbook.readSheet('Oct 2026');
    const at = { F: 6, G: 7, H: 8 }[address.charAt(0)];
    const cell = sheet.cells.find((one) => one.column === at && one.row === Number(address.slice(1)));
    return cell?.value.kind === 'text' ? cell.value.text : '';
  }; // prettier-ignore

  test('go into columns of their own, once a person has seen which', async () => {
    await ended({ [COBALT]: refused('no terms') });
    const linesNow = () => JSON.stringify(opened.pane.get().review?.dryRun.invoices.map(({ lines }) => lines)); // prettier-ignore
    const before = linesNow();
    await user.click(await screen.findByRole('button', { name: 'Results into the sheet …' }));
    const asked = await region('Results into the sheet');
    expect(asked.textContent).toMatch(
      /Column F: Invoice no\., new.*Column G: MCC status, new.*Column H: MCC posted, new.*4 clients/,
    );
    expect(opened.workbook.written.cells).toEqual([]);
    await user.click(within(asked).getByRole('button', { name: /^Write \d+ cells/ }));
    await waitFor(async () => expect(await cellOf('F2')).toBe('Invoice no.'));
    expect([await cellOf('F3'), await cellOf('G3')]).toEqual(['MB2610-0010', 'posted']);
    expect(await cellOf('H3')).toMatch(/^2026-1\d-\d\d$/);
    expect([await cellOf('F7'), await cellOf('G7')]).toEqual(['', 'rejected']);
    // What was read before is read after: no result is taken for a count.
    await user.click(await screen.findByRole('button', { name: 'Results into the sheet …' }));
    expect((await region('Results into the sheet')).textContent).toMatch(/Write 0 cells/);
    await user.click(button('Cancel'));
    await waitFor(() => expect(linesNow()).toBe(before)); // prettier-ignore
    // What comes later follows by itself.
    await user.click(button('Retry Cobalt Dental'));
    await waitFor(async () => expect(await cellOf('F7')).toBe('MB2610-0012'));
  });

  test('never overwrite what a person typed without saying so', async () => {
    const rows = monthInSheet.map((cells, at) =>
      at === 1 ? [...cells, 'Invoice #'] : at === 2 ? [...cells, 'paid cash'] : [...cells],
    );
    await toPosting({ rows });
    await post(opened.pane, false);
    await user.click(await screen.findByRole('button', { name: 'Results into the sheet …' }));
    const asked = await region('Results into the sheet');
    expect(asked.textContent).toMatch(/Column F: Invoice #Column G/);
    expect(asked.textContent).toMatch(/F3 holds “paid cash”, result “MB2610-0010”/);
    await user.click(within(asked).getByRole('button', { name: /^Write \d+ cells/ }));
    await waitFor(async () => expect(await cellOf('G3')).toBe('posted'));
    expect([await cellOf('F3'), await cellOf('F4')]).toEqual(['paid cash', 'MB2610-0010']);
    await user.click(await screen.findByRole('button', { name: 'Results into the sheet …' }));
    await user.click(await screen.findByRole('button', { name: 'Overwrite these 1 too' }));
    await waitFor(async () => expect(await cellOf('F3')).toBe('MB2610-0010'));
  });

  test('say what to do when the sheet is locked', async () => {
    await ended({});
    await user.click(await screen.findByRole('button', { name: 'Results into the sheet …' }));
    const words = 'The sheet is protected. Take the protection off, then repeat.';
    Object.assign(opened.pane.outside.workbook, {
      writeCells: () => Promise.reject(new AppError('INPUT_INVALID', words)),
    });
    await user.click(await screen.findByRole('button', { name: /^Write \d+ cells/ }));
    expect((await screen.findByRole('alert')).textContent).toMatch(/The sheet is protected/);
    expect(await region('Results into the sheet')).toBeTruthy();
  });

  test('are not written when the sheet changed meanwhile', async () => {
    await ended({});
    await user.click(await screen.findByRole('button', { name: 'Results into the sheet …' }));
    const asked = await region('Results into the sheet');
    opened.workbook.edit('Oct 2026!F3', 'mine');
    await user.click(within(asked).getByRole('button', { name: /^Write \d+ cells/ }));
    expect((await screen.findByRole('alert')).textContent).toMatch(
      /The sheet changed meanwhile\. Nothing was written/,
    );
    expect(opened.workbook.written.cells).toEqual([]);
  });
});
