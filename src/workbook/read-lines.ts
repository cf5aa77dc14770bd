/** Reads a list: a row per client and service with quantity, unit price and amount. */
import {
  isNegative,
  isZero,
  negateQuantity,
  parseUnitPrice,
  type Amount,
  type Quantity,
} from '../core/money.ts';
import type { SheetLine } from '../core/model.ts';
import { cellAddress, localAddress } from './address.ts';
import { adjustmentLine, priceFromNote } from './adjustments.ts';
import { cellText, isEmptyText } from './cell-text.ts';
import { codeWidth, readClientCell, readCodeCell, type RowClient } from './client-cell.ts';
import { hasLargeQuantities, mergedRemark } from './count-places.ts';
import { isNothing, type Decimal } from './decimal.ts';
import { isOneOffText, wordsOf } from './header-words.ts';
import type { LinesPlan } from './lines-plan.ts';
import { readQuantityCell, type CellRemark } from './quantity-cell.ts';
import { flagOfRemark, type RowReading, type TableReading } from './reading-notes.ts';
import { toMoney } from './sheet-money.ts';
import { shownAmount, totalCells } from './shown-totals.ts';
import {
  through,
  type LinesInput,
  type LinesScope,
  type Context,
  type RowFacts,
} from './lines-scope.ts';
import { priceOf } from './lines-price.ts';
import { makeLine } from './lines-line.ts';

export function readLines(input: LinesInput, plan: LinesPlan): TableReading {
  const dataRows = [...plan.kinds].filter(([, kind]) => kind === 'data').map(([row]) => row);
  const hasLarge =
    plan.quantityColumn !== null && hasLargeQuantities(input.index, plan.quantityColumn, dataRows);
  const { firstRow, lastRow } = plan.table;
  const width =
    plan.codeColumn === null ? null : codeWidth(input.index, plan.codeColumn, firstRow, lastRow);
  const scope: LinesScope = { ...input, plan, hasLarge, codeWidth: width };
  const lines: SheetLine[] = [];
  const rows: RowReading[] = [];
  const clientRows: { client: string; row: number }[] = [];
  const context: Context = { client: null, section: sectionAbove(scope) };
  for (const [row, kind] of plan.kinds) {
    if (kind === 'text') followText(scope, row, context);
    if (kind === 'total') context.client = plan.clientColumn === null ? context.client : null;
    if (kind !== 'data') continue;
    const read = readRow(scope, row, context);
    if (!read || read.lines.length === 0) continue;
    rows.push({ ...read.row, lines: read.lines.map((_, at) => lines.length + at) });
    lines.push(...read.lines);
    const client = read.lines[0]?.client ?? '';
    if (clientRows.at(-1)?.client !== client) clientRows.push({ client, row });
  }
  const totals = totalCells(scope, plan.table, plan.kinds, plan.amountColumn);
  return { lines, rows, totals, clientRows, amountColumn: plan.amountColumn };
}

/** "One-time charges" over a second table; the title over a first one says nothing of its kind. */
function sectionAbove({ index, plan }: LinesScope): string {
  if (plan.table.order === 0) return '';
  for (const row of [plan.table.headerTop - 1, plan.table.headerTop - 2]) {
    const [title, ...more] = index.row(row);
    if (title && more.length === 0) return cellText(title) ?? '';
  }
  return '';
}

/** A row of text alone: the client of the lines below, or the name of a section. */
function followText(scope: LinesScope, row: number, context: Context): void {
  const [first] = scope.index.row(row).filter(({ column }) => column >= scope.plan.table.left);
  const text = cellText(first ?? null);
  if (!first || text === null) return;
  const isSection =
    scope.plan.clientColumn !== null ||
    isOneOffText(text) ||
    /^(?:monthly |recurring|one[- ])/.test(wordsOf(text));
  if (isSection) context.section = text;
  else {
    context.client = first;
    scope.notes.take(first);
  }
}

function readRow(
  scope: LinesScope,
  row: number,
  context: Context,
): { lines: readonly SheetLine[]; row: RowReading } | null {
  const { plan, index } = scope;
  const client = readClient(scope, row, context);
  const serviceCell = index.at(row, plan.itemColumn);
  const facts: RowFacts = {
    row,
    client,
    service: cellText(serviceCell) ?? '',
    quantityCell: plan.quantityColumn === null ? null : index.at(row, plan.quantityColumn),
    amountCell: plan.amountColumn === null ? null : index.at(row, plan.amountColumn),
    note: noteOfRow(scope, row),
  };
  const reading = readQuantityCell(facts.quantityCell, {
    index,
    others: scope.others,
    hasLargeQuantities: scope.hasLarge,
  });
  const formulas = { home: index, others: scope.others, isUnknown: () => false };
  const shown = shownAmount(facts.amountCell, scope.currency, formulas);
  const main =
    reading.kind === 'blank'
      ? flatLine(scope, facts, shown?.amount ?? null, context)
      : countedLine(scope, facts, reading, context);
  if (main === null) {
    for (const cell of index.row(row))
      scope.notes.skip(cell, 'the row has no quantity and no amount');
    return null;
  }
  if (isHiddenForNothing(scope, row, main.lines, shown?.amount ?? null)) {
    for (const cell of index.row(row))
      scope.notes.skip(cell, `row ${String(row)} is hidden and makes no money`);
    return null;
  }
  for (const cell of index.row(row)) if (isRead(scope, cell.column)) scope.notes.take(cell);
  const isRefused = reading.kind === 'quantity' && reading.remarks.some(({ blocks }) => blocks);
  return {
    lines: main.lines,
    row: { row, lines: [], shown, suspects: [], isRefused: isRefused || main.isUnpriced },
  };
}

