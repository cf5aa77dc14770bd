import { readFileSync } from 'node:fs';
import { officeBook } from './workbench-book.ts';
import { describeShared, shared } from './shared.ts';

describeShared('the workbench and the development workbooks', () => {
  // The margins of the price list are stored with two digits; the sheet shows more.
  const ROUNDED = /^=\(B\d+-C\d+\)\/B\d+$/;

  test.each([
    ['billing_wide_dev.xlsx', 160],
    ['billing_long_dev.xlsx', 310],
  ])('%s calculates to the results its author saved', async (name, formulasAtLeast) => {
    const { formulas } = await officeBook(readFileSync(shared('data', 'workbooks', name)), name);
    expect(formulas.length).toBeGreaterThanOrEqual(formulasAtLeast);
    for (const { at, formula, saved, calculated } of formulas) {
      if (ROUNDED.test(formula)) continue;
      const same =
        typeof saved === 'number' && typeof calculated === 'number'
          ? Math.abs(saved - calculated) < 1e-6
          : saved === calculated;
      expect(same ? at : `${at} ${formula} ${String(saved)} ${String(calculated)}`).toBe(at);
    }
  });

  test.each(['billing_wide_dev.xlsx', 'billing_long_dev.xlsx'])(
    '%s is the same after saving and opening',
    async (name) => {
      const { first, again } = await officeBook(
        readFileSync(shared('data', 'workbooks', name)),
        name,
      );
      expect(again).toEqual(first);
    },
  );
});
