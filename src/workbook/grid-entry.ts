/** One cell of a grid, read into a line. */
import {
  isNegative,
  isZero,
  lineAmount,
  negateQuantity,
  parseUnitPrice,
  type Quantity,
  type UnitPrice,
} from '../core/money.ts';
import type { Flag, LineKind, SheetLine } from '../core/model.ts';
import { cellAddress, localAddress } from './address.ts';
import { isEmptyText } from './cell-text.ts';
import type { RowClient } from './client-cell.ts';
import { hiddenRemark, mergedRemark, originOf } from './count-places.ts';
import type { ValueColumn } from './grid-plan.ts';
import { isCreditText, isOneOffText } from './header-words.ts';
import { termKey, type Linear } from './linear-formula.ts';
import { readQuantityCell, type CellRemark } from './quantity-cell.ts';
import { flagOfRemark } from './reading-notes.ts';
import type { Cell } from './workbook.ts';
import type { GridScope, Entry } from './grid-scope.ts';
import { type Price, priceFor } from './grid-prices.ts';

export function readEntry(
  scope: GridScope,
  row: number,
  value: ValueColumn,
  client: RowClient,
  linear: Linear | null,
): Entry | null {
  const cell = scope.index.at(row, value.column);
  const quantityScope = {
    index: scope.index,
    others: scope.others,
    hasLargeQuantities: scope.large.has(value.column),
  };
  const reading = readQuantityCell(cell, quantityScope);
  if (!cell) return null;
  if (reading.kind === 'blank') {
    if (reading.reason !== null) scope.notes.skip(cell, reading.reason);
    return null;
  }
  const coefficient = linear?.terms.get(termKey(row, value.column)) ?? null;
  const price = priceFor(scope, row, value, coefficient);
  if (price.kind === 'describes') {
    scope.notes.skip(cell, `column "${value.service.trim()}" has no price and is in no total`);
    return null;
  }
  const line = makeLine(scope, cell, value, client, price, reading.quantity, reading.remarks);
  if (
    scope.index.hiddenColumns.has(value.column) &&
    isZero(line.amount) &&
    !reading.remarks.some(({ blocks }) => blocks)
  ) {
    scope.notes.skip(cell, 'the column is hidden and makes no money');
    return null;
  }
  const isRefused = reading.remarks.some(({ blocks }) => blocks);
  return { value, cell, line, isRefused, isInTotal: linear === null || coefficient !== null };
}

function makeLine(
  scope: GridScope,
  cell: Cell,
  value: ValueColumn,
  client: RowClient,
  price: Price,
  read: Quantity,
  remarks: readonly CellRemark[],
): SheetLine {
  const address = cellAddress(scope.index.name, cell);
  const isOneOff = isOneOffText(value.service) || isCreditText(value.service);
  const money = price.kind === 'money' ? moneyOf(read) : null;
  const quantity = money?.quantity ?? read;
  const unitPrice =
    money?.unitPrice ?? (price.kind === 'unit' ? price.unitPrice : parseUnitPrice('0'));
  const kind: LineKind =
    isNegative(quantity) && (isOneOff || money !== null)
      ? 'credit'
      : isOneOff
        ? 'one-off'
        : 'recurring';
  const amount = lineAmount(quantity, unitPrice, scope.currency);
  const ownRemarks = money
    ? remarks.filter(({ rule, blocks }) => blocks || rule !== 'negative or fractional')
    : remarks;
  const found = [
    ...client.remarks,
    ...ownRemarks,
    ...pricing(scope, cell, value, price, quantity, kind),
  ];
  const hidden = isZero(amount) ? null : hiddenRemark(cell, scope.index, amount);
  const merged = mergedRemark(cell, scope.index, (row) => scope.plan.kinds.get(row) === 'data');
  const flags: Flag[] = [...found, ...(hidden ? [hidden] : []), ...(merged ? [merged] : [])].map(
    (one) => flagOfRemark(one, address),
  );
  return {
    client: client.name,
    clientCode: client.code,
    service: value.service,
    kind,
    quantity,
    unitPrice,
    amount,
    cell: address,
    ...originOf(cell, scope.index, scope.others),
    note: isEmptyText(cell.note) ? null : cell.note,
    previous: previousOf(scope, cell, value, unitPrice),
    flags,
  };
}

/** A money column: the cell is the amount, one of it; less than nothing is a credit. */
function moneyOf(read: Quantity): { quantity: Quantity; unitPrice: UnitPrice } {
  const isLess = isNegative(read);
  const unitPrice = parseUnitPrice(isLess ? negateQuantity(read) : read);
  return { quantity: (isLess ? '-1' : isZero(read) ? '0' : '1') as Quantity, unitPrice };
}

function pricing(
  scope: GridScope,
  cell: Cell,
  value: ValueColumn,
  price: Price,
  quantity: Quantity,
  kind: LineKind,
): CellRemark[] {
  const at = localAddress(cell);
  const remarks: CellRemark[] = [];
  if (price.kind === 'missing' && !isZero(quantity)) {
    remarks.push({
      rule: 'price missing',
      blocks: true,
      text: `${at} counts ${quantity} of "${value.service.trim()}", which has no price on sheet "${scope.index.name}". Type a price under its header.`,
    });
  }
  if (isNegative(quantity) && kind === 'recurring') {
    remarks.push({
      rule: 'negative or fractional',
      blocks: true,
      text: `${at} holds ${quantity}: a recurring quantity is never negative. Make it a credit line, or correct it.`,
    });
  }
  return remarks;
}

function previousOf(
  scope: GridScope,
  cell: Cell,
  value: ValueColumn,
  unitPrice: UnitPrice,
): SheetLine['previous'] {
  const column = scope.plan.previous.get(value.column);
  if (column === undefined) return null;
  const before = scope.index.at(cell.row, column);
  const reading = readQuantityCell(before, {
    index: scope.index,
    others: scope.others,
    hasLargeQuantities: true,
  });
  if (before) scope.notes.take(before);
  if (reading.kind === 'blank' || reading.remarks.some(({ blocks }) => blocks)) return null;
  return { quantity: reading.quantity, unitPrice };
}
