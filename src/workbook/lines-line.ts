/** Makes a line from what a row of a list says, and tells its kind. */
import {
  isNegative,
  isZero,
  lineAmount,
  type Amount,
  type Quantity,
  type UnitPrice,
} from '../core/money.ts';
import type { LineKind, SheetLine } from '../core/model.ts';
import { cellAddress, localAddress } from './address.ts';
import { cellText, isEmptyText, nameTrouble } from './cell-text.ts';
import { hiddenRemark, originOf } from './count-places.ts';
import { isCreditText, isOneOffText, wordsOf } from './header-words.ts';
import { readQuantityCell, type CellRemark } from './quantity-cell.ts';
import { flagOfRemark } from './reading-notes.ts';
import type { Cell } from './workbook.ts';
import type { LinesScope, Context, RowFacts } from './lines-scope.ts';

interface LineParts {
  readonly quantity: Quantity;
  readonly unitPrice: UnitPrice;
  readonly remarks: readonly CellRemark[];
  readonly context: Context;
}

export function makeLine(
  scope: LinesScope,
  facts: RowFacts,
  cell: Cell,
  parts: LineParts,
): SheetLine {
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
