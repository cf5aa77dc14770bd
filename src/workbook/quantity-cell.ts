/** Reads one quantity cell: nothing, a quantity with what must be said of it, or a refusal. */
import { ZERO_QUANTITY, isWhole, quantityFromCell, type Quantity } from '../core/money.ts';
import type { FlagRule } from '../core/model.ts';
import { AppError } from '../core/errors.ts';
import { periodOfSerial, periodTitle } from '../core/billing-period.ts';
import type { Cell } from './workbook.ts';
import type { SheetIndex } from './sheet-index.ts';
import { quoted } from './cell-text.ts';
import { readNumberText } from './number-text.ts';
import { cellDecimal } from './linear-formula.ts';
import { decimalText } from './decimal.ts';
import { mentionsCount } from './count-formula.ts';
import { localAddress } from './address.ts';

export interface CellRemark {
  readonly rule: FlagRule;
  readonly blocks: boolean;
  readonly text: string;
}

/** A refused cell still is a line, of quantity 0, so that nothing is posted and all is shown. */
export type QuantityReading =
  | { readonly kind: 'blank'; readonly reason: string | null }
  | {
      readonly kind: 'quantity';
      readonly quantity: Quantity;
      readonly remarks: readonly CellRemark[];
    };

export interface QuantityScope {
  readonly index: SheetIndex;
  readonly others: ReadonlyMap<string, SheetIndex>;
  /** Some quantity of this column is five digits or more, so a large number is no lost date. */
  readonly hasLargeQuantities: boolean;
}

const DASHES = /^[-\u2010-\u2015\u2212]+$/;
const SERIALS = { from: 40_000, to: 55_000 };

export function readQuantityCell(cell: Cell | null, scope: QuantityScope): QuantityReading {
  if (!cell) return { kind: 'blank', reason: null };
  const at = localAddress(cell);
  const { value } = cell;
  switch (value.kind) {
    case 'blank':
      return cell.formula === null
        ? { kind: 'blank', reason: null }
        : readUncalculated(cell, scope);
    case 'number':
      return readNumber(cell, value.number, scope);
    case 'text':
      return readText(cell, value.text);
    case 'boolean':
      return refused(
        `${at} says ${value.boolean ? 'TRUE' : 'FALSE'}, which is not a quantity. Type the number.`,
      );
    case 'date': {
      const day = periodOfSerial(value.serial);
      const words = day ? ` of ${periodTitle(day)}` : '';
      return refused(
        `${at} holds a date${words} (serial ${String(value.serial)}), not a quantity. Set its format to Number and type the quantity.`,
      );
    }
    case 'error':
      return refusedAs('error value', `${at} shows ${value.error}. ${remedyFor(cell)}`);
  }
}

const remedyFor = (cell: Cell): string =>
  cell.formula !== null && mentionsCount(cell.formula)
    ? 'Refresh the counts in MCC, or type the number.'
    : 'Mend its formula or type the number; an error is never read as zero.';

/** A formula without a stored value: worked out when simple, refused otherwise. */
function readUncalculated(cell: Cell, { index, others }: QuantityScope): QuantityReading {
  const value = cellDecimal(cell, { home: index, others, isUnknown: () => false });
  if (value) return readExact(cell, decimalText(value), Number(decimalText(value)));
  const at = localAddress(cell);
  return refusedAs(
    'error value',
    `${at} has a formula whose value is not stored in the file. Open the workbook in Excel, let it calculate, save it, and try again.`,
  );
}

function readNumber(cell: Cell, number: number, scope: QuantityScope): QuantityReading {
  const at = localAddress(cell);
  if (cell.numberFormat.includes('%')) {
    return refused(
      `${at} is a percentage (${String(number)} shown as percent), not a quantity. Type the number.`,
    );
  }
  const isBare = cell.formula === null && /^(?:general)?$/i.test(cell.numberFormat);
  const month = number >= SERIALS.from && number < SERIALS.to ? periodOfSerial(number) : null;
  if (isBare && month && Number.isInteger(number) && !scope.hasLargeQuantities) {
    return refused(
      `${at} holds ${String(number)}, which is the number Excel keeps for a day in ${periodTitle(month)}. If it is a quantity, give the cell the format Number.`,
    );
  }
  return readExact(cell, String(number), number);
}

function readExact(cell: Cell, shown: string, number: number): QuantityReading {
  const at = localAddress(cell);
  if (Math.abs(number) >= 1e15) {
    return refused(
      `${at} holds ${shown}: Excel keeps 15 digits, so this is not the number that was typed. Type the quantity again.`,
    );
  }
  try {
    const quantity = quantityFromCell(number);
    const remarks = remarksOf(at, shown, quantity);
    return { kind: 'quantity', quantity, remarks };
  } catch (error) {
    if (error instanceof AppError)
      return refused(`${at}: ${error.message} Type the quantity again.`);
    throw error;
  }
}

function remarksOf(at: string, shown: string, quantity: Quantity): CellRemark[] {
  if (shown !== quantity && !/^-?0$/.test(shown) && !/^\d+(?:e\d+)?$/i.test(shown)) {
    const text = `${at} holds ${shown} and is read as ${quantity}, rounded to four decimals.`;
    return [{ rule: 'negative or fractional', blocks: false, text }];
  }
  if (isWhole(quantity)) return [];
  return [
    {
      rule: 'negative or fractional',
      blocks: false,
      text: `${at} holds ${quantity}, which is not a whole number.`,
    },
  ];
}

function readText(cell: Cell, text: string): QuantityReading {
  const at = localAddress(cell);
  if (text === '') return { kind: 'blank', reason: 'a formula that shows nothing' };
  if (DASHES.test(text.trim())) return { kind: 'quantity', quantity: ZERO_QUANTITY, remarks: [] };
  const reading = readNumberText(text);
  if ('refused' in reading) {
    const isError = reading.refused === 'is the text of an error';
    const words = text.trim() === '' ? '' : ` ${quoted(text)}`;
    return refusedAs(
      isError ? 'error value' : 'not a quantity',
      `${at}${words} ${reading.refused}, not a quantity. Type the number, or clear the cell.`,
    );
  }
  const exact = readExact(cell, reading.number, Number(reading.number));
  if (exact.kind === 'blank') return exact;
  const remark: CellRemark = {
    rule: 'number stored as text',
    blocks: false,
    text: `${at} holds ${quoted(text)} as text and is read as ${exact.quantity}; sums in the sheet leave it out. Type the number again.`,
  };
  return { ...exact, remarks: [remark, ...exact.remarks] };
}

const refused = (text: string): QuantityReading => refusedAs('not a quantity', text);

function refusedAs(rule: FlagRule, text: string): QuantityReading {
  return { kind: 'quantity', quantity: ZERO_QUANTITY, remarks: [{ rule, blocks: true, text }] };
}
