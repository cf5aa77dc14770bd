/** Places where a test may stop the relay for ever, to kill it exactly there (posting-safety 2.4). */

export interface Failpoints {
  /** Resolves at once, or never when a test has armed this name. */
  reach(name: string): Promise<void>;
}

export interface ArmableFailpoints extends Failpoints {
  /** Hangs at the nth time from now that `name` is reached. */
  arm(name: string, nth: number): void;
  /** Names that hang just now. */
  hanging(): readonly string[];
}

export const noFailpoints: Failpoints = { reach: () => Promise.resolve() };

/** `first` are armed from the start: name, and the how manieth time it hangs. */
export function createFailpoints(first: Readonly<Record<string, number>> = {}): ArmableFailpoints {
  const armed = new Map(Object.entries(first));
  const hanging: string[] = [];
  return {
    reach(name) {
      const left = armed.get(name);
      if (left === undefined) return Promise.resolve();
      if (left > 1) {
        armed.set(name, left - 1);
        return Promise.resolve();
      }
      armed.delete(name);
      hanging.push(name);
      return new Promise(() => undefined);
    },
    arm: (name, nth) => void armed.set(name, nth),
    hanging: () => [...hanging],
  };
}
