// Loaded into the relay's process by the bench: counts the commits of its database, and keeps the
// count in a file of eight bytes that the bench reads between two moments.
import { openSync, writeSync } from 'node:fs';
import { countCommits } from './count-commits.ts';

const path = process.env['MCC_COMMIT_COUNT'];
if (path !== undefined) {
  const file = openSync(path, 'w');
  const bytes = new BigUint64Array(1);
  countCommits(() => {
    bytes[0] = (bytes[0] ?? 0n) + 1n;
    writeSync(file, bytes, 0, bytes.byteLength, 0);
  });
}
