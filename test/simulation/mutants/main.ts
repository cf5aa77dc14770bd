/** Plants every bug in turn and says which weather found it: `main.ts [SEEDS [MILLISECONDS]]`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MUTANTS } from './mutants.ts';
import { hunt } from './plant.ts';

const [seeds = '2000', budgetMs = '60000', only = ''] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'mcc-mutants-'));
const wanted = MUTANTS.filter(({ name }) => name.includes(only));
let alive = 0;
try {
  for (const mutant of wanted) {
    const found = await hunt(mutant, folder, { seeds: Number(seeds), budgetMs: Number(budgetMs) });
    if (!found) alive += 1;
    const how = found
      ? `${found.regime}, ${found.kind}, seed ${String(found.seed)}: ${found.words.split('\n')[0] ?? ''}`
      : 'ALIVE';
    console.log(`${mutant.name} | ${how}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${String(wanted.length - alive)} of ${String(wanted.length)} mutants killed`);
process.exitCode = alive === 0 ? 0 : 1;
