// Time from data to a painted dry-run: the real pane in a real Chromium, each time on a fresh page.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { chromiumPath, launch, openPage } from '../test/e2e/support/browser.ts';
import type { Painted } from './page/entry.ts';
import { measure, type Measure } from './report.ts';

const RUNS = 5;
const THROTTLE = 4;
/** product.md 6, claim 3; ux.md 6.1, P6 and P7. */
const NODES_MAX = 600;
const CASES = [
  { lines: 500, throttle: 1, goalMs: 120 },
  { lines: 500, throttle: THROTTLE, goalMs: 350 },
  { lines: 3_000, throttle: 1, goalMs: 150 },
  { lines: 3_000, throttle: THROTTLE, goalMs: null },
] as const;
type Case = (typeof CASES)[number];

export async function measurePaint(): Promise<readonly Measure[]> {
  if (chromiumPath === undefined) {
    console.error('SKIPPED: paint needs a browser. Install Chromium or set MCC_CHROMIUM.');
    return [];
  }
  const folder = mkdtempSync(join(tmpdir(), 'mcc-bench-'));
  let browser: Browser | null = null;
  try {
    build(folder);
    browser = await launch();
    const address = pathToFileURL(join(folder, 'page.html')).href;
    const measures: Measure[] = [];
    for (const one of CASES) measures.push(...(await measureCase(browser, address, one)));
    return measures;
  } finally {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function build(folder: string): void {
  const webpack = 'node_modules/webpack/bin/webpack.js';
  const config = ['--config', 'bench/page/webpack.config.js', '--output-path', folder];
  const result = spawnSync(process.execPath, [webpack, ...config], { stdio: ['ignore', 2, 2] });
  if (result.status !== 0) throw new Error('The page of the bench was not built.');
}

async function measureCase(browser: Browser, address: string, one: Case): Promise<Measure[]> {
  const runs: Painted[] = [];
  for (let run = 0; run < RUNS; run += 1) runs.push(await paintOnce(browser, address, one));
  const slow = one.throttle > 1 ? `, CPU slowed ${String(one.throttle)} times` : '';
  const name = `${one.lines.toLocaleString('en-US')} lines${slow}`;
  const middle = (of: (run: Painted) => number): number =>
    runs.map(of).sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0;
  const nodes = Math.max(...runs.map((run) => run.nodes));
  return [
    measure('paint', `${name}: data to painted`, middle((run) => run.paintedMs), 'ms', one.goalMs),
    measure('paint', `${name}: of it the dry-run made`, middle((run) => run.madeMs), 'ms'),
    measure('paint', `${name}: elements in the page`, nodes, 'elements', NODES_MAX),
  ]; // prettier-ignore
}

async function paintOnce(browser: Browser, address: string, one: Case): Promise<Painted> {
  const { page, context, complaints } = await openPage(browser, { width: 320 });
  try {
    await page.goto(address);
    const session = await context.newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: one.throttle });
    const painted = await page.evaluate(
      (lines) =>
        (globalThis as unknown as { paintDryRun: (many: number) => Promise<Painted> }).paintDryRun(
          lines,
        ),
      one.lines,
    );
    if (complaints.length > 0) throw new Error(`The pane complained: ${complaints.join('; ')}`);
    return painted;
  } finally {
    await context.close();
  }
}
