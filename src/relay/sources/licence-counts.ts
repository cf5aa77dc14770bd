/** What sellers of licences have in common: licences become one row per account, SKU and basis. */
import { AppError } from '../../core/errors.ts';
import type { Basis } from '../../core/model.ts';
import { addQuantities, quantityFromCell } from '../../core/money.ts';
import { z } from 'zod';
import type { Read } from './accounts.ts';
import type { VendorCount } from './source.ts';

export interface Licence {
  readonly sku: string;
  readonly name: string;
  readonly basis: Basis;
  /** Zero makes the SKU known: every account gets a row for it. */
  readonly quantity: number;
}

const LICENCES_MAX = 99_999_999;

/** How many of one SKU: whole, and not so many that it must be a mistake. */
export const LicenceQuantity = z.int().nonnegative().max(LICENCES_MAX);

/** One row per account for every SKU and basis met anywhere: zero is told from "not looked". */
export function countLicences(accounts: readonly Read<readonly Licence[]>[]): VendorCount[] {
  const met = Map.groupBy(
    accounts.flatMap(({ content }) => content),
    keyOf,
  );
  return accounts.flatMap(({ account, content }) => {
    const own = Map.groupBy(content, keyOf);
    return [...met].flatMap(([key, [sample]]) => {
      if (!sample) return [];
      const quantities = (own.get(key) ?? []).map(({ quantity }) => quantityFromCell(quantity));
      return [
        {
          clientRef: account.ref,
          clientName: account.name,
          sku: sample.sku,
          skuName: sample.name,
          basis: sample.basis,
          quantity: addQuantities(quantities),
        },
      ];
    });
  });
}

const keyOf = ({ sku, basis }: Licence): string => JSON.stringify([sku, basis]);

/** The same record on two pages, or twice on one, would be billed twice. */
export function refuseTwice(title: string, what: string, ids: readonly string[]): void {
  if (new Set(ids).size === ids.length) return;
  throw new AppError(
    'SOURCE_MALFORMED',
    `${title}: it lists one ${what} twice. The list may have changed while it was read: sync again.`,
  );
}
