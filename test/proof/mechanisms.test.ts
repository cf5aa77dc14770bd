// Every row of F1 to F34 names a test, a fault and a planted bug that are there, and docs/proof.md
// tells of all of them what `npm run test:deep` saw.
import { existsSync, readFileSync, writeSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { MUTANTS } from '../simulation/mutants/mutants.ts';
import { patched } from '../simulation/mutants/plant.ts';
import { MECHANISMS } from './mechanisms.ts';
import { rowsOf, toPage } from './page.ts';

const PAGE = 'docs/proof.md';
const read = (file: string): string => readFileSync(file, 'utf8');

describe('the moments F1 to F34', () => {
  it('are all there, in order', () => {
    const ids = Array.from({ length: 34 }, (_, index) => `F${String(index + 1)}`);
    expect(MECHANISMS.map(({ id }) => id)).toEqual(ids);
  });

  it.each(MECHANISMS)('$id: its test, its fault and its planted bug exist', ({ test, fault, without }) => {
    expect(read(test.file)).toContain(test.title);
    expect(read(fault.file)).toContain(fault.switch);
    if ('mutant' in without) {
      expect(MUTANTS.map(({ name }) => name)).toContain(without.mutant);
      return;
    }
    expect(without.patches.length).toBeGreaterThan(0);
    for (const patch of without.patches) patched(read(patch.file), patch);
  });

  it('come back from a page as they were written into it', () => {
    const mechanisms = MECHANISMS.map((mechanism) => ({ mechanism, words: '1 of 1 failed', holds: true }));
    const page = toPage({ at: '2026-11-22', commit: 'abc', isClean: true, cores: 2, minutes: 1, parts: [], mutants: [], mechanisms });
    expect(rowsOf(page)).toEqual(
      MECHANISMS.map(({ id, test, fault }) => ({ id, test, fault, seen: 'red: 1 of 1 failed' })),
    );
  });
}); // prettier-ignore

if (existsSync(PAGE)) {
  describe(PAGE, () => {
    const rows = rowsOf(read(PAGE));

    it('has every moment', () => {
      expect(rows.map(({ id }) => id)).toEqual(MECHANISMS.map(({ id }) => id));
    });

    it.each(rows)('$id: what it names exists, and it was red', ({ test, fault, seen }) => {
      expect(read(test.file)).toContain(test.title);
      expect(read(fault.file)).toContain(fault.switch);
      expect(seen).toMatch(/^red: /);
    });
  });
} else {
  writeSync(2, `SKIPPED: ${PAGE} is not written yet. Run "npm run test:deep".\n`);
}
