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

const clientId = (index: number): string => month.clients[index]?.id ?? '';

const guessed = (ref: string, confident: boolean, ...scores: number[]): Mapping => ({
  ...{ source: 'ninja', kind: 'client', ref, name: ref, target: null, state: 'open' },
  ...{ by: null, at: null },
  suggestions: scores.map((score, index) => ({
    target: clientId(index),
    score,
    confident: confident && index === 0,
    reason: `shares word ${String(index)}`,
  })),
});

/** The screen of the sources, with these links. */
async function openSourcesWith(...mappings: Mapping[]): Promise<OpenPane> {
  const opened = openPane(month);
  opened.relay.mappings.push(...mappings);
  render(<App pane={opened.pane} dark={false} />);
  await begin(opened.pane);
  await user.click(await screen.findByRole('button', { name: 'Start October 2026' }));
  await user.click(await screen.findByRole('button', { name: 'Refresh counts' }));
  await screen.findByRole('treegrid');
  await user.click(screen.getByRole('button', { name: /Sources/ }));
  await screen.findByRole('region', { name: 'To map' });
  // The clients to choose from come with the counts.
  await screen.findAllByRole('option', { name: 'Delta Foods' });
  return opened;
}

test('only what nothing speaks against is taken in bulk; a tie is nobody’s', async () => {
  await openSourcesWith(
    guessed('Acme', true, 0.9),
    guessed('Acme West', true, 0.9, 0.5),
    guessed('ACM', false, 0.7),
    guessed('Beta or Acme', false, 0.7, 0.7),
  );
  await user.click(await screen.findByRole('button', { name: 'Take the 2 likely guesses' }));
  await screen.findByRole('button', { name: 'Confirm 2 links' });
  expect(screen.getByLabelText('Owner of Acme West')).toHaveProperty('value', clientId(0));
  expect(screen.getByLabelText('Owner of ACM')).toHaveProperty('value', '');
  expect(screen.getByLabelText('Owner of Beta or Acme')).toHaveProperty('value', '');
  expect(screen.getByText('Two are equally likely: choose one yourself.')).toBeTruthy();
  const reasons = screen.getByRole('list', { name: 'Guesses for Beta or Acme' });
  expect(within(reasons).getAllByRole('listitem').map((one) => one.textContent)).toEqual([
    'Acme Limited: shares word 0', 'Beta Manufacturing: shares word 1',
  ]); // prettier-ignore
});

test('an account is split over two clients by shares, and the split can be seen', async () => {
  const { relay } = await openSourcesWith(guessed('City of Larkspur', false));
  await user.click(screen.getByRole('button', { name: 'Split …' }));
  const save = screen.getByRole('button', { name: 'Save split' });
  expect(save).toHaveProperty('disabled', true);
  await user.selectOptions(screen.getByLabelText('Client 1 of the split'), 'Acme Limited');
  await user.selectOptions(screen.getByLabelText('Client 2 of the split'), 'Acme Limited');
  await screen.findByText('A client is named twice.');
  await user.selectOptions(screen.getByLabelText('Client 2 of the split'), 'Delta Foods');
  await user.clear(screen.getByLabelText('Shares of client 1'));
  await screen.findByText('Shares are whole numbers from 1.');
  await user.type(screen.getByLabelText('Shares of client 1'), '2');
  await user.click(save);
  await screen.findByText('1 confirmed link');
  const parts = [{ clientId: clientId(0), shares: 2 }, { clientId: clientId(3), shares: 1 }];
  expect(relay.mappings).toMatchObject([{ state: 'split', target: null, split: { by: 'shares', parts } }]);
  expect(screen.getByText(/^City of Larkspur → Acme Limited \(2\) \+ Delta Foods \(1\)/)).toBeTruthy();
}); // prettier-ignore

test('what is nobody’s is said once, found again, and can be changed', async () => {
  const more = ['Demo 1', 'Demo 2', 'Demo 3', 'Demo 4'].map((name) => guessed(name, false));
  const { relay } = await openSourcesWith(guessed('Internal lab', false), guessed('ACM', false, 0.7), ...more);
  await user.selectOptions(screen.getByLabelText('Owner of Internal lab'), 'Nobody: never bill it');
  await user.click(screen.getByRole('button', { name: 'Confirm 1 link' }));
  await user.click(await screen.findByText('1 never billed'));
  await user.type(screen.getByRole('searchbox'), 'internal');
  await screen.findByText('0 of 5 shown.');
  await user.click(screen.getByRole('button', { name: 'Change Internal lab' }));
  await user.selectOptions(screen.getByLabelText('Owner of Internal lab'), 'Delta Foods');
  await user.click(screen.getByRole('button', { name: 'Save' }));
  await screen.findByText(/^Internal lab → Delta Foods/);
  expect(relay.mappings[0]).toMatchObject({ ref: 'Internal lab', state: 'confirmed', target: clientId(3) });
}); // prettier-ignore
