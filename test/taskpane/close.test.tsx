// The close as a person does it, from refresh to spot-check, on the screen that ships.
import { cleanup, configure, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { begin } from '../../taskpane/actions/begin.ts';
import { listen } from '../../taskpane/actions/listen.ts';
import { App } from '../../taskpane/App.tsx';
import { openPane, type OpenPane } from './open-pane.ts';
import { month, monthInSheet } from './month.ts';

// The pane changes by itself (relay, sheet), so React runs as it does in the browser.
beforeEach(() => Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false }));

// Steps load lazily, on a busy machine not within the usual second.
configure({ asyncUtilTimeout: 8000 });
const user = userEvent.setup();
let opened: OpenPane;

const button = (name: string | RegExp): HTMLElement => screen.getByRole('button', { name });
const isOff = (name: RegExp): boolean => button(name).getAttribute('aria-disabled') === 'true';
const main = (): HTMLElement => screen.getByRole('main');

async function open(): Promise<void> {
  opened = openPane(month);
  render(<App pane={opened.pane} dark={false} />);
  await begin(opened.pane);
  await listen(opened.pane);
}

async function toReview(): Promise<void> {
  await open();
  await user.click(await screen.findByRole('button', { name: 'Start October 2026' }));
  await user.click(await screen.findByRole('button', { name: 'Refresh counts' }));
  await screen.findByRole('treegrid');
}

async function toApproval(): Promise<void> {
  await toReview();
  for (const keep of screen.getAllByRole('button', { name: 'Keep' }))
    if (keep.isConnected) await user.click(keep);
  await user.click(button(/^Approve \d+ …/));
}

async function toPosting(): Promise<void> {
  await toApproval();
  await user.click(await screen.findByRole('button', { name: /^Approve 4 invoices/ }));
  await screen.findByRole('heading', { name: 'Approved: post 4 invoices?' });
}

test('starting writes the month, the sheet and nothing else', async () => {
  await open();
  await user.click(await screen.findByRole('button', { name: 'Start October 2026' }));
  await screen.findByRole('heading', { name: 'October 2026 is open' });
  expect(await opened.workbook.readName('MCC_Period')).toBe('2026-10');
  expect(await opened.workbook.readSettings()).toEqual({ 'mcc.sheet': '2026-10|Oct 2026' });
  expect(opened.workbook.written.cells).toEqual([]);
});

test('refresh writes one stamp, highlights, and tells the result once', async () => {
  await toReview();
  expect(await opened.workbook.readName('MCC_AsOf')).toBe('2026-10|snap-1');
  expect(opened.workbook.written.cells).toEqual([]);
  expect(
    opened.workbook.written.highlights.some(
      (one) => one.cell === 'Oct 2026!C6' && one.kind === 'flagged',
    ),
  ).toBe(true);
  expect(screen.getByRole('status').textContent).toMatch(
    /^8 lines, 3 changed, \d clients? needs? a look\.$/,
  );
});

test('the client that dropped stands on top with its sentence; approving waits for an answer', async () => {
  await toReview();
  const card = screen.getByRole('article', { name: 'Beta Manufacturing' });
  expect(card.textContent).toMatch(/EDR agent/);
  await user.click(button(/^Approve \d+ …/));
  await screen.findByRole('button', { name: /^Approve 4 invoices/ });
  expect(isOff(/^Approve 4 invoices/)).toBe(true);
  await user.click(
    within(await screen.findByRole('region', { name: 'Still to decide' })).getByRole('button', {
      name: 'Keep',
    }),
  );
  await waitFor(() => expect(isOff(/^Approve 4 invoices/)).toBe(false));
});

