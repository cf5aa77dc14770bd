/** Chance from one seed (mulberry32 by T. Ettinger): the same seed, the same run, for ever. */
export interface Chance {
  /** From 0 to below 1. */
  next(): number;
  /** True so often: 0.05 is one in twenty. */
  is(probability: number): boolean;
  /** A whole number from 0 to below `count`. */
  below(count: number): number;
  pick<Value>(values: readonly Value[]): Value;
}

export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count: number): number => Math.floor(next() * count);
  return {
    next,
    is: (probability) => probability > 0 && next() < probability,
    below,
    pick: <Value>(values: readonly Value[]): Value => values[below(values.length)] as Value,
  };
}

/** Different streams for different seeds, regimes and classes. */
export function seedOf(seed: number, name: string): number {
  let mixed = (seed ^ 0x9e3779b9) >>> 0;
  for (const letter of name) {
    mixed = Math.imul(mixed ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  }
  return mixed;
}
