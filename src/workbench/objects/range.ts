/** Excel.Range: a rectangle of one sheet, seen through the rich API. */
import { COLUMNS_MAX, formatRect, intersect, quoteSheet, ROWS_MAX } from '../model/a1.ts';
import { bounding, type Rect } from '../model/a1.ts';
import { displayText, valueType } from '../model/display.ts';
import { CELLS_MAX, clearCells, merge, setHidden, unmerge } from '../model/edit.ts';
import { writeCells, writeNumberFormats } from '../model/edit.ts';
import { hostError } from '../model/errors.ts';
import { select, usedRange } from '../model/sheets.ts';
import { announce, peek, type Cell } from '../model/workbook.ts';
import type { HostObject, HostType } from '../richapi/host-object.ts';
import { flag, oneOf, whole } from './arguments.ts';
import { conditionalFormats } from './conditional-format.ts';
import { rangeFormat } from './format.ts';
import { specialCells } from './special-cells.ts';
import type { RangeSelf } from './objects.ts';
import { toRange } from './range-address.ts';

export const addressOf = ({ sheet, rect }: RangeSelf): string =>
  `${quoteSheet(sheet.name)}!${formatRect(rect)}`;

function table<T>({ sheet, rect }: RangeSelf, read: (cell: Readonly<Cell>) => T): T[][] {
  if (rect.rows * rect.columns > CELLS_MAX) throw hostError('ResponsePayloadSizeLimitExceeded');
  return Array.from({ length: rect.rows }, (_row, i) =>
    Array.from({ length: rect.columns }, (_column, j) =>
      read(peek(sheet, rect.row + i, rect.column + j)),
    ),
  );
}

function hidden(self: RangeSelf, axis: 'row' | 'column'): boolean | null {
  const set = axis === 'row' ? self.sheet.hiddenRows : self.sheet.hiddenColumns;
  const first = axis === 'row' ? self.rect.row : self.rect.column;
  const count = axis === 'row' ? self.rect.rows : self.rect.columns;
  const inside = [...set].filter((index) => index >= first && index < first + count).length;
  if (inside === 0) return false;
  return inside === count ? true : null;
}

function moved(self: RangeSelf, change: Partial<Rect>): HostObject {
  return self.objects.range(self.sheet, { ...self.rect, ...change });
}

function usedPart(self: RangeSelf, valuesOnly: unknown): Rect | null {
  const used = usedRange(self.sheet, valuesOnly === true);
  const common = used && intersect(used, self.rect);
  if (!common || !valuesOnly) return common;
  const filled: Rect[] = [];
  for (let row = common.row; row < common.row + common.rows; row += 1) {
    for (let column = common.column; column < common.column + common.columns; column += 1) {
      const cell = peek(self.sheet, row, column);
      if (cell.value !== '' || cell.formula !== null) {
        filled.push({ row, column, rows: 1, columns: 1 });
      }
    }
  }
  return bounding(filled);
}

const values = (self: RangeSelf) => table(self, (cell) => cell.value);
const formulas = (self: RangeSelf) => table(self, (cell) => cell.formula ?? cell.value);
const formats = (self: RangeSelf) => table(self, (cell) => cell.numberFormat);
const write = (self: RangeSelf, input: unknown): void =>
  writeCells(self.objects.book, self.sheet, self.rect, input);

