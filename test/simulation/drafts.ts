/** Drafts with money that a float gets wrong, added up here by whole cents and not by the product. */
import type { Draft, DraftInvoice } from '../../src/contract/contract.ts';
import type { Chance } from './random.ts';

/** Quantity and price; several of the products end on half a cent. */
const LINES = [
  ['10', '22'],
  ['3', '4.125'],
  ['1', '1.005'],
  ['1', '8.575'],
  ['7', '0.145'],
  ['1000', '0.0375'],
  ['2.5', '19.99'],
  ['12', '64.9'],
] as const;

/** Half away from zero, in cents (rulings 7). */
function centsOf(quantity: string, price: string): bigint {
  const [q, p] = [quantity, price].map((text) => {
    const [whole = '', fraction = ''] = text.split('.');
    return BigInt(whole + fraction.padEnd(7, '0'));
  }) as [bigint, bigint];
  const scale = 10n ** 12n;
  return (q * p * 2n + scale) / (scale * 2n);
}

const amountOf = (cents: bigint): string => {
  const digits = cents.toString().padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
};

export function draftFor(clients: number, chance: Chance): Draft {
  const invoices = Array.from({ length: clients }, (_, index): DraftInvoice => {
    const clientId = `c${String(index + 1)}`;
    const wanted = Array.from({ length: 1 + chance.below(3) }, () => chance.pick(LINES));
    const cents = wanted.map(([quantity, price]) => centsOf(quantity, price));
    const lines = wanted.map(([quantity, unitPrice], at) => ({
      lineId: `${clientId}-${String(at + 1)}`,
      serviceId: 'WS',
      kind: 'recurring' as const,
      description: `Workstation ${String(at + 1)}`,
      quantity,
      unitPrice,
      amount: amountOf(cents[at] ?? 0n),
      cell: `Oct 2026!C${String(at + 2)}`,
      source: null,
    }));
    const total = amountOf(cents.reduce((sum, one) => sum + one, 0n));
    return { clientId, currency: 'USD', lines, total } as DraftInvoice;
  });
  return { period: "2026-10", snapshotId: null, workbook: "billing.xlsx", invoices, held: [], decisions: [] } as unknown as Draft; // prettier-ignore
}
