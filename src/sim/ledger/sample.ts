/** The company of the sample as it was before its first month was ever billed. */
import type { SampleVariant } from '../../sample/model.ts';
import { sampleWorld } from '../../sample/world.ts';
import type { Ledger } from './ledger.ts';

/** How a system writes its own ids, by the position of a row: 1, 2, 3. */
export interface LedgerIds {
  readonly customer: (position: number) => string;
  readonly item: (position: number) => string;
}

const BEGAN = '2025-06-02T08:00:00.000Z';

export function fillWithSample(ledger: Ledger, variant: SampleVariant, ids: LedgerIds): void {
  const { company, customers, services } = sampleWorld(variant);
  ledger.set({ company: company.name, currency: company.currency });
  for (const [index, { name, code }] of customers.entries()) {
    const id = ids.customer(index + 1);
    const { currency } = company;
    const fresh = { active: true, mergedInto: null, updatedAt: BEGAN, version: 0 };
    ledger.put('customer', id, { id, name, code, currency, ...fresh });
  }
  const items = services.flatMap(({ item }) => (item ? [item] : []));
  for (const [index, { name, price }] of items.entries()) {
    const id = ids.item(index + 1);
    ledger.put('item', id, { id, name, price, active: true });
  }
}
