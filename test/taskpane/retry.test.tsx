// A retry is a send like any other: what the books may hold already is shown before it goes out.
import { cleanup, configure, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import type { Posting } from '../../src/contract/contract.ts';
import { retryFailed } from '../../taskpane/actions/decide.ts';
import { ACME, button, COBALT, ended, findButton, heading, refused, region, row } from './approved-month.tsx'; // prettier-ignore
import type { OpenPane } from './open-pane.ts';

beforeEach(() => Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false }));
afterEach(cleanup);

configure({ asyncUtilTimeout: 8000 });
const user = userEvent.setup();

const BOOKS = 'In the books already';

test('a retry that the books may hold already names the document, and the next one says it was seen', async () => {
  const opened = await ended({ [COBALT]: refused });
  opened.relay.typedByHand = 'Cobalt Dental';
  await user.click(await findButton('Retry Cobalt Dental'));
  const found = await region(BOOKS);
  expect(found.textContent).toMatch(/Nothing more was sent/);
  expect(found.textContent).toMatch(
    /Cobalt Dental: invoice number 1042 of 2026-10-30 over 312\.00/,
  );
  expect(found.textContent).toMatch(
    /say so with "No invoice"\. Another one\? Retry all the same\./,
  );
  expect((await row('Cobalt Dental')).textContent).toMatch(/refused it/);
  await user.click(await findButton('Retry Cobalt Dental, it is another'));
  await heading('All invoices are posted');
  expect(screen.queryByRole('region', { name: BOOKS })).toBeNull();
});

test('a mark of another relay that stops a retry is shown too', async () => {
  const opened = await ended({ [COBALT]: refused });
  opened.relay.foreignMark = '[rly:ffffffffffff]';
  await user.click(await findButton('Retry Cobalt Dental'));
  const found = await region('Marks of another relay');
  await user.click(within(found).getByRole('button', { name: 'I know whose it is …' }));
  await user.type(within(found).getByRole('textbox'), 'the old server{Enter}');
  await waitFor(() => expect(screen.queryByRole('region', { name: 'Marks of another relay' })).toBeNull()); // prettier-ignore
  await user.click(await findButton('Retry Cobalt Dental'));
  await heading('All invoices are posted');
});

describe('what was in doubt and is sent again', () => {
  const inDoubt: Partial<Posting> = { state: 'NEEDS_PERSON', outcome: 'uncertain' };

  async function refusedForAnAlike(): Promise<OpenPane> {
    const opened = await ended({ [COBALT]: inDoubt });
    opened.relay.typedByHand = 'Cobalt Dental';
    await user.click(await findButton('It is not there …'));
    await user.click(button('Yes, I looked: send it again'));
    await region(BOOKS);
    return opened;
  }

  test('is shown with what the books hold like it, in the question and outside', async () => {
    const { relay } = await refusedForAnAlike();
    const asked = screen.getByRole('group', { name: 'It is not there' });
    const words = /Cobalt Dental: invoice number 1042 of 2026-10-30 over 312\.00 USD/;
    await waitFor(() => expect(asked.textContent).toMatch(words));
    expect(asked.textContent).toMatch(/, id typed-1/);
    expect((await region(BOOKS)).textContent).toMatch(words);
    expect((await region(BOOKS)).textContent).toMatch(/say "It is there" with its id, or give this one up/); // prettier-ignore
    expect(relay.seen).toEqual([]);
    await user.click(await findButton('Yes, I looked, it is another: send it again'));
    await heading('All invoices are posted');
    expect(relay.seen).toEqual(['typed-1']);
    expect(screen.queryByRole('region', { name: BOOKS })).toBeNull();
  });

  test('has nothing in its way any more once it was found', async () => {
    const opened = await refusedForAnAlike();
    opened.relay.found.set(COBALT, { state: 'POSTED', outcome: 'created' });
    await user.click(await findButton('Look in QuickBooks again'));
    await heading('All invoices are posted');
    await waitFor(() => expect(screen.queryByRole('region', { name: BOOKS })).toBeNull());
  });
});

test('of several the one in the way waits, the others go out', async () => {
  const opened = await ended({ [ACME]: refused, [COBALT]: refused });
  opened.relay.typedByHand = 'Cobalt Dental';
  await user.click(await findButton('Retry 2'));
  await region(BOOKS);
  await screen.findByText('3 of 4 posted');
  await user.click(await findButton('Retry Cobalt Dental, it is another'));
  await heading('All invoices are posted');
});

test('several at once say what was seen', async () => {
  const opened = await ended({ [ACME]: refused, [COBALT]: refused });
  opened.relay.typedByHand = 'Cobalt Dental';
  opened.relay.stalled = true;
  const { pane, relay } = opened;
  await user.click(button('Retry Cobalt Dental'));
  await region(BOOKS);
  await findButton('Retry 2, they are others');
  relay.stalled = false;
  void retryFailed(pane);
  await heading('All invoices are posted');
});
