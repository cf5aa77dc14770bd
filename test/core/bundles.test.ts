/** One price, several counts: the first is billed, and a disagreement is a question. */
import fc from 'fast-check';
import { indexCounts, countOf } from '../../src/core/counts.ts';
import { flagsOfInvoices } from '../../src/core/dry-run.ts';
import type { Snapshot } from '../../src/core/model.ts';
import { count, formula, lineOf, month, posted, run, service, SERVICES, snapshot } from './make.ts';

const BUNDLE = service('ALL', { name: 'All-in seat', bundle: ['M365BP', 'WS', 'EDR'] });

const snapshotOf = (users: number | null, devices: number, agents: number): Snapshot =>
  snapshot(
    [
      ...(users === null ? [] : [count('A', 'M365BP', users)]),
      ...[count('A', 'WS', devices), count('A', 'EDR', agents)],
    ],
    { services: [...SERVICES, BUNDLE] },
  );

const billedAllIn = (counts: Snapshot) =>
  run([formula('A', 'ALL', 185, { counted: { client: 'Client A', service: 'ALL', basis: null } })], {
    snapshot: counts,
    services: [...SERVICES, BUNDLE],
    previous: month([posted('A', 'ALL', 31, 185)]),
  }); // prettier-ignore

test('counts that disagree are named, with the money of the widest gap', () => {
  const result = billedAllIn(snapshotOf(31, 34, 33));
  expect(lineOf(result, 'A', 'ALL')).toMatchObject({ quantity: '31', amount: '5735.00' });
  const flag = flagsOfInvoices(result.invoices).find(({ rule }) => rule === 'bundle differs');
  expect(flag).toMatchObject({ blocks: false, impact: { amount: '555.00' } });
  expect(flag?.text).toBe(
    'All-in seat is one price for counts that disagree: Service M365BP 31, Service WS 34, Service EDR 33; 31 are billed. Keep it or correct the quantity.',
  );
  expect(result.cards.map(({ clientId }) => clientId)).toEqual(['A']);
});

test('counts that agree are no question', () => {
  const result = billedAllIn(snapshotOf(31, 31, 31));
  expect(flagsOfInvoices(result.invoices)).toEqual([]);
});

test('without the count that is billed the bundle is unknown, whatever the others say', () => {
  const index = indexCounts(snapshotOf(null, 34, 33));
  expect(countOf(index, 'A', 'ALL')).toMatchObject({ kind: 'unknown' });
  expect(lineOf(billedAllIn(snapshotOf(null, 34, 33)), 'A', 'ALL').unknown).toBe(true);
});

test('a bundle bills its first count and asks exactly when another differs', () => {
  const few = fc.integer({ min: 1, max: 4 });
  fc.assert(
    fc.property(few, few, few, (users, devices, agents) => {
      const result = billedAllIn(snapshotOf(users, devices, agents));
      expect(lineOf(result, 'A', 'ALL').quantity).toBe(String(users));
      const asked = flagsOfInvoices(result.invoices).some(({ rule }) => rule === 'bundle differs');
      expect(asked).toBe(users !== devices || users !== agents);
    }),
  );
});
