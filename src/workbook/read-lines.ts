/** Reads a list: a row per client and service with quantity, unit price and amount. */
import { isNegative, isZero, lineAmount, negateQuantity, parseUnitPrice, type Amount, type Currency, type Quantity, type UnitPrice } from '../core/money.ts'; // prettier-ignore
import type { LineKind, SheetLine } from '../core/model.ts';
import { cellAddress, localAddress } from './address.ts';
import { adjustmentLine, priceFromNote } from './adjustments.ts';
import { cellText, isEmptyText, nameTrouble, quoted } from './cell-text.ts';
import { codeWidth, readClientCell, readCodeCell, type RowClient } from './client-cell.ts';
import { hasLargeQuantities, hiddenRemark, mergedRemark, originOf } from './count-places.ts';
import {
  decimalOf,
  dividedBy,
  isNothing,
  isSame,
  NOTHING,
  rounded,
  times,
  type Decimal,
} from './decimal.ts';
import { parseFormula, type Formula } from './formula-parser.ts';
import { isCreditText, isOneOffText, wordsOf } from './header-words.ts';
import { explainFormula, termKey } from './linear-formula.ts';
import type { LinesPlan } from './lines-plan.ts';
import { readQuantityCell, type CellRemark } from './quantity-cell.ts';
import {
  flagOfRemark,
  type ReadingNotes,
  type RowReading,
  type TableReading,
} from './reading-notes.ts';
import { priceOfCell, toMoney, toPrice } from './sheet-money.ts';
import { shownAmount, totalCells } from './shown-totals.ts';
import type { PriceList } from './price-list.ts';
import type { Cell } from './workbook.ts';
import type { ReadingScope } from './table.ts';

export interface LinesInput extends ReadingScope {
  readonly notes: ReadingNotes;
  readonly currency: Currency;
  readonly prices: PriceList;
}

interface LinesScope extends LinesInput {
  readonly plan: LinesPlan;
  readonly hasLarge: boolean;
  readonly codeWidth: number | null;
}

/** What the rows above say about the rows below. */
interface Context {
  client: Cell | null;
  section: string;
}

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
  const context: Context = { client: null, section: '' };
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

