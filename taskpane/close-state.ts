/** Everything the pane knows of the running close, and the only ways it changes. */
import type { CellAnswer } from '../functions/registry.ts';
import type {
  Batch,
  Beside,
  BooksState,
  ClientStatus,
  Mapping,
  PeriodState,
  RunningSync,
  SpotCheck,
} from '../src/contract/contract.ts';
import type { BillingPeriod } from '../src/core/billing-period.ts';
import type { AppError } from '../src/core/errors.ts';
import type {
  ClientId, Decision, DryRun, HeldClient, PostedMonth, ResolvedLine, SheetReading, Snapshot, SourceHealth,
} from '../src/core/model.ts'; // prettier-ignore
import type { ResultsPlan } from '../src/workbook/result-columns.ts';
import { sameTarget } from './obstacles.ts';
import type { Session } from './session.ts';

export type Step = 'home' | 'sources' | 'review' | 'approve' | 'posting' | 'spot-check';
export type Filter = 'all' | 'changed' | 'flagged';

/** A month as the sheet, the snapshot and the books tell it, at one moment. */
export interface Review {
  readonly reading: SheetReading;
  readonly lines: readonly ResolvedLine[];
  readonly snapshot: Snapshot;
  readonly dryRun: DryRun;
  /** Spellings of the sheet that are no client or service yet. */
  readonly unknown: readonly { readonly kind: 'client' | 'service'; readonly name: string }[];
}

export interface Busy {
  readonly words: string;
  readonly done?: number;
  readonly of?: number;
}

/** What a person is told when something went wrong; it stays until they close it. */
export interface Trouble {
  readonly message: string;
  readonly remedy: string;
  readonly code: string;
}

export interface Lapsed {
  readonly clientId: ClientId;
  readonly words: string;
  readonly cell: string | null;
}

/** A document in the books that may be what is about to be sent. */
export interface Alike {
  readonly invoiceId: string;
  /** Of the invoices that it may be. */
  readonly keys: readonly string[];
  readonly words: string;
}

/** A mark in the books that may be another relay's: nothing is posted until a person knows it. */
export interface ForeignMark {
  readonly marker: string;
  readonly words: string;
}

export interface CloseState {
  readonly phase: 'starting' | 'signed out' | 'ready';
  readonly step: Step;
  readonly online: boolean;
  readonly session: Session | null;
  readonly period: BillingPeriod | null;
  /** MCC_Period says this month and a sheet was chosen. */
  readonly started: boolean;
  readonly sheet: string | null;
  readonly sheets: readonly string[];
  readonly month: PeriodState | null;
  readonly sources: readonly SourceHealth[];
  /** Syncs under way, while the pane waits for them. */
  readonly running: readonly RunningSync[];
  readonly mappings: readonly Mapping[];
  readonly spellings: readonly Mapping[];
  /** The counts the workbook shows; clients and services to choose from. */
  readonly snapshot: Snapshot | null;
  readonly review: Review | null;
  readonly changedSince: readonly string[];
  readonly decisions: readonly Decision[];
  readonly held: readonly HeldClient[];
  /** Released by a person, so that even a client closed without invoice is billed after all. */
  readonly released: readonly ClientId[];
  readonly filter: Filter;
  readonly search: string;
  readonly lineId: string | null;
  readonly history: readonly PostedMonth[];
  readonly batch: Batch | null;
  readonly lapsed: readonly Lapsed[];
  /** A person is asked about these before anything is sent. */
  readonly alike: readonly Alike[];
  readonly foreignMarks: readonly ForeignMark[];
  /** What the books hold beside an approved invoice, by posting; words where they did not say. */
  readonly beside: Readonly<Record<string, Beside | string>>;
  readonly books: BooksState | null;
  /** What became of each client of the month. */
  readonly statuses: readonly ClientStatus[];
  /** What would be written into the sheet; a person looks at it first. */
  readonly results: ResultsPlan | null;
  readonly spotCheck: SpotCheck | null;
  readonly busy: Busy | null;
  readonly trouble: Trouble | null;
  /** The cell being typed in, while a write waits for it. */
  readonly waitingForCell: boolean;
  /** One announcement per action for screen readers. */
  readonly announced: string;
  readonly selected: { readonly cell: string; readonly answer: CellAnswer | null } | null;
}

export type CloseEvent =
  | { readonly type: 'learned'; readonly news: Partial<CloseState> }
  | { readonly type: 'went'; readonly step: Step }
  | { readonly type: 'working'; readonly busy: Busy }
  | { readonly type: 'done'; readonly announced: string; readonly news?: Partial<CloseState> }
  | { readonly type: 'failed'; readonly error: AppError }
  | { readonly type: 'dismissed' }
  | { readonly type: 'decided'; readonly decisions: readonly Decision[] }
  | { readonly type: 'undecided'; readonly decision: Decision }
  | { readonly type: 'held'; readonly clientId: ClientId; readonly reason: string }
  | { readonly type: 'released'; readonly clientId: ClientId };

export const BEGINNING: CloseState = {
  phase: 'starting',
  step: 'home',
  online: true,
  session: null,
  period: null,
  started: false,
  sheet: null,
  sheets: [],
  month: null,
  sources: [],
  running: [],
  mappings: [],
  spellings: [],
  snapshot: null,
  review: null,
  changedSince: [],
  decisions: [],
  held: [],
  released: [],
  filter: 'all',
  search: '',
  lineId: null,
  history: [],
  batch: null,
  lapsed: [],
  alike: [],
  foreignMarks: [],
  beside: {},
  books: null,
  statuses: [],
  results: null,
  spotCheck: null,
  busy: null,
  trouble: null,
  waitingForCell: false,
  announced: '',
  selected: null,
};

export function nextState(state: CloseState, event: CloseEvent): CloseState {
  switch (event.type) {
    case 'learned':
      return { ...state, ...event.news };
    case 'went':
      return { ...state, step: event.step, lineId: null, trouble: null };
    case 'working':
      return { ...state, busy: event.busy, trouble: null };
    case 'done':
      return { ...state, ...event.news, busy: null, announced: event.announced };
    case 'failed':
      return { ...state, busy: null, trouble: toTrouble(event.error) };
    case 'dismissed':
      return { ...state, trouble: null };
    case 'decided':
      return {
        ...state,
        decisions: [...without(state.decisions, event.decisions), ...event.decisions],
      };
    case 'undecided':
      return { ...state, decisions: without(state.decisions, [event.decision]) };
    case 'held':
      return {
        ...state,
        held: [
          ...others(state.held, event.clientId),
          { clientId: event.clientId, reason: event.reason },
        ],
        released: state.released.filter((clientId) => clientId !== event.clientId),
      };
    case 'released':
      return {
        ...state,
        held: others(state.held, event.clientId),
        released: [...state.released, event.clientId],
      };
  }
}

const toTrouble = (error: AppError): Trouble => ({
  message: error.message,
  remedy: error.remedy,
  code: error.code,
});

const others = (held: readonly HeldClient[], clientId: ClientId): readonly HeldClient[] =>
  held.filter((entry) => entry.clientId !== clientId);

const without = (
  decisions: readonly Decision[],
  replaced: readonly Decision[],
): readonly Decision[] => decisions.filter((old) => !replaced.some((one) => sameTarget(one, old)));
