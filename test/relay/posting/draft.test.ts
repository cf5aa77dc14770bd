// What a draft is refused for: the pane is not believed.
import { afterEach, describe, expect, it } from '@jest/globals';
import { draftOf, invoiceOf, plainDraft, startEngine } from './fake-ports.ts';
import { actions, closeWorlds, makeWorld } from './world.ts';

afterEach(closeWorlds);

describe('what a draft is refused for', () => {
  const cases: [string, (draft: ReturnType<typeof plainDraft>) => unknown, RegExp][] = [
    ['a wrong product', (d) => ({ ...d, invoices: [{ ...d.invoices[0], total: '9.99' }] }), /Client 1.*lines sum to 232.38/],
    ['an unknown client', (d) => ({ ...d, invoices: [{ ...d.invoices[0], clientId: 'zz' }] }), /Client zz is not known/],
    ['a client twice', (d) => ({ ...d, invoices: [d.invoices[0], d.invoices[0]] }), /c1 comes twice/],
    ['a held client that is also billed', (d) => ({ ...d, held: [{ clientId: 'c1', reason: 'x' }] }), /c1 comes twice/],
    ['a hold without a reason', (d) => ({ ...d, invoices: [d.invoices[1]], held: [{ clientId: 'c1', reason: ' ' }] }), /without a reason/],
    ['a month that has not begun', (d) => ({ ...d, period: '2026-11' }), /November 2026 has not begun/],
    ['another currency', (d) => ({ ...d, invoices: [{ ...d.invoices[0], currency: 'EUR' }] }), /Client 1: billed in USD/],
    ['a snapshot nobody has', (d) => ({ ...d, snapshotId: 'nope' }), /Snapshot nope/],
    ['a group', (d) => withLine(d, { serviceId: 'ALL' }), /Client 1.*Oct 2026!C2.*group/],
    ['an unknown service', (d) => withLine(d, { serviceId: 'XX' }), /service XX is not known/],
    ['a service without item', (d) => withLine(d, { serviceId: 'NEW' }), /NEW has no item/],
    ['a product that is off by a cent', (d) => withLine(d, { amount: '220.01' }), /220.00, not 220.01|sum/],
    ['more decimals than the currency', (d) => withLine(d, { amount: '220.001' }), /decimals/],
    ['a second spelling of a number', (d) => withLine(d, { quantity: '010' }), /write 10 instead of 010/],
    ['half a character', (d) => withLine(d, { description: 'a\ud800' }), /half a character/],
    ['a negative recurring quantity', () => draftOf([invoiceOf('c1', [{ quantity: '-1', price: '5' }])]), /never negative/],
    ['an invoice of nothing', () => draftOf([invoiceOf('c1', [{ quantity: '1', price: '5' }, { quantity: '-1', price: '5', kind: 'credit' }])]), /comes to 0.00/],
    ['a runaway amount', () => draftOf([invoiceOf('c1', [{ quantity: '100000', price: '22' }])]), /allows 100000/],
  ]; // prettier-ignore
  const withLine = (draft: ReturnType<typeof plainDraft>, change: object) => {
    const [first, ...rest] = draft.invoices[0]?.lines ?? [];
    return {
      ...draft,
      invoices: [{ ...draft.invoices[0], lines: [{ ...first, ...change }, ...rest] }],
    };
  };

  it.each(cases)('%s', async (_name, change, words) => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const draft = change(plainDraft(3)) as ReturnType<typeof plainDraft>;
    await expect(actions(running).submit(draft)).rejects.toThrow(words);
    expect(await world.store.selectFrom('batch').select('id').execute()).toEqual([]);
  });
});
