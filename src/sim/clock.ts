/** The stand-ins' clock: starts at the sample's Sunday, runs on, and can be moved. */

export interface SimClock {
  nowMs(): number;
  set(instant: string): void;
  advance(minutes: number): void;
}

export function createSimClock(start: string): SimClock {
  let offset = Date.parse(start) - Date.now();
  return {
    nowMs: () => Date.now() + offset,
    set: (instant) => {
      offset = Date.parse(instant) - Date.now();
    },
    advance: (minutes) => {
      offset += minutes * 60_000;
    },
  };
}
