// Every row of F1 to F34 names a test, a fault and a planted bug that are there, and docs/proof.md
// tells of all of them what `npm run test:deep` saw.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { MUTANTS } from '../simulation/mutants/mutants.ts';
import { patched } from '../simulation/mutants/plant.ts';
import { MECHANISMS } from './mechanisms.ts';
import { rowsOf } from './page.ts';

const read = (file: string): string => readFileSync(file, 'utf8');
const page = read('docs/proof.md');

describe('the moments F1 to F34', () => {
  it('are all there, in order', () => {
    const ids = Array.from({ length: 34 }, (_, index) => `F${String(index + 1)}`);
    expect(MECHANISMS.map(({ id }) => id)).toEqual(ids);
    expect(rowsOf(page).map(({ id }) => id)).toEqual(ids);
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

  it.each(rowsOf(page))('$id: what docs/proof.md names exists, and it was red', ({ test, fault, seen }) => {
    expect(read(test.file)).toContain(test.title);
    expect(read(fault.file)).toContain(fault.switch);
    expect(seen).toMatch(/^red: /);
  });
}); // prettier-ignore
