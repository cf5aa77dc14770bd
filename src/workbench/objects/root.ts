/** Builds the root object of a workbook and joins the kinds of objects to each other. */
import { fits } from '../model/a1.ts';
import { hostError } from '../model/errors.ts';
import type { Workbook } from '../model/workbook.ts';
import { bind, type HostObject } from '../richapi/host-object.ts';
import type { EventRegistry, Objects, RangeSelf } from './objects.ts';
import { areasType } from './range-areas.ts';
import { rangeType } from './range.ts';
import { workbookType } from './workbook.ts';
import { sheetType } from './worksheet.ts';

export function createRoot(book: Workbook, events: EventRegistry): HostObject {
  const ranges = new WeakMap<HostObject, RangeSelf>();
  const objects: Objects = {
    book,
    events,
    range: (sheet, rect) => {
      if (!fits(rect)) throw hostError('InvalidArgument');
      const self: RangeSelf = { objects, sheet, rect };
      const object = bind(rangeType, self);
      ranges.set(object, self);
      return object;
    },
    areas: (sheet, rects) => bind(areasType, { objects, sheet, rects }),
    worksheet: (sheet) => bind(sheetType, { objects, sheet }),
    behind: (object) => ranges.get(object) ?? null,
  };
  return bind(workbookType, objects);
}
