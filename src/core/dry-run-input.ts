/** What a dry-run is made from. */
import type { BillingPeriod } from './billing-period.ts';
import type {
  Client,
  ClientId,
  Decision,
  HeldClient,
  PostedMonth,
  ResolvedLine,
  Service,
  SheetReading,
  Snapshot,
} from './model.ts';

export interface DryRunInput {
  readonly period: BillingPeriod;
  readonly reading: SheetReading;
  /** The lines of the reading after the look-up of their spellings. */
  readonly lines: readonly ResolvedLine[];
  /** From the snapshot; for a sheet read alone those of sheetAlone(reading). */
  readonly clients: readonly Client[];
  readonly services: readonly Service[];
  /** Null when the sheet is read alone: then a count cell is billed as it shows. */
  readonly snapshot: Snapshot | null;
  /** The last posted month (snapshot.previous); null: last month's tab or column serves. */
  readonly previous: PostedMonth | null;
  /** Posted months before this one, in any order, for season and frozen sources (13 are enough). */
  readonly history?: readonly PostedMonth[];
  readonly decisions?: readonly Decision[];
  readonly held?: readonly HeldClient[];
  /** Clients that an earlier approval of the month bills, with what became of it. */
  readonly taken?: ReadonlyMap<ClientId, string>;
}
