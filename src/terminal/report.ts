/** The close as one plain object: what --json prints and what the printed page is made from. */
import { sumAmounts, type Amount, type Quantity, type UnitPrice } from '../core/money.ts';
import type { BillingPeriod } from '../core/billing-period.ts';
import type {
  CellAddress,
  DryRunLine,
  Flag,
  LineKind,
  ResolvedLine,
  SheetLine,
  SkippedCell,
  SourceId,
} from '../core/model.ts';
import type { ClosedSheet } from './close-sheet.ts';

export interface ReportFlag {
  readonly rule: string;
  readonly blocks: boolean;
  readonly text: string;
}

export interface ReportLine {
  /** As the sheet spells it. */
  readonly client: string;
  readonly service: string;
  readonly quantity: Quantity;
  readonly unitPrice: UnitPrice;
  readonly amount: Amount;
  readonly cell: CellAddress;
  readonly kind: LineKind;
  /** Whose count it is; null where the sheet's own figure is billed. */
  readonly source: SourceId | null;
  readonly flags: readonly ReportFlag[];
}

/** The keys are the promise of --json; a test holds them. */
export interface Report {
  readonly period: BillingPeriod;
  readonly lines: readonly ReportLine[];
  readonly skipped: readonly SkippedCell[];
  readonly totals: { readonly amount: Amount };
}

export function toReport({ reading, lines: resolved, dryRun }: ClosedSheet): Report {
  const billed = new Map<string, DryRunLine>();
  const invoices = dryRun.invoices.flatMap((invoice) => invoice.lines);
  for (const line of invoices) billed.set(keyOf(line), line);
  const ofClients = dryRun.invoices.flatMap(({ flags, gone }) => [
    ...flags,
    ...gone.flatMap((line) => line.flags),
  ]);
  const loose = looseFlags(resolved, [...dryRun.flags, ...ofClients]);
  const lines = reading.lines.map((line, at) =>
    toLine(line, billed.get(keyOf(line)) ?? null, loose.get(at) ?? []),
  );
  const amount = sumAmounts(
    lines.map((line) => line.amount),
    reading.currency,
  );
  return { period: dryRun.period, lines, skipped: reading.skipped, totals: { amount } };
}

/** An adjustment may stand in the cell of no quantity, so its kind tells it apart. */
const keyOf = ({ cell, kind }: { cell: CellAddress; kind: LineKind }): string => `${cell} ${kind}`;

function toLine(line: SheetLine, billed: DryRunLine | null, loose: readonly Flag[]): ReportLine {
  const { quantity, unitPrice, amount } = billed ?? line;
  const isCounted = billed?.entry === 'count' && billed.count !== null;
  return {
    client: line.client,
    service: line.service,
    quantity,
    unitPrice,
    amount,
    cell: line.cell,
    kind: line.kind,
    source: isCounted ? billed.count.source : null,
    flags: [...(billed?.flags ?? line.flags), ...loose].map(({ rule, blocks, text }) => ({
      rule,
      blocks,
      text,
    })),
  };
}

/** What is said of the sheet, of a client, or of a line that is gone goes to the nearest line there is. */
function looseFlags(
  lines: readonly ResolvedLine[],
  flags: readonly Flag[],
): ReadonlyMap<number, readonly Flag[]> {
  const placed = new Map<number, Flag[]>();
  for (const flag of flags) {
    const at = placeOf(flag, lines);
    placed.set(at, [...(placed.get(at) ?? []), flag]);
  }
  return placed;
}

function placeOf(flag: Flag, lines: readonly ResolvedLine[]): number {
  const row = rowOf(flag.cell);
  const places = [
    lines.findIndex((line) => line.cell === flag.cell),
    lines.findIndex((line) => row !== null && rowOf(line.cell) === row),
    lines.findIndex((line) => flag.clientId !== null && line.clientId === flag.clientId),
  ];
  return places.find((at) => at >= 0) ?? 0;
}

const rowOf = (cell: CellAddress | null): string | null =>
  /^(.*!)[A-Z]+(\d+)$/
    .exec(cell ?? '')
    ?.slice(1)
    .join('') ?? null;

export const blocks = (report: Report): boolean =>
  report.lines.some((line) => line.flags.some((flag) => flag.blocks));
