/** What a PSA of the sample world should count, said without any adapter. */
import type { VendorCount } from '../../../src/relay/sources/source.ts';
import type { PsaLine, PsaWorld } from '../../../src/sim/vendors/psa-world.ts';

/** Hundredths, so that quarters and tenths add up. */
export const cents = (counts: readonly VendorCount[]): number =>
  counts.reduce((sum, { quantity }) => sum + Math.round(Number(quantity) * 100), 0);

/** Empty where there is no such row. */
export const quantityOf = (
  counts: readonly VendorCount[],
  clientRef: string,
  sku: string,
  basis: string,
): string =>
  counts.find((one) => one.clientRef === clientRef && one.sku === sku && one.basis === basis)
    ?.quantity ?? '';

/** What the agreements of a client hold of a product on one day. */
export function agreed(
  { agreements, lines }: PsaWorld,
  clientId: number,
  code: string,
  day: string,
): { readonly bought: string; readonly billable: string } {
  const live = agreements.filter(
    (one) =>
      one.clientId === clientId &&
      one.from <= day &&
      (one.until ?? day) >= day &&
      one.cancelledOn === null,
  );
  const own = lines.filter(
    (line) =>
      line.code === code &&
      live.some(({ id }) => id === line.agreementId) &&
      line.from <= day &&
      (line.until ?? day) >= day,
  );
  const sum = (of: (line: PsaLine) => number): string =>
    String(own.reduce((total, line) => total + of(line), 0));
  return {
    bought: sum(({ quantity }) => quantity),
    billable: sum(({ billing, quantity, included }) =>
      billing === 'Billable' ? Math.max(0, quantity - included) : 0,
    ),
  };
}

/** Whether an instant is of a month where the clock differs so many hours from UTC. */
export const hoursIn = (instant: string, period: string, offset: number): boolean =>
  new Date(Date.parse(instant) + offset * 3_600_000).toISOString().startsWith(period);
