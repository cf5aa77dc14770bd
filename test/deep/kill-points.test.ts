// R6 whole: the same as in every run, at 200 points.
import { expect, test } from '@jest/globals';
import { FAILPOINTS } from '../../src/relay/posting/ports.ts';
import { killAgainAndAgain } from '../relay/process/kill-points.ts';

const SEED = Number(process.env['MCC_SEED'] ?? Date.now() % 1_000_000);

test(`killed at 200 points, the relay posts every invoice once (MCC_SEED=${String(SEED)})`, async () => {
  const report = await killAgainAndAgain({ perFailpoint: 10, atRandom: 100, seed: SEED });
  expect(report.atFailpoints).toEqual(Object.fromEntries(FAILPOINTS.map((name) => [name, 10])));
  expect(report.inDoubt).toBeGreaterThanOrEqual(30);
  console.info(`R6 ${JSON.stringify({ seed: SEED, ...report })}`);
}, 1_800_000);