test('a held client leaves the batch, with its reason', async () => {
  await toReview();
  await user.click(
    within(screen.getByRole('article', { name: 'Beta Manufacturing' })).getByRole('button', {
      name: 'Hold …',
    }),
  );
  await user.type(
    await screen.findByRole('textbox', { name: /Why hold Beta/ }),
    'ask the service desk{Enter}',
  );
  await user.click(button(/^Approve \d+ …/));
  await user.click(await screen.findByRole('button', { name: /^Approve 3 invoices/ }));
  await screen.findByRole('heading', { name: 'Approved: post 3 invoices?' });
  expect(opened.relay.drafts[0]?.held).toEqual([
    { clientId: '80000001-17', reason: 'ask the service desk' },
  ]);
  expect(opened.relay.drafts[0]?.invoices.map((one) => one.clientId)).not.toContain('80000001-17');
});

test('the sheet is read once more: what changed meanwhile is named and nothing is sent', async () => {
  await toApproval();
  opened.workbook.edit('Oct 2026!C3', 32);
  await user.click(await screen.findByRole('button', { name: /^Approve 4 invoices/ }));
  expect((await screen.findByRole('alert')).textContent).toMatch(
    /Acme Limited, .*quantity was 31, now 32 \(Oct 2026!C3\)/,
  );
  expect(opened.relay.drafts).toEqual([]);
});

test('approving is one decision; pressing twice is one batch', async () => {
  await toApproval();
  const approve = await screen.findByRole('button', { name: /^Approve 4 invoices/ });
  await Promise.all([user.click(approve), user.click(approve)]);
  await screen.findByRole('heading', { name: 'Approved: post 4 invoices?' });
  expect(opened.relay.calls.filter((call) => call === 'POST /api/batches').length).toBe(1);
  expect(opened.workbook.written.audit[0]?.[2]).toBe('approved');
});

test('a line changed after the approval blocks its client, by name; the others can be posted', async () => {
  await toPosting();
  opened.workbook.edit('Oct 2026!C3', 32);
  await user.click(button(/^Post 4 invoices/));
  expect((await screen.findByRole('alert')).textContent).toMatch(
    /Acme Limited.*quantity was 31, now 32/,
  );
  await user.click(button(/^Post the other 3/));
  await screen.findByText('3 of 4 posted', {}, { timeout: 4000 });
  expect(opened.relay.batch?.postings.find((one) => one.clientName === 'Acme Limited')?.state).toBe(
    'BLOCKED',
  );
});

test('an invoice that was typed by hand stops everything until it was looked at', async () => {
  await toPosting();
  opened.relay.typedByHand = 'Acme Limited';
  await user.click(button(/^Post 4 invoices/));
  const found = await screen.findByRole('region', { name: 'In the books already' });
  expect(found.textContent).toMatch(/Nothing was sent.*Acme Limited: invoice number 1042/);
  expect(opened.relay.batch?.state).toBe('APPROVED');
  await user.click(button(/^Post 4 invoices.*they are others/));
  await screen.findByRole('heading', { name: 'All invoices are posted' }, { timeout: 4000 });
  expect(screen.queryByRole('region', { name: 'In the books already' })).toBeNull();
});

test('a pane that is opened again finds the batch that is being posted', async () => {
  await toPosting();
  await user.click(button(/^Post 4 invoices/));
  cleanup();
  opened = openPane(month, monthInSheet, opened.relay);
  render(<App pane={opened.pane} dark={false} />);
  await begin(opened.pane);
  await screen.findByRole('heading', { name: 'All invoices are posted' }, { timeout: 4000 });
  expect(opened.relay.calls.filter((call) => call === 'POST /api/batches').length).toBe(1);
  expect(opened.relay.calls.filter((call) => call.endsWith('/post')).length).toBe(1);
});

test('posting goes through to the spot-check of the drawn invoices', async () => {
  await toPosting();
  await user.click(button(/^Post 4 invoices/));
  await screen.findByRole('heading', { name: 'All invoices are posted' }, { timeout: 4000 });
  expect(opened.workbook.written.audit.filter((row) => row[2] === 'posted').length).toBe(4);
  await user.click(button('Spot-check 4 invoices'));
  for (const drawn of [1, 2, 3, 4]) {
    await screen.findByRole('heading', { name: `Spot-check ${drawn} of 4` });
    await user.keyboard(' ');
  }
  await screen.findByRole('heading', { name: 'October 2026 is closed' });
});

