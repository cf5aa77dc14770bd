// What a number was made of, on the screen of one line.
import { jest } from '@jest/globals';
import { configure, render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { begin } from '../../taskpane/actions/begin.ts';
import type { Count, CountPart, PostedLine, Snapshot } from '../../src/core/model.ts';
import { parseQuantity } from '../../src/core/money.ts';
import { App } from '../../taskpane/App.tsx';
import { month } from './month.ts';
import { openPane } from './open-pane.ts';

beforeEach(() => Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false }));
configure({ asyncUtilTimeout: 8000 });
jest.setTimeout(30_000);
const user = userEvent.setup();

const ids = (from: number, to: number): string[] =>
  Array.from(
    { length: to - from },
    (_, at) => `${(from + at).toString(16).padStart(16, '0')}:PC-${String(from + at)}`,
  );
const part = (quantity: number, own: string[], more: Partial<CountPart> = {}): CountPart => ({
  account: '77', sku: 'WKS', quantity: parseQuantity(String(quantity)), ids: own, ...more,
}); // prettier-ignore

/** Delta Foods' workstations with these parts now and last month, and more bases of the same. */
function monthWith(now: readonly CountPart[], before: readonly CountPart[], bases: Partial<Record<Count['basis'], string>> = {}): Snapshot {
  const client = month.clients.find(({ name }) => name === 'Delta Foods')!;
  const isIt = (one: { clientId: string; serviceId: string }): boolean =>
    one.clientId === client.id && one.serviceId === 'WS';
  const counts = month.counts.flatMap((count) =>
    isIt(count)
      ? [{ ...count, parts: now }, ...Object.entries(bases).map(([basis, quantity]) => ({ ...count, basis: basis as Count['basis'], quantity: parseQuantity(quantity) }))]
      : [count],
  );
  const lines = month.previous!.lines.map((line): PostedLine => (isIt(line) ? { ...line, parts: before } : line));
  return { ...month, counts, previous: { ...month.previous!, lines } };
} // prettier-ignore

async function openDetail(snapshot: Snapshot): Promise<HTMLElement> {
  const opened = openPane(snapshot);
  render(<App pane={opened.pane} dark={false} />);
  await begin(opened.pane);
  await user.click(await screen.findByRole('button', { name: 'Start October 2026' }));
  await user.click(await screen.findByRole('button', { name: 'Refresh counts' }));
  await screen.findByRole('treegrid');
  const client = snapshot.clients.find(({ name }) => name === 'Delta Foods')!;
  const line = opened.pane.get().review!.dryRun.invoices
    .find(({ clientId }) => clientId === client.id)!.lines.find(({ serviceId }) => serviceId === 'WS')!;
  opened.pane.tell({ type: 'learned', news: { lineId: line.id } });
  const heading = await screen.findByRole('heading', { name: /Delta Foods · Managed workstation/ });
  return heading.closest('section')!;
} // prettier-ignore

const factOf = (detail: HTMLElement, name: string): string =>
  within(detail).getByText(name, { selector: 'dt' }).nextElementSibling?.textContent ?? '';

test('bought, assigned, active and billed stand side by side, the gaps in words', async () => {
  const detail = await openDetail(monthWith([], [], { bought: '14', assigned: '11' }));
  const table = within(detail).getByRole('table', { name: 'Counted and billed' });
  const rows = within(table).getAllByRole('row').map((row) => row.textContent);
  expect(rows).toEqual(['Assigned NinjaOne11', 'Bought NinjaOne14', 'Active NinjaOne9', 'Billed9']);
  expect(within(detail).getByText('5 bought but not billed; 3 bought but not assigned; 2 assigned but not active.')).toBeTruthy();
}); // prettier-ignore

test('who joined and who left against what was sealed with last month', async () => {
  const detail = await openDetail(monthWith([part(9, ids(1, 10))], [part(8, ids(0, 8))]));
  expect(factOf(detail, 'Came, went')).toContain('2 joined, 1 left, 7 stayed.');
  expect(within(detail).getByText('PC-8, PC-9')).toBeTruthy();
  expect(within(detail).getByText('PC-0')).toBeTruthy();
});

test('a part of a shared account says of how many, by which rule and whose', async () => {
  const split = { whole: parseQuantity('27'), rule: '1 of 3 shares', by: 'Lee', at: month.publishedAt };
  const shared = { account: '77', sku: 'WKS', quantity: parseQuantity('9'), split };
  const detail = await openDetail(monthWith([shared], []));
  expect(factOf(detail, 'Parts')).toMatch(/^WKS 9 account 77, 1 of 3 shares of 27; split by Lee, /);
}); // prettier-ignore
