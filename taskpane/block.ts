/** The rectangle of the cells that were read: where highlights may appear. */
import type { SheetReading } from '../src/core/model.ts';
import { localAddress, splitAddress } from '../src/workbook/address.ts';

export function blockOf(reading: SheetReading): string | null {
  const places = reading.lines
    .map((line) => splitAddress(line.cell))
    .filter((place) => place !== null);
  if (places.length === 0) return null;
  const rows = places.map((place) => place.row);
  const columns = places.map((place) => place.column);
  const from = localAddress({ row: Math.min(...rows), column: Math.min(...columns) });
  const to = localAddress({ row: Math.max(...rows), column: Math.max(...columns) });
  return `${reading.sheet}!${from}:${to}`;
}