export const rangeType: HostType<RangeSelf> = {
  name: 'Range',
  scalars: {
    Address: addressOf,
    AddressLocal: addressOf,
    CellCount: ({ rect }) => rect.rows * rect.columns,
    ColumnCount: ({ rect }) => rect.columns,
    ColumnHidden: (self) => hidden(self, 'column'),
    ColumnIndex: ({ rect }) => rect.column,
    Formulas: formulas,
    FormulasLocal: formulas,
    Hidden: (self) => hidden(self, 'row') === true || hidden(self, 'column') === true,
    IsEntireColumn: ({ rect }) => rect.rows === ROWS_MAX,
    IsEntireRow: ({ rect }) => rect.columns === COLUMNS_MAX,
    NumberFormat: formats,
    NumberFormatLocal: formats,
    RowCount: ({ rect }) => rect.rows,
    RowHidden: (self) => hidden(self, 'row'),
    RowIndex: ({ rect }) => rect.row,
    Text: (self) => table(self, displayText),
    ValueTypes: (self) => table(self, valueType),
    Values: values,
  },
  setters: {
    Values: write,
    Formulas: write,
    FormulasLocal: write,
    NumberFormat: ({ objects: { book }, sheet, rect }, input) =>
      writeNumberFormats(book, sheet, rect, input),
    RowHidden: ({ objects: { book }, sheet, rect }, value) =>
      setHidden(book, sheet, 'rows', { first: rect.row, count: rect.rows, hidden: flag(value) }),
    ColumnHidden: ({ objects: { book }, sheet, rect }, value) =>
      setHidden(book, sheet, 'columns', {
        first: rect.column,
        count: rect.columns,
        hidden: flag(value),
      }),
  },
  links: {
    Format: rangeFormat,
    Worksheet: ({ objects, sheet }) => objects.worksheet(sheet),
    ConditionalFormats: conditionalFormats,
  },
  methods: {
    _ValidateArraySize: ({ rect }, rows, columns) => {
      if (rows !== rect.rows || columns !== rect.columns) throw hostError('InvalidArgument');
    },
    Calculate: ({ objects: { book }, sheet, rect }) =>
      announce(book, { kind: 'recalculate', sheet, rect }),
    Clear: ({ objects: { book }, sheet, rect }, what) =>
      clearCells(book, sheet, rect, oneOf(what ?? 'All', ['All', 'Formats', 'Contents'])),
    Select: ({ objects: { book }, sheet, rect }) => select(book, sheet, rect),
    Merge: ({ objects: { book }, sheet, rect }) => merge(book, sheet, rect),
    Unmerge: ({ objects: { book }, sheet, rect }) => unmerge(book, sheet, rect),
    GetCell: (self, row, column) =>
      moved(self, {
        row: self.rect.row + whole(row),
        column: self.rect.column + whole(column),
        rows: 1,
        columns: 1,
      }),
    GetRow: (self, row) => moved(self, { row: self.rect.row + whole(row), rows: 1 }),
    GetColumn: (self, column) =>
      moved(self, { column: self.rect.column + whole(column), columns: 1 }),
    GetEntireRow: (self) => moved(self, { column: 0, columns: COLUMNS_MAX }),
    GetEntireColumn: (self) => moved(self, { row: 0, rows: ROWS_MAX }),
    GetLastRow: (self) => moved(self, { row: self.rect.row + self.rect.rows - 1, rows: 1 }),
    GetLastColumn: (self) =>
      moved(self, { column: self.rect.column + self.rect.columns - 1, columns: 1 }),
    GetLastCell: ({ objects, sheet, rect }) =>
      objects.range(sheet, {
        row: rect.row + rect.rows - 1,
        column: rect.column + rect.columns - 1,
        rows: 1,
        columns: 1,
      }),
    GetOffsetRange: (self, rows, columns) =>
      moved(self, {
        row: self.rect.row + whole(rows),
        column: self.rect.column + whole(columns),
      }),
    GetResizedRange: (self, rows, columns) =>
      moved(self, {
        rows: self.rect.rows + whole(rows),
        columns: self.rect.columns + whole(columns),
      }),
    GetAbsoluteResizedRange: (self, rows, columns) =>
      moved(self, { rows: whole(rows), columns: whole(columns) }),
    GetBoundingRect: (self, other) => {
      const { rect } = toRange(self.objects, self.sheet, other);
      return moved(self, bounding([self.rect, rect]) ?? self.rect);
    },
    GetIntersection: (self, other) => {
      const common = intersect(self.rect, toRange(self.objects, self.sheet, other).rect);
      if (!common) throw hostError('ItemNotFound');
      return moved(self, common);
    },
    GetUsedRange: (self, valuesOnly) => {
      const part = usedPart(self, valuesOnly);
      if (!part) throw hostError('ItemNotFound');
      return moved(self, part);
    },
    GetMergedAreasOrNullObject: ({ objects, sheet, rect }) => {
      const areas = sheet.merges.filter((one) => intersect(one, rect));
      return areas.length === 0 ? null : objects.areas(sheet, areas);
    },
    GetSpecialCells: ({ objects, sheet, rect }, type, valueKind) => {
      const areas = specialCells(sheet, rect, { type, values: valueKind });
      if (areas.length === 0) throw hostError('ItemNotFound');
      return objects.areas(sheet, areas);
    },
  },
};
