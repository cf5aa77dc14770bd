/** The posting step with any end of its invoices, for the tests of what it says and of its keys. */
import { configure, screen } from '@testing-library/react';
import type { Batch, Posting } from '../../src/contract/contract.ts';
import { draw, judge } from '../../taskpane/actions/check.ts';
import { post } from '../../taskpane/actions/post.ts';
import { approvedMonth, type Before } from './approved-month.tsx';
import type { OpenPane } from './open-pane.ts';

configure({ asyncUtilTimeout: 8000 });
export let opened: OpenPane;

export const LATE = '2026-10-31T10:32:00.000Z';

export const heading = (name: string | RegExp): Promise<HTMLElement> =>
  screen.findByRole('heading', { name, level: 1 });

export async function toPosting(before?: Before): Promise<void> {
  opened = await approvedMonth(before);
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

export const DOUBT: Partial<Posting> = { state: 'NEEDS_PERSON', outcome: 'uncertain' };
export const GONE: Partial<Posting> = { state: 'MISSING_IN_LEDGER', outcome: 'created' };

export async function judgeAll(): Promise<void> {
  await draw(opened.pane);
  for (const { key } of opened.pane.get().spotCheck!.invoices)
    await judge(opened.pane, key, 'matches');
}
