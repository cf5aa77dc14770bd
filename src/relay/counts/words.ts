/** Text from outside, made fit for our wire and screens: it is data, whatever it says. */
import { createHash } from 'node:crypto';

const NAME_MAX = 255;

/** Zero-width characters; a joiner between two emoji is part of the picture. */
const INVISIBLE =
  /[\u200b\u200c\u2060\ufeff]|(?<![\p{Extended_Pictographic}\ufe0f\u{1f3fb}-\u{1f3ff}])\u200d/gu;

/** Control and bidirectional characters become spaces; never empty. */
export function plainWords(text: string, max = NAME_MAX): string {
  const plain = text
    .normalize('NFC')
    .toWellFormed()
    .replace(INVISIBLE, ' ')
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2061-\u2069]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return cut(plain, max) || '(no name)';
}

/** A vendor's id of a device or seat leaves the relay only as this. */
export const hashedId = (source: string, id: string): string =>
  createHash('sha256').update(`${source}|${id}`).digest('hex').slice(0, 16);

const ID_MAX = 60;

/** The hash with the id behind it: readable, and comparable with months of hashes alone. */
export const listedId = (source: string, id: string): string =>
  `${hashedId(source, id)}:${plainWords(id, ID_MAX)}`;

/** Cut between characters, never through a surrogate pair. */
function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  return (
    text
      .slice(0, max - 1)
      .toWellFormed()
      .replace(/\ufffd$/, '') + '…'
  );
}
