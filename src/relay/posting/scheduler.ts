/** The real waiting of the worker: a timer that can be cut short. */
import type { Scheduler } from './ports.ts';

export function createScheduler(): Scheduler {
  let wakeUp: (() => void) | null = null;
  let isWoken = false;
  return {
    wait(timeoutMs) {
      if (isWoken) {
        isWoken = false;
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          wakeUp = null;
          resolve();
        };
        const timer = setTimeout(done, timeoutMs).unref();
        wakeUp = done;
      });
    },
    wake() {
      // A wake while the worker works must not be lost: it then does not wait at all.
      if (wakeUp) wakeUp();
      else isWoken = true;
    },
  };
}
