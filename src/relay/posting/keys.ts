/**
 * Who and what a posting is (posting-safety 1.2). No key knows an amount: with amounts in it, an
 * edited sheet would make a second invoice instead of being refused.
 */
import { hash } from 'node:crypto';
import { firstDay, lastDay, type BillingPeriod } from '../../core/billing-period.ts';
import { assert } from '../../core/errors.ts';
import { canonicalJson } from '../canonical.ts';

/** Our own namespace for version 5 UUIDs (RFC 9562, 5.5); made once at random, never changed. */
const NAMESPACE = '5b1d2c0e-7c0f-4b55-9a51-0c3f5a1be6d7';
/** QuickBooks Desktop keeps eleven characters of a number. */
export const REF_LENGTH_MAX = 11;
/** So many numbers a month has, in eleven characters. */
export const SEQUENCE_MAX = 9999;

export interface PostingIdentity {
  readonly tenant: string;
  readonly connection: string;
  readonly customerId: string;
  readonly period: BillingPeriod;
  readonly series: string;
  readonly revision: number;
}

/** The same for one customer, month, series and revision however often we try. */
export function postingKey(identity: PostingIdentity): string {
  const name = canonicalJson({
    v: 1,
    tenant: identity.tenant,
    ledger_connection: identity.connection,
    ledger_customer_id: identity.customerId,
    period_start: firstDay(identity.period),
    period_end: lastDay(identity.period),
    series: identity.series,
    revision: identity.revision,
  });
  return uuidV5(NAMESPACE, name);
}

/** Given to the books; stable over every retry of one epoch, new with the next. */
export const providerKey = (key: string, epoch: number): string => uuidV5(key, String(epoch));

/** Stands in the memo, where the customer does not see it: which installation, which posting. */
export const markerOf = (key: string, instance: string): string =>
  `[rly:${instance}-${key.replaceAll('-', '').slice(0, 12)}]`;

/** A mark of before names no installation. */
export const isMarkerOf = (key: string, marker: string): boolean =>
  /^\[rly:(?:[a-z2-7]{4}-)?([0-9a-f]{12})\]$/.exec(marker)?.[1] ===
  key.replaceAll('-', '').slice(0, 12);

/** "MC2610-0012": the twelfth number of October 2026 on this books connection. */
export function refOf(period: BillingPeriod, sequence: number): string {
  const ref = `MC${period.slice(2, 4)}${period.slice(5)}-${String(sequence).padStart(4, '0')}`;
  assert(ref.length <= REF_LENGTH_MAX, `${ref} fits the books' number field`);
  return ref;
}

/** What a number of ours says: its month, and which of that month; null for other numbers. */
export function refParts(
  ref: string,
): { readonly period: string; readonly sequence: number } | null {
  const [, year, month, sequence] = /^MC(\d\d)(0[1-9]|1[0-2])-(\d{4})$/.exec(ref) ?? [];
  if (year === undefined || month === undefined) return null;
  return { period: `20${year}-${month}`, sequence: Number(sequence) };
}

export const sha256 = (text: string): string => hash('sha256', text);

export function uuidV5(namespace: string, name: string): string {
  const space = Buffer.from(namespace.replaceAll('-', ''), 'hex');
  const bytes = hash('sha1', Buffer.concat([space, Buffer.from(name)]), 'buffer').subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}
