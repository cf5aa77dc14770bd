/** What the sample profile starts with, written into its data folder: no account, no typing. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleBooks, sampleConfig } from '../sample/config.ts';
import type { SampleVariant } from '../sample/model.ts';
import { PERSON, sampleSeed } from '../sample/seed.ts';
import { writeSampleWorkbook } from './sample-workbook.ts';

export interface SampleFiles {
  readonly config: string;
  readonly seed: string;
  readonly workbook: string;
}

/** The addresses change from start to start, so the configuration is written each time. */
export async function writeSampleFiles(
  data: string,
  standIns: string,
  variant: SampleVariant,
  forExcel = false,
): Promise<SampleFiles> {
  mkdirSync(data, { recursive: true });
  const files = {
    config: join(data, 'relay.json'),
    seed: join(data, 'seed.json'),
    workbook: join(data, 'billing.xlsx'),
  };
  const config = {
    ...sampleConfig(standIns),
    person: PERSON,
    books: { id: 'books', adapter: 'conductor', settings: sampleBooks(standIns) },
    pages: {
      dist: 'dist',
      // Excel loads office.js from Microsoft; only the workbench needs npm's copy.
      ...(forExcel ? {} : { office: 'node_modules/@microsoft/office-js/dist' }),
      sampleWorkbook: files.workbook,
    },
  };
  writeFileSync(files.config, JSON.stringify(config, null, 2), { mode: 0o600 });
  writeFileSync(files.seed, JSON.stringify(sampleSeed(variant, keptId)));
  if (!existsSync(files.workbook)) await writeSampleWorkbook(files.workbook, variant);
  return files;
}

/** As the relay's own sync keeps ids; a test holds the two against each other. */
export const keptId = (source: string, id: string): string =>
  createHash('sha256').update(`${source}:${id}`).digest('hex').slice(0, 24);
