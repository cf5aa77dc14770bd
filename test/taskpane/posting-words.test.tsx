// What the posting step says is true of the invoices, whatever their batch is called.
import { cleanup, screen, waitFor } from '@testing-library/react';
import { AppError } from '../../src/core/errors.ts';
import type { Batch, Posting } from '../../src/contract/contract.ts';
import { post } from '../../taskpane/actions/post.ts';
import { moment } from '../../taskpane/words.ts';
import { ACME, BETA, COBALT, DELTA, button, refused, row } from './approved-month.tsx';
import {
  DOUBT,
  GONE,
  LATE,
  ended,
  heading,
  judgeAll,
  learn,
  opened,
  toPosting,
} from './to-posting.tsx';

beforeEach(() => Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false }));
afterEach(cleanup);

const main = (): string => screen.getByRole('main').textContent;
const said = (): string => screen.getByRole('status').textContent;

describe('the spot-check calls the month closed', () => {
  test('when the relay does, and every invoice is equal', async () => {
    await ended({});
    await judgeAll();
    await heading('October 2026 is closed');
    expect(said()).toBe('4 invoices looked at.');
  });

  test('not while one is refused, in doubt or held, and names them', async () => {
    await toPosting({ held: BETA });
    opened.relay.outcomes.set(COBALT, refused).set(DELTA, DOUBT);
    await post(opened.pane, false);
    await judgeAll();
    await heading('October 2026 is not closed yet: 1 in doubt, 1 refused, 1 held');
  });

  test('not for what another batch of the month leaves open', async () => {
    await ended({});
    const [first] = opened.relay.batch!.postings;
    learn({ openElsewhere: [{ ...first!, ...refused, key: 'post:other', batchId: 'batch-0' }] });
    await judgeAll();
    await heading('October 2026 is not closed yet: 1 refused');
  });

  test('not with an invoice that is gone: it counts as not equal', async () => {
    await ended({ [DELTA]: GONE });
    await judgeAll();
    await heading('Not closed: something differs');
    expect(main()).toMatch(/3 of 4 invoices in the books equal/);
  });
});

describe('the heading of the posting step is that of its invoices', () => {
  const ends: readonly (readonly [string, Partial<Batch>, Partial<Posting>, Partial<Posting>, string])[] = [
    ['all posted', { state: 'COMPLETED' }, {}, {}, 'All invoices are posted'],
    ['one gone since then', { state: 'COMPLETED' }, GONE, {}, 'Posted, with exceptions'],
    ['one in doubt', { state: 'COMPLETED_WITH_DOUBT' }, DOUBT, {}, 'Posted, with doubt'],
    ['none posted', { state: 'COMPLETED_WITH_EXCEPTIONS' }, refused, refused, 'No invoice is posted'],
    ['none posted, one in doubt', { state: 'COMPLETED_WITH_DOUBT' }, DOUBT, refused, 'None is posted for certain'],
  ]; // prettier-ignore
  test('in each case', async () => {
    await toPosting();
    for (const [, batch, acme, others, words] of ends) {
      learn(batch, { [ACME]: acme, [BETA]: others, [COBALT]: others, [DELTA]: others });
      await heading(words);
    }
    const [first] = opened.relay.batch!.postings;
    learn({ state: 'COMPLETED', openElsewhere: [{ ...first!, ...refused, key: 'post:other' }] });
    await heading('All invoices of this approval are posted');
  });
});

test('an invoice on its way is sending, not in doubt; only what may still come is to go', async () => {
  await toPosting();
  learn({ state: 'POSTING' }, {
    [ACME]: { state: 'SENDING', outcome: 'uncertain' },
    [BETA]: { state: 'MISMATCH', outcome: 'created', reason: 'x' },
    [COBALT]: { state: 'CANCELLED', outcome: 'not_created', reason: 'given up by Robin' },
  }); // prettier-ignore
  await heading('Posting');
  expect(screen.queryByRole('region', { name: 'Not known' })).toBeNull();
  expect(main()).not.toMatch(/by hand yet/);
  expect((await row('Acme Limited')).closest('details')?.textContent).toMatch(/^Sending 1/);
  expect(main()).toMatch(/234\.00 USD posted · 806\.00 USD to go/);
});

test('what was given back and then blocked is not called sent', async () => {
  await ended({
    [COBALT]: { state: 'BLOCKED', outcome: 'not_created', block: 'books', reason: 'it is closed' },
  });
  const item = await row('Cobalt Dental');
  expect(item.textContent).toMatch(/Not sent\. It is closed\./);
  expect(item.textContent).not.toMatch(/Sent /);
});

