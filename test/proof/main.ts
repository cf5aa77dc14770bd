/**
 * `npm run test:deep`: what is too long for every run (posting-safety 3.1, tier B). It runs the
 * whole of it, writes docs/proof.md with what it saw, and ends with 1 when anything does not hold.
 * Words after it narrow it down for trying out ("runs", "mutants", "mechanisms"); then nothing is
 * written.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { runInChildren, type Wish } from '../simulation/children.ts';
import { CLASSES } from '../simulation/ledger.ts';
import { MUTANTS } from '../simulation/mutants/mutants.ts';
import { hunt } from '../simulation/mutants/plant.ts';
import { REGIMES } from '../simulation/regimes.ts';
import { MECHANISMS, type Mechanism } from './mechanisms.ts';
import { holds, toPage, type Killed, type Part, type Proof, type Seen } from './page.ts';
import { copyProject, runWithout, type Copy } from './prove.ts';

const SCHEDULES = 1_000_000;
const CROWDS = 200_000;
const HUNT = { seeds: 3_000, budgetMs: 60_000 };
/** Another day, other seeds. */
const FIRST = (Math.floor(Date.now() / 86_400_000) % 10_000) * 100_000;
const PAIRS = REGIMES.length * CLASSES.length;

const began = performance.now();
const minutesSince = (from: number): number => (performance.now() - from) / 60_000;
const say = (words: string): void =>
  void process.stdout.write(`${minutesSince(began).toFixed(1).padStart(5)} min  ${words}\n`);

async function simulate(id: string, what: string, wish: Pick<Wish, 'crowd'>, least: number): Promise<Part> {
  const from = performance.now();
  const seeds = Math.ceil(least / PAIRS);
  const report = await runInChildren({ ...wish, first: FIRST, min: seeds, max: seeds, budgetMs: 0 });
  const { schedules, crashes, sends, failure } = report;
  const numbers = `${String(schedules)} schedules from seed ${String(FIRST)} × ${String(REGIMES.length)} regimes × ${String(CLASSES.length)} classes of books, ${String(crashes)} crashes, ${String(sends)} creates`;
  const broke = failure ? `: ${failure.words} (seed ${String(failure.seed)}, ${failure.regime}, ${failure.kind})` : '';
  const part = { id, what, words: `${numbers}; ${failure ? '1' : '0'} broken${broke}`, minutes: minutesSince(from), holds: failure === null && schedules >= least };
  say(`${id} ${part.words}`);
  return part;
} // prettier-ignore

interface JestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string; readonly duration?: number | null }[];
  }[];
} // prettier-ignore

/** The tests of the project "deep", a row each. */
async function runDeep(): Promise<readonly Part[]> {
  const folder = mkdtempSync(join(tmpdir(), 'mcc-deep-'));
  const file = join(folder, 'report.json');
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
  const flags = ['--selectProjects', 'deep', '--testTimeout', '3600000', '--forceExit', '-i', '--json', '--outputFile', file]; // prettier-ignore
  await new Promise((resolve) => {
    const child = spawn(process.execPath, [...jest, ...flags], { stdio: ['ignore', 'ignore', 2] });
    child.on('close', resolve);
  });
  const report = JSON.parse(readFileSync(file, 'utf8')) as JestReport;
  rmSync(folder, { recursive: true });
  return report.testResults.flatMap(({ name, assertionResults }) => {
    const id = basename(name).replace(/\.test\.ts$/, '');
    return assertionResults.map(({ fullName, status, duration }): Part => {
      say(`${id}: ${fullName}: ${status}`);
      return { id, what: fullName, words: status, minutes: (duration ?? 0) / 60_000, holds: status === 'passed' }; // prettier-ignore
    });
  });
}

async function huntAll(): Promise<readonly Killed[]> {
  const folder = mkdtempSync(join(tmpdir(), 'mcc-mutants-'));
  const killed: Killed[] = [];
  for (const mutant of MUTANTS) {
    const by = await hunt(mutant, folder, HUNT);
    killed.push({ mutant: mutant.name, by: by && { ...by, words: by.words.split('\n')[0] ?? '' } });
    say(`${mutant.name}: ${by ? `killed by ${by.regime}` : 'ALIVE'}`);
  }
  rmSync(folder, { recursive: true, force: true });
  return killed;
}

/** Green in the copy as it is, red without the mechanism; anything else proves nothing. */
async function prove(copy: Copy, mechanism: Mechanism): Promise<Seen> {
  const { id, test, without } = mechanism;
  const patches = 'patches' in without ? without.patches : [];
  const whole = await runWithout(copy, test, []);
  const broken = whole.red === false ? await runWithout(copy, test, patches) : whole;
  const good = whole.red === false && broken.red === true;
  say(`${id}: ${good ? 'red' : 'NOT RED'} without it (${broken.words})`);
  return { mechanism, words: broken.words, holds: good };
}

/** Those that a mutant of the simulation stands for were hunted already. */
function huntedAs(mechanism: Mechanism, name: string, killed: readonly Killed[]): Seen {
  const by = killed.find(({ mutant }) => mutant === name)?.by;
  const words = by ? `mutant "${name}" is killed by ${by.regime}` : `mutant "${name}" lives`;
  return { mechanism, words, holds: by != null };
}

async function proveAll(killed: readonly Killed[]): Promise<readonly Seen[]> {
  const open = [...MECHANISMS];
  const seen: Seen[] = [];
  const work = async (): Promise<void> => {
    const copy = copyProject();
    for (let next = open.shift(); next; next = open.shift()) {
      const { without } = next;
      seen.push('mutant' in without ? huntedAs(next, without.mutant, killed) : await prove(copy, next)); // prettier-ignore
    }
    copy.remove();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return MECHANISMS.flatMap((one) => seen.filter(({ mechanism }) => mechanism === one));
}

const git = (...args: string[]): string =>
  spawnSync('git', args, { encoding: 'utf8' }).stdout.trim();

const wanted = process.argv.slice(2);
const wants = (name: string): boolean => wanted.length === 0 || wanted.includes(name);
const commit = git('rev-parse', '--short', 'HEAD');
const isClean = git('status', '--porcelain', '--', 'src', 'test', 'taskpane', 'functions') === '';

const deep = wants('deep') ? runDeep() : Promise.resolve([]);
const runs: Part[] = [];
if (wants('runs')) {
  runs.push(await simulate('R1', 'schedules of the engine under faults', {}, SCHEDULES));
  runs.push(await simulate('R2', 'crowds: many invoices, several persons', { crowd: true }, CROWDS));
} // prettier-ignore
const mutants = wants('mutants') || wants('mechanisms') ? await huntAll() : [];
const mechanisms = wants('mechanisms') ? await proveAll(mutants) : [];
const proof: Proof = {
  at: new Date().toISOString().slice(0, 10),
  commit,
  isClean,
  cores: availableParallelism(),
  parts: [...runs, ...(await deep)],
  mutants,
  mechanisms,
  minutes: minutesSince(began),
};
say(holds(proof) ? 'everything holds' : 'something does not hold');
if (wanted.length === 0) writeFileSync('docs/proof.md', toPage(proof));
process.exitCode = holds(proof) ? 0 : 1;
