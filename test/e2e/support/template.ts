// The sample's twelve posted months take seconds to post; a test run does it once per variant
// and each test begins with a copy.
import { cpSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { SampleVariant } from '../../../src/sample/model.ts';
import { seedRelay, startStandIns } from '../../../src/start/parts.ts';
import { writeSampleFiles } from '../../../src/start/sample-files.ts';

/** One a run: scripts/run.mjs names it and throws the older ones away. */
const RUN = process.env['MCC_RUN'] ?? `jest-${String(process.ppid)}`;
const FOLDER = resolve('.cache', 'templates', RUN);
const WAIT_MS = 250;
const WAITS_MAX = 1_200;

/** Fills `data` with a seeded sample, the stand-ins' books included. */
export async function copySeeded(variant: SampleVariant, data: string): Promise<void> {
  const template = join(FOLDER, variant);
  mkdirSync(FOLDER, { recursive: true });
  if (claim(`${template}.claim`)) await makeTemplate(variant, template);
  await waitFor(`${template}.done`);
  cpSync(template, data, { recursive: true });
}

async function makeTemplate(variant: SampleVariant, template: string): Promise<void> {
  rmSync(template, { recursive: true, force: true });
  const standIns = await startStandIns({ state: join(template, 'stand-ins'), world: variant });
  try {
    const files = await writeSampleFiles(template, standIns.ready.url, variant);
    const done = join(template, 'seeded');
    await seedRelay({ config: files.config, data: template, seed: files.seed, done });
  } finally {
    await standIns.stop();
  }
  writeFileSync(`${template}.done`, '');
}

/** True for the one that came first. */
function claim(path: string): boolean {
  try {
    writeFileSync(path, '', { flag: 'wx' });
    return true;
  } catch {
    return statSync(path, { throwIfNoEntry: false }) === undefined;
  }
}

async function waitFor(path: string): Promise<void> {
  for (let waits = 0; !existsSync(path); waits += 1) {
    if (waits > WAITS_MAX) throw new Error('The seeded sample was not made in time.');
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
}
