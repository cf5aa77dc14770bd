// Which serial numbers were met before, of a million of them in some tens of megabytes.

import { createHash } from 'node:crypto';

export interface Distinct {
  /** False when this group has it already. */
  readonly add: (group: number, serial: string) => boolean;
  /** Of every group its ids, sorted; null when there are more than anybody compares. */
  readonly ids: () => ReadonlyMap<number, readonly string[]> | null;
}

/** 96 bits of the hash, and the group plus one; zero: nobody lives there. */
type Key = readonly [number, number, number, number];
const WIDTH = 4;
const SLOTS_FIRST = 1 << 12;
const FULL = 0.7;
/** A change of devices is told from ids; of more than these nobody reads which. */
const IDS_MAX = 100_000;

export function newDistinct(): Distinct {
  let slots = new Uint32Array(SLOTS_FIRST * WIDTH);
  let size = 0;

  const grow = (): void => {
    const old = slots;
    slots = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += WIDTH) {
      const key: Key = [old[at] ?? 0, old[at + 1] ?? 0, old[at + 2] ?? 0, old[at + 3] ?? 0];
      if (key[3] !== 0) slots.set(key, find(slots, key));
    }
  };

  return {
    add(group, serial) {
      const hash = hashOf(serial);
      const key: Key = [
        hash.readUInt32BE(0),
        hash.readUInt32BE(4),
        hash.readUInt32BE(8),
        group + 1,
      ];
      const at = find(slots, key);
      if (slots[at + 3] !== 0) return false;
      slots.set(key, at);
      size += 1;
      if (size * WIDTH > slots.length * FULL) grow();
      return true;
    },
    ids() {
      if (size > IDS_MAX) return null;
      const found = new Map<number, string[]>();
      for (let at = 0; at < slots.length; at += WIDTH) {
        const [a = 0, b = 0, c = 0, group = 0] = slots.subarray(at, at + WIDTH);
        if (group === 0) continue;
        const own = found.get(group - 1) ?? [];
        own.push([a, b, c].map(toHex).join(''));
        found.set(group - 1, own);
      }
      for (const own of found.values()) own.sort();
      return found;
    },
  };
}

/** Where it lives, or the first free place it could. */
function find(slots: Uint32Array, [a, b, c, group]: Key): number {
  const last = slots.length / WIDTH - 1;
  for (let slot = (a ^ (group * 0x9e3779b1)) & last; ; slot = (slot + 1) & last) {
    const at = slot * WIDTH;
    const there = slots[at + 3];
    if (there === 0) return at;
    if (there === group && slots[at] === a && slots[at + 1] === b && slots[at + 2] === c) return at;
  }
}

/** A serial number is the same in capitals or not; hashed, as it names a machine. */
const hashOf = (serial: string): Buffer =>
  createHash('sha256').update(`file-import:${serial.toUpperCase()}`).digest();

const toHex = (word: number): string => word.toString(16).padStart(8, '0');
