/** Whatever the links: what is counted for clients is what the vendor counts, each unit once. */
import fc from 'fast-check';
import type { Instant } from '../../src/core/billing-period.ts';
import type { Basis, Split } from '../../src/core/model.ts';
import { addQuantities, isNegative, parseQuantity } from '../../src/core/money.ts';
import { linksOf } from '../../src/relay/counts/links.ts';
import { toCounts } from '../../src/relay/counts/to-counts.ts';
import type { KeptCount } from '../../src/relay/counts/vendor-counts.ts';
import type { MappingTable } from '../../src/relay/store/schema-counts.ts';

const CLIENTS = ['C-1', 'C-2', 'C-3'];
const SERVICE_OF: Readonly<Record<string, string | null>> = {
  S1: 'WS',
  S2: 'WS',
  S3: 'EDR',
  S4: null,
};
const AT = '2026-10-31T10:00:00.000Z' as Instant;

const row = (kind: string, ref: string, more: Partial<MappingTable>): MappingTable => ({
  source: 'rmm', kind, ref, name: ref, target: null, state: 'confirmed', version: 1, person: 'Lee', at: AT, split: null, ...more,
}); // prettier-ignore

const services = Object.entries(SERVICE_OF).map(([ref, target]) =>
  row('service', ref, { target, state: target === null ? 'never' : 'confirmed' }),
);

const splits = fc
  .tuple(fc.uniqueArray(fc.constantFrom(...CLIENTS), { minLength: 2, maxLength: 3 }), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 3, maxLength: 3 }))
  .map(([clients, shares]): Split => ({ by: 'shares', parts: clients.map((clientId, at) => ({ clientId, shares: shares[at] ?? 1 })) })); // prettier-ignore

/** One account, linked, split, open or never billed. */
const accounts = fc.array(
  fc.oneof(
    fc.constantFrom(...CLIENTS).map((target) => ({ target, state: 'confirmed' })),
    splits.map((split) => ({ target: null, state: 'split', split: JSON.stringify(split) })),
    fc.constantFrom('open', 'never').map((state) => ({ target: null, state })),
  ),
  { minLength: 1, maxLength: 6 },
);

const keptOf = fc.array(
  fc.record({
    account: fc.nat(5),
    sku: fc.constantFrom('S1', 'S2', 'S3', 'S4'),
    basis: fc.constantFrom<Basis>('bought', 'assigned'),
    quantity: fc.nat(200),
  }),
  { maxLength: 30 },
);

test('every unit of a linked account is counted for exactly one client', () => {
  fc.assert(
    fc.property(accounts, keptOf, (links, rows) => {
      const owned = links.map((link, at) => row('client', `acc-${String(at)}`, link));
      const kept = rows.map((one): KeptCount => ({
        clientRef: `acc-${String(one.account)}`, clientName: 'x', sku: one.sku, skuName: one.sku,
        basis: one.basis, quantity: parseQuantity(String(one.quantity)),
      })); // prettier-ignore
      const sourced = { source: 'rmm', asOf: AT, gaps: [], basisOf: (): Basis => 'bought' };
      const { counts } = toCounts(kept, linksOf([...owned, ...services], 'rmm'), sourced);
      for (const serviceId of ['WS', 'EDR']) {
        for (const basis of ['bought', 'assigned'] as const) {
          const billed = counts.filter((one) => one.serviceId === serviceId && one.basis === basis);
          const linked = kept.filter((one) => {
            const state = owned.find(({ ref }) => ref === one.clientRef)?.state ?? 'open';
            const isOurs = state === 'confirmed' || state === 'split';
            return isOurs && SERVICE_OF[one.sku] === serviceId && one.basis === basis;
          });
          expect(addQuantities(billed.map(({ quantity }) => quantity))).toBe(
            addQuantities(linked.map(({ quantity }) => quantity)),
          );
        }
      }
      for (const { quantity, parts } of counts) {
        expect(isNegative(quantity)).toBe(false);
        expect(addQuantities(parts.map((part) => part.quantity))).toBe(quantity);
      }
      const cells = counts.map(({ clientId, serviceId, basis }) => `${clientId}|${serviceId}|${basis}`);
      expect(new Set(cells).size).toBe(cells.length);
    }),
  );
}); // prettier-ignore
