/**
 * One queue for everything that touches the workbook. While somebody types in a cell Excel refuses
 * every call (office-js issue 6705, read 2026-11-21): the call waits here, one banner says so.
 */
const RETRY_MS = 400;
const RETRIES_MAX = 750;
const EDITING = 'InvalidOperationInCellEditMode';

export interface EditQueue {
  run<T>(task: () => Promise<T>): Promise<T>;
  onWaiting(listener: (waits: boolean) => void): () => void;
}

export function createEditQueue(delay: (ms: number) => Promise<void>): EditQueue {
  const listeners = new Set<(waits: boolean) => void>();
  let tail: Promise<unknown> = Promise.resolve();
  const tell = (waits: boolean): void => listeners.forEach((listener) => listener(waits));

  const persist = async <T>(task: () => Promise<T>): Promise<T> => {
    for (let tries = 0; ; tries += 1) {
      try {
        const result = await task();
        if (tries > 0) tell(false);
        return result;
      } catch (error) {
        if (!isEditing(error) || tries >= RETRIES_MAX) {
          if (tries > 0) tell(false);
          throw error;
        }
        if (tries === 0) tell(true);
        await delay(RETRY_MS);
      }
    }
  };

  return {
    run: (task) => {
      const result = tail.then(() => persist(task));
      tail = result.catch(() => undefined);
      return result;
    },
    onWaiting: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const isEditing = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && Reflect.get(error, 'code') === EDITING;
