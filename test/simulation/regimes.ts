/** The weather: seven regimes, for one alone finds only half of the planted bugs (2.4). */
export interface Regime {
  readonly name: string;
  /** Of every create: the request is lost, the answer is lost, and so on; the rest goes well. */
  readonly requestLost: number;
  readonly answerLost: number;
  readonly errorBefore: number;
  readonly errorAfter: number;
  readonly landsLate: number;
  readonly busy: number;
  readonly busyByProxy: number;
  readonly cutAnswer: number;
  readonly tokenRanOut: number;
  readonly refused: number;
  readonly deliveredTwice: number;
  /** Of every look-up or read. */
  readonly readFails: number;
  readonly extraLagMs: number;
  /** At every failpoint. */
  readonly crash: number;
  readonly pause: number;
  /** A stopped worker wakes up after another one has taken over. */
  readonly zombie: number;
  /** The books go away for up to four days. */
  readonly down: number;
  /** It stands in the books before anything is sent. */
  readonly alreadyThere: number;
  /** Somebody works in the books, in the mapping or behind the relay at the same time. */
  readonly meddling: number;
}

const base: Regime = {
  name: 'base',
  requestLost: 0.1,
  answerLost: 0.1,
  errorBefore: 0.05,
  errorAfter: 0.05,
  landsLate: 0.06,
  busy: 0.03,
  busyByProxy: 0.02,
  cutAnswer: 0.02,
  tokenRanOut: 0.02,
  refused: 0.02,
  deliveredTwice: 0.01,
  readFails: 0,
  extraLagMs: 0,
  crash: 0.05,
  pause: 0,
  zombie: 0.3,
  down: 0,
  alreadyThere: 0,
  meddling: 0.04,
};

/** No weather of its own: a script says what happens, and who was taken for dead wakes up. */
export const SCRIPTED: Regime = {
  ...base,
  name: 'scripted',
  requestLost: 0,
  answerLost: 0,
  errorBefore: 0,
  errorAfter: 0,
  landsLate: 0,
  busy: 0,
  busyByProxy: 0,
  cutAnswer: 0,
  tokenRanOut: 0,
  refused: 0,
  deliveredTwice: 0,
  crash: 0,
  zombie: 1,
  meddling: 0,
};

export const REGIMES: readonly Regime[] = [
  base,
  { ...base, name: 'lookup lag', extraLagMs: 120_000 },
  { ...base, name: 'down for days', down: 0.08, crash: 0.02 },
  { ...base, name: 'a third lost', requestLost: 0.35, answerLost: 0.35, landsLate: 0.1, errorBefore: 0, errorAfter: 0, busy: 0, busyByProxy: 0, cutAnswer: 0, tokenRanOut: 0, refused: 0, crash: 0.02, meddling: 0 },
  { ...base, name: 'long pauses', pause: 0.12, zombie: 0.8, crash: 0.08 },
  { ...base, name: 'already there', alreadyThere: 0.6, readFails: 0.3, crash: 0.04 },
  { ...base, name: 'flaky reads', readFails: 0.05, crash: 0.08 },
]; // prettier-ignore

/** What can happen to one create. */
export const FAULTS = ['requestLost', 'answerLost', 'landsLate', 'errorBefore', 'errorAfter', 'busy', 'busyByProxy', 'cutAnswer', 'tokenRanOut', 'refused', 'deliveredTwice'] as const; // prettier-ignore

export type Fault = (typeof FAULTS)[number] | 'none';
