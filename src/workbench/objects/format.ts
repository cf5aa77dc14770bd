/** Excel.RangeFormat with its fill and font. Mixed colours read as '', mixed flags as null. */
import { changeFormat } from '../model/edit.ts';
import { hostError } from '../model/errors.ts';
import { uniform } from '../model/sheets.ts';
import { announce, type Cell } from '../model/workbook.ts';
import { bind, type HostObject, type HostType } from '../richapi/host-object.ts';
import { colour, flag, oneOf } from './arguments.ts';
import type { RangeSelf } from './objects.ts';

export const STANDARD_WIDTH_PX = 72;
const NO_FILL = '#FFFFFF';
const BLACK = '#000000';

export const rangeFormat = (self: RangeSelf): HostObject => bind(formatType, self);

const same = <T>({ sheet, rect }: RangeSelf, read: (cell: Readonly<Cell>) => T): T | null =>
  uniform(sheet, rect, read);

const change = ({ objects: { book }, sheet, rect }: RangeSelf, apply: (cell: Cell) => void): void =>
  changeFormat(book, sheet, rect, apply);

const ALIGNMENTS = { General: null, Left: 'left', Center: 'center', Right: 'right' } as const;
type Alignment = keyof typeof ALIGNMENTS;
const ALIGNMENT_NAMES = Object.keys(ALIGNMENTS) as Alignment[];

export const formatType: HostType<RangeSelf> = {
  name: 'RangeFormat',
  scalars: {
    ColumnWidth: ({ sheet, rect }) => sheet.columnWidths.get(rect.column) ?? STANDARD_WIDTH_PX,
    HorizontalAlignment: (self) => {
      const align = same(self, (cell) => cell.align ?? 'general');
      return align === null ? null : align.charAt(0).toUpperCase() + align.slice(1);
    },
    WrapText: (self) => same(self, (cell) => cell.wrap),
  },
  setters: {
    ColumnWidth: ({ objects: { book }, sheet, rect }, value) => {
      if (typeof value !== 'number' || value < 0) throw hostError('InvalidArgument');
      for (let column = rect.column; column < rect.column + rect.columns; column += 1) {
        sheet.columnWidths.set(column, value);
      }
      announce(book, { kind: 'structure', sheet });
    },
    HorizontalAlignment: (self, value) => {
      const align = ALIGNMENTS[oneOf(value, ALIGNMENT_NAMES)];
      change(self, (cell) => (cell.align = align));
    },
    WrapText: (self, value) => {
      const wrap = flag(value);
      change(self, (cell) => (cell.wrap = wrap));
    },
  },
  links: {
    Fill: (self) => bind(fillType, self),
    Font: (self) => bind(fontType, self),
  },
  methods: {
    // The grid shows a fitting width by itself only when none is set.
    AutofitColumns: ({ objects: { book }, sheet, rect }) => {
      const used = [...sheet.columnWidths.keys()];
      for (const column of used) {
        if (column >= rect.column && column < rect.column + rect.columns) {
          sheet.columnWidths.delete(column);
        }
      }
      announce(book, { kind: 'structure', sheet });
    },
  },
};

export const fillType: HostType<RangeSelf> = {
  name: 'RangeFill',
  scalars: { Color: (self) => same(self, (cell) => cell.fill ?? NO_FILL) ?? '' },
  setters: {
    Color: (self, value) => {
      const fill = colour(value);
      change(self, (cell) => (cell.fill = fill));
    },
  },
  methods: { Clear: (self) => change(self, (cell) => (cell.fill = null)) },
};

export const fontType: HostType<RangeSelf> = {
  name: 'RangeFont',
  scalars: {
    Bold: (self) => same(self, (cell) => cell.bold),
    Color: (self) => same(self, (cell) => cell.fontColor ?? BLACK) ?? '',
    Italic: (self) => same(self, (cell) => cell.italic),
  },
  setters: {
    Bold: (self, value) => {
      const bold = flag(value);
      change(self, (cell) => (cell.bold = bold));
    },
    Color: (self, value) => {
      const fontColor = colour(value);
      change(self, (cell) => (cell.fontColor = fontColor));
    },
    Italic: (self, value) => {
      const italic = flag(value);
      change(self, (cell) => (cell.italic = italic));
    },
  },
};
