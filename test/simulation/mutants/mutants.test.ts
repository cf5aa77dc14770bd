// Every planted bug still fits the code it is planted into; a few are hunted in every run, all of
// them by `main.ts` beside this (posting-safety 2.4).
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { MUTANTS } from './mutants.ts';
import { hunt, patched } from './plant.ts';

/** One for each way of being found: an intent, a look, the sweep. */
const HUNTED = ['no write-ahead intent', 'no read before write', 'the sweep is off'];

describe('planted bugs', () => {
  it.each(MUTANTS)('$name fits the code', ({ patches }) => {
    const files = new Map<string, string>();
    for (const patch of patches) {
      const text = files.get(patch.file) ?? readFileSync(patch.file, 'utf8');
      files.set(patch.file, patched(text, patch));
    }
    expect(files.size).toBeGreaterThan(0);
  });

  it('are at least the twenty that the promise names, each under a name of its own', () => {
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
    expect(MUTANTS.length).toBeGreaterThanOrEqual(20);
  });

  it.each(HUNTED)(
    '%s turns the simulation red',
    async (name) => {
      const mutant = MUTANTS.find((one) => one.name === name);
      if (!mutant) throw new Error(`there is no mutant "${name}"`);
      const folder = mkdtempSync(join(tmpdir(), 'mcc-mutant-'));
      const found = await hunt(mutant, folder, { seeds: 500, budgetMs: 120_000 });
      rmSync(folder, { recursive: true, force: true });
      expect(found).not.toBeNull();
    },
    600_000,
  );
});
