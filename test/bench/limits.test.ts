/** A goal that the last kept run of the bench missed stands in the README, with its reason. */
import { readFileSync } from 'node:fs';
import type { Measure } from '../../bench/report.ts';

interface Kept {
  readonly day: string;
  readonly commit: string;
  readonly load: number;
  readonly measures: readonly Measure[];
}

/** Every bench whose goals product.md 6 and ux.md 6.1 name must have been run. */
const BENCHES = ['functions', 'refresh', 'paint', 'bundle', 'commits', 'core'];
/** In every run since they were written; the kept one may be older. */
const SINCE = ['imports', 'matching', 'posting', 'vendors'];
/** "figure": reason. A reason is a sentence, not a word. */
const REASON_MIN = 20;

const kept = JSON.parse(readFileSync('docs/bench.json', 'utf8')) as Kept;
const limits = limitsOf(readFileSync('README.md', 'utf8'));

test('the kept run says when and of what it was, and holds every bench', () => {
  expect(kept.day).toMatch(/^\d{4}-\d\d-\d\d$/);
  expect(kept.commit).toMatch(/^[0-9a-f]{7,40}$/);
  const held = [...new Set(kept.measures.map(({ bench }) => bench))];
  expect(BENCHES.filter((bench) => !held.includes(bench))).toEqual([]);
  expect(held.filter((bench) => ![...BENCHES, ...SINCE].includes(bench))).toEqual([]);
});

test('each figure is held against its goal as it stands', () => {
  for (const { figure, value, goal, met } of kept.measures) {
    expect(`${figure}: ${String(met)}`).toBe(
      `${figure}: ${String(goal === null ? null : value <= goal)}`,
    );
  }
});

test('every missed goal stands in the limits of the README with its reason', () => {
  const missed = kept.measures.filter(({ met }) => met === false);
  expect(missed.filter((one) => !isExplained(limits, one)).map(({ figure }) => figure)).toEqual([]);
});

test('a missed goal that nobody wrote down is found', () => {
  const missed: Measure = {
    bench: 'paint', figure: 'a figure of this test', value: 2, unit: 'ms', goal: 1, met: false,
  }; // prettier-ignore
  const words = 'paint: a figure of this test';
  expect(isExplained(limits, missed)).toBe(false);
  expect(isExplained(`- ${words}: slow.`, missed)).toBe(false);
  expect(isExplained(`- ${words}: the first one waits for the compiler.`, missed)).toBe(true);
});

function limitsOf(readme: string): string {
  const [, after = ''] = readme.split(/^## Limits$/m);
  const [section = ''] = after.split(/^## /m);
  expect(section.trim()).not.toBe('');
  return section;
}

/** One line of the list: bench, figure, then why. */
function isExplained(section: string, { bench, figure }: Measure): boolean {
  const start = `- ${bench}: ${figure}: `;
  const line = section.split('\n').find((one) => one.startsWith(start));
  return line !== undefined && line.length - start.length >= REASON_MIN;
}