/** Columns that belong to a line; what else stands in the row is listed as not taken. */
function isRead(scope: LinesScope, column: number): boolean {
  const role = scope.plan.table.columns.find((one) => one.column === column)?.role;
  return role !== undefined && !['other', 'cost', 'change'].includes(role);
}

function isHiddenForNothing(
  scope: LinesScope,
  row: number,
  lines: readonly SheetLine[],
  shown: Amount | null,
): boolean {
  const isHidden = scope.index.hiddenRows.has(row);
  const isWorthless =
    lines.every(({ amount }) => isZero(amount)) && (shown === null || isZero(shown));
  const isRefused = lines.some(({ flags }) =>
    flags.some(({ rule }) => rule === 'not a quantity' || rule === 'error value'),
  );
  return isHidden && isWorthless && !isRefused;
}

function readClient(scope: LinesScope, row: number, context: Context): RowClient {
  const { clientColumn, codeColumn } = scope.plan;
  const codeCell = codeColumn === null ? null : through(scope, row, codeColumn);
  const code = readCodeCell(codeCell, scope.codeWidth);
  const own = clientColumn === null ? null : through(scope, row, clientColumn);
  const isOwn = own !== null && own.value.kind !== 'blank' && !isEmptyText(cellText(own) ?? 'x');
  if (isOwn) context.client = own;
  const cell = isOwn ? own : context.client;
  const read = readClientCell(cell, { row, column: clientColumn ?? scope.plan.itemColumn });
  if (read.name === '' && code.code !== null && read.remarks[0]?.rule === 'client unknown')
    return { name: code.code, ...code };
  return { name: read.name, code: code.code, remarks: [...read.remarks, ...code.remarks] };
}

function noteOfRow(scope: LinesScope, row: number): string | null {
  const { quantityColumn, amountColumn, priceColumn, notesColumns } = scope.plan;
  const notes = [quantityColumn, priceColumn, amountColumn].map((column) =>
    column === null ? null : (scope.index.at(row, column)?.note ?? null),
  );
  const texts = notesColumns.map((column) => cellText(scope.index.at(row, column)));
  const all = [...notes, ...texts].filter((text) => !isEmptyText(text));
  return all.length === 0 ? null : all.join('\n');
}

interface MainLine {
  readonly lines: readonly SheetLine[];
  readonly isUnpriced: boolean;
}

function countedLine(
  scope: LinesScope,
  facts: RowFacts,
  reading: { quantity: Quantity; remarks: readonly CellRemark[] },
  context: Context,
): MainLine | null {
  const cell = facts.quantityCell;
  if (!cell) return null;
  const pricing = priceOf(scope, facts, cell, reading.quantity);
  const agreed = isNothing(pricing.constant)
    ? null
    : priceFromNote(facts.note, pricing.constant, [
        { quantity: reading.quantity, unitPrice: pricing.unitPrice },
      ]);
  const unitPrice = agreed?.unitPrice ?? pricing.unitPrice;
  const merged = mergedRemark(cell, scope.index, (row) => scope.plan.kinds.get(row) === 'data');
  const remarks = [...reading.remarks, ...pricing.remarks, ...(merged ? [merged] : [])];
  const line = makeLine(scope, facts, cell, {
    quantity: reading.quantity,
    unitPrice,
    remarks,
    context,
  });
  const extra = agreed ? [] : constantLine(scope, facts, pricing.constant);
  return { lines: [line, ...extra], isUnpriced: pricing.isUnpriced };
}

function constantLine(scope: LinesScope, facts: RowFacts, constant: Decimal): SheetLine[] {
  const amount = toMoney(constant, scope.currency);
  if (amount === null || isZero(amount) || !facts.amountCell) return [];
  const cell = cellAddress(scope.index.name, facts.amountCell);
  const line = adjustmentLine(
    { client: facts.client.name, clientCode: facts.client.code, cell, note: facts.note },
    amount,
    scope.currency,
  );
  return [{ ...line, flags: facts.client.remarks.map((remark) => flagOfRemark(remark, cell)) }];
}

/** An amount without a quantity is one of it, or a credit of one. */
function flatLine(
  scope: LinesScope,
  facts: RowFacts,
  amount: Amount | null,
  context: Context,
): MainLine | null {
  const cell = facts.amountCell;
  if (cell?.value.kind === 'error') {
    const text = `${localAddress(cell)} shows ${cell.value.error} and the row has no quantity. Mend its formula or type the amount.`;
    const remarks: CellRemark[] = [{ rule: 'error value', blocks: true, text }];
    return {
      lines: [
        makeLine(scope, facts, cell, {
          quantity: '0' as Quantity,
          unitPrice: parseUnitPrice('0'),
          remarks,
          context,
        }),
      ],
      isUnpriced: true,
    };
  }
  if (!cell || amount === null || isZero(amount)) return null;
  const quantity = (isNegative(amount) ? '-1' : '1') as Quantity;
  const unitPrice = parseUnitPrice(
    isNegative(amount) ? negateQuantity(amount as unknown as Quantity) : amount,
  ); // the same decimal text
  return {
    lines: [makeLine(scope, facts, cell, { quantity, unitPrice, remarks: [], context })],
    isUnpriced: false,
  };
}
