/** The dry-run as the rows of one scroll: a client, its lines, why a line is flagged. */
import type { DryRun, DryRunInvoice, DryRunLine, Flag } from '../src/core/model.ts';
import type { Filter } from './close-state.ts';
import { flagsOf, isOpen } from './obstacles.ts';

export type Sign = '!!' | '!' | '*' | '=' | '';

export type Row =
  | {
      readonly kind: 'client';
      readonly id: string;
      readonly invoice: DryRunInvoice;
      readonly expanded: boolean;
      readonly sign: Sign;
    }
  | {
      readonly kind: 'line';
      readonly id: string;
      readonly invoice: DryRunInvoice;
      readonly line: DryRunLine;
      readonly gone: boolean;
      readonly sign: Sign;
    }
  | {
      readonly kind: 'why';
      readonly id: string;
      readonly invoice: DryRunInvoice;
      readonly flags: readonly Flag[];
    };

export interface Shape {
  readonly filter: Filter;
  readonly search: string;
  /** Clients a person opened or closed against the rule. */
  readonly toggled: ReadonlySet<string>;
}

export interface Counts {
  readonly all: number;
  readonly changed: number;
  readonly flagged: number;
}

/** Changed and flagged clients stand open, unchanged ones closed; totals count them all. */
export function toRows(dryRun: DryRun, shape: Shape): readonly Row[] {
  const wanted = shape.search.trim().toLowerCase();
  return dryRun.invoices.flatMap((invoice) => {
    const lines = linesOf(invoice).filter((line) => passes(line, shape.filter));
    const isNamed = !wanted || invoice.clientName.toLowerCase().includes(wanted);
    const found = isNamed
      ? lines
      : lines.filter((line) => line.description.toLowerCase().includes(wanted));
    const ownFlags = shape.filter === 'flagged' && invoice.flags.length > 0;
    const staysEmpty = isNamed && (shape.filter === 'all' || ownFlags);
    return found.length > 0 || staysEmpty ? rowsOf(invoice, found, shape) : [];
  });
}

export function countsOf(dryRun: DryRun): Counts {
  const lines = dryRun.invoices.flatMap(linesOf);
  return {
    all: lines.length,
    changed: lines.filter((line) => line.delta.movement !== 'same').length,
    flagged: lines.filter((line) => line.flags.length > 0).length,
  };
}

export const hasLines = (dryRun: DryRun): boolean =>
  dryRun.invoices.some((invoice) => linesOf(invoice).length > 0);

/** What the sign means, for people who do not see it. */
export function signText(sign: Sign): string {
  switch (sign) {
    case '!!':
      return 'blocks the approval';
    case '!':
      return 'needs a look';
    case '*':
      return 'typed over';
    case '=':
      return 'unchanged';
    case '':
      return 'changed';
  }
}

export const linesOf = (invoice: DryRunInvoice): readonly DryRunLine[] => [
  ...invoice.lines,
  ...invoice.gone,
];

const hasMoved = (line: DryRunLine): boolean => line.delta.movement !== 'same';

function rowsOf(
  invoice: DryRunInvoice,
  lines: readonly DryRunLine[],
  shape: Shape,
): readonly Row[] {
  const moved = linesOf(invoice).some(hasMoved);
  const flags = flagsOf(invoice);
  const byRule = moved || flags.length > 0 || shape.search.trim() !== '';
  const expanded = shape.toggled.has(invoice.clientId) ? !byRule : byRule;
  const head: Row = {
    kind: 'client',
    id: invoice.clientId,
    invoice,
    expanded,
    sign: signOf(flags, moved),
  };
  if (!expanded) return [head];
  return [
    head,
    ...why(invoice, invoice.clientId, invoice.flags),
    ...lines.flatMap((line) => lineRows(invoice, line)),
  ];
}

function lineRows(invoice: DryRunInvoice, line: DryRunLine): readonly Row[] {
  const sign = signOf(line.flags, hasMoved(line));
  const gone = invoice.gone.includes(line);
  return [
    { kind: 'line', id: line.id, invoice, line, gone, sign },
    ...why(invoice, line.id, line.flags),
  ];
}

const why = (invoice: DryRunInvoice, id: string, flags: readonly Flag[]): readonly Row[] =>
  flags.length === 0 ? [] : [{ kind: 'why', id: `${id} why`, invoice, flags }];

function signOf(flags: readonly Flag[], moved: boolean): Sign {
  const open = flags.filter(isOpen);
  if (open.some((flag) => flag.blocks)) return '!!';
  if (flags.some((flag) => flag.rule === 'formula typed over')) return '*';
  if (open.length > 0) return '!';
  return moved ? '' : '=';
}

function passes(line: DryRunLine, filter: Filter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'changed':
      return hasMoved(line);
    case 'flagged':
      return line.flags.length > 0;
  }
}