interface RowFacts {
  readonly row: number;
  readonly client: RowClient;
  readonly service: string;
  readonly quantityCell: Cell | null;
  readonly amountCell: Cell | null;
  readonly note: string | null;
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

function through(scope: LinesScope, row: number, column: number): Cell | null {
  const area = scope.index.area(row, column);
  return area && area.left === column
    ? scope.index.at(area.top, area.left)
    : scope.index.at(row, column);
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

interface Pricing {
  readonly unitPrice: UnitPrice;
  readonly constant: Decimal;
  readonly remarks: readonly CellRemark[];
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

/** The price a row bills by: what its amount's formula multiplies with, else its price cell. */
function priceOf(scope: LinesScope, facts: RowFacts, cell: Cell, quantity: Quantity): Pricing {
  const priceCell =
    scope.plan.priceColumn === null ? null : through(scope, facts.row, scope.plan.priceColumn);
  const named =
    priceOfCell(priceCell) ??
    (priceCell && !isBlankCell(priceCell) ? null : scope.prices.priceOf(facts.service));
  const formula = facts.amountCell?.formula ?? null;
  const linear = formula === null ? null : explain(scope, formula, cell);
  const coefficient = linear?.terms.get(termKey(cell.row, cell.column)) ?? null;
  const made = coefficient && toPrice(coefficient);
  if (linear && made && formula !== null) {
    const slips = named !== null && made !== named && !namesCell(formula, priceCell);
    const remarks = slips ? [slipRemark(facts, made, named)] : [];
    return {
      unitPrice: slips ? named : made,
      constant: linear.constant,
      remarks,
      isUnpriced: slips,
    };
  }
  if (named !== null)
    return { unitPrice: named, constant: NOTHING, remarks: [], isUnpriced: false };
  return derivedPrice(scope, facts, cell, quantity);
}

const isBlankCell = (cell: Cell): boolean => cell.value.kind === 'blank';

function explain(
  scope: LinesScope,
  formula: string,
  cell: Cell,
): ReturnType<typeof explainFormula> {
  const isUnknown = (row: number, column: number): boolean =>
    row === cell.row && column === cell.column;
  return explainFormula(formula, { home: scope.index, others: scope.others, isUnknown });
}

/** "F7*G8" in row 7: the formula multiplies with the price of another row. */
function slipRemark(facts: RowFacts, made: UnitPrice, named: UnitPrice): CellRemark {
  const at = facts.amountCell ? localAddress(facts.amountCell) : `row ${String(facts.row)}`;
  return {
    rule: 'sheet total differs',
    blocks: true,
    text: `${at} multiplies with ${made}, but the price of its row is ${named}. Correct the formula.`,
  };
}

function namesCell(formula: string, cell: Cell | null): boolean {
  const tree = parseFormula(formula);
  return cell !== null && tree !== null && names(tree, cell);
}

function names(tree: Formula, cell: Cell): boolean {
  switch (tree.kind) {
    case 'reference':
      return tree.row === cell.row && tree.column === cell.column;
    case 'range':
      return (
        tree.from.row <= cell.row &&
        cell.row <= tree.to.row &&
        tree.from.column <= cell.column &&
        cell.column <= tree.to.column
      );
    case 'call':
      return tree.args.some((one) => names(one, cell));
    case 'sign':
    case 'percent':
      return names(tree.of, cell);
    case 'operation':
      return names(tree.left, cell) || names(tree.right, cell);
    case 'number':
    case 'text':
    case 'boolean':
    case 'name':
    case 'missing':
      return false;
  }
}

/** No price anywhere: the amount divided by the quantity, where that comes out even. */
function derivedPrice(scope: LinesScope, facts: RowFacts, cell: Cell, quantity: Quantity): Pricing {
  const formulas = { home: scope.index, others: scope.others, isUnknown: () => false };
  const shown = shownAmount(facts.amountCell, scope.currency, formulas);
  const nothing = {
    unitPrice: parseUnitPrice('0'),
    constant: NOTHING,
    remarks: [],
    isUnpriced: false,
  };
  if (isZero(quantity)) return nothing;
  const [amount, count] = [shown && decimalOf(shown.amount), decimalOf(quantity)];
  const quotient = amount && count ? dividedBy(amount, count) : null;
  const unitPrice = quotient && toPrice(rounded(quotient, 7));
  const back = unitPrice && decimalOf(unitPrice);
  if (
    unitPrice &&
    back &&
    amount &&
    count &&
    isSame(rounded(times(back, count), 2), rounded(amount, 2))
  )
    return { ...nothing, unitPrice };
  const text = `${localAddress(cell)} counts ${quantity} of ${quoted(facts.service)}, which has no price in its row. Type the unit price.`;
  return { ...nothing, remarks: [{ rule: 'price missing', blocks: true, text }], isUnpriced: true };
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

interface LineParts {
  readonly quantity: Quantity;
  readonly unitPrice: UnitPrice;
  readonly remarks: readonly CellRemark[];
  readonly context: Context;
}

function makeLine(scope: LinesScope, facts: RowFacts, cell: Cell, parts: LineParts): SheetLine {
  const { quantity, unitPrice } = parts;
  const address = cellAddress(scope.index.name, cell);
  const amount = lineAmount(quantity, unitPrice, scope.currency);
  const previous = previousOf(scope, facts.row, unitPrice);
  const hidden = isZero(amount) ? null : hiddenRemark(cell, scope.index, amount);
  const remarks = [
    ...facts.client.remarks,
    ...serviceRemarks(scope, facts),
    ...parts.remarks,
    ...(hidden ? [hidden] : []),
  ];
  return {
    client: facts.client.name,
    clientCode: facts.client.code,
    service: facts.service,
    kind: kindOf(scope, facts, amount, previous, parts.context),
    quantity,
    unitPrice,
    amount,
    cell: address,
    ...originOf(cell, scope.index, scope.others),
    note: facts.note,
    previous,
    flags: remarks.map((remark) => flagOfRemark(remark, address)),
  };
}

function serviceRemarks(scope: LinesScope, facts: RowFacts): CellRemark[] {
  const at = localAddress({ row: facts.row, column: scope.plan.itemColumn });
  const wrong = isEmptyText(facts.service) ? 'names no service' : nameTrouble(facts.service);
  return wrong === null
    ? []
    : [{ rule: 'service unknown', blocks: true, text: `${at} ${wrong}. Type the service again.` }];
}

const ONE_TIME =
  /\b(?:one[- ]?(?:time|off)|non-?recurring|nrc|labou?r|on-?site|set-?up|install(?:ation)?|migration|t&m|travel|shipping)\b/;
const RECURS = /^(?:recurring|monthly|r|mrr|annual|quarterly|yearly|contract|agreement)$/;

function kindOf(
  scope: LinesScope,
  facts: RowFacts,
  amount: Amount,
  previous: SheetLine['previous'],
  context: Context,
): LineKind {
  if (isNegative(amount)) return 'credit';
  const kinds = scope.plan.kindColumns.map(
    (column) => cellText(scope.index.at(facts.row, column)) ?? '',
  );
  if (kinds.some((text) => RECURS.test(wordsOf(text)))) return 'recurring';
  if (kinds.some((text) => isOneOffText(text) || isCreditText(text))) return 'one-off';
  if (ONE_TIME.test(wordsOf(facts.service)) || isOneOffText(context.section)) return 'one-off';
  const source =
    scope.plan.sourceColumn === null
      ? ''
      : (cellText(scope.index.at(facts.row, scope.plan.sourceColumn)) ?? '');
  const isPerhaps =
    isOneOffText(facts.service) || isOneOffText(source) || isCreditText(facts.service);
  return isPerhaps && (previous === null || isZero(previous.quantity)) ? 'one-off' : 'recurring';
}

function previousOf(scope: LinesScope, row: number, unitPrice: UnitPrice): SheetLine['previous'] {
  const column = scope.plan.previousColumn;
  const cell = column === null ? null : scope.index.at(row, column);
  const reading = readQuantityCell(cell, {
    index: scope.index,
    others: scope.others,
    hasLargeQuantities: true,
  });
  if (reading.kind === 'blank' || reading.remarks.some(({ blocks }) => blocks)) return null;
  return { quantity: reading.quantity, unitPrice };
}
