// The rows of a CSV file as records of the columns asked for; every trouble names file and row.

import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import Papa from 'papaparse';
import { AppError } from '../../core/errors.ts';
import { detectEncoding, readText, unusable, type Encoding } from './csv-text.ts';

export const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

export const ROWS_MAX = 1_000_000;
const FILE_BYTES_MAX = 500 * 1024 * 1024;

export interface CsvQuestion {
  readonly path: string;
  /** The header names wanted; a row gives one text for each, trimmed. */
  readonly columns: readonly string[];
  readonly encoding?: Encoding | undefined;
  readonly delimiter?: Delimiter | undefined;
}

export type CsvRow = (values: readonly string[], row: number) => void;

/** Reads every row once, whatever the size of the file. Returns when the file was last written. */
export async function readCsv(question: CsvQuestion, onRow: CsvRow): Promise<Date> {
  const { path } = question;
  const name = basename(path);
  const written = await checkFile(path, name);
  const encoding = question.encoding ?? (await detectEncoding(path, name));
  const reader = rowReader(question, name, onRow);
  await parse(readText(path, encoding, name), question, name, reader);
  return written;
}

async function checkFile(path: string, name: string): Promise<Date> {
  const file = await stat(path).catch((error: unknown) => {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const missing = code === 'ENOENT' || code === 'ENOTDIR';
    throw new AppError(
      missing ? 'SOURCE_DOWN' : 'SOURCE_REFUSED',
      `The file ${name} ${missing ? 'is not there' : `may not be read (${code})`}.`,
    );
  });
  if (!file.isFile()) throw unusable(name, 'it is a folder or a device');
  if (file.size > FILE_BYTES_MAX) throw unusable(name, 'it is larger than 500 MB');
  return file.mtime;
}

type Fields = readonly string[];
interface FieldReader {
  readonly read: (fields: Fields, row: number) => void;
  /** Refuses a file that held no header or nothing below it: an empty export is no count of zero. */
  readonly end: () => void;
}

/** Papa counts rows; a delimiter that nobody gave is the one under which the header fits best. */
async function parse(
  texts: AsyncGenerator<string, void>,
  question: CsvQuestion,
  name: string,
  reader: FieldReader,
): Promise<void> {
  const first = await firstText(texts);
  const said = /^sep=(.)\r?\n/i.exec(first);
  const delimiter = question.delimiter ?? said?.[1] ?? guessDelimiter(first, question.columns);
  const stream = Readable.from(prepend(said ? first.slice(said[0].length) : first, texts));
  let row = said ? 1 : 0;
  await new Promise<void>((resolve, reject) => {
    const fail = (error: Error): void => {
      stream.destroy();
      reject(error);
    };
    stream.on('error', fail);
    Papa.parse<string[]>(stream, {
      delimiter,
      // By whole pieces of the file: three times as fast as row by row.
      chunk: ({ data, errors }, parser) => {
        const broken = new Set(errors.map((error) => error.row));
        try {
          for (const [index, fields] of data.entries()) {
            row += 1;
            if (broken.has(index)) {
              throw unusable(name, `row ${String(row)}: a quotation mark is not closed`);
            }
            reader.read(fields, row);
          }
        } catch (error) {
          // In this order: abort ends the parse as if it were complete.
          fail(error as Error);
          parser.abort();
        }
      },
      complete: () => {
        resolve();
      },
      error: fail,
    });
  });
  reader.end();
}

/** The first piece may be short; a header line is wanted whole. */
async function firstText(texts: AsyncGenerator<string, void>): Promise<string> {
  let text = '';
  while (!/[\r\n]/.test(text)) {
    const { value, done } = await texts.next();
    if (done) break;
    text += value;
  }
  return text;
}

async function* prepend(
  first: string,
  rest: AsyncGenerator<string, void>,
): AsyncGenerator<string, void> {
  if (first !== '') yield first;
  for await (const text of rest) if (text !== '') yield text;
}

function guessDelimiter(text: string, columns: readonly string[]): string {
  const scores = DELIMITERS.map((delimiter) => {
    const parsed: Papa.ParseResult<string[]> = Papa.parse(text, { delimiter, preview: 1 });
    const header = parsed.data[0] ?? [];
    const hits = columns.filter((column) => header.some((title) => isSame(title, column)));
    return { delimiter, score: hits.length * 1000 + header.length };
  });
  return scores.reduce((best, one) => (one.score > best.score ? one : best)).delimiter;
}

function rowReader(question: CsvQuestion, name: string, onRow: CsvRow): FieldReader {
  let positions: readonly number[] | null = null;
  let width = 0;
  let rows = 0;
  return {
    read(fields, row) {
      if (fields.every((field) => field.trim() === '')) return;
      if (!positions) {
        width = fields.findLastIndex((field) => field.trim() !== '') + 1;
        positions = question.columns.map((column) => findColumn(fields, column, name));
        return;
      }
      rows += 1;
      if (rows > ROWS_MAX) throw unusable(name, 'it has more than 1,000,000 rows');
      refuseRagged(fields, width, row, name);
      onRow(
        positions.map((at) => readField(fields[at] ?? '', name, row)),
        row,
      );
    },
    end() {
      if (!positions) throw unusable(name, 'it is empty');
      if (rows === 0) throw unusable(name, 'it has no rows below its first');
    },
  };
}

const isSame = (title: string, column: string): boolean => fold(title) === fold(column);
const fold = (text: string): string =>
  text
    .replace(/^\uFEFF/, '')
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();

function findColumn(header: Fields, column: string, name: string): number {
  const places = header.flatMap((title, index) => (isSame(title, column) ? [index] : []));
  const [place] = places;
  if (place === undefined) {
    const titles = header.map((title) => title.trim()).filter((title) => title !== '');
    const has = titles.slice(0, 20).join(', ').slice(0, 400);
    throw unusable(name, `it has no column "${column}" in its first row, which reads: ${has}`);
  }
  if (places.length > 1) throw unusable(name, `two columns are called "${column}"`);
  return place;
}

/** Commas at the end of a row are spreadsheet dust; a missing or extra value shifts the others. */
function refuseRagged(fields: Fields, width: number, row: number, name: string): void {
  if (fields.length === width) return;
  const extra = fields.slice(width).some((field) => field.trim() !== '');
  if (fields.length >= width && !extra) return;
  const has = `row ${String(row)} has ${String(fields.length)} values`;
  throw unusable(name, `${has} where the first row names ${String(width)} columns`);
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
