/**
 * What every stand-in is: one system behind one path segment, written from the vendor's published
 * contract and never from an adapter. One file (or folder) each and one line in registry.ts.
 */
import type { SampleVendors } from '../sample/model.ts';
import type { SimAnswer, SimRequest } from './exchange.ts';
import type { SimOptions } from './options.ts';
import type { Books } from './conductor/books.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { LedgerIds } from './ledger/sample.ts';

export interface StandIn {
  /** First part of its address here, and its name in faults and exchanges: "ninjaone". */
  readonly system: string;
  /** The part of the vendor's server address that its contract's paths leave out: "/v1". */
  readonly base: string;
  /** How many requests it works on at once, and its answer to one more; absent: any number. */
  readonly atOnce?: { readonly max: number; refuse(): SimAnswer };
  create(stage: Stage): Playing;
}

/** What a stand-in is given: the world it plays, and how it is to behave. */
export interface Stage {
  /** What vendors show follows the clock: at the end of September they showed September. */
  vendorsAt(nowMs: number): SampleVendors;
  options(): SimOptions;
  /** The company file of QuickBooks Desktop, the books of the sample. */
  readonly books: Books;
  /** The ledger of a system, filled with the sample's company when it is new. */
  ledger(system: string, ids: LedgerIds): Ledger;
}

export interface Playing {
  answer(request: SimRequest): SimAnswer | Promise<SimAnswer>;
  /** Ends every token at once, as a change of credentials does. */
  revokeTokens?(): void;
}
