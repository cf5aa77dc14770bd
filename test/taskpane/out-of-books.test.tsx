// What was voided, deleted or given up: who is billed again is a person's word, and doubt stays doubt.
import { cleanup, configure, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import type { Posting } from '../../src/contract/contract.ts';
import { draw, judge } from '../../taskpane/actions/check.ts';
import { approveOne, BETA, billed, button, COBALT, DELTA, ended, findButton, heading, lapsed, refused, row } from './approved-month.tsx'; // prettier-ignore
import type { OpenPane } from './open-pane.ts';

beforeEach(() => Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false }));
afterEach(cleanup);

configure({ asyncUtilTimeout: 8000 });
const user = userEvent.setup();

const voided: Partial<Posting> = { state: 'VOIDED', outcome: 'created' };
const gone: Partial<Posting> = { state: 'MISSING_IN_LEDGER', outcome: 'created' };
const altered: Partial<Posting> = { state: 'MISMATCH', outcome: 'created' };
const inConflict: Partial<Posting> = { state: 'CONFLICT', outcome: 'not_created', reason: 'taken' };
const inDoubt: Partial<Posting> = { state: 'NEEDS_PERSON', outcome: 'uncertain' };

const doubt = (): Promise<HTMLElement> => screen.findByRole('article', { name: 'Cobalt Dental' });
async function giveUp(reason: string): Promise<void> {
  const card = await doubt();
  await user.click(within(card).getByRole('button', { name: 'Give up …' }));
  await user.type(within(card).getByRole('textbox', { name: /Why/ }), `${reason}{Enter}`);
}

describe('what was voided or deleted in the books', () => {
  test('is billed again where a person reviews that client, and in no other approval', async () => {
    const opened = await ended({ [COBALT]: voided, [DELTA]: gone }, { held: BETA });
    await user.click(await findButton('Bill Beta Manufacturing now'));
    await approveOne();
    expect(billed(opened)).toEqual([BETA]);
    expect(opened.relay.drafts.at(-1)?.held.map(({ reason }) => reason)).toEqual([
      'MB2610-0011 is voided in the books',
      'MB2610-0012 is gone from the books',
    ]);
  });

  test('is held again when it is voided once more: it was asked for one approval only', async () => {
    const opened = await ended({ [COBALT]: voided }, { held: BETA });
    const { relay } = opened;
    await user.click(await findButton('Review Cobalt Dental'));
    await approveOne();
    relay.outcomes.clear();
    await user.click(button(/^Post 1 invoice/));
    await heading('All invoices are posted');
    const again = { ...relay.batch!.postings[0]!, ...voided };
    relay.batch = { ...relay.batch!, postings: [again] };
    await user.click(button('Refresh this list'));
    await row('Cobalt Dental');
    await user.click(await findButton('Bill Beta Manufacturing now'));
    await approveOne();
    expect(billed(opened)).toEqual([BETA]);
    expect(relay.drafts.at(-1)?.held).toEqual([
      { clientId: COBALT, reason: 'MB2610-0020 is voided in the books' },
    ]);
  });

  test.each([['voided', voided], ['gone', gone]])('%s: reviewed, approved and posted anew', async (_, end) => {
    const opened = await ended({ [COBALT]: end });
    await user.click(await findButton('Review Cobalt Dental'));
    await approveOne();
    expect(billed(opened)).toEqual([COBALT]);
    opened.relay.outcomes.clear();
    await user.click(button(/^Post 1 invoice/));
    await heading('All invoices are posted');
  }); // prettier-ignore

  test.each([['voided', voided], ['gone', gone], ['refused', refused], ['lapsed', lapsed], ['altered', altered], ['in conflict', inConflict]])('%s: closed without invoice, and billed after all', async (_, end) => {
    const opened = await ended({ [COBALT]: end });
    const item = await row('Cobalt Dental');
    await user.click(within(item).getByRole('button', { name: 'No invoice for October 2026 …' }));
    await user.type(within(item).getByRole('textbox'), 'contract ended{Enter}');
    await screen.findByText('Given up or replaced');
    expect(opened.relay.closed).toEqual([COBALT]);
    await user.click(await screen.findByText('Given up or replaced'));
    await user.click(await findButton('Bill Cobalt Dental now'));
    await approveOne();
    expect(billed(opened)).toEqual([COBALT]);
  }); // prettier-ignore
});

test('what was deleted while in doubt is not sent again: it is given up, then approved anew', async () => {
  const nextStep = 'It is gone: invoice 7 was deleted in QuickBooks. Give it up, and approve it anew if it is to go out again.'; // prettier-ignore
  const opened = await ended({ [COBALT]: { ...inDoubt, mayResend: false, nextStep } });
  const card = await doubt();
  expect(card.textContent).toMatch(/Somebody deleted invoice MB2610-0012 for Cobalt Dental/);
  expect(card.textContent).toMatch(/was deleted in QuickBooks\. Give it up/);
  expect(card.textContent).not.toMatch(/send it again|We do not know whether/);
  expect(within(card).queryByRole('button', { name: /It is not there|send it again/ })).toBeNull();
  await giveUp('the client left');
  await user.click(await screen.findByText('Given up or replaced'));
  await user.click(await findButton('Bill Cobalt Dental now'));
  await approveOne();
  expect(billed(opened)).toEqual([COBALT]);
});

describe('what was given up while the books gave no answer', () => {
  async function unseen(): Promise<OpenPane> {
    const opened = await ended({ [COBALT]: inDoubt });
    opened.relay.silent.add(COBALT);
    return opened;
  }

  test('needs a reason, and the question says that it stays not known', async () => {
    const opened = await unseen();
    const card = await doubt();
    await user.click(within(card).getByRole('button', { name: 'Give up …' }));
    const asked = within(card).getByRole('group', { name: 'Give up' });
    expect(asked.textContent).toMatch(/If QuickBooks gives no answer, it stays not known whether/);
    expect(within(asked).getByRole('button', { name: 'Give up' })).toHaveProperty('disabled', true);
    await user.keyboard('{Enter}');
    expect(opened.relay.calls.filter((call) => call.endsWith('/decide'))).toEqual([]);
  });

  test('stands in a group of its own as not known, in no approval until a person has looked', async () => {
    const opened = await unseen();
    const announced: string[] = [];
    opened.pane.subscribe(() => announced.push(opened.pane.get().announced));
    await giveUp('the file is lost');
    const item = await row('Cobalt Dental');
    expect(item.closest('details')?.textContent).toMatch(/^Given up, not known 1/);
    expect(item.textContent).toMatch(/not known whether it is in the books: the file is lost\. ?Nobody knows whether it is in QuickBooks: look there before/); // prettier-ignore
    expect(screen.queryByText('Given up or replaced')).toBeNull();
    expect(announced).toContain('Given up. Nobody knows whether it is in QuickBooks.');
    await heading('Posted, with doubt');
    await waitFor(() => expect(screen.getByRole('status').textContent).toBe('3 of 4 posted, 1 given up and not known.')); // prettier-ignore
    await draw(opened.pane);
    for (const { key } of opened.pane.get().spotCheck!.invoices) await judge(opened.pane, key, 'matches'); // prettier-ignore
    await heading('October 2026 is closed');
    await screen.findByText(/^1 invoice given up without an answer: nobody knows whether it is in/);
    await user.click(await findButton(/5 Post/));
    await user.click(await findButton('Bill Cobalt Dental now'));
    await approveOne();
    expect(billed(opened)).toEqual([COBALT]);
  });
});
