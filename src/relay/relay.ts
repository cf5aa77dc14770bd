/** One relay in this process: recovered first, then listening, then asking its sources. */
import { READ_LIMIT, buildApp, type ReadLimit } from './app.ts';
import { createAuth } from './auth.ts';
import { isPlayground } from './config.ts';
import { openCore, type CoreOptions, type RelayCore } from './core.ts';
import { periodAt } from './clock.ts';
import { createEffectLimit } from './effect-limit.ts';
import { followClock } from './lab-clock.ts';
import { listenOnLoopback, type Wish } from './listen.ts';
import { addPages } from './pages.ts';
import { startSchedule, type Job } from './schedule.ts';
import { DEFAULT_PERSON } from './system-handlers.ts';
import { addTestHooks } from './test-hooks.ts';
import { provideCertificate, useCertificate, type Certificate } from './tls.ts';

export interface RelayOptions extends CoreOptions {
  readonly wish: Wish;
  /** Sources are asked at once; a test may rather ask itself. */
  readonly syncAtStart?: boolean;
  readonly codeLifeMs?: number;
  readonly reads?: ReadLimit;
}

export interface RunningRelay {
  readonly url: string;
  readonly port: number;
  /** The pairing code; works once. */
  readonly code: string;
  /** Path of the certificate that clients of this machine should trust. */
  readonly certificate: string;
  readonly core: RelayCore;
  stop(): Promise<void>;
}

const EFFECTS_PER_MINUTE = 10;
const CODE_LIFE_MS = 5 * 60_000;
/** Somebody who tries the sample may come back to the printed link after lunch. */
const PLAY_CODE_LIFE_MS = 24 * 3_600_000;
const BOOKS_EVERY_MS = 10 * 60_000;
const MINUTE_MS = 60_000;

export async function startRelay(options: RelayOptions): Promise<RunningRelay> {
  const { tls } = options.loaded.config;
  // A certificate that cannot be used stops the start before anything is written.
  const own = tls ? useCertificate(tls, Date.now()) : null;
  const core = await openCore(options);
  try {
    return await serve(core, options, own);
  } catch (error) {
    await core.stop();
    throw error;
  }
}

async function serve(
  core: RelayCore,
  options: RelayOptions,
  own: Certificate | null,
): Promise<RunningRelay> {
  const { config, store, clock, log } = core;
  const tls = own ?? (await provideCertificate(options.data, Date.now()));
  const auth = createAuth({
    store,
    clock,
    person: config.person ?? DEFAULT_PERSON,
    labCode: config.lab?.pairingCode,
    codeLifeMs:
      options.codeLifeMs ?? (isPlayground(config.profile) ? PLAY_CODE_LIFE_MS : CODE_LIFE_MS),
  });
  let port = options.wish.port;
  const app = await buildApp({
    handlers: {
      ...core.handlers,
      pair: async ({ body }) => ({ token: await auth.pair(body.code, body.person) }),
    },
    auth,
    log,
    effects: createEffectLimit(EFFECTS_PER_MINUTE, () => performance.now()),
    reads: options.reads ?? READ_LIMIT,
    port: () => port,
    version: options.version,
  });
  if (core.movable) addTestHooks(app, { clock: core.movable, failpoints: core.failpoints });
  await addPages(app, config);
  const unfollow = await followLabClock(core);
  // What was being sent when the last process died is in doubt before anybody can ask about it.
  await core.posting.recover();
  port = await listenOnLoopback(app, tls, options.wish);
  const schedule = startSchedule(jobsOf(core, options.syncAtStart ?? true), {
    random: Math.random,
    failed: (name, error) => log.error({ event: 'job failed', name, err: error }),
  });
  const url = `https://localhost:${String(port)}`;
  log.info({ event: 'listening', url, profile: config.profile });
  return {
    url, port, code: auth.code, certificate: tls.path, core,
    async stop() {
      await app.close();
      unfollow();
      await schedule.stop();
      await core.stop();
      log.info({ event: 'stopped' });
    },
  }; // prettier-ignore
}

async function followLabClock({ config, movable, log }: RelayCore): Promise<() => void> {
  const url = config.lab?.clockUrl;
  if (url === undefined || !movable) return () => undefined;
  return followClock(url, movable, (words) => log.warn({ event: 'lab clock', words }));
}

/** The books first: without customers no account can be linked. */
function jobsOf({ config, counting, clock, log }: RelayCore, atStart: boolean): Job[] {
  const syncBooks = async (): Promise<void> => {
    try {
      await counting.syncBooks();
    } catch (error) {
      log.warn({ event: 'books not reached', words: error instanceof Error ? error.message : '' });
    }
  };
  const first = atStart ? syncBooks() : Promise.resolve();
  return [
    { name: 'books', everyMs: BOOKS_EVERY_MS, atStart: false, run: syncBooks },
    ...config.connections.map(({ id, schedule }) => ({
      name: id,
      everyMs: schedule.everyMinutes * MINUTE_MS,
      atStart,
      run: async () => {
        await first;
        const period = periodAt(clock.now(), config.timeZone);
        await counting.refresh({ period, sources: [id] });
      },
    })),
  ];
}
