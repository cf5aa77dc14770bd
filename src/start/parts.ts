/** The parts of MCC as processes, the way `npm start`, the terminal and the tests start them. */
import { writeFileSync } from 'node:fs';
import { startProcess, type RunningProcess } from './child-process.ts';

/** What the relay says when it is ready. */
export interface RelayReady {
  readonly url: string;
  /** The pairing code; works once. */
  readonly code: string;
  /** Path of the certificate a client of this machine should trust. */
  readonly certificate: string;
}

export interface StandInsReady {
  readonly url: string;
}

export interface RelayOptions {
  readonly config: string;
  readonly data: string;
  readonly port?: number;
  /** Files of the sample's past months; used on an empty store, then the relay ends. */
  readonly seed?: string;
  readonly env?: NodeJS.ProcessEnv;
}

export function startRelay(options: RelayOptions): Promise<RunningProcess<RelayReady>> {
  const args = ['--config', options.config, '--data', options.data];
  if (options.port !== undefined) args.push('--port', String(options.port));
  if (options.seed !== undefined) args.push('--seed', options.seed);
  return startProcess<RelayReady>('The relay', 'src/relay/main.ts', args, options.env);
}

export interface StandInOptions {
  readonly state: string;
  readonly world: 'planted' | 'quiet';
  readonly port?: number;
}

export function startStandIns(options: StandInOptions): Promise<RunningProcess<StandInsReady>> {
  const args = ['--state', options.state, '--world', options.world];
  if (options.port !== undefined) args.push('--port', String(options.port));
  return startProcess<StandInsReady>('The stand-ins', 'src/sim/main.ts', args);
}

/** Twelve posted months through the relay's own code; a half seeded store is begun again. */
export async function seedRelay(options: {
  readonly config: string;
  readonly data: string;
  readonly seed: string;
  /** Written when the seed is in whole. */
  readonly done: string;
}): Promise<void> {
  const relay = await startRelay({
    config: options.config,
    data: options.data,
    seed: options.seed,
  });
  const code = await relay.ended;
  if (code !== 0) throw new Error(`The sample months could not be posted (exit ${String(code)}).`);
  writeFileSync(options.done, '');
}
