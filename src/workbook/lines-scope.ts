/** What the readers of a list of lines share, and what is known of one of its rows. */
import type { Currency } from '../core/money.ts';
import { type RowClient } from './client-cell.ts';
import type { LinesPlan } from './lines-plan.ts';
import type { ReadingNotes } from './reading-notes.ts';
import type { PriceList } from './price-list.ts';
import type { Cell } from './workbook.ts';
import type { ReadingScope } from './table.ts';

export interface LinesInput extends ReadingScope {
  readonly notes: ReadingNotes;
  readonly currency: Currency;
  readonly prices: PriceList;
}

export interface LinesScope extends LinesInput {
  readonly plan: LinesPlan;
  readonly hasLarge: boolean;
  readonly codeWidth: number | null;
}

/** What the rows above say about the rows below. */
export interface Context {
  client: Cell | null;
  section: string;
}

export interface RowFacts {
  readonly row: number;
  readonly client: RowClient;
  readonly service: string;
  readonly quantityCell: Cell | null;
  readonly amountCell: Cell | null;
  readonly note: string | null;
}

/** A cell merged downwards stands for each of its rows. */
export function through(scope: LinesScope, row: number, column: number): Cell | null {
  const area = scope.index.area(row, column);
  return area && area.left === column
    ? scope.index.at(area.top, area.left)
    : scope.index.at(row, column);
}
