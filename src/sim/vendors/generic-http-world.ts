/**
 * What Backup Units knows of the sample: the customers are NinjaOne's, and every machine managed
 * there is protected here. Of its own it adds what must not be billed: to each customer one unit
 * that was deleted and one on trial, and one customer that is closed.
 */
import type { SampleVendors } from '../../sample/model.ts';

export interface Row {
  readonly id: number;
  readonly customer?: { readonly id: number; readonly name?: string };
  readonly state?: string;
  readonly [field: string]: unknown;
}

const SERVER = { code: 'BU-SRV', title: 'Server backup' };
const WORKSTATION = { code: 'BU-WKS', title: 'Workstation backup' };
const CLOSED = { id: 99_001, name: 'Gone Away Ltd', closed: true };
const FIRST_OF_TRAPS = 5_000_000;

export const customersOf = (vendors: SampleVendors): readonly Row[] => [
  ...vendors.ninjaone.organisations
    .map(({ id, name }) => ({ id, name, closed: false }))
    .toSorted((a, b) => a.id - b.id),
  CLOSED,
];

/** By id; a paused unit is kept and billed, a deleted one and a trial are not. */
export function unitsOf(vendors: SampleVendors): readonly Row[] {
  const names = new Map(vendors.ninjaone.organisations.map(({ id, name }) => [id, name]));
  const units = vendors.ninjaone.devices
    .filter(({ approved }) => approved)
    .map((device) => ({
      id: device.id,
      serial: device.uid,
      customer: { id: device.organisationId, name: names.get(device.organisationId) ?? '' },
      product: device.nodeClass.includes('SERVER') ? SERVER : WORKSTATION,
      state: device.offline ? 'paused' : 'protected',
      price: { each: device.nodeClass.includes('SERVER') ? '6.5' : '1.25' },
    }));
  const traps = [...names].flatMap(([id, name], index) =>
    ['deleted', 'trial'].map((state, nth) => ({
      id: FIRST_OF_TRAPS + index * 2 + nth,
      serial: `trap-${String(index)}-${state}`,
      customer: { id, name },
      product: WORKSTATION,
      state,
      price: { each: '0' },
    })),
  );
  return [...units, ...traps].toSorted((a, b) => a.id - b.id);
}

/** One line per customer and product: bought in fives, used as many as are protected. */
export function usageOf(vendors: SampleVendors): readonly Row[] {
  const units = unitsOf(vendors).filter(({ state }) => state === 'protected' || state === 'paused');
  const groups = Map.groupBy(units, ({ customer, product }) => JSON.stringify([customer, product]));
  return [...groups.values()].flatMap(([first, ...more], index) => {
    if (!first) return [];
    const used = 1 + more.length;
    const bought = Math.ceil(used / 5) * 5;
    const { customer, product } = first;
    return [{ id: index + 1, customer: customer ?? { id: 0 }, product, bought, used }];
  });
}
