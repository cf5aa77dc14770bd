/**
 * October 2026 with the relay and the stand-in books as processes of their own: whatever happens
 * to the relay, the books stand and count (rulings 27).
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { sampleBooks } from '../../../src/sample/config.ts';
import { startStandIns, type RelayReady } from '../../../src/start/parts.ts';
import { plainConfig, send, type Answer } from '../fixture.ts';
import { idOf, OCTOBER, SERVICES, SUNDAY, type BooksTruth, type Customer } from '../small-month.ts';

const CODE = 'K1NGF1SHER';

export interface RealRelay {
  readonly child: ChildProcess;
  /** Resolves when the process is gone, for whatever reason. */
  readonly gone: Promise<void>;
  ask(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Asks and expects 200. */
  good<T>(method: string, path: string, body?: unknown): Promise<T>;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export interface StartWish {
  /** The relay stops for ever at the nth time it comes to this place. */
  readonly failpoints?: Readonly<Record<string, number>>;
  /** What the process is started by, before Node: strace and its words. */
  readonly under?: readonly string[];
  /** The tree the relay is started from; absent: this one. */
  readonly root?: string;
}

export interface RealMonth {
  readonly folder: string;
  readonly customers: readonly Customer[];
  start(wish?: StartWish): Promise<RealRelay>;
  /** Started, and killed so long after its process began, ready or not. */
  startAndKill(afterMs: number): Promise<void>;
  truth(): Promise<BooksTruth>;
  sim(method: string, path: string, body?: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

/** The books know the customers, the relay does too, its clock shows the last Saturday. */
export async function openRealMonth(clients: number): Promise<RealMonth> {
  const folder = mkdtempSync(join(tmpdir(), 'mcc-real-'));
  const customers = Array.from({ length: clients }, (_, index) => ({
    id: idOf(index + 1),
    name: `Client ${String(index + 1)}`,
  }));
  const standIns = await startStandIns({ state: join(folder, 'books'), world: 'quiet' });
  const sim = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(`${standIns.ready.url}/_sim/${path}`, { method, ...text });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return answer.json();
  };
  const items = SERVICES.map(({ item }) => ({ name: item, price: '1.00' }));
  await sim('POST', 'world', { customers, items });
  await sim('POST', 'options', { rateLimits: false, recordExchanges: false });
  const running: RealRelay[] = [];
  const launch = (wish: StartWish): Launched =>
    launchRelay(folder, configFor(standIns.ready.url, wish), wish);
  const start = async (wish: StartWish = {}): Promise<RealRelay> => {
    const relay = await toRelay(launch(wish));
    running.push(relay);
    return relay;
  };
  // Stopped in good order, it leaves its compiled code to the starts that follow.
  const first = await start();
  await first.good('POST', '/_test/clock', { now: SUNDAY });
  await first.good('POST', `/api/periods/${OCTOBER}/refresh`, {});
  await first.stop();
  return {
    folder, customers, start, sim,
    async startAndKill(afterMs) {
      const { child, gone } = launch({});
      setTimeout(() => child.kill('SIGKILL'), afterMs);
      await gone;
    },
    truth: async () => (await sim('GET', 'books')) as BooksTruth,
    async stop() {
      for (const relay of running) await relay.kill();
      await standIns.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  }; // prettier-ignore
}

const configFor = (standIns: string, { failpoints = {} }: StartWish): object => ({
  ...plainConfig(),
  services: SERVICES,
  books: { adapter: 'conductor', settings: sampleBooks(standIns) },
  lab: { pairingCode: CODE, failpoints },
});

interface Launched {
  readonly child: ChildProcess;
  readonly gone: Promise<void>;
}

function launchRelay(folder: string, config: object, { under = [], root = '.' }: StartWish): Launched {
  const path = join(folder, 'relay.json');
  writeFileSync(path, JSON.stringify(config));
  chmodSync(path, 0o600);
  const main = join(root, 'src', 'relay', 'main.ts');
  const line = [...under, process.execPath, main, '--config', path, '--data', join(folder, 'data'), '--port', '0'];
  const child = spawn(line[0] ?? '', line.slice(1), {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { NODE_COMPILE_CACHE: join(folder, 'compiled'), ...process.env },
  });
  return { child, gone: new Promise((resolve) => child.once('exit', () => resolve())) };
} // prettier-ignore

async function toRelay({ child, gone }: Launched): Promise<RealRelay> {
  const { url, certificate } = await readiness(child);
  const to = { ca: readFileSync(certificate, 'utf8'), port: Number(new URL(url).port) };
  let token: string | null = null;
  const pair = async (): Promise<string> => {
    const answer = await send(to, { method: 'POST', path: '/api/pair', body: { code: CODE } });
    return String((answer.json as { token: unknown }).token);
  };
  const ask = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    token ??= await pair();
    return send(to, { method, path, body, headers: { authorization: `Bearer ${token}` } });
  };
  return {
    child, gone, ask,
    async good<T>(method: string, path: string, body?: unknown) {
      const answer = await ask(method, path, body);
      if (answer.status !== 200) throw new Error(`${path}: ${String(answer.status)} ${answer.text}`);
      return answer.json as T;
    },
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
    async stop() {
      // Whoever stands between us and Node passes the closing of the channel on, not every signal.
      if (child.connected) child.disconnect();
      await gone;
    },
  }; // prettier-ignore
}

async function readiness(child: ChildProcess): Promise<RelayReady> {
  if (!child.stdout) throw new Error('the relay has no output');
  const lines = createInterface({ input: child.stdout });
  const line = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    child.once('exit', (code) => reject(new Error(`the relay ended with ${String(code)}`)));
  });
  return JSON.parse(line) as RelayReady;
}
