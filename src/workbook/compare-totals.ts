/** Compares what the lines add up to with what the sheet shows, and names the cells that explain it. */
import { isZero, subtractAmounts, sumAmounts, zeroAmount, type Amount, type Currency } from '../core/money.ts'; // prettier-ignore
import type { SheetLine } from '../core/model.ts';
import { cellAddress, localAddress } from './address.ts';
import { decimalOf, NOTHING, plus, times, type Decimal } from './decimal.ts';
import { makeFlag, withFlag, type RowReading, type TotalCell } from './reading-notes.ts';
import { toMoney } from './sheet-money.ts';

export type ShownTotal = TotalCell & { readonly amount: Amount };

export interface Compared {
  readonly sheet: string;
  readonly currency: Currency;
  readonly lines: readonly SheetLine[];
  readonly rows: readonly RowReading[];
  readonly shownTotal: ShownTotal | null;
  /** Rows that the grand total covers; null when its formula does not tell. */
  readonly covered: ReadonlySet<number> | null;
}

interface Culprit {
  readonly row: RowReading;
  readonly line: number;
  readonly difference: Amount;
  readonly why: string;
}

/** The lines again, with a blocking flag on each one that makes the sheet show another figure. */
export function compareTotals(compared: Compared): readonly SheetLine[] {
  const { lines, currency, shownTotal } = compared;
  const total = sumAmounts(
    lines.map(({ amount }) => amount),
    currency,
  );
  const culprits = compared.rows.flatMap((row) => culpritOf(compared, row) ?? []);
  const difference = shownTotal
    ? subtractAmounts(total, shownTotal.amount, currency)
    : zeroAmount(currency);
  if (shownTotal && !isZero(difference)) return flagTotal(compared, shownTotal, total, culprits);
  const flagged = new Map(culprits.map((culprit) => [culprit.line, rowText(compared, culprit)]));
  return lines.map((line, at) => {
    const text = flagged.get(at);
    return text === undefined
      ? line
      : withFlag(line, makeFlag('sheet total differs', true, text, line.cell));
  });
}

/** A row whose shown amount, as a sum of the sheet would read it, is not what its lines make. */
function culpritOf({ lines, currency, covered }: Compared, row: RowReading): Culprit | null {
  const [first] = row.lines;
  if (first === undefined) return null;
  const made = sumAmounts(
    row.lines.map((at) => lines[at]?.amount ?? zeroAmount(currency)),
    currency,
  );
  const isCovered = covered === null || covered.has(row.row);
  if (row.shown === null && (covered === null || row.isRefused)) return null;
  const summed =
    row.shown === null || row.shown.isText || !isCovered ? zeroAmount(currency) : row.shown.amount;
  const difference = subtractAmounts(made, summed, currency);
  if (isZero(difference) || row.isRefused) return null;
  if (isCovered && isOnlyRounding(row, lines, currency)) return null;
  const [suspect] = row.suspects;
  const line = suspect ? (row.lines[suspect.line] ?? first) : first;
  return { row, line, difference, why: whyOf(row, isCovered, made) };
}

function whyOf(row: RowReading, isCovered: boolean, made: Amount): string {
  if (row.suspects.length > 0) return row.suspects.map(({ why }) => why).join('; ');
  if (row.shown === null) return `row ${String(row.row)} makes ${made} and shows no total`;
  const at = localAddress(row.shown.at);
  if (row.shown.isText) return `${at} holds its amount as text, which a sum leaves out`;
  if (!isCovered) return `the sum does not reach ${at}`;
  return `${at} shows ${row.shown.amount} where the lines make ${made}`;
}

/** Rounding each line once may differ from rounding the row once; that is no fault of the sheet. */
function isOnlyRounding(row: RowReading, lines: readonly SheetLine[], currency: Currency): boolean {
  if (row.shown === null || row.shown.isText) return false;
  return (
    exactTotal(
      row.lines.flatMap((at) => lines[at] ?? []),
      currency,
    ) === row.shown.amount
  );
}

function exactTotal(lines: readonly SheetLine[], currency: Currency): Amount | null {
  const exact = lines.reduce<Decimal>((sum, line) => {
    const [quantity, price] = [decimalOf(line.quantity), decimalOf(line.unitPrice)];
    return quantity && price ? plus(sum, times(quantity, price)) : sum;
  }, NOTHING);
  return toMoney(exact, currency);
}

function flagTotal(
  compared: Compared,
  shown: ShownTotal,
  total: Amount,
  culprits: readonly Culprit[],
): readonly SheetLine[] {
  const { lines, sheet, currency } = compared;
  const figures = `The lines add up to ${total}, but the sheet shows ${shown.amount} in ${cellAddress(sheet, shown.at)}`;
  if (exactTotal(lines, currency) === shown.amount) return lines;
  const explained = sumAmounts(
    culprits.map(({ difference }) => difference),
    currency,
  );
  const isWhole = explained === subtractAmounts(total, shown.amount, currency);
  const reasons = culprits.map(({ why }) => why);
  const because =
    reasons.length === 0 ? ' and no single cell explains it' : `: ${reasons.join('; ')}`;
  const rest =
    reasons.length > 0 && !isWhole ? `. That explains ${explained} of the difference` : '';
  const text = `${figures}${because}${rest}. Correct the sheet, or hold this client.`;
  const flagged = new Set(culprits.length === 0 ? [0] : culprits.map(({ line }) => line));
  return lines.map((line, at) =>
    flagged.has(at) ? withFlag(line, makeFlag('sheet total differs', true, text, line.cell)) : line,
  );
}

function rowText({ sheet, currency, lines }: Compared, { row, why }: Culprit): string {
  const made = sumAmounts(
    row.lines.map((at) => lines[at]?.amount ?? zeroAmount(currency)),
    currency,
  );
  const shown = row.shown
    ? `${cellAddress(sheet, row.shown.at)} shows ${row.shown.amount}`
    : `row ${String(row.row)} shows no total`;
  return `The lines of row ${String(row.row)} add up to ${made}, but ${shown}: ${why}. Correct the sheet, or hold this client.`;
}
