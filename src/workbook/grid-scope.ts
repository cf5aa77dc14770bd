/** What the readers of a grid share, and what one of its cells gave. */
import type { Currency } from '../core/money.ts';
import type { SheetLine } from '../core/model.ts';

import type { GridPlan, ValueColumn } from './grid-plan.ts';
import type { Linear } from './linear-formula.ts';
import type { ReadingNotes, RowReading } from './reading-notes.ts';
import type { Cell } from './workbook.ts';
import type { ReadingScope } from './table.ts';
import type { PriceList } from './price-list.ts';

export interface GridScope extends ReadingScope {
  readonly plan: GridPlan;
  readonly notes: ReadingNotes;
  readonly currency: Currency;
  readonly prices: PriceList;
  /** Columns that some row's own total counts; the others without a price only describe. */
  readonly counted: ReadonlySet<number>;
  readonly explained: ReadonlyMap<number, Linear>;
  readonly large: ReadonlySet<number>;
  readonly codeWidth: number | null;
}

export interface GridInput extends ReadingScope {
  readonly notes: ReadingNotes;
  readonly currency: Currency;
  readonly prices: PriceList;
}

export interface Entry {
  readonly value: ValueColumn;
  readonly cell: Cell;
  readonly line: SheetLine;
  readonly isRefused: boolean;
  readonly isInTotal: boolean;
}

export interface RowResult {
  readonly client: string;
  readonly lines: readonly SheetLine[];
  readonly row: RowReading;
}
