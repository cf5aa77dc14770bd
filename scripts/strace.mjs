// Finds strace for the test that watches the disk and the wire; Debian's by apt where we are root.
import { existsSync } from 'node:fs';
import { aptInstall } from './apt.mjs';

const INSTALLED = '/usr/bin/strace';

/** Leaves its path in MCC_STRACE for the program that follows. */
export function provide(say) {
  if (process.platform !== 'linux') return;
  if (!existsSync(INSTALLED)) aptInstall('strace', 'for the test of the disk before the wire', say);
  if (existsSync(INSTALLED)) process.env.MCC_STRACE = INSTALLED;
  else say('NO STRACE: the test of the disk before the wire will be SKIPPED. Install strace.');
}
