/** What a bench measured, beside the goal it is held against. */
export interface Measure {
  readonly bench: string;
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  /** The largest value that meets the goal; null: reported only. */
  readonly goal: number | null;
  readonly met: boolean | null;
}

/** A goal that is missed must stand in the README's limits; test/bench checks it by this name. */
export function measure(
  bench: string,
  figure: string,
  value: number,
  unit: string,
  goal: number | null = null,
): Measure {
  const rounded = Math.round(value * 100) / 100;
  return { bench, figure, value: rounded, unit, goal, met: goal === null ? null : rounded <= goal };
}

export function printMeasures(measures: readonly Measure[]): void {
  const rows = measures.map((m) => [
    `${m.bench}: ${m.figure}`,
    `${String(m.value)} ${m.unit}`,
    m.goal === null ? '' : `goal ${String(m.goal)}`,
    m.met === null ? '' : m.met ? 'met' : 'MISSED',
  ]);
  const widths = [0, 1, 2].map((i) => Math.max(...rows.map((row) => (row[i] ?? '').length)));
  for (const row of rows) {
    console.log(
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
}

/** The middle of several runs, in milliseconds. */
export async function medianMs(runs: number, work: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)] ?? 0;
}
