// The letters of an IIF file: Windows-1252, for QuickBooks Desktop reads no Unicode there.

import { assert } from '../../core/errors.ts';

const LETTERS = new TextDecoder('windows-1252');
const BYTES = new Map(
  Array.from({ length: 256 }, (_, byte) => [LETTERS.decode(Uint8Array.of(byte)), byte] as const),
);

/** The first letter that such a file cannot hold, in words; null when it holds all. */
export function brokenLetters(text: string): string | null {
  const strange = Array.from(text).find((letter) => !BYTES.has(letter));
  return strange === undefined ? null : `an IIF file cannot hold the letter "${strange}"`;
}

/** A letter put in the place of another would be another name: whoever writes has asked before. */
export function encodeLetters(text: string): Buffer {
  const broken = brokenLetters(text);
  assert(broken === null, broken ?? '');
  return Buffer.from(Array.from(text, (letter) => BYTES.get(letter) ?? 0));
}

export const decodeLetters = (bytes: Buffer): string => LETTERS.decode(bytes);
