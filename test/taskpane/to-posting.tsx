/** The posting step with any end of its invoices, for the tests of what it says and of its keys. */
import { configure, render, screen, waitFor } from '@testing-library/react';
import type { Batch, Posting } from '../../src/contract/contract.ts';
import { approve } from '../../taskpane/actions/approve.ts';
import { begin, startMonth } from '../../taskpane/actions/begin.ts';
import { draw, judge } from '../../taskpane/actions/check.ts';
import { post } from '../../taskpane/actions/post.ts';
import { decide, hold, refresh } from '../../taskpane/actions/review.ts';
import { App } from '../../taskpane/App.tsx';
import { obstaclesOf } from '../../taskpane/obstacles.ts';
import { openPane, type OpenPane } from './open-pane.ts';
import { month } from './month.ts';

configure({ asyncUtilTimeout: 8000 });
export let opened: OpenPane;

export const ACME = '80000000-17';
export const BETA = '80000001-17';
export const COBALT = '80000002-17';
export const DELTA = '80000003-17';
export const LATE = '2026-10-31T10:32:00.000Z';

export const button = (name: string | RegExp): HTMLElement => screen.getByRole('button', { name });
export const heading = (name: string | RegExp): Promise<HTMLElement> =>
  screen.findByRole('heading', { name, level: 1 });
export const row = (name: string): Promise<HTMLElement> => screen.findByRole('listitem', { name });

export async function toPosting({
  held = '',
  isFile = false,
  twoPersons = false,
} = {}): Promise<void> {
  opened = openPane(month);
  const { pane, relay } = opened;
  Object.assign(relay, { isFile, twoPersons });
  await begin(pane);
  await startMonth(pane, 'Oct 2026');
  await refresh(pane);
  if (held !== '') hold(pane, held, 'ask the service desk');
  const open = () => obstaclesOf(pane.get().review!.dryRun);
  decide(pane, open(), 'agreed');
  await waitFor(() => expect(open()).toEqual([]));
  render(<App pane={pane} dark={false} />);
  await approve(pane);
  await heading(/^(Approved|Waiting|Look before)/);
}

/** The relay says this of the batch from now on, as the pane learns at its next look. */
export function learn(
  batch: Partial<Batch>,
  ends: Readonly<Record<string, Partial<Posting>>> = {},
): void {
  const { pane, relay } = opened;
  const postings = relay.batch!.postings.map((one): Posting => ({
    ...one,
    state: 'POSTED',
    outcome: 'created',
    ...ends[one.clientId],
  }));
  relay.batch = { ...relay.batch!, ...batch, postings };
  pane.tell({ type: 'learned', news: { batch: relay.batch } });
}

export async function ended(ends: Readonly<Record<string, Partial<Posting>>>): Promise<void> {
  await toPosting();
  for (const [client, end] of Object.entries(ends)) opened.relay.outcomes.set(client, end);
  await post(opened.pane, false);
}

export const REFUSED: Partial<Posting> = { state: 'REJECTED', outcome: 'not_created', retriable: true, reason: 'no terms' }; // prettier-ignore
export const DOUBT: Partial<Posting> = { state: 'NEEDS_PERSON', outcome: 'uncertain' };
export const GONE: Partial<Posting> = { state: 'MISSING_IN_LEDGER', outcome: 'created' };

export async function judgeAll(): Promise<void> {
  await draw(opened.pane);
  for (const { key } of opened.pane.get().spotCheck!.invoices)
    await judge(opened.pane, key, 'matches');
}
