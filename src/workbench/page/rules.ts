/** What the conditional formats with a formula of their own do to one cell. */
import { bounding, contains } from '../model/a1.ts';
import { shiftFormula } from '../model/rewrite.ts';
import type { ConditionalFormat, Sheet } from '../model/workbook.ts';

export interface Look {
  readonly fill: string | null;
  readonly fontColor: string | null;
  readonly bold: boolean | null;
}

export type Holds = (formula: string, sheet: Sheet, row: number, column: number) => boolean;

/** The first rule that holds decides each property, as in Excel. */
export function conditionalLook(
  sheet: Sheet,
  row: number,
  column: number,
  holds: Holds,
): Look | null {
  const holding: ConditionalFormat[] = [];
  for (const rule of sheet.conditionalFormats) {
    if (!applies(rule, sheet, row, column, holds)) continue;
    holding.push(rule);
    if (rule.stopIfTrue) break;
  }
  if (holding.length === 0) return null;
  return {
    fill: holding.find((rule) => rule.fill !== null)?.fill ?? null,
    fontColor: holding.find((rule) => rule.fontColor !== null)?.fontColor ?? null,
    bold: holding.find((rule) => rule.bold !== null)?.bold ?? null,
  };
}

/** The formula is written for the first cell of the rule's area. */
function applies(
  rule: ConditionalFormat,
  sheet: Sheet,
  row: number,
  column: number,
  holds: Holds,
): boolean {
  if (rule.formula === '' || !rule.rects.some((rect) => contains(rect, row, column))) return false;
  const area = bounding(rule.rects);
  if (!area) return false;
  return holds(
    shiftFormula(rule.formula, row - area.row, column - area.column),
    sheet,
    row,
    column,
  );
}
