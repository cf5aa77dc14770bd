/** All stand-ins behind one door: who answers, what goes wrong, what is remembered. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SampleVariant } from '../sample/model.ts';
import { sampleWorld } from '../sample/world.ts';
import type { SimClock } from './clock.ts';
import type { Books } from './conductor/books.ts';
import { recordOf, type Exchange, type SimAnswer, type SimRequest } from './exchange.ts';
import { createFaults, type Faults } from './faults.ts';
import { openLedger, type Ledger } from './ledger/ledger.ts';
import { fillWithSample } from './ledger/sample.ts';
import type { SimOptions } from './options.ts';
import { STAND_INS } from './registry.ts';
import type { Stage } from './stand-in.ts';

export interface StandIns {
  readonly books: Books;
  /** By system; only of those that keep one. */
  readonly ledgers: ReadonlyMap<string, Ledger>;
  readonly clock: SimClock;
  readonly faults: Faults;
  /** Requests that are being worked on, by system. */
  readonly underWay: Map<string, number>;
  options(): SimOptions;
  setOptions(options: SimOptions): SimOptions;
  /** Does the work and says the answer; the books do one thing at a time. */
  readonly answer: (request: SimRequest) => Promise<SimAnswer>;
  /** Work that a time-out left behind, done when asked for. */
  later(work: () => Promise<unknown>): void;
  land(): Promise<number>;
  readonly revokeTokens: () => void;
  remember(request: SimRequest, answer: SimAnswer | null, fault: string | null): void;
  exchanges(): readonly Exchange[];
  forgetExchanges(): void;
}

const EXCHANGES_MAX = 20_000;

export interface StandInParts {
  readonly variant: SampleVariant;
  readonly books: Books;
  /** Where ledgers are kept; null: in memory. */
  readonly stateDir: string | null;
  readonly clock: SimClock;
  readonly options: SimOptions;
  /** Where each exchange is appended as one line of JSON; null: nowhere. */
  readonly exchangesFile: string | null;
}

export function createStandIns({
  variant,
  books,
  stateDir,
  clock,
  options,
  exchangesFile,
}: StandInParts): StandIns {
  let current = options;
  let waiting: (() => Promise<unknown>)[] = [];
  let exchanges: Exchange[] = [];
  const world = sampleWorld(variant);
  const ledgers = new Map<string, Ledger>();
  const answers = createAnswers({
    vendorsAt: (nowMs) => world.vendors(new Date(nowMs).toISOString().slice(0, 7)),
    options: () => current,
    books,
    ledger(system, ids) {
      const ledger = openLedger(stateDir === null ? null : join(stateDir, `${system}.jsonl`));
      if (ledger.isEmpty()) fillWithSample(ledger, variant, ids);
      ledgers.set(system, ledger);
      return ledger;
    },
  });
  return {
    books,
    ledgers,
    clock,
    faults: createFaults(),
    underWay: new Map(),
    options: () => current,
    setOptions: (changes) => {
      current = { ...current, ...changes };
      return current;
    },
    answer: answers.answer,
    later: (work) => waiting.push(work),
    async land() {
      const landing = waiting;
      waiting = [];
      for (const work of landing) await work();
      return landing.length;
    },
    revokeTokens: answers.revokeTokens,
    remember(request, answer, fault) {
      if (!current.recordExchanges && exchangesFile === null) return;
      const exchange = recordOf(request, answer, fault);
      if (exchangesFile !== null) appendFileSync(exchangesFile, `${JSON.stringify(exchange)}\n`);
      if (current.recordExchanges) exchanges = [...exchanges.slice(1 - EXCHANGES_MAX), exchange];
    },
    exchanges: () => exchanges,
    forgetExchanges: () => {
      exchanges = [];
    },
  };
}

interface Answers {
  readonly answer: (request: SimRequest) => Promise<SimAnswer>;
  readonly revokeTokens: () => void;
}

function createAnswers(stage: Stage): Answers {
  const playing = new Map(STAND_INS.map((one) => [one.system, one.create(stage)]));
  return {
    async answer(request) {
      const one = playing.get(request.system);
      if (!one) throw new Error(`No stand-in is called ${request.system}`);
      return one.answer(request);
    },
    revokeTokens() {
      for (const one of playing.values()) one.revokeTokens?.();
    },
  };
}