test('an invoice in doubt is never called failed, and the choices wait behind the evidence', async () => {
  await toPosting();
  opened.relay.outcomes.set('80000002-17', {
    state: 'NEEDS_PERSON', outcome: 'uncertain', lookups: 3, nextStep: 'Look in QuickBooks for MB2610-0012.', evidence: [{ at: '2026-10-31T10:01:00.000Z' as never, words: 'No answer in 20 s.' }],
  }); // prettier-ignore
  await user.click(button(/^Post 4 invoices/));
  const card = await screen.findByRole('article', { name: 'Cobalt Dental' }, { timeout: 4000 });
  expect(card.textContent).toMatch(
    /We do not know whether invoice MB2610-0012 for Cobalt Dental, 312\.00 USD, reached QuickBooks\. Do not enter it by hand yet\./,
  );
  expect(main().textContent).not.toMatch(/failed/i);
  await user.dblClick(within(card).getByRole('button', { name: 'It is not there …' }));
  await user.keyboard('{Enter}');
  expect(opened.relay.calls.filter((call) => call.endsWith('/decide'))).toEqual([]);
  const asked = within(card).getByRole('group', { name: 'It is not there' });
  await user.click(within(asked).getByRole('button', { name: 'Cancel' }));
  expect(document.activeElement?.textContent).toBe('It is not there …');
  await user.keyboard('{Enter}');
  await user.click(within(card).getByRole('button', { name: /send it again/ }));
  await screen.findByRole('heading', { name: 'All invoices are posted' }, { timeout: 4000 });
});

test('what the books refused is shown with its reason and tried again alone', async () => {
  await toPosting();
  opened.relay.outcomes.set('80000003-17', {
    state: 'REJECTED',
    outcome: 'not_created',
    retriable: true,
    reason: 'Delta Foods: the customer is inactive.',
  });
  await user.click(button(/^Post 4 invoices/));
  await screen.findByText(/^QuickBooks refused it\. Delta Foods: the customer is inactive\.$/);
  await user.click(button('Retry Delta Foods'));
  await screen.findByRole('heading', { name: 'All invoices are posted' }, { timeout: 4000 });
});

test('an edit in the sheet is taken over by itself, and typing over a count asks why', async () => {
  await toReview();
  opened.workbook.edit('Oct 2026!C7', 14);
  await waitFor(() => expect(screen.getByText(/12 → 14/)).toBeTruthy(), { timeout: 3000 });
});

test('the list is walked with the keyboard alone', async () => {
  await toReview();
  const rows = (): HTMLElement[] => within(screen.getByRole('treegrid')).getAllByRole('row');
  rows()[1]?.focus();
  await user.keyboard('{ArrowDown}');
  await waitFor(() => expect(document.activeElement?.getAttribute('aria-rowindex')).toBe('3'));
  await user.keyboard('f');
  await waitFor(() => expect(button(/Flagged/).getAttribute('aria-pressed')).toBe('true'));
  await user.keyboard('{End}');
  await user.keyboard('{Home}{ArrowDown}d');
  await screen.findByRole('button', { name: 'Back to the list' });
  await user.keyboard('{Escape}');
  await screen.findByRole('treegrid');
});

test('a trouble says what to do and stays until it is closed', async () => {
  await open();
  const { AppError } = await import('../../src/core/errors.ts');
  opened.relay.fail = new AppError('SOURCE_DOWN', 'MCC is not reachable.');
  await user.click(await screen.findByRole('button', { name: 'Start October 2026' }));
  await user.click(await screen.findByRole('button', { name: 'Refresh counts' }));
  expect((await screen.findByRole('alert')).textContent).toMatch(
    /MCC is not reachable\. The service does not answer\. Try again later\./,
  );
  await user.click(button('Close'));
  expect(screen.queryByRole('alert')).toBeNull();
});
