// Spellings of the sheet that belong to nobody: chosen by hand, confirmed, and not asked again.
import { jest } from '@jest/globals';
import { configure, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { begin } from '../../taskpane/actions/begin.ts';
import type { Mapping } from '../../src/contract/contract.ts';
import { App } from '../../taskpane/App.tsx';
import { month, monthInSheet } from './month.ts';
import { openPane, type OpenPane } from './open-pane.ts';

// The pane changes by itself (relay, sheet), so React runs as it does in the browser.
beforeEach(() => Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false }));
// Steps load lazily, on a busy machine not within the usual seconds.
configure({ asyncUtilTimeout: 8000 });
jest.setTimeout(30_000);
const user = userEvent.setup();

const respelled = monthInSheet.map((row) =>
  row.map((cell) => (cell === 'Acme Limited' ? 'AL' : cell === 'Delta Foods' ? 'DFX' : cell)),
);

async function openToMap(): Promise<OpenPane> {
  const opened = openPane(month, respelled);
  render(<App pane={opened.pane} dark={false} />);
  await begin(opened.pane);
  await user.click(await screen.findByRole('button', { name: 'Start October 2026' }));
  await user.click(await screen.findByRole('button', { name: 'Refresh counts' }));
  await user.click((await screen.findAllByRole('button', { name: 'Map' }))[0] as HTMLElement);
  await screen.findByRole('heading', { name: '2 names without an owner' });
  return opened;
}

test('an answered spelling leaves the list, the other stays to be answered', async () => {
  const { pane, relay } = await openToMap();
  await user.selectOptions(screen.getByLabelText('Owner of AL'), 'Acme Limited');
  await user.click(screen.getByRole('button', { name: 'Confirm 1 link' }));
  await screen.findByRole('heading', { name: '1 name without an owner' });
  const list = screen.getByRole('region', { name: 'To map' });
  expect(within(list).queryByLabelText('Owner of AL')).toBeNull();
  expect(within(list).getByLabelText('Owner of DFX')).toBeTruthy();
  expect(relay.mappings).toMatchObject([{ ref: 'AL', target: month.clients[0]?.id }]);
  expect(pane.get().review?.unknown).toEqual([{ kind: 'client', name: 'DFX' }]);
});

test('the last answer ends the list', async () => {
  await openToMap();
  await user.selectOptions(screen.getByLabelText('Owner of AL'), 'Acme Limited');
  await user.selectOptions(screen.getByLabelText('Owner of DFX'), 'Delta Foods');
  await user.click(screen.getByRole('button', { name: 'Confirm 2 links' }));
  await waitFor(() => expect(screen.queryByRole('region', { name: 'To map' })).toBeNull());
  expect(screen.getByText('2 confirmed links')).toBeTruthy();
  expect(screen.getByText(/^AL → Acme Limited/)).toBeTruthy();
});

test('only a single guess with much in common is taken in bulk', async () => {
  const opened = openPane(month);
  const guess = (ref: string, ...scores: number[]): Mapping => ({
    ...{ source: 'ninja', kind: 'client', ref, name: ref, target: null, state: 'open' },
    ...{ by: null, at: null },
    suggestions: scores.map((score, index) => ({
      target: month.clients[index]?.id ?? '',
      score,
      confident: false,
      reason: 'shares a word',
    })),
  });
  opened.relay.mappings.push(
    guess('Acme', 0.8),
    guess('ACM', 0.6),
    guess('ZZ old Acme tenant', 0.28),
    guess('Beta or Acme', 0.7, 0.6),
  );
  render(<App pane={opened.pane} dark={false} />);
  await begin(opened.pane);
  await user.click(await screen.findByRole('button', { name: 'Start October 2026' }));
  await user.click(screen.getByRole('button', { name: /Sources/ }));
  await user.click(await screen.findByRole('button', { name: 'Take the 2 likely guesses' }));
  await screen.findByRole('button', { name: 'Confirm 2 links' });
  expect(screen.getByLabelText('Owner of ZZ old Acme tenant')).toHaveProperty('value', '');
  expect(screen.getByLabelText('Owner of Beta or Acme')).toHaveProperty('value', '');
});
