/** Schedules in processes beside this one: plain Node, two at a time, without a test runner. */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { Report } from './run.ts';

export interface Wish {
  /** The folder that holds test/simulation; a mutant lives in a copy of its own. */
  readonly root?: string;
  readonly first: number;
  /** Seeds in all: at least so many, however long it takes, and at most so many. */
  readonly min: number;
  readonly max: number;
  readonly budgetMs: number;
  readonly regime?: string;
  readonly kind?: string;
  /** Many invoices and several persons at once, instead of a few and one. */
  readonly crowd?: boolean;
}

export async function runInChildren(wish: Wish): Promise<Report> {
  const children = Math.max(1, availableParallelism());
  const reports = await Promise.all(
    Array.from({ length: children }, (_, index) => runChild(wish, index, children)),
  );
  return reports.reduce(addReports);
}

function runChild(wish: Wish, index: number, children: number): Promise<Report> {
  const share = (seeds: number): string => String(Math.ceil(seeds / children));
  const args = [
    '--no-warnings',
    'test/simulation/run.ts',
    ...[String(wish.first + index), String(children), share(wish.min), share(wish.max)],
    ...[String(wish.budgetMs), wish.regime ?? '', wish.kind ?? '', wish.crowd ? 'crowd' : ''],
  ];
  const child = spawn(process.execPath, args, {
    cwd: wish.root ?? process.cwd(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (bytes: Buffer) => void (said.out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => void (said.err += bytes.toString()));
  return new Promise((resolve, reject) => {
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(said.out) as Report);
      else
        reject(new Error(`the simulation ended with ${String(code)}: ${said.err.slice(0, 2000)}`));
    });
  });
}

function addReports(a: Report, b: Report): Report {
  const names = new Set([...Object.keys(a.states), ...Object.keys(b.states)]);
  const states = [...names].map((name) => [name, (a.states[name] ?? 0) + (b.states[name] ?? 0)]);
  return {
    seeds: a.seeds + b.seeds,
    schedules: a.schedules + b.schedules,
    crashes: a.crashes + b.crashes,
    sends: a.sends + b.sends,
    states: Object.fromEntries(states) as Record<string, number>,
    failure: a.failure ?? b.failure,
  };
}
