// The shared texts of a workbook outside the heap: a million of them as objects make V8 keep more.

import { unusable } from '../../tables/csv-text.ts';

export interface TextStore {
  readonly push: (text: string) => void;
  readonly at: (index: number) => string | undefined;
}

const PIECE_BYTES = 1 << 20;
const PIECES_MAX = 64;
/** A million of them took the reader beyond 300 MB (2026-11-22). */
const TEXTS_MAX = 250_000;

/** Throws in words that name the file for more than 250,000 texts or 64 MB of them. */
export function newTextStore(name: string): TextStore {
  const pieces: Buffer[] = [];
  let starts = new Uint32Array(1024);
  let ends = new Uint32Array(1024);
  let [count, used] = [0, PIECE_BYTES];

  const makeRoom = (bytes: number): void => {
    if (count === TEXTS_MAX) {
      throw unusable(name, 'it holds more than 250,000 different texts; save it as CSV');
    }
    if (count === starts.length) [starts, ends] = [doubled(starts), doubled(ends)];
    if (used + bytes <= PIECE_BYTES) return;
    if (pieces.length === PIECES_MAX || bytes > PIECE_BYTES) {
      throw unusable(name, 'it holds more than 64 MB of different texts; save it as CSV');
    }
    pieces.push(Buffer.allocUnsafeSlow(PIECE_BYTES));
    used = 0;
  };

  return {
    push(text) {
      makeRoom(Buffer.byteLength(text));
      const base = (pieces.length - 1) * PIECE_BYTES;
      starts[count] = base + used;
      used += pieces.at(-1)?.write(text, used) ?? 0;
      ends[count] = base + used;
      count += 1;
    },
    at(index) {
      const start = starts[index];
      if (start === undefined || index >= count) return undefined;
      const base = start - (start % PIECE_BYTES);
      const end = ends[index] ?? start;
      return pieces[base / PIECE_BYTES]?.toString('utf8', start - base, end - base);
    },
  };
}

function doubled(old: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const more = new Uint32Array(old.length * 2);
  more.set(old);
  return more;
}
