/** Counts requests in a sliding window, as rate limits of vendors are written. */

/** True when one more request is allowed at that time. */
export function createRateLimit(calls: number, perSeconds: number): (nowMs: number) => boolean {
  let times: number[] = [];
  return (nowMs) => {
    times = times.filter((time) => nowMs - time < perSeconds * 1000);
    if (times.length >= calls) return false;
    times.push(nowMs);
    return true;
  };
}
