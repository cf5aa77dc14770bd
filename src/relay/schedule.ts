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
}

const SPREAD = 0.2;

/** Each job waits for its own end before it is due again; the wait varies by a fifth. */
export function startSchedule(jobs: readonly Job[], options: ScheduleOptions): Schedule {
  let isStopped = false;
  const timers = new Map<Job, NodeJS.Timeout>();
  const running = new Set<Promise<void>>();
  const run = (job: Job): void => {
    const work = job
      .run()
      .catch((error: unknown) => options.failed(job.name, error))
      .finally(() => {
        running.delete(work);
        plan(job);
      });
    running.add(work);
  };
  const plan = (job: Job): void => {
    if (isStopped) return;
    const spread = 1 - SPREAD + 2 * SPREAD * options.random();
    timers.set(job, setTimeout(() => run(job), job.everyMs * spread).unref());
  };
  for (const job of jobs) {
    if (job.atStart) run(job);
    else plan(job);
  }
  return {
    async stop() {
      isStopped = true;
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.all(running);
    },
  };
}
