/** A part of MCC as a process of its own that says in one JSON line that it is ready. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

const STOP_MS = 5_000;

export interface RunningProcess<Ready> {
  readonly ready: Ready;
  readonly child: ChildProcess;
  /** Resolves with the exit code when it ends, for whatever reason. */
  readonly ended: Promise<number>;
  /** Asks it to end and waits; kills it when it does not listen. */
  stop(): Promise<void>;
}

/** Starts a TypeScript file on this very Node; rejects with its last words when it ends early. */
export async function startProcess<Ready>(
  name: string,
  script: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<RunningProcess<Ready>> {
  const child = spawn(process.execPath, [script, ...args], {
    // The channel closes when we end, however we end: the child then stops by itself.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env,
  });
  const ended = new Promise<number>((resolve) => {
    child.on('exit', (code) => resolve(code ?? 1));
  });
  const words: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words.push(text);
    process.stderr.write(text);
  });
  const ready = await firstLine<Ready>(name, child, ended, words);
  return { ready, child, ended, stop: () => stop(child, ended) };
}

async function firstLine<Ready>(
  name: string,
  child: ChildProcess,
  ended: Promise<number>,
  words: readonly string[],
): Promise<Ready> {
  if (!child.stdout) throw new Error(`${name} has no output to wait for.`);
  const lines = createInterface({ input: child.stdout });
  const line = await Promise.race([
    new Promise<string>((resolve) => lines.once('line', resolve)),
    ended.then((code) => {
      const last = words.join('').trim().split('\n').at(-1) ?? '';
      throw new Error(`${name} did not start (exit code ${String(code)}). ${last}`);
    }),
  ]);
  lines.on('line', (later) => process.stderr.write(`${later}\n`));
  return JSON.parse(line) as Ready;
}

async function stop(child: ChildProcess, ended: Promise<number>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(timer);
}
