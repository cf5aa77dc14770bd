// S2: every state of every source is seen (R16), and a sync under way says how far it is.
import { jest } from '@jest/globals';
import { configure, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import type { Instant } from '../../src/core/billing-period.ts';
import type { Snapshot, SourceHealth, SourceState } from '../../src/core/model.ts';
import { App } from '../../taskpane/App.tsx';
import { begin } from '../../taskpane/actions/begin.ts';
import { month } from './month.ts';
import { openPane, type OpenPane } from './open-pane.ts';

// The pane changes by itself (relay, sheet), so React runs as it does in the browser.
beforeEach(() => Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false }));
// Steps load lazily, on a busy machine not within the usual seconds.
configure({ asyncUtilTimeout: 8000 });
jest.setTimeout(30_000);
const user = userEvent.setup();

const BADGES: Readonly<Record<SourceState, string>> = {
  fresh: 'OK', late: 'LATE', failed: 'FAILED', never: 'NONE', partial: 'PARTLY',
}; // prettier-ignore
const STATES = Object.keys(BADGES) as SourceState[];
const SIX = ['NinjaOne', 'Pax8', 'Huntress', 'Datto RMM', 'Microsoft 365', 'SonicWall'];
const AT = '2026-10-31T09:00:00.000Z' as Instant;

const sourceIn = (state: SourceState, title: string): SourceHealth => ({
  id: title.toLowerCase().replace(/\W/g, '-'), title, state, services: [], clients: [], unmapped: [],
  lastGoodAt: state === 'never' ? null : AT, lastTriedAt: state === 'never' ? null : AT,
  error: state === 'fresh' || state === 'never' ? null : { code: 'SOURCE_DOWN', message: `${title} is down.`, remedy: 'Try again later.' },
  ...(state === 'partial' ? { gaps: [{ clientId: null, name: 'Zephyr Yachts', reason: 'x', since: null }] } : {}),
}); // prettier-ignore

async function open(snapshot: Snapshot): Promise<OpenPane> {
  const opened = openPane(snapshot);
  render(<App pane={opened.pane} dark={false} />);
  await begin(opened.pane);
  return opened;
}

test.each(STATES)('R16: six sources that are %s are seen before any figure', async (state) => {
  await open({ ...month, sources: SIX.map((title) => sourceIn(state, title)) });
  // The first screen says how many can be relied on; no figure of the month stands there.
  await screen.findByText(state === 'fresh' ? /^6 fresh, 0 late/ : /^0 fresh, 6 late or silent/);
  await user.click(screen.getByRole('button', { name: /\d Sources/ }));
  await screen.findByRole('heading', { name: 'Sources' });
  for (const title of SIX) {
    const row = screen.getByRole('button', { name: new RegExp(`^${BADGES[state]}\\s*${title}`) });
    expect(within(row).getByText(BADGES[state])).toBeTruthy();
  }
  if (state === 'partial') expect(screen.getAllByText(/Zephyr Yachts \(never read\)/)).toHaveLength(6); // prettier-ignore
});

test('while a sync runs the pane says of which source, since when and how far', async () => {
  const { pane, relay } = await open({ ...month, sources: [sourceIn('late', 'Pax8')] });
  await user.click(await screen.findByRole('button', { name: 'Start October 2026' }));
  await user.click(screen.getByRole('button', { name: /\d Sources/ }));
  relay.running.push({ source: 'pax8', period: month.period, since: AT, pages: 12 });
  let answer = (): void => undefined;
  relay.hold = new Promise<void>((resolve) => (answer = resolve));
  await user.click(await screen.findByRole('button', { name: 'Sync Pax8 now' }));
  await screen.findByText(/^syncing since .*12 answers$/);
  await screen.findByText(/Asking the sources: Pax8 12 answers/);
  answer();
  await waitFor(() => expect(pane.get().busy).toBeNull());
  expect(pane.get().running).toEqual([]);
});

test('a source that takes files shows the last one and refuses one that is too large', async () => {
  const file = { name: 'seats.csv', profile: 'seat-list', reason: 'recognised as Seat list' };
  const source = { ...sourceIn('late', 'Pax8'), file, takesFiles: true };
  const { relay } = await open({ ...month, sources: [source] });
  await user.click(await screen.findByRole('button', { name: 'Start October 2026' }));
  await user.click(screen.getByRole('button', { name: /\d Sources/ }));
  await screen.findByText('From seats.csv (seat-list): recognised as Seat list.');
  const field = await screen.findByLabelText<HTMLInputElement>('Import a file for Pax8');
  await waitFor(() => expect(field.disabled).toBe(false));
  const large = new File(['x'], 'large.csv');
  Object.defineProperty(large, 'size', { value: 10 * 1024 * 1024 + 1 });
  await user.upload(field, large);
  await screen.findByText(/large\.csv is larger than 10 MB/);
  expect(relay.calls).not.toContain('POST /api/imports/:source');
});
