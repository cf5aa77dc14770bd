// The buttons of the posting step under keys, and what is announced of their work.
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import type { BooksState } from '../../src/contract/contract.ts';
import { draw } from '../../taskpane/actions/check.ts';
import { post } from '../../taskpane/actions/post.ts';
import { ACME, BETA, COBALT, DELTA, button, refused } from './approved-month.tsx';
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

const user = userEvent.setup();
const said = (): string => screen.getByRole('status').textContent;

describe('the focus stays where it was', () => {
  /** As the browser does it: what is disabled has the focus no longer. */
  const loses = (element: HTMLElement): boolean => element.hasAttribute('disabled');

  test('on a button while its work is under way', async () => {
    await toPosting();
    learn({ state: 'COMPLETED_WITH_DOUBT' }, { [ACME]: DOUBT, [BETA]: refused });
    const { pane } = opened;
    const names = [/^Look in QuickBooks again/, /^Retry Beta/, /^Spot-check/, /^Refresh this list/, /^It is not there/, /^Give up/]; // prettier-ignore
    for (const name of names) await screen.findByRole('button', { name });
    pane.tell({ type: 'working', busy: { words: 'One moment' } });
    await waitFor(() => expect(button(names[0]!).getAttribute('aria-disabled')).toBe('true'));
    for (const name of names) expect(loses(button(name))).toBe(false);
  });

  test('on Post when it is refused', async () => {
    await toPosting();
    opened.relay.foreignMark = '[rly:ffffffffffff]';
    button(/^Post 4 invoices/).focus();
    await user.keyboard('{Enter}');
    await screen.findByRole('region', { name: 'Marks of another relay' });
    expect(loses(button(/^Post 4 invoices/))).toBe(false);
    expect(document.activeElement).toBe(button(/^Post 4 invoices/));
  });

  test('on the drawn invoice, the second time too', async () => {
    await ended({});
    await draw(opened.pane);
    await heading('Spot-check 1 of 4');
    opened.pane.tell({ type: 'went', step: 'posting' });
    await heading('All invoices are posted');
    opened.pane.tell({ type: 'went', step: 'spot-check' });
    await heading('Spot-check 1 of 4');
    await waitFor(() => expect(document.activeElement?.getAttribute('role')).toBe('group'));
    await user.keyboard(' ');
    await heading('Spot-check 2 of 4');
    await waitFor(() => expect(document.activeElement?.getAttribute('role')).toBe('group'));
  });
});

describe('one press is one verdict in the spot-check', () => {
  const verdicts = (): readonly string[] =>
    opened.relay.calls.filter((call) => call.endsWith('/spot-checks/:check'));

  async function drawn(): Promise<void> {
    await ended({});
    await draw(opened.pane);
    await heading('Spot-check 1 of 4');
    await waitFor(() => expect(document.activeElement?.getAttribute('role')).toBe('group'));
  }

  test.each([['Space', ' '], ['X', 'x']])('%s held down', async (_, key) => {
    await drawn();
    await user.keyboard(`{${key}>50/}`);
    await heading('Spot-check 2 of 4');
    expect(verdicts()).toHaveLength(1);
    await user.keyboard(`{${key}}`);
    await heading('Spot-check 3 of 4');
  }); // prettier-ignore

  test('a double click, the second on the next invoice', async () => {
    await drawn();
    await user.dblClick(button(/^Matches/));
    await heading('Spot-check 2 of 4');
    await waitFor(() => expect(button(/^Matches/).getAttribute('aria-disabled')).not.toBe('true'));
    fireEvent.click(button(/^Matches/), { detail: 2 });
    fireEvent.click(button(/^Does not match/), { detail: 2 });
    await user.hover(button(/^Matches/));
    await heading('Spot-check 2 of 4');
    expect(verdicts()).toHaveLength(1);
    await user.click(button(/^Matches/));
    await heading('Spot-check 3 of 4');
  });
});

describe('what is announced', () => {
  test('at the end names what is in doubt and what was refused', async () => {
    await ended({ [COBALT]: refused, [DELTA]: DOUBT });
    await waitFor(() => expect(said()).toBe('2 of 4 posted, 1 in doubt, 1 refused.'));
  });

  test('of a decision is what became of it: the last look may have found it', async () => {
    const nothing = { state: 'COMPLETED_WITH_DOUBT' } as const;
    await ended({ [COBALT]: DOUBT });
    const { relay, pane } = opened;
    const announced: string[] = [];
    pane.subscribe(() => announced.push(pane.get().announced));
    const card = (): Promise<HTMLElement> => screen.findByRole('article', { name: 'Cobalt Dental' });
    const give = async (): Promise<void> => {
      await user.click(within(await card()).getByRole('button', { name: 'Give up …' }));
      await user.type(within(await card()).getByRole('textbox', { name: /Why/ }), 'billed by hand{Enter}'); // prettier-ignore
    };
    relay.found.set(COBALT, { state: 'POSTED', outcome: 'created' });
    await give();
    await waitFor(() => expect(announced).toContain('Found in QuickBooks: it is posted.'));
    expect(announced).not.toContain('Given up.');
    relay.found.clear();
    learn(nothing, { [COBALT]: DOUBT });
    await give();
    await waitFor(() => expect(announced).toContain('Given up.'));
  }); // prettier-ignore

  test('of books that are files is exported', async () => {
    await toPosting({ isFile: true });
    const announced: string[] = [];
    opened.pane.subscribe(() => announced.push(opened.pane.get().announced));
    await post(opened.pane, false);
    expect(announced).toContain('Exporting has started.');
    expect(announced.join(' ')).not.toMatch(/post/i);
  });

  test('of the draw is as many as are drawn', async () => {
    await ended({});
    const announced: string[] = [];
    opened.pane.subscribe(() => announced.push(opened.pane.get().announced));
    await user.click(await screen.findByRole('button', { name: 'Spot-check 4 invoices' }));
    await heading('Spot-check 1 of 4');
    expect(announced.join(' ')).toMatch(/4 are drawn for you\./);
    await judgeAll();
    expect(await screen.findByRole('button', { name: 'Read them again' })).toBeTruthy();
  });
});

