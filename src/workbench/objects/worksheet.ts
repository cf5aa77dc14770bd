/** Excel.Worksheet, its collection, and the worksheet's filter. */
import { fits, WHOLE_SHEET } from '../model/a1.ts';
import { hostError } from '../model/errors.ts';
import { activate, activeSheet, addSheet, findSheet } from '../model/sheets.ts';
import { removeSheet, renameSheet, setVisibility, usedRange } from '../model/sheets.ts';
import { announce, type Sheet, type Workbook } from '../model/workbook.ts';
import { bind, type HostObject, type HostType } from '../richapi/host-object.ts';
import { oneOf, optionalText, text, whole } from './arguments.ts';
import { autoFilter } from './auto-filter.ts';
import type { Objects, SheetSelf } from './objects.ts';
import { toRange } from './range-address.ts';

export const sheetType: HostType<SheetSelf> = {
  name: 'Worksheet',
  id: ({ sheet }) => sheet.id,
  scalars: {
    Id: ({ sheet }) => sheet.id,
    Name: ({ sheet }) => sheet.name,
    Position: ({ objects: { book }, sheet }) => book.sheets.indexOf(sheet),
    Visibility: ({ sheet }) => sheet.visibility,
  },
  setters: {
    Name: ({ objects: { book }, sheet }, value) => renameSheet(book, sheet, text(value)),
    Position: ({ objects: { book }, sheet }, value) => {
      book.sheets.splice(book.sheets.indexOf(sheet), 1);
      book.sheets.splice(whole(value), 0, sheet);
      announce(book, { kind: 'sheets' });
    },
    Visibility: ({ objects: { book }, sheet }, value) =>
      setVisibility(book, sheet, oneOf(value, ['Visible', 'Hidden', 'VeryHidden'])),
  },
  links: { AutoFilter: (self) => autoFilter(self) },
  methods: {
    Activate: ({ objects: { book }, sheet }) => activate(book, sheet),
    Calculate: ({ objects: { book }, sheet }) =>
      announce(book, { kind: 'recalculate', sheet, rect: null }),
    Delete: ({ objects: { book }, sheet }) => removeSheet(book, sheet),
    GetRange: ({ objects, sheet }, address) => {
      if (address === undefined || address === null || address === '') {
        return objects.range(sheet, WHOLE_SHEET);
      }
      const found = toRange(objects, sheet, address);
      return objects.range(found.sheet, found.rect);
    },
    GetCell: ({ objects, sheet }, row, column) =>
      objects.range(sheet, { row: whole(row), column: whole(column), rows: 1, columns: 1 }),
    GetRangeByIndexes: ({ objects, sheet }, row, column, rows, columns) => {
      const rect = {
        row: whole(row),
        column: whole(column),
        rows: whole(rows),
        columns: whole(columns),
      };
      if (!fits(rect)) throw hostError('InvalidArgument');
      return objects.range(sheet, rect);
    },
    GetUsedRange: ({ objects, sheet }, valuesOnly) => {
      const used = usedRange(sheet, valuesOnly === true);
      return objects.range(sheet, used ?? { row: 0, column: 0, rows: 1, columns: 1 });
    },
    GetUsedRangeOrNullObject: ({ objects, sheet }, valuesOnly) => {
      const used = usedRange(sheet, valuesOnly === true);
      return used && objects.range(sheet, used);
    },
    _RegisterDataChangedEvent: ({ objects, sheet }) => objects.events.register('changed', sheet.id),
    _UnregisterDataChangedEvent: ({ objects, sheet }) =>
      objects.events.unregister('changed', sheet.id),
    _RegisterSelectionChangedEvent: ({ objects, sheet }) =>
      objects.events.register('selection', sheet.id),
    _UnregisterSelectionChangedEvent: ({ objects, sheet }) =>
      objects.events.unregister('selection', sheet.id),
  },
};

export const worksheets = (objects: Objects): HostObject => bind(sheetCollectionType, objects);

export const sheetCollectionType: HostType<Objects> = {
  name: 'WorksheetCollection',
  methods: {
    Add: (objects, name) => objects.worksheet(addSheet(objects.book, optionalText(name))),
    GetActiveWorksheet: (objects) => objects.worksheet(activeSheet(objects.book)),
    GetCount: ({ book }, visibleOnly) => listed(book, visibleOnly).length,
    GetFirst: (objects, visibleOnly) => existing(objects, listed(objects.book, visibleOnly)[0]),
    GetLast: (objects, visibleOnly) => existing(objects, listed(objects.book, visibleOnly).at(-1)),
    GetItem: (objects, key) => existing(objects, findSheet(objects.book, text(key)) ?? undefined),
    _RegisterDataChangedEvent: ({ events }) => events.register('changed', null),
    _UnregisterDataChangedEvent: ({ events }) => events.unregister('changed', null),
    _RegisterSelectionChangedEvent: ({ events }) => events.register('selection', null),
    _UnregisterSelectionChangedEvent: ({ events }) => events.unregister('selection', null),
    _RegisterActivatedEvent: ({ events }) => events.register('activated', null),
    _UnregisterActivatedEvent: ({ events }) => events.unregister('activated', null),
  },
  items: (objects) => objects.book.sheets.map((sheet) => objects.worksheet(sheet)),
};

const listed = (book: Workbook, visibleOnly: unknown): readonly Sheet[] =>
  book.sheets.filter((sheet) => visibleOnly !== true || sheet.visibility === 'Visible');

function existing(objects: Objects, sheet: Sheet | undefined): HostObject {
  if (!sheet) throw hostError('ItemNotFound');
  return objects.worksheet(sheet);
}
