// The bytes of a CSV file as text: which encoding, and what is no CSV at all.

import { createReadStream } from 'node:fs';
import { AppError } from '../../core/errors.ts';

export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export type Encoding = (typeof ENCODINGS)[number];

const SAMPLE_BYTES = 4096;
const LINE_LENGTH_MAX = 1_000_000;

const DISGUISES: readonly (readonly [string, string])[] = [
  ['504b0304', 'an Excel workbook or another zip'],
  ['d0cf11e0', 'an old Excel workbook'],
  ['25504446', 'a PDF'],
  ['1f8b', 'a compressed file'],
];

/** By its byte order mark, else by its zeros, else UTF-8 when every byte fits, else Windows-1252. */
export async function detectEncoding(path: string, name: string): Promise<Encoding> {
  const head = await firstBytes(path);
  if (head.length === 0) throw unusable(name, 'it is empty');
  for (const [signature, what] of DISGUISES) {
    if (head.toString('hex', 0, 4).startsWith(signature)) {
      throw unusable(name, `it is ${what}; save it as CSV`);
    }
  }
  const mark = head.toString('hex', 0, 3);
  if (mark === 'efbbbf') return 'utf-8';
  if (mark.startsWith('fffe')) return 'utf-16le';
  if (mark.startsWith('feff')) return 'utf-16be';
  const wide = wideEncoding(head);
  if (wide) return wide;
  return (await isUtf8(path)) ? 'utf-8' : 'windows-1252';
}

/** The text in pieces, checked while it goes by. */
export async function* readText(
  path: string,
  encoding: Encoding,
  name: string,
): AsyncGenerator<string, void> {
  const decoder = newDecoder(encoding);
  const check = lineChecker(name);
  let isFirst = true;
  for await (const bytes of createReadStream(path)) {
    const text = decode(decoder, bytes as Buffer, encoding, name, true);
    if (isFirst && text !== '') refuseMarkup(text, name);
    isFirst &&= text === '';
    check(text);
    yield text;
  }
  yield decode(decoder, new Uint8Array(), encoding, name, false);
}

export const unusable = (name: string, what: string): AppError =>
  new AppError('SOURCE_MALFORMED', `The file ${name} cannot be used: ${what}.`);

function decode(
  decoder: TextDecoder,
  bytes: Uint8Array,
  encoding: Encoding,
  name: string,
  stream: boolean,
): string {
  try {
    return decoder.decode(bytes, { stream });
  } catch {
    throw unusable(name, `it holds bytes that are not ${encoding}`);
  }
}

const newDecoder = (encoding: Encoding): TextDecoder => new TextDecoder(encoding, { fatal: true });

function refuseMarkup(text: string, name: string): void {
  if (text.trimStart().startsWith('<')) throw unusable(name, 'it is a web page or XML, not CSV');
}

/** A quotation mark that is never closed or a binary file makes one endless line. */
function lineChecker(name: string): (text: string) => void {
  let line = 1;
  let length = 0;
  return (text) => {
    if (text.includes('\u0000')) throw unusable(name, `line ${String(line)} or later holds a NUL`);
    const ends = text.split(/\r\n?|\n/);
    for (const [index, part] of ends.entries()) {
      length = index === 0 ? length + part.length : part.length;
      if (index > 0) line += 1;
      if (length > LINE_LENGTH_MAX) {
        throw unusable(name, `line ${String(line)} is longer than 1,000,000 characters`);
      }
    }
  };
}

async function firstBytes(path: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(path, { end: SAMPLE_BYTES - 1 })) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

/** Latin text in UTF-16 has a zero in every other byte. */
function wideEncoding(head: Buffer): Encoding | null {
  const zeros = [0, 0];
  head.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  const many = head.length / 4;
  if (odd > many && even < many / 8) return 'utf-16le';
  return even > many && odd < many / 8 ? 'utf-16be' : null;
}

async function isUtf8(path: string): Promise<boolean> {
  const decoder = newDecoder('utf-8');
  try {
    for await (const bytes of createReadStream(path)) {
      decoder.decode(bytes as Buffer, { stream: true });
    }
    decoder.decode();
    return true;
  } catch (error) {
    const { code } = error as { readonly code?: string };
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return false;
    throw error;
  }
}