describe('times are of the own clock and sums in the own notation', () => {
  test('in a trouble, an ended approval and a comparison that failed', async () => {
    await toPosting();
    const { pane, relay } = opened;
    relay.sweep = { at: LATE as never, from: '2026-09-16' as never, to: '2026-10-31' as never, compared: 0, failed: `no answer since ${LATE}`, late: true, findings: [] }; // prettier-ignore
    const words = `MB2610-0012 may still turn up in the books: decide from ${LATE} on.`;
    pane.tell({ type: 'failed', error: new AppError('TOO_EARLY', words) });
    expect((await screen.findByRole('alert')).textContent).toMatch(`decide from ${moment(LATE)} on`); // prettier-ignore
    pane.tell({ type: 'dismissed' });
    learn({ state: 'STALE', reason: `the approval ended at ${LATE}` }, {});
    await screen.findByText(new RegExp(`^The approval ended at ${moment(LATE)}\\. Nothing was`));
    await screen.findByText(new RegExp(`No answer since ${moment(LATE)}\\.`));
    expect(document.body.textContent).not.toMatch(/T10:32/);
  });

  test('in a cap, a big change, a look-alike and the fields of an invoice', async () => {
    await toPosting();
    const { relay } = opened;
    relay.parked = 'The batch comes to 61200.00 USD; the configuration allows 60000.00 USD';
    const [first] = relay.batch!.postings;
    const field = { name: 'Total', approved: '1612.50', books: '1590.50', equal: false };
    relay.beside.set(first!.key, [{ invoiceId: 'TX-1', ref: '2026.10', ours: true, fields: [field] }]); // prettier-ignore
    learn({ state: 'COMPLETED' }, { [ACME]: { state: 'MISMATCH', reason: 'Total: approved 1612.50, in the books 1590.50' } }); // prettier-ignore
    await screen.findByText(/comes to 61,200\.00 USD; the configuration allows 60,000\.00 USD/);
    const item = await row('Acme Limited');
    await waitFor(() => expect(item.textContent).toMatch(/Total1,612\.501,590\.50/));
    expect(item.textContent).toMatch(/approved 1,612\.50, in the books 1,590\.50/);
    learn({ state: 'SUBMITTED', mustSee: ['With this batch the month comes to 1612.50 USD'] });
    await screen.findByText('With this batch the month comes to 1,612.50 USD');
  });

  test('a look-alike has its currency', async () => {
    await toPosting();
    opened.relay.typedByHand = 'Acme Limited';
    await post(opened.pane, false);
    await screen.findByText(/invoice number 1042 of 2026-10-30 over 806\.00 USD$/);
  });
});

describe('a line that changed after the approval', () => {
  test('of a client whose invoice is not sent: review and approve again', async () => {
    await toPosting();
    opened.workbook.edit('Oct 2026!C3', 32);
    await post(opened.pane, false);
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toMatch(/1 client will not be posted/);
    expect(alert.textContent).toMatch(/Review this client and approve it again\.$/);
    expect(alert.textContent).not.toMatch(/Undo/);
  });

  test('of a client that is posted stops nothing and is told as what it is', async () => {
    await toPosting();
    const { pane } = opened;
    const ready = { state: 'READY', outcome: 'not_created' } as const;
    learn({ state: 'PAUSED' }, { [BETA]: ready, [COBALT]: ready, [DELTA]: ready });
    const lapsed = [{ clientId: ACME, words: 'quantity was 31, now 32.', cell: null }];
    pane.tell({ type: 'learned', news: { lapsed } });
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toMatch(/^Sent as approved, and the sheet differs now: 1 client\./);
    expect(alert.textContent).not.toMatch(/will not be posted/);
    expect(button(/^Resume: 3 invoices/)).toBeTruthy();
  });
});

test('a conflict is answered by its cause', async () => {
  await toPosting();
  const causes: readonly (readonly [Posting['block'], RegExp, RegExp])[] = [
    ['ours in books', /Void it there first, every copy of it, then approve/, /Change its number/],
    [
      'number taken',
      /Enter no other: void it there, then approve the client again.*Is it another one\? Change its number there, then approve.*If none is to be billed, say that no invoice is due/,
      /Void/,
    ],
    ['tampered', /who changed the database of MCC/, /Change its number/],
  ];
  for (const [block, words, never] of causes) {
    learn({ state: 'COMPLETED_WITH_DOUBT' }, { [COBALT]: { state: 'CONFLICT', outcome: 'not_created', block: block ?? null, reason: `because: ${String(block)}` } }); // prettier-ignore
    await waitFor(async () => expect((await row('Cobalt Dental')).textContent).toMatch(words));
    expect((await row('Cobalt Dental')).textContent).not.toMatch(never);
  }
});

describe('under the two-person rule', () => {
  test('who sent it in is told to wait, another person has the button', async () => {
    await toPosting({ twoPersons: true });
    await screen.findByText(/^You have sent it in\. Another person approves it/);
    expect(screen.queryByRole('button', { name: /^Approve as/ })).toBeNull();
    const { pane, relay } = opened;
    pane.tell({ type: 'learned', news: { batch: { ...relay.batch!, preparedBy: 'Sam' } } });
    await screen.findByRole('button', { name: 'Approve as second person' });
  });
});
