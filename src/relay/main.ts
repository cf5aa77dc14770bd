// The relay as a program: node src/relay/main.ts --config FILE --data DIR, and what HELP names.
// Prints one JSON line when it is ready and stops cleanly on SIGTERM and SIGINT. With --seed it
// fills an empty data folder with the sample's past months and ends.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { AppError } from '../core/errors.ts';
import type { CoreOptions } from './core.ts';
import type { Log } from './log.ts';
import { checkMachine } from './machine.ts';

interface Arguments {
  readonly config: string;
  readonly data: string;
  readonly port: number | null;
  readonly seed: string | null;
  readonly acceptRestore: boolean;
}

const DEFAULT_PORT = 3443;
const HELP = `npm run relay -- --config FILE --data DIR [options]

  --config FILE     the configuration, as docs/relay.example.json
  --data DIR        everything this relay keeps; made when it is not there
  --port N          where it listens, on this machine alone (${String(DEFAULT_PORT)}, or "port" of the configuration)
  --accept-restore  go on with a database that was put back from a backup, as it is
  --seed FILE       fill an empty data folder with past months, and end
  --help            this text
`;

try {
  checkMachine(process.versions.node, new Date());
  if (process.argv.includes('--help')) process.stdout.write(HELP);
  else await run(readArguments());
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}

async function run({ config, data, port, seed, acceptRestore }: Arguments): Promise<void> {
  // Loaded late: better-sqlite3 ends an old Node without a word.
  const { loadConfig } = await import('./config.ts');
  const loaded = loadConfig(config, process.env);
  for (const words of loaded.warnings) process.stderr.write(`${words}\n`);
  const options = { loaded, data, acceptRestore, version: readVersion() };
  if (seed !== null) {
    await fill(options, seed);
    return;
  }
  const { startRelay } = await import('./relay.ts');
  const wanted = port ?? loaded.config.port ?? DEFAULT_PORT;
  // Whoever names a port on the command line or in the file means that one.
  const insist = port !== null || loaded.config.port !== undefined;
  const relay = await startRelay({ ...options, wish: { port: wanted, insist } });
  endOnDefect(relay.core.log);
  stopOnSignal(() => relay.stop());
  const { url, code, certificate } = relay;
  process.stdout.write(`${JSON.stringify({ url, code, certificate })}\n`);
}

async function fill(options: CoreOptions, path: string): Promise<void> {
  const { openCore } = await import('./core.ts');
  const { readSeed, seedStore } = await import('./seed.ts');
  const seed = readSeed(path);
  const core = await openCore(options);
  try {
    const months = await seedStore(core, seed);
    process.stdout.write(`${JSON.stringify({ seeded: months })}\n`);
  } finally {
    await core.stop();
  }
}

/** What nobody caught is a defect: it is logged, and a new start recovers (posting-safety 6.1). */
function endOnDefect(log: Log): void {
  for (const kind of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(kind, (error: unknown) => {
      log.error({ event: 'defect', kind, err: error });
      process.stderr.write(
        'The relay met a defect and ended; its log says more. Start it again.\n',
      );
      process.exit(1);
    });
  }
}

function stopOnSignal(stop: () => Promise<void>): void {
  let isStopping = false;
  const stopOnce = (): void => {
    if (isStopping) return;
    isStopping = true;
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.message : 'stopped badly'}\n`);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stopOnce);
  // Whoever started us is gone, even by kill -9.
  if (process.channel) process.on('disconnect', stopOnce);
}

function readArguments(): Arguments {
  const { config, data, port, seed, 'accept-restore': acceptRestore } = parseOrExplain();
  if (config === undefined) throw new AppError('INPUT_INVALID', '--config FILE is missing.');
  if (data === undefined) throw new AppError('INPUT_INVALID', '--data DIR is missing.');
  if (port !== undefined && !/^\d{1,5}$/.test(port)) {
    throw new AppError('INPUT_INVALID', `--port: "${port}" is not a port. Use 0 to 65535.`);
  }
  return {
    config,
    data,
    port: port === undefined ? null : Number(port),
    seed: seed ?? null,
    acceptRestore,
  };
}

function parseOrExplain() {
  try {
    return parseArgs({
      options: {
        config: { type: 'string' },
        data: { type: 'string' },
        port: { type: 'string' },
        seed: { type: 'string' },
        'accept-restore': { type: 'boolean', default: false },
      },
    }).values;
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : 'The arguments are not understood.';
    throw new AppError('INPUT_INVALID', words, { cause });
  }
}

function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
