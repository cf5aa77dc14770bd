/** Takes one mechanism away in a copy of the project and runs its test there: it must go red. */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { patched } from '../simulation/mutants/plant.ts';
import type { Patch } from '../simulation/mutants/mutants.ts';
import type { TestName } from './mechanisms.ts';

const COPIED = ['src', 'functions', 'taskpane', 'test', 'package.json', 'tsconfig.json', 'jest.config.js', 'manifest.xml']; // prettier-ignore

export interface Copy {
  readonly root: string;
  remove(): void;
}

export function copyProject(): Copy {
  const root = mkdtempSync(join(tmpdir(), 'mcc-proof-'));
  for (const path of COPIED) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    cpSync(path, join(root, path), { recursive: true });
  }
  for (const folder of ['node_modules', 'dist']) {
    symlinkSync(join(process.cwd(), folder), join(root, folder), 'junction');
  }
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}

export interface Verdict {
  /** Whether the test failed; null when it did not run at all, which proves nothing. */
  readonly red: boolean | null;
  readonly words: string;
}

/** Runs one test in the copy, with these patches in it while it runs. */
export async function runWithout(
  { root }: Copy,
  { file, title }: TestName,
  patches: readonly Patch[],
): Promise<Verdict> {
  const before = new Map<string, string>();
  try {
    for (const patch of patches) {
      const path = join(root, patch.file);
      const text = readFileSync(path, 'utf8');
      if (!before.has(path)) before.set(path, text);
      writeFileSync(path, patched(text, patch));
    }
    return verdictOf(await runJest(root, file, patternOf(title)));
  } finally {
    for (const [path, text] of before) writeFileSync(path, text);
  }
}

/** A placeholder of a table stands for anything. */
export const patternOf = (title: string): string =>
  title
    .split(/%[sij]|\$\w+|\$\{[^}]+\}/)
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');

interface Ran {
  readonly out: string;
  readonly err: string;
}

function runJest(root: string, file: string, pattern: string): Promise<Ran> {
  const own = ['--experimental-vm-modules', '--no-warnings'];
  const flags = [
    '--json',
    '--testTimeout',
    '120000',
    '--forceExit',
    '-i',
    '--runTestsByPath',
    file,
  ];
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const child = spawn(process.execPath, [...own, jest, ...flags, '--testNamePattern', pattern], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (bytes: Buffer) => void (said.out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => void (said.err += bytes.toString()));
  return new Promise((resolve) => {
    child.on('close', () => resolve(said));
  });
}

interface Result {
  readonly numFailedTests: number;
  readonly numPassedTests: number;
}

function verdictOf({ out, err }: Ran): Verdict {
  const start = out.indexOf('{"num');
  if (start < 0) return { red: null, words: err.slice(-500) };
  const { numFailedTests, numPassedTests } = JSON.parse(out.slice(start)) as Result;
  const count = numFailedTests + numPassedTests;
  const words = `${String(numFailedTests)} of ${String(count)} failed`;
  return { red: count === 0 ? null : numFailedTests > 0, words };
}
