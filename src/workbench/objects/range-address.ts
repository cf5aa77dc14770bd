/** What an add-in may pass as a range: a Range proxy, A1 text, or a defined name. */
import { parseAddress } from '../model/a1.ts';
import { hostError } from '../model/errors.ts';
import { findName } from '../model/names.ts';
import { findSheet, sheetById } from '../model/sheets.ts';
import type { Sheet } from '../model/workbook.ts';
import { isHostObject } from '../richapi/host-object.ts';
import { text } from './arguments.ts';
import type { Objects, RangeSelf } from './objects.ts';

/** An address that names no sheet is one on the given sheet. */
export function toRange(objects: Objects, sheet: Sheet, value: unknown): RangeSelf {
  if (isHostObject(value)) return objects.behind(value) ?? badArgument();
  const address = text(value);
  const parsed = parseAddress(address);
  if (parsed) {
    const named = parsed.sheet === null ? sheet : findSheet(objects.book, parsed.sheet);
    if (!named) throw hostError('ItemNotFound');
    return { objects, sheet: named, rect: parsed.rect };
  }
  const target = findName(objects.book, address)?.target;
  if (!target) return badArgument();
  return { objects, sheet: sheetById(objects.book, target.sheetId), rect: target.rect };
}

function badArgument(): never {
  throw hostError('InvalidArgument');
}
