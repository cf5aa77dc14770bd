// The way to an approved month, taken without the mouse; its steps are tried in close.test.tsx.
import { render, screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import type { Posting } from '../../src/contract/contract.ts';
import { approve } from '../../taskpane/actions/approve.ts';
import { begin, startMonth } from '../../taskpane/actions/begin.ts';
import { post } from '../../taskpane/actions/post.ts';
import { decide, hold, refresh } from '../../taskpane/actions/review.ts';
import { App } from '../../taskpane/App.tsx';
import { obstaclesOf } from '../../taskpane/obstacles.ts';
import type { CellInput } from '../../src/workbook/memory-workbook.ts';
import { month } from './month.ts';
import { openPane, type OpenPane } from './open-pane.ts';

export const [ACME, BETA, COBALT, DELTA] = [
  '80000000-17',
  '80000001-17',
  '80000002-17',
  '80000003-17',
];

export const button = (name: string | RegExp): HTMLElement => screen.getByRole('button', { name });
export const findButton = (name: string | RegExp): Promise<HTMLElement> =>
  screen.findByRole('button', { name });
export const heading = (name: string | RegExp): Promise<HTMLElement> =>
  screen.findByRole('heading', { name });
export const region = (name: string): Promise<HTMLElement> => screen.findByRole('region', { name });
export const row = (name: string): Promise<HTMLElement> => screen.findByRole('listitem', { name });

export interface Before {
  /** The client that is left out. */
  readonly held?: string;
  readonly isFile?: boolean;
  readonly twoPersons?: boolean;
  readonly rows?: readonly (readonly CellInput[])[];
}

/** The month counted and every look answered, in a pane that is not on the screen yet. */
export async function undrawn(before: Before = {}): Promise<OpenPane> {
  const { held, isFile = false, twoPersons = false, rows } = before;
  const opened = openPane(month, rows);
  const { pane, relay } = opened;
  Object.assign(relay, { isFile, twoPersons });
  await begin(pane);
  await startMonth(pane, 'Oct 2026');
  await refresh(pane);
  if (held !== undefined) hold(pane, held, 'ask the service desk');
  const open = () => obstaclesOf(pane.get().review!.dryRun);
  decide(pane, open(), 'agreed');
  await waitFor(() => expect(open()).toEqual([]));
  return opened;
}

export async function reviewed(before?: Before): Promise<OpenPane> {
  const opened = await undrawn(before);
  render(<App pane={opened.pane} dark={false} />);
  return opened;
}

export async function approvedMonth(before?: Before): Promise<OpenPane> {
  const opened = await reviewed(before);
  await approve(opened.pane);
  await heading(/^(Approved|Waiting|Look before)/);
  return opened;
}

/** From the review that is on screen. */
export async function approveOne(): Promise<void> {
  const user = userEvent.setup();
  await user.click(await findButton('Approve 1 …'));
  await user.click(await findButton(/^Approve 1 invoice /));
  await heading('Approved: post 1 invoice?');
}

/** Who is in the draft that was sent in last. */
export const billed = ({ relay }: OpenPane): readonly string[] =>
  relay.drafts.at(-1)?.invoices.map(({ clientId }) => clientId) ?? [];

/** Posted, with these ends; one in doubt is waited for no longer than the others take. */
export async function ended(
  ends: Readonly<Record<string, Partial<Posting>>>,
  before?: Before,
): Promise<OpenPane> {
  const opened = await approvedMonth(before);
  for (const [client, end] of Object.entries(ends)) opened.relay.outcomes.set(client, end);
  void post(opened.pane, false);
  await heading(/^(All invoices are posted|Posted, with )/);
  return opened;
}

export const refused: Partial<Posting> = {
  state: 'REJECTED',
  outcome: 'not_created',
  retriable: true,
  reason: 'no terms',
};

export const lapsed: Partial<Posting> = {
  state: 'BLOCKED',
  outcome: 'not_created',
  block: 'approval lapsed',
  reason: 'the mapping was changed',
};
