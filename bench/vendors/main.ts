// Vendor exports against their truth tables: npm run bench -- vendors --data DIR [--json]
import { rmSync } from 'node:fs';
import { measure, type Measure } from '../report.ts';
import type { Score } from './links.ts';
import { reconcile, type Found, type Reconciliation } from './reconcile.ts';
import { writeSampleFolder } from './sample.ts';

/** Without a folder: a small one of our own. */
export async function measureVendors(data: string | undefined): Promise<readonly Measure[]> {
  const folder = data ?? writeSampleFolder();
  try {
    const start = performance.now();
    const found = await reconcile(folder);
    const took = performance.now() - start;
    sayWrong(found);
    return [...counts(found), ...money(found), one('the whole folder', took, 'ms')];
  } finally {
    if (data === undefined) rmSync(folder, { recursive: true });
  }
}

const one = (figure: string, value: number, unit: string, goal: number | null = null): Measure =>
  measure('vendors', figure, value, unit, goal);

function counts(found: Reconciliation): Measure[] {
  const { expected, right, rightRaw, accounts, skus, second } = found;
  const of = `of ${String(expected)}`;
  return [
    one('counts equal to the truth', right, of),
    one('counts that differ', expected - right, 'counts', 0),
    one('counts as exported equal to the truth', rightRaw, of),
    one('counts as exported that differ', expected - rightRaw, 'counts', 0),
    one('tenant licences equal to the invoice', second.right, `of ${String(second.expected)}`),
    ...links('account names', accounts),
    ...links('products', skus),
  ];
}

const links = (what: string, { names, linked, open, wrong }: Score): Measure[] => [
  one(`${what} linked by themselves`, linked, `of ${String(names)}`),
  one(`${what} left to a person`, open, `of ${String(names)}`),
  one(`${what} linked wrongly`, wrong.length, 'links', 0),
];

function money({ discrepancy, doubled, drops }: Reconciliation): Measure[] {
  const { found, truth, missed } = discrepancy;
  return [
    one('dollars a month of mistakes found', Number(found), `of ${truth}`),
    one('dollars of mistakes missed or too many, either way', Number(missed), 'dollars', 0),
    ...finds('double counts', doubled),
    ...finds('drops to zero', drops),
  ];
}

const finds = (what: string, { expected, found, wrong }: Found): Measure[] => [
  one(`${what} found`, found, `of ${String(expected)}`),
  one(`${what} missed`, expected - found, 'lines', 0),
  one(`${what} that are none`, wrong, 'lines', 0),
];

/** The figures go to stdout; which ones are wrong, to stderr. */
function sayWrong({ wrong, accounts, skus }: Reconciliation): void {
  for (const words of [...wrong, ...accounts.wrong, ...skus.wrong]) console.error(words);
}
