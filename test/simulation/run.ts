/** Runs schedules in a process of its own: `run.ts FROM TO UNTIL_MS`; prints one line of JSON. */
import { CLASSES } from './ledger.ts';
import { REGIMES } from './regimes.ts';
import { runSchedule } from './schedule.ts';

const [from = '0', step = '1', seeds = '100', untilMs = '60000', only = ''] = process.argv.slice(2);
const end = performance.now() + Number(untilMs);
const counts = { seeds: 0, schedules: 0, crashes: 0, sends: 0 };
const states: Record<string, number> = {};

interface Failure {
  readonly seed: number;
  readonly regime: string;
  readonly kind: string;
  readonly words: string;
}

async function runSeed(seed: number): Promise<Failure | null> {
  for (const regime of REGIMES) {
    if (only !== '' && regime.name !== only) continue;
    for (const kind of CLASSES) {
      try {
        const outcome = await runSchedule(seed, regime, kind);
        counts.schedules += 1;
        counts.crashes += outcome.crashes;
        counts.sends += outcome.sends;
        for (const state of outcome.states) states[state] = (states[state] ?? 0) + 1;
      } catch (error) {
        const words = error instanceof Error ? error.message : String(error);
        return { seed, regime: regime.name, kind: kind.name, words };
      }
    }
  }
  counts.seeds += 1;
  return null;
}

let failure: Failure | null = null;
for (let index = 0; index < Number(seeds) && performance.now() < end && !failure; index += 1) {
  failure = await runSeed(Number(from) + index * Number(step));
}
console.log(JSON.stringify({ ...counts, states, failure }));
process.exitCode = failure ? 1 : 0;
