/** Starts a relay beside the terminal, pairs with it, and stops it again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createClient, type Client } from '../client/client.ts';
import { routes } from '../contract/contract.ts';
import { AppError } from '../core/errors.ts';

export interface RelaySession {
  readonly client: Client;
  stop(): Promise<void>;
}

const SERVE = fileURLToPath(new URL('../start/serve.ts', import.meta.url));
const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 10_000;

/** What the starting program says once, as one line of JSON. */
interface Ready {
  readonly url: string;
  readonly code: string;
  readonly certificate: string;
}

export async function startRelay(
  config: string | null,
  person: string | null,
): Promise<RelaySession> {
  const args = [SERVE, ...(config === null ? [] : ['--config', config])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = (): Promise<void> => stopChild(child);
  try {
    const ready = await readyLine(child);
    await trust(ready.certificate);
    return { client: await pair(ready, person), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The relay's own certificate, beside the ones this machine trusts already. */
async function trust(path: string): Promise<void> {
  setDefaultCACertificates([...getCACertificates('default'), await readFile(path, 'utf8')]);
}

async function pair(ready: Ready, person: string | null): Promise<Client> {
  let token: string | null = null;
  const client = createClient({ url: ready.url, token: () => token, fetch });
  const body = person === null ? { code: ready.code } : { code: ready.code, person };
  token = (await client.call(routes.pair, { body })).token;
  return client;
}

async function readyLine(child: ChildProcess): Promise<Ready> {
  const errors: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => void errors.push(chunk.toString('utf8')));
  const timer = setTimeout(() => child.kill('SIGTERM'), START_TIMEOUT_MS);
  try {
    if (child.stdout === null) throw notStarted(errors);
    for await (const line of createInterface({ input: child.stdout })) {
      const ready = parseReady(line);
      if (ready) {
        child.stdout.resume();
        return ready;
      }
    }
    throw notStarted(errors);
  } finally {
    clearTimeout(timer);
  }
}

function parseReady(line: string): Ready | null {
  const said = parseJson(line);
  if (typeof said !== 'object' || said === null) return null;
  const { url, code, certificate } = said as Partial<Record<keyof Ready, unknown>>; // checked below
  const isReady = [url, code, certificate].every((text) => typeof text === 'string');
  return isReady ? (said as Ready) : null; // all three are texts
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Not JSON: a message of a start script, not the line we wait for.
    return null;
  }
}

const WORDS_MAX = 600;

function notStarted(errors: readonly string[]): AppError {
  const words = errors.join('').trim().slice(-WORDS_MAX);
  return new AppError(
    'SETUP_MISSING',
    `The relay did not start${words === '' ? '.' : `: ${words}`}`,
  );
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}
