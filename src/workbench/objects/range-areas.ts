/** Excel.RangeAreas: several rectangles of one sheet. */
import { formatRect, quoteSheet, type Rect } from '../model/a1.ts';
import { hostError } from '../model/errors.ts';
import type { Sheet } from '../model/workbook.ts';
import { bind, type HostType } from '../richapi/host-object.ts';
import { whole } from './arguments.ts';
import type { Objects } from './objects.ts';

interface AreasSelf {
  readonly objects: Objects;
  readonly sheet: Sheet;
  readonly rects: readonly Rect[];
}

const address = ({ sheet, rects }: AreasSelf): string =>
  rects.map((rect) => `${quoteSheet(sheet.name)}!${formatRect(rect)}`).join(',');

export const areasType: HostType<AreasSelf> = {
  name: 'RangeAreas',
  scalars: {
    Address: address,
    AddressLocal: address,
    AreaCount: ({ rects }) => rects.length,
    CellCount: ({ rects }) => rects.reduce((sum, rect) => sum + rect.rows * rect.columns, 0),
  },
  links: {
    Areas: (self) => bind(rangeCollectionType, self),
    Worksheet: ({ objects, sheet }) => objects.worksheet(sheet),
  },
};

export const rangeCollectionType: HostType<AreasSelf> = {
  name: 'RangeCollection',
  methods: {
    GetCount: ({ rects }) => rects.length,
    GetItemAt: ({ objects, sheet, rects }, index) => {
      const rect = rects[whole(index)];
      if (!rect) throw hostError('InvalidArgument');
      return objects.range(sheet, rect);
    },
  },
  items: ({ objects, sheet, rects }) => rects.map((rect) => objects.range(sheet, rect)),
};
