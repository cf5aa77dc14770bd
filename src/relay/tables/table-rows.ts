// Rows of any table, CSV or Excel: the header is found once, then each row gives the cells asked for.

import { unusable } from './csv-text.ts';

export const ROWS_MAX = 1_000_000;
/** A report may carry its name and date above its header. */
const HEADER_ROWS_MAX = 10;

type Fields = readonly string[];

/** What is asked of a table. Values reach onRow trimmed, in the order of the positions. */
export interface TablePlan {
  /** Of one row of titles: where the columns are, or null when this is not the header. */
  readonly choose: (titles: Fields) => readonly number[] | null;
  /** How many of the columns wanted these titles name: finds the separator. */
  readonly fit: (titles: Fields) => number;
  /** Why none of the first rows was the header; given the first that is not empty. */
  readonly refuse: (titles: Fields) => Error;
  readonly onRow: (values: Fields, row: number) => void;
  /** True when this is the closing row of the vendor ("Total", "Rows: 40") and no row of its own. */
  readonly isTrailer?: (fields: Fields, row: number) => boolean;
}

export interface FieldReader {
  readonly read: (fields: Fields, row: number) => void;
  /** Refuses a table without header or rows: an empty export is no count of zero. */
  readonly end: () => void;
}

/** `short` says whether a row may have fewer cells than the header: a sheet leaves empty ones out. */
export function rowReader(plan: TablePlan, name: string, short: 'refused' | 'empty'): FieldReader {
  let positions: readonly number[] | null = null;
  let first: Fields | null = null;
  let [above, width, rows, closedAt] = [0, 0, 0, 0];
  let ragged: string | null = null;

  const findHeader = (fields: Fields): void => {
    first ??= fields;
    above += 1;
    positions = plan.choose(fields);
    if (!positions && above >= HEADER_ROWS_MAX) throw plan.refuse(first);
    width = fields.findLastIndex((field) => field.trim() !== '') + 1;
  };

  return {
    read(fields, row) {
      if (fields.every((field) => field.trim() === '')) return;
      if (ragged !== null) throw unusable(name, ragged);
      if (!positions) {
        findHeader(fields);
        return;
      }
      if (closedAt > 0) {
        const words = `row ${String(row)} stands below the closing row ${String(closedAt)}`;
        throw unusable(name, words);
      }
      if (plan.isTrailer?.(fields, row)) {
        closedAt = row;
        return;
      }
      rows += 1;
      if (rows > ROWS_MAX) throw unusable(name, 'it has more than 1,000,000 rows');
      ragged = findRagged(fields, width, row, short);
      if (ragged !== null) return;
      plan.onRow(
        positions.map((at) => readField(fields[at] ?? '', name, row)),
        row,
      );
    },
    end() {
      if (ragged !== null) throw unusable(name, `${ragged}; it ends there and may have been cut`);
      if (!first) throw unusable(name, 'it is empty');
      if (!positions) throw plan.refuse(first);
      if (rows === 0) throw unusable(name, 'it has no rows below its first');
    },
  };
}

/** Cells at the end that are empty are spreadsheet dust; a missing or extra value shifts the others. */
function findRagged(
  fields: Fields,
  width: number,
  row: number,
  short: 'refused' | 'empty',
): string | null {
  if (fields.length === width) return null;
  const extra = fields.slice(width).some((field) => field.trim() !== '');
  if (!extra && (fields.length >= width || short === 'empty')) return null;
  const has = `row ${String(row)} has ${String(fields.length)} values`;
  return `${has} where the first row names ${String(width)} columns`;
}

/** As long as a name may be on the wire. */
const FIELD_LENGTH_MAX = 255;
const CONTROL = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/;

/** Most values need no tidying; a million of them are asked. */
const TIDY = /^[!-~]+( [!-~]+)*$/;

function readField(field: string, name: string, row: number): string {
  const text = TIDY.test(field) ? field : tidy(field);
  if (text.length > FIELD_LENGTH_MAX) {
    throw unusable(name, `row ${String(row)}: a value is longer than 255 characters`);
  }
  if (CONTROL.test(text)) throw unusable(name, `row ${String(row)}: a value is not text`);
  return text;
}

const tidy = (field: string): string =>
  field
    .normalize('NFC')
    .replace(/[\s\u200b\ufeff]+/g, ' ')
    .trim();

/** The titles of a header as a message shows them. */
export const listTitles = (header: Fields): string =>
  header
    .map((title) => title.trim())
    .filter((title) => title !== '')
    .slice(0, 20)
    .join(', ')
    .slice(0, 400);