test('marks found on the way of a half-posted batch: nothing more was sent', async () => {
  await toPosting();
  const ready = { state: 'READY', outcome: 'not_created' } as const;
  learn({ state: 'PAUSED' }, { [DELTA]: ready });
  const foreignMarks = [{ marker: '[rly:ffffffffffff]', words: 'invoice 7' }];
  opened.pane.tell({ type: 'learned', news: { foreignMarks } });
  const found = await screen.findByRole('region', { name: 'Marks of another relay' });
  expect(found.textContent).toMatch(/Nothing more was sent\./);
});

test('the card of doubt asks the books, also while they are looked at; the list is only read again', async () => {
  await toPosting();
  learn({ state: 'COMPLETED_WITH_DOUBT' }, { [COBALT]: { state: 'UNKNOWN', outcome: 'uncertain' } }); // prettier-ignore
  opened.relay.found.set(COBALT, DOUBT);
  const card = await screen.findByRole('article', { name: 'Cobalt Dental' });
  await user.click(within(card).getByRole('button', { name: 'Look in QuickBooks again' }));
  await waitFor(() => expect(opened.relay.calls.at(-1)).toMatch(/^GET/));
  expect(opened.relay.calls.filter((call) => call.endsWith('/decide'))).toHaveLength(1);
  await user.click(button('Refresh this list'));
  expect(opened.relay.calls.filter((call) => call.endsWith('/decide'))).toHaveLength(1);
  expect(screen.queryByRole('button', { name: 'Look again' })).toBeNull();
});

test('a recovery is read again by its own button', async () => {
  await toPosting();
  const { relay } = opened;
  relay.recovery = { since: LATE as never, reason: 'the log is shorter', looked: 12, total: 40, needsPerson: false, words: 'it was restored' }; // prettier-ignore
  learn({ waiting: 'a recovery is under way' });
  const box = await screen.findByRole('region', { name: 'Recovery' });
  expect(box.textContent).toMatch(/12 of 40/);
  relay.recovery = { ...relay.recovery, looked: 31 };
  await user.click(within(box).getByRole('button', { name: 'See how far it is' }));
  await waitFor(() => expect(box.textContent).toMatch(/31 of 40/));
});

test('what the comparison found in the books is listed, but not twice', async () => {
  await toPosting();
  const finding = { key: null, ref: null, clientName: null, invoiceId: '7', words: '' };
  const findings: NonNullable<BooksState['sweep']>['findings'] = [
    { ...finding, kind: 'foreign', ref: 'MB2610-0040', words: 'Invoice 7 bears a number of our series and no mark of ours' },
    { ...finding, kind: 'missing', key: `post:${COBALT}`, ref: 'MB2610-0012', clientName: 'Cobalt Dental', words: 'MB2610-0012 is gone from the books' },
    { ...finding, kind: 'missing', key: 'post:september', ref: 'MB2609-0003', clientName: 'Acme Limited', words: 'MB2609-0003 is gone from the books' },
  ]; // prettier-ignore
  opened.relay.sweep = { at: LATE as never, from: '2026-09-16' as never, to: '2026-10-31' as never, compared: 80, failed: null, late: false, findings }; // prettier-ignore
  learn({ state: 'COMPLETED' }, { [COBALT]: GONE });
  const list = await screen.findByRole('group', { name: 'Last comparison' });
  expect(list.textContent).toMatch(/^2 things to look at in QuickBooks/);
  expect(list.textContent).toMatch(/Unknown client MB2610-0040not oursInvoice 7 bears a number of our series/); // prettier-ignore
  expect(list.textContent).toMatch(/Acme Limited MB2609-0003goneMB2609-0003 is gone from the books\./); // prettier-ignore
  expect(list.textContent).not.toMatch(/Cobalt/);
});

test('a finding stays in the list while the invoice says something else', async () => {
  await toPosting();
  const finding = { kind: 'mismatch' as const, ref: null, invoiceId: '7', words: '' };
  const findings = [
    { ...finding, key: `post:${COBALT}`, clientName: 'Cobalt Dental' },
    { ...finding, key: `post:${DELTA}`, clientName: 'Delta Foods' },
  ];
  opened.relay.sweep = { at: LATE as never, from: '2026-09-16' as never, to: '2026-10-31' as never, compared: 80, failed: null, late: false, findings }; // prettier-ignore
  learn({ state: 'COMPLETED' }, { [COBALT]: { state: 'VOIDED' }, [DELTA]: { state: 'MISMATCH' } });
  const list = await screen.findByRole('group', { name: 'Last comparison' });
  expect(list.textContent).toMatch(/Cobalt Dental.*not as approved/);
  expect(list.textContent).not.toMatch(/Delta/);
});

test('a cap: lifting the stop does not promise what is beyond it', async () => {
  await toPosting();
  opened.relay.parked = 'The batch comes to 61200.00 USD; the configuration allows 60000.00 USD';
  learn({ state: 'POSTING', waiting: 'parked' });
  const box = await screen.findByRole('region', { name: 'Nothing is sent' });
  await user.click(within(box).getByRole('button', { name: 'Lift the stop …' }));
  expect(box.textContent).toMatch(/What is beyond it stops again until the cap is raised/);
});
