/**
 * The circuit breaker of one connection: after three failures in a row its schedule leaves the
 * service alone, longer each time; a person who insists is one try. cockatiel 3.2.1 decides (read
 * 2026-11-22); it reads the machine's clock, so its state is handed to it on that clock and kept
 * on the relay's, which in the sample can be moved. It lives as long as the relay: whoever mends
 * the configuration starts that anew.
 */
import {
  CircuitState,
  ConsecutiveBreaker,
  IterableBackoff,
  circuitBreaker,
  handleWhen,
  isBrokenCircuitError,
} from 'cockatiel';
import * as z from 'zod';
import type { Instant } from '../../core/billing-period.ts';
import { AppError } from '../../core/errors.ts';
import { millisecondsBetween, type Clock } from '../clock.ts';

export interface Circuit {
  /** While it is open nobody is asked and what is thrown is known to isSkipped. */
  run<T>(insist: boolean, work: () => Promise<T>): Promise<T>;
  /** To be added to the trouble that opened it; empty while it is closed. */
  words(): string;
}

const FAILURES_MAX = 3;
const MINUTE_MS = 60_000;
/** Just short of usual schedules, so that their next try is not missed by a moment. */
const PAUSES_MIN = [4, 14, 29, 59];
const OF_SERVICE = new Set(['SOURCE_DOWN', 'SOURCE_BUSY', 'SOURCE_REFUSED']);

type State =
  | { readonly failures: number; readonly openedAt: null }
  /** How often it was opened without a good answer in between. */
  | { readonly times: number; readonly openedAt: Instant };

export const isSkipped = isBrokenCircuitError;

export function createCircuit(clock: Clock): Circuit {
  let state: State = { failures: 0, openedAt: null };
  return {
    async run(insist, work) {
      const policy = circuitBreaker(handleWhen(isOfService), {
        breaker: new ConsecutiveBreaker(FAILURES_MAX),
        halfOpenAfter: new IterableBackoff(PAUSES_MIN.map((minutes) => minutes * MINUTE_MS)),
        initialState: toPolicy(state, clock.now(), insist),
      });
      try {
        const result = await policy.execute(work);
        state = fromPolicy(policy.toJSON(), clock.now());
        return result;
      } catch (error) {
        if (!isSkipped(error)) state = fromPolicy(policy.toJSON(), clock.now());
        throw error;
      }
    },
    words() {
      if (state.openedAt === null) return '';
      const minutes = PAUSES_MIN[state.times - 1] ?? PAUSES_MIN.at(-1);
      return ` It failed several times in a row, so its schedule leaves it alone for ${String(minutes)} minutes; Sync asks it at once.`;
    },
  };
}

const isOfService = (error: Error): boolean =>
  error instanceof AppError && OF_SERVICE.has(error.code);

/** cockatiel's own form, as its toJSON gives it. */
const PolicyState = z.object({
  ownState: z.union([
    z.object({ value: z.literal(CircuitState.Closed) }),
    z.object({ value: z.literal(CircuitState.Open), attemptNo: z.int() }),
  ]),
  breakerState: z.int(),
});

function toPolicy(state: State, now: Instant, insist: boolean): unknown {
  if (state.openedAt === null) {
    return { ownState: { value: CircuitState.Closed }, breakerState: state.failures };
  }
  const openedAt = insist ? 0 : Date.now() - millisecondsBetween(state.openedAt, now);
  const ownState = { value: CircuitState.Open, openedAt, attemptNo: state.times };
  return { ownState, breakerState: FAILURES_MAX };
}

function fromPolicy(json: unknown, now: Instant): State {
  const { ownState, breakerState } = PolicyState.parse(json);
  return ownState.value === CircuitState.Closed
    ? { failures: breakerState, openedAt: null }
    : { times: ownState.attemptNo, openedAt: now };
}
