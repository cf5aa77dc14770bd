// R6 as far as every run has time for it; 200 points in test/deep.
import { expect, test } from '@jest/globals';
import { FAILPOINTS } from '../../../src/relay/posting/ports.ts';
import { killAgainAndAgain } from './kill-points.ts';

const SEED = Number(process.env['MCC_SEED'] ?? Date.now() % 1_000_000);

test(`killed at 40 points, the relay posts every invoice once (MCC_SEED=${String(SEED)})`, async () => {
  const report = await killAgainAndAgain({ perFailpoint: 2, atRandom: 20, seed: SEED });
  expect(report.atFailpoints).toEqual(Object.fromEntries(FAILPOINTS.map((name) => [name, 2])));
  expect(report.inDoubt).toBeGreaterThanOrEqual(6);
  console.info(`R6 ${JSON.stringify({ seed: SEED, ...report })}`);
}, 600_000);
