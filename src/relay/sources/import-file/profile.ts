/**
 * What a kind of vendor file looks like and how it counts, as data. A new kind is one file in
 * profiles/ and one line in profiles.ts.
 */
import type { Basis } from '../../../core/model.ts';
import type { DayForm } from './days.ts';
import type { NumberForm } from './numbers.ts';

export const ROLES = [
  'client', 'clientRef', 'sku', 'skuPart', 'skuName', 'quantity', 'assigned', 'lessIncluded',
  'unitCost', 'charge', 'status', 'meter', 'qualifier', 'serial', 'subscription', 'asOf', 'month', 'start', 'end',
  'effective', 'cancelled',
] as const; // prettier-ignore
/** What a column means to us. `skuPart` is joined to the SKU by a colon. */
export type Role = (typeof ROLES)[number];

export interface Column {
  /** The headings it goes by; case, spaces and punctuation do not matter. The first found counts. */
  readonly names: readonly string[];
  /** A file without it is still of this kind. */
  readonly optional?: true;
}

/** Rows by one column's value; a value that is in neither list refuses the file. */
export interface RowRule {
  readonly role: 'charge' | 'status';
  readonly count: readonly string[];
  /** Money and no seats, or no longer in use. */
  readonly leave: readonly string[];
}

/** Rows that are no seats by another column: usage, trials. */
export interface LeaveWhere {
  readonly role: 'meter' | 'qualifier';
  readonly matches: RegExp;
}

/** A count the file gives: a column added up, less another, or its rows. */
export interface Measure {
  readonly basis: Basis;
  readonly of: 'rows' | 'quantity' | 'assigned';
  readonly less?: 'lessIncluded';
}

export interface FileProfile {
  readonly id: string;
  readonly title: string;
  /** The first word of the file name suggested: "PAX8_2026-10.csv". */
  readonly fileName: string;
  /** Where its columns are known from, and how sure that is. */
  readonly known: string;
  readonly columns: Readonly<Partial<Record<Role, Column>>>;
  /** Headings that only another kind of file has. */
  readonly without?: readonly string[];
  /** The product of a file that is about one. */
  readonly sku?: { readonly id: string; readonly name: string };
  readonly measures: readonly Measure[];
  readonly rows?: readonly RowRule[];
  readonly leaveWhere?: readonly LeaveWhere[];
  /** Met twice for one client and product, the row counts once: a serial number is one device. */
  readonly once?: 'serial';
  /** Of several rows of one subscription the one that starts last counts. */
  readonly newest?: 'subscription';
  /** Where the vendor says so; else it is told from the file. */
  readonly numbers?: NumberForm;
  readonly days?: DayForm;
}

/** Headings compare without case, spaces and punctuation; "SKU#" is not "SKU". */
export const foldHeading = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}#]+/gu, '');
