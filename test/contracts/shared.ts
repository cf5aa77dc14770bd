// The contract checks read ../shared; where it is absent they are skipped, and say so.
import { existsSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..', '..', 'shared');

export const hasShared = existsSync(join(ROOT, 'README.md'));

export const shared = (...parts: string[]): string => join(ROOT, ...parts);

/** `describe` where ../shared is there, else a skip that is seen in the output. */
export function describeShared(name: string, body: () => void): void {
  if (hasShared) {
    describe(name, body);
    return;
  }
  // Jest swallows the console of a file whose tests are all skipped.
  writeSync(2, `SKIPPED: "${name}" reads ../shared, which is not there.\n`);
  describe.skip(name, body);
}
