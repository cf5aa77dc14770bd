/** Who a row belongs to: the name and the code as the sheet has them, and what is wrong with them. */
import type { Cell } from './workbook.ts';
import type { SheetIndex } from './sheet-index.ts';
import { localAddress, type Position } from './address.ts';
import { cellText, isEmptyText, nameTrouble, quoted } from './cell-text.ts';
import type { CellRemark } from './quantity-cell.ts';

export interface RowClient {
  /** As the sheet spells it; empty when there is none. */
  readonly name: string;
  readonly code: string | null;
  readonly remarks: readonly CellRemark[];
}

/** Digits a cell of Excel keeps; a longer code lost its end when it became a number. */
const DIGITS_KEPT = 11;

export function readClientCell(cell: Cell | null, at: Position): Omit<RowClient, 'code'> {
  const where = localAddress(cell ?? at);
  const text = cellText(cell);
  if (cell?.value.kind === 'error') {
    return {
      name: '',
      remarks: [
        trouble(
          'error value',
          `${where} shows ${cell.value.error} where the client should stand. Mend the cell.`,
        ),
      ],
    };
  }
  if (cell?.value.kind === 'date') {
    return {
      name: '',
      remarks: [
        trouble(
          'client unknown',
          `${where} holds a date where the client should stand. Type the name with an apostrophe in front.`,
        ),
      ],
    };
  }
  if (cell?.value.kind === 'boolean') {
    return {
      name: '',
      remarks: [
        trouble(
          'client unknown',
          `${where} says TRUE or FALSE where the client should stand. Type the name.`,
        ),
      ],
    };
  }
  if (text === null || isEmptyText(text)) {
    return {
      name: '',
      remarks: [
        trouble(
          'client unknown',
          `${where} names no client, but its row holds quantities. Type the client there, or clear the row.`,
        ),
      ],
    };
  }
  const wrong = nameTrouble(text);
  if (wrong === null) return { name: text, remarks: [] };
  return {
    name: text,
    remarks: [trouble('client unknown', `${where} ${quoted(text)} ${wrong}. Type the name again.`)],
  };
}

export function readCodeCell(
  cell: Cell | null,
  width: number | null,
): Pick<RowClient, 'code' | 'remarks'> {
  const text = cellText(cell);
  if (!cell || cell.value.kind === 'blank' || isEmptyText(text)) {
    const isOdd = cell !== null && ['error', 'date', 'boolean'].includes(cell.value.kind);
    if (!isOdd) return { code: null, remarks: [] };
    return codeTrouble(cell, 'holds no code. Format the column as Text and type the code again');
  }
  const code = (text ?? '').trim();
  const wrong = nameTrouble(code);
  if (wrong !== null) return codeTrouble(cell, `${quoted(code)} ${wrong}. Type the code again`);
  if (/^\d(?:[.,]\d+)?e\+?\d+$/i.test(code))
    return codeTrouble(
      cell,
      `shows ${code}: the code became a number. Format the column as Text and type it again`,
    );
  if (cell.value.kind !== 'number') return { code, remarks: [] };
  if (Math.abs(cell.value.number) >= 10 ** DIGITS_KEPT) {
    return codeTrouble(
      cell,
      `holds the number ${code}; a code this long loses digits as a number. Format the column as Text and type it again`,
    );
  }
  if (width !== null && code.length < width) {
    return codeTrouble(
      cell,
      `holds the number ${code}, but the codes around it have ${String(width)} digits: a leading zero was lost. Format the column as Text and type it again`,
    );
  }
  return { code, remarks: [] };
}

function codeTrouble(cell: Cell, words: string): Pick<RowClient, 'code' | 'remarks'> {
  return { code: null, remarks: [trouble('client unknown', `${localAddress(cell)} ${words}.`)] };
}

const trouble = (rule: CellRemark['rule'], text: string): CellRemark => ({
  rule,
  blocks: true,
  text,
});

/** The number of digits the codes of a column share, when some of them begin with a zero. */
export function codeWidth(
  index: SheetIndex,
  column: number,
  from: number,
  to: number,
): number | null {
  const widths = new Set<number>();
  let hasLeadingZero = false;
  for (let row = from; row <= to; row += 1) {
    const cell = index.at(row, column);
    const text = cell?.value.kind === 'text' ? cell.value.text.trim() : null;
    if (text === null || !/^\d+$/.test(text)) continue;
    widths.add(text.length);
    hasLeadingZero ||= text.startsWith('0');
  }
  const [width] = widths;
  return hasLeadingZero && widths.size === 1 ? (width ?? null) : null;
}
