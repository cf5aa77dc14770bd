// npm run bench                      every bench, one line a figure
// npm run bench -- NAME [--json]     one of them; --json prints an array and nothing else
// npm run bench -- --write           every bench, kept in docs/bench.json with day and commit
// --data DIR names a folder of labelled names (matching) or of vendor exports with their truth
// tables (vendors); the others bring their own.
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { AppError } from '../src/core/errors.ts';
import { measureBundle } from './bundle.ts';
import { measureCommits } from './commits.ts';
import { measureCore } from './core.ts';
import { measureFunctions } from './functions.ts';
import { measureImports } from './imports/main.ts';
import { measureMatching } from './matching/main.ts';
import { measurePaint } from './paint.ts';
import { measureRefresh } from './refresh.ts';
import { measurePosting } from './posting.ts';
import { printMeasures, type Measure } from './report.ts';
import { measureVendors } from './vendors/main.ts';

const BENCHES: Readonly<Record<string, (data?: string) => Promise<readonly Measure[]>>> = {
  matching: measureMatching,
  vendors: measureVendors,
  imports: measureImports,
  functions: measureFunctions,
  core: measureCore,
  refresh: measureRefresh,
  paint: measurePaint,
  bundle: measureBundle,
  commits: measureCommits,
  posting: measurePosting,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    data: { type: 'string' },
  },
});

const unknown = positionals.find((name) => !(name in BENCHES));
if (unknown !== undefined) {
  console.error(`There is no bench "${unknown}". Known: ${Object.keys(BENCHES).join(', ')}.`);
  process.exit(2);
}

if (values.write && positionals.length > 0) {
  console.error('--write keeps a whole run: leave the names out.');
  process.exit(2);
}

const measures: Measure[] = [];
const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);
const [only] = names;
if (names.length === 1 && only !== undefined) measures.push(...(await runHere(only)));
else for (const name of names) measures.push(...runAlone(name));
if (values.write) keep(measures);
if (values.json) console.log(JSON.stringify(measures, null, 2));
else printMeasures(measures);

/** What is wrong with --data is said in one line. */
async function runHere(name: string): Promise<readonly Measure[]> {
  try {
    return (await BENCHES[name]?.(values.data)) ?? [];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    console.error(error.message);
    return process.exit(2);
  }
}

/** Each in a process of its own: one changes fetch and timers, and none warms up another. */
function runAlone(name: string): readonly Measure[] {
  const args = ['--no-warnings', 'bench/main.ts', name, '--json'];
  const run = spawnSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 2] });
  if (run.status !== 0) throw new Error(`The bench "${name}" did not come to an end.`);
  return JSON.parse(run.stdout) as readonly Measure[];
}

/** What the README's limits are held against. */
function keep(found: readonly Measure[]): void {
  const git = (...words: string[]): string =>
    execFileSync('git', words, { encoding: 'utf8' }).trim();
  const kept = {
    day: new Date().toISOString().slice(0, 10),
    commit: git('rev-parse', '--short', 'HEAD'),
    // Of the machine in the last minute: others' work makes every figure worse.
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    measures: found,
  };
  writeFileSync('docs/bench.json', `${JSON.stringify(kept, null, 2)}\n`);
}
