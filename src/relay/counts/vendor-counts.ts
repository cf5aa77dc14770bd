/** A vendor's answer on its way in: cleaned, checked as a whole, and kept as JSON. */
import * as z from 'zod';
import { BasisName, InstantText, QuantityText } from '../../contract/values.ts';
import { AppError } from '../../core/errors.ts';
import { isNegative } from '../../core/money.ts';
import type { VendorCount } from '../sources/source.ts';
import { hashedId, listedId, plainWords } from './words.ts';

const Kept = z.array(
  z.strictObject({
    clientRef: z.string(),
    clientName: z.string(),
    sku: z.string(),
    skuName: z.string(),
    basis: BasisName,
    quantity: QuantityText,
    ids: z.array(z.string()).optional(),
    unitCost: z.string().optional(),
    /** Of a row kept from an older answer: how old it is. */
    asOf: z.optional(InstantText),
  }),
);
/** Text is cleaned in these, and ids are as the connection's setting keeps them. */
export type KeptCount = z.infer<typeof Kept>[number];

/** The setting of a connection: what is kept of the vendor's ids. */
export type KeptIds = 'hashed' | 'listed';

export const parseKept = (json: string): KeptCount[] => Kept.parse(JSON.parse(json));

/** Throws SOURCE_MALFORMED naming the account for what can be no count. */
export function clean(
  source: string,
  title: string,
  counts: readonly VendorCount[],
  ids: KeptIds = 'hashed',
): KeptCount[] {
  const keep = ids === 'listed' ? listedId : hashedId;
  return counts.map((count) => {
    const clientName = plainWords(count.clientName);
    if (isNegative(count.quantity)) {
      const words = `${title}: ${clientName} has ${count.quantity} of ${plainWords(count.sku)}. A count is never negative.`;
      throw new AppError('SOURCE_MALFORMED', words);
    }
    return {
      clientRef: plainWords(count.clientRef),
      clientName,
      sku: plainWords(count.sku),
      skuName: plainWords(count.skuName),
      basis: count.basis,
      quantity: count.quantity,
      ...(count.ids ? { ids: count.ids.map((id) => keep(source, id)) } : {}),
      ...(count.unitCost === undefined ? {} : { unitCost: count.unitCost }),
    };
  });
}

/**
 * A list that was long yesterday and is empty today is a fault until a person says otherwise:
 * it would turn every count of the source into a true zero.
 */
export function refuseSuddenlyEmpty(
  title: string,
  now: readonly KeptCount[],
  before: readonly KeptCount[],
): void {
  const total = (counts: readonly KeptCount[]): boolean =>
    counts.some(({ quantity }) => /[1-9]/.test(quantity));
  if (total(now) || !total(before)) return;
  const accounts = new Set(before.map(({ clientRef }) => clientRef)).size;
  const what = now.length === 0 ? 'an empty list' : 'nothing but zeros';
  const words = `${title} answered with ${what}, but had ${String(accounts)} accounts before. The last good counts are kept; look there, then sync again or confirm it.`;
  throw new AppError('SOURCE_MALFORMED', words);
}
