// Columns that are asked for by their very titles.

import { unusable } from './csv-text.ts';
import { listTitles, type TablePlan } from './table-rows.ts';

/** The first row is the header, and names each column once. */
export function planByName(
  columns: readonly string[],
  name: string,
  onRow: TablePlan['onRow'],
): TablePlan {
  return {
    choose: (titles) => columns.map((column) => findColumn(titles, column, name)),
    fit: (titles) =>
      columns.filter((column) => titles.some((title) => isSame(title, column))).length,
    refuse: () => unusable(name, 'it has no header'),
    onRow,
  };
}

function findColumn(header: readonly string[], column: string, name: string): number {
  const places = header.flatMap((title, index) => (isSame(title, column) ? [index] : []));
  const [place] = places;
  if (place === undefined) {
    const has = listTitles(header);
    throw unusable(name, `it has no column "${column}" in its first row, which reads: ${has}`);
  }
  if (places.length > 1) throw unusable(name, `two columns are called "${column}"`);
  return place;
}

const isSame = (title: string, column: string): boolean => foldTitle(title) === foldTitle(column);
const foldTitle = (text: string): string =>
  text
    .replace(/^\uFEFF/, '')
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
