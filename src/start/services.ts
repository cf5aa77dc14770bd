/** Starts the relay, and for the sample the stand-ins before it, and stops them together. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningProcess } from './child-process.ts';
import { seedRelay, startRelay, startStandIns, type RelayReady } from './parts.ts';
import { writeSampleFiles } from './sample-files.ts';

const SEEDED = 'seeded';

export interface ServicesOptions {
  /** A relay configuration of one's own; without it the sample month. */
  readonly config?: string;
  readonly data: string;
  readonly port?: number;
  /** For desktop Excel and not for the workbench: office.js comes from Microsoft. */
  readonly forExcel?: boolean;
  /** The month without a planted event. */
  readonly quietMonth?: boolean;
  /** Forget everything and begin the sample month again. */
  readonly reset?: boolean;
}

export interface Services extends RelayReady {
  /** Address of the stand-ins; null with a configuration of one's own. */
  readonly standIns: string | null;
  /** Path of the sample workbook; null with a configuration of one's own. */
  readonly workbook: string | null;
  /** Resolves when one of the parts ends by itself. */
  readonly ended: Promise<number>;
  stop(): Promise<void>;
}

export async function startServices(options: ServicesOptions): Promise<Services> {
  if (options.config !== undefined) return startOwn(options, options.config);
  return startSample(options);
}

async function startOwn(options: ServicesOptions, config: string): Promise<Services> {
  const relay = await startRelay({ config, data: options.data, ...portOf(options) });
  return {
    ...relay.ready,
    standIns: null,
    workbook: null,
    ended: relay.ended,
    stop: () => relay.stop(),
  };
}

async function startSample(options: ServicesOptions): Promise<Services> {
  const { data } = options;
  if (options.reset) rmSync(data, { recursive: true, force: true });
  const variant = options.quietMonth ? 'quiet' : 'planted';
  const standIns = await startStandIns({ state: join(data, 'stand-ins'), world: variant });
  try {
    const url = standIns.ready.url;
    const files = await writeSampleFiles(data, url, variant, options.forExcel);
    if (!existsSync(join(data, SEEDED))) {
      await seedRelay({ config: files.config, data, seed: files.seed, done: join(data, SEEDED) });
    }
    if (variant === 'planted') await failHuntress(url);
    const relay = await startRelay({ config: files.config, data, ...portOf(options) });
    return {
      ...relay.ready,
      standIns: url,
      workbook: files.workbook,
      // Whoever ends first takes the other along: nothing of ours may be left running.
      ended: Promise.race([relay.ended, standIns.ended]).then(async (code) => {
        await stopBoth(relay, standIns);
        return code;
      }),
      stop: () => stopBoth(relay, standIns),
    };
  } catch (cause) {
    await standIns.stop();
    throw cause;
  }
}

async function stopBoth(
  relay: RunningProcess<unknown>,
  standIns: RunningProcess<unknown>,
): Promise<void> {
  await relay.stop();
  await standIns.stop();
}

/** The planted stale source: since the last good sync its credentials are refused. */
async function failHuntress(standIns: string): Promise<void> {
  const fault = { system: 'huntress', match: {}, fault: 'status', status: 401 };
  const answer = await fetch(`${standIns}/_sim/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  });
  if (!answer.ok)
    throw new Error(`The stand-ins refused the planted fault: ${await answer.text()}`);
}

const portOf = ({ port }: ServicesOptions): { port?: number } =>
  port === undefined ? {} : { port };
