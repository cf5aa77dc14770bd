/** A property as a test; the seed is printed when it fails, and MCC_SEED runs it again. */
import { test } from '@jest/globals';
import fc from 'fast-check';

const SEED = Number(process.env.MCC_SEED ?? Math.floor(Math.random() * 2 ** 31));
export const RUNS = Number(process.env.MCC_RUNS ?? 100);

type Values<Arbitraries extends readonly fc.Arbitrary<unknown>[]> = {
  [Index in keyof Arbitraries]: Arbitraries[Index] extends fc.Arbitrary<infer Value>
    ? Value
    : never;
};

export function property<
  const Arbitraries extends [fc.Arbitrary<unknown>, ...fc.Arbitrary<unknown>[]],
>(
  name: string,
  arbitraries: Arbitraries,
  check: (...values: Values<Arbitraries>) => void,
  runs = RUNS,
): void {
  test(`${name} (seed ${SEED})`, () => {
    const all: fc.Arbitrary<unknown>[] = arbitraries;
    const values = fc.tuple(...all);
    const checkAll = check as (...values: readonly unknown[]) => void;
    fc.assert(
      fc.property(values, (each) => checkAll(...each)),
      { seed: SEED, numRuns: runs },
    );
  });
}
