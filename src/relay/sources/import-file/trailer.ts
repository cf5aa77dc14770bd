// The closing row of a report: "Total;;57" or "Rows: 40". It is no client's, and it is checked.

import type { Role } from './profile.ts';

export interface Trailer {
  /** The quantity it states, as written. */
  readonly sum: string | null;
  readonly rows: number | null;
}

const TOTAL = /^(grand |report )?(totals?|sum|summe|gesamt|gesamtsumme)\s*:?$/i;
const ROWS =
  /^(end of (file|report)|trailer|(total |number of )?(rows?|records?|lines)|(row|record|line) count|anzahl zeilen)\s*[:=]?\s*(\d*)$/i;

/** Null for a row of its own. */
export function newTrailerReader(
  roles: readonly Role[],
  positions: readonly number[],
): (fields: readonly string[]) => Trailer | null {
  const quantityAt = positions[roles.indexOf('quantity')] ?? -1;
  return (fields) => {
    const at = fields.findIndex((field) => field.trim() !== '');
    const first = (fields[at] ?? '').trim();
    const others = fields.slice(at + 1).map((field) => field.trim());
    const filled = others.filter((field) => field !== '');
    if (TOTAL.test(first)) {
      const sum = (fields[quantityAt] ?? '').trim();
      // A client may be called Total: its rows are filled.
      const isRow = filled.length > Math.max(1, fields.length / 2);
      return isRow ? null : { sum: sum === '' || quantityAt === at ? null : sum, rows: null };
    }
    const match = ROWS.exec(first);
    if (!match || filled.length > 1) return null;
    const stated = match[6] || filled[0] || '';
    if (!/^\d+$/.test(stated)) return filled.length === 0 ? { sum: null, rows: null } : null;
    return { sum: null, rows: Number(stated) };
  };
}
