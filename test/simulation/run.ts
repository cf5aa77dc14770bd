/**
 * Runs schedules in a process of its own and prints one line of JSON:
 * `run.ts FIRST STEP SEEDS_MIN SEEDS_MAX MILLISECONDS [REGIME [CLASS [crowd]]]`. Stops at the first
 * failure.
 */
import { runCrowd } from './crowd.ts';
import { CLASSES } from './ledger.ts';
import { REGIMES } from './regimes.ts';
import { runSchedule } from './schedule.ts';

export interface Failure {
  readonly seed: number;
  readonly regime: string;
  readonly kind: string;
  readonly words: string;
}

export interface Report {
  readonly seeds: number;
  readonly schedules: number;
  readonly crashes: number;
  readonly sends: number;
  readonly states: Readonly<Record<string, number>>;
  readonly failure: Failure | null;
}

// Where an error was made is not asked here, and finding it out takes time.
Error.stackTraceLimit = 0;

const [
  first = '0',
  step = '1',
  min = '0',
  max = '100',
  budget = '60000',
  regime = '',
  kind = '',
  who = '',
] = process.argv.slice(2);
const end = performance.now() + Number(budget);
const run = who === 'crowd' ? runCrowd : runSchedule;
const report = { seeds: 0, schedules: 0, crashes: 0, sends: 0 };
const states: Record<string, number> = {};
const pairs = REGIMES.flatMap((one) => CLASSES.map((other) => [one, other] as const)).filter(
  ([one, other]) => (regime === '' || one.name === regime) && (kind === '' || other.name === kind),
);

async function runSeed(seed: number): Promise<Failure | null> {
  for (const [one, other] of pairs) {
    try {
      const outcome = await run(seed, one, other);
      report.schedules += 1;
      report.crashes += outcome.crashes;
      report.sends += outcome.sends;
      for (const state of outcome.states) states[state] = (states[state] ?? 0) + 1;
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      return { seed, regime: one.name, kind: other.name, words };
    }
  }
  report.seeds += 1;
  return null;
}

const mayGoOn = (): boolean =>
  report.seeds < Number(min) || (report.seeds < Number(max) && performance.now() < end);

let failure: Failure | null = null;
while (mayGoOn() && !failure) {
  failure = await runSeed(Number(first) + report.seeds * Number(step));
}
console.log(JSON.stringify({ ...report, states, failure }));
