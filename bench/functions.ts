// Requests and time for many cold formulas, and on a full recalculation of the same snapshot.
import { openPage } from '../test/functions/relay.ts';
import { measure, type Measure } from './report.ts';

/** Rulings and ux.md 6.1 P1 to P3: one request each, 60 ms per 1,000 with the snapshot there. */
const WARM_GOAL_MS = 60;

export async function measureFunctions(): Promise<readonly Measure[]> {
  const page = openPage();
  await import('../functions/functions.ts');
  const { runtime } = await import('../functions/runtime.ts');
  const measures: Measure[] = [];
  for (const many of [1_000, 10_000]) {
    const name = many.toLocaleString('en-US');
    runtime.snapshots.clear();
    page.asked.length = 0;
    const cold = await timed(() => page.callMany('MCCCOUNT', many, 'C017', 'WS', '2026-10', null));
    measures.push(
      measure('functions', `requests for ${name} cold formulas`, page.asked.length, 'requests', 1),
      measure(
        'functions',
        `${name} cold formulas settled`,
        cold,
        'ms',
        many === 1_000 ? 400 : null,
      ),
    );
    page.asked.length = 0;
    const warm = await timed(() => page.callMany('MCCCOUNT', many, 'C017', 'WS', '2026-10', null));
    measures.push(
      measure('functions', `requests when ${name} recalculate`, page.asked.length, 'requests', 0),
      measure(
        'functions',
        `${name} formulas recalculated, a thousand`,
        (warm * 1_000) / many,
        'ms',
        WARM_GOAL_MS,
      ),
    );
  }
  return measures;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
