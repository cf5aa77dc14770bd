// The rows of a CSV file by a plan of what is asked for; every trouble names file and row.

import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import Papa from 'papaparse';
import { AppError } from '../../core/errors.ts';
import { detectEncoding, readText, unusable, type Encoding } from './csv-text.ts';
import { rowReader, type FieldReader, type TablePlan } from './table-rows.ts';

export const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** Lines looked at for the header. */
const HEADER_SAMPLE = 10;
const FILE_BYTES_MAX = 500 * 1024 * 1024;

export interface CsvQuestion {
  readonly path: string;
  readonly plan: TablePlan;
  readonly encoding?: Encoding | undefined;
  readonly delimiter?: Delimiter | undefined;
}

/** Reads every row once, whatever the size of the file. Returns when the file was last written. */
export async function readCsv(question: CsvQuestion): Promise<Date> {
  const { path } = question;
  const name = basename(path);
  const { mtime } = await checkFile(path, name);
  const encoding = question.encoding ?? (await detectEncoding(path, name));
  const reader = rowReader(question.plan, name, 'refused');
  await parse(readText(path, encoding, name), question, name, reader);
  return mtime;
}

/** Throws SOURCE_DOWN, SOURCE_REFUSED or SOURCE_MALFORMED in words. */
export async function checkFile(path: string, name: string): Promise<Stats> {
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
  return file;
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
  const delimiter = question.delimiter ?? said?.[1] ?? guessDelimiter(first, question.plan);
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

function guessDelimiter(text: string, plan: TablePlan): string {
  const scores = DELIMITERS.map((delimiter) => {
    const parsed: Papa.ParseResult<string[]> = Papa.parse(text, {
      delimiter,
      preview: HEADER_SAMPLE,
    });
    const fits = parsed.data.map((titles) => plan.fit(titles) * 1000);
    return { delimiter, score: Math.max(0, ...fits) + (parsed.data[0]?.length ?? 0) };
  });
  return scores.reduce((best, one) => (one.score > best.score ? one : best)).delimiter;
}
