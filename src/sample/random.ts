/** Chance that is the same on every machine and in every run. */

export type Random = () => number;

const GOLDEN_STEP = 0x6d2b79f5;
const TWO_TO_32 = 4294967296;

/** Mulberry32 (public domain, Tommy Ettinger): numbers from 0 up to, not including, 1. */
export function randomFrom(seed: string): Random {
  let state = hashText(seed);
  return () => {
    state = (state + GOLDEN_STEP) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / TWO_TO_32;
  };
}

/** A UUID that is always the same for the same words. */
export function uuidFrom(words: string): string {
  const random = randomFrom(words);
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16));
  hex[12] = '4';
  hex[16] = '89ab'.charAt(Math.floor(random() * 4));
  const text = hex.join('');
  return [8, 12, 16, 20, 32]
    .map((end, index) => text.slice([0, 8, 12, 16, 20][index], end))
    .join('-');
}

/** FNV-1a, 32 bit. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return hash >>> 0;
}
