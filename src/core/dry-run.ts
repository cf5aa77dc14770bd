/** The dry-run: every invoice, line, delta, cause and flag of a month, from values alone. */
import type { BillingPeriod } from './billing-period.ts';
import type {
  Client, Decision, DryRun, HeldClient, PostedMonth, ResolvedLine, Service, SheetReading, Snapshot,
} from './model.ts'; // prettier-ignore

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
  /** Up to 13 posted months before this one in any order, for season and frozen sources. */
  readonly history?: readonly PostedMonth[];
  readonly decisions?: readonly Decision[];
  readonly held?: readonly HeldClient[];
}

export function dryRun(input: DryRunInput): DryRun {
  throw new Error(`Not written yet: ${input.period}`);
}
