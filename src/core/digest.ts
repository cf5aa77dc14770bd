/** The one canonical text of a value, and the digests that an approval seals (ADR 0005). */
import { assert } from './errors.ts';
import type { InvoiceContent } from './model.ts';
import type { Money } from './money.ts';

/** SHA-256 of the UTF-8 bytes of a text as 64 lower-case hex digits; passed in, core has none. */
export type Sha256 = (text: string) => string;

/** What a batch digest covers beside the invoices (posting-safety 1.2). */
export interface BatchSeal {
  readonly batchId: string;
  readonly version: number;
  readonly ledgerConnection: string;
  readonly snapshotIds: readonly string[];
  readonly policyVersion: string;
  /** Per currency. */
  readonly totals: readonly Money[];
  readonly invoices: readonly { readonly postingKey: string; readonly digest: string }[];
}

/**
 * JSON as RFC 8785 writes it, for what we seal: texts, safe whole numbers, booleans, null, arrays
 * and plain objects. Keys are sorted by UTF-16 unit; a key without a value is left out. Anything
 * else (a fraction, a lone surrogate) is a defect, for two programs could write it differently.
 */
export function canonicalText(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') {
    assert(Number.isSafeInteger(value), `${value} is a whole number`);
    return String(value === 0 ? 0 : value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  assert(typeof value === 'object', `${typeof value} is plain JSON`);
  return canonicalObject(value as Readonly<Record<string, unknown>>);
}

/** The digest of one invoice: equal content, in whatever order the lines came, is equal. */
export function invoiceDigest(content: InvoiceContent, sha256: Sha256): string {
  const lines = [...content.lines].sort((a, b) => order(a.lineId, b.lineId));
  return sha256(canonicalText({ v: 1, ...content, lines }));
}

/** The digest of a batch: what a person approves in one decision. */
export function batchDigest(seal: BatchSeal, sha256: Sha256): string {
  const invoices = seal.invoices
    .map(({ postingKey, digest }) => [postingKey, digest])
    .sort(([a = ''], [b = '']) => order(a, b));
  const totals = [...seal.totals].sort((a, b) => order(a.currency, b.currency));
  const snapshotIds = [...seal.snapshotIds].sort(order);
  const count = invoices.length;
  return sha256(canonicalText({ v: 1, ...seal, snapshotIds, totals, count, invoices }));
}

function canonicalObject(object: Readonly<Record<string, unknown>>): string {
  const keys = Object.keys(object).filter((key) => object[key] !== undefined);
  const texts = keys.sort(order).map((key) => `${quote(key)}:${canonicalText(object[key])}`);
  return `{${texts.join(',')}}`;
}

function quote(text: string): string {
  assert(text.isWellFormed(), 'a sealed text is well-formed Unicode');
  return JSON.stringify(text);
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
