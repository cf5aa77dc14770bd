/** Background work in this process: once at the start, then again and again, never all at once. */

export interface Job {
  readonly name: string;
  readonly everyMs: number;
  /** Else it is first due after its interval. */
  readonly atStart: boolean;
  /** Never throws for what the outside does; what it throws is a defect. */
  run(): Promise<void>;
}

export interface Schedule {
  stop(): Promise<void>;
}

interface ScheduleOptions {
  readonly random: () => number;
  readonly failed: (name: string, error: unknown) => void;
  /** Runs the work once after so long; what it gives takes that back. */
  readonly later?: (ms: number, work: () => void) => () => void;
}

const SPREAD = 0.2;
/** Between the first runs of two jobs, at the start of the relay. */
const START_GAP_MS = 1_000;

/** Each job waits for its own end before it is due again; every wait varies by a fifth. */
export function startSchedule(jobs: readonly Job[], options: ScheduleOptions): Schedule {
  const { random, failed, later = afterTimeout } = options;
  let isStopped = false;
  const waiting = new Map<Job, () => void>();
  const running = new Set<Promise<void>>();
  const run = (job: Job): void => {
    const work = job
      .run()
      .catch((error: unknown) => failed(job.name, error))
      .finally(() => {
        running.delete(work);
        plan(job, job.everyMs);
      });
    running.add(work);
  };
  const plan = (job: Job, ms: number): void => {
    if (isStopped) return;
    const spread = 1 - SPREAD + 2 * SPREAD * random();
    waiting.set(
      job,
      later(ms * spread, () => run(job)),
    );
  };
  const first = jobs.filter(({ atStart }) => atStart);
  for (const [index, job] of first.entries()) {
    if (index === 0) run(job);
    else plan(job, index * START_GAP_MS);
  }
  for (const job of jobs.filter(({ atStart }) => !atStart)) plan(job, job.everyMs);
  return {
    async stop() {
      isStopped = true;
      for (const takeBack of waiting.values()) takeBack();
      await Promise.all(running);
    },
  };
}

function afterTimeout(ms: number, work: () => void): () => void {
  const timer = setTimeout(work, ms).unref();
  return () => clearTimeout(timer);
}
