/** Excel.Workbook, the root of every request: sheets, names, settings, application. */
import { parseAddress } from '../model/a1.ts';
import { hostError } from '../model/errors.ts';
import { addName, findName, nameFormula, removeName, setNameFormula } from '../model/names.ts';
import { activeSheet, findSheet, sheetById } from '../model/sheets.ts';
import { announce, type DefinedName, type Workbook } from '../model/workbook.ts';
import { bind, isHostObject, type HostObject, type HostType } from '../richapi/host-object.ts';
import { flag, optionalText, text } from './arguments.ts';
import type { Objects } from './objects.ts';
import { toRange } from './range-address.ts';
import { worksheets } from './worksheet.ts';

export const workbookType: HostType<Objects> = {
  name: 'Workbook',
  scalars: {
    Name: ({ book }) => book.name,
    ReadOnly: () => false,
    IsDirty: () => true,
    AutoSave: () => false,
  },
  links: {
    Application: ({ book }) => bind(applicationType, book),
    Names: (objects) => bind(namesType, objects),
    Settings: ({ book }) => bind(settingsType, book),
    Worksheets: worksheets,
  },
  methods: {
    GetSelectedRange: ({ book, range }) => {
      const { sheetId, rect } = book.selection;
      return range(sheetById(book, sheetId), rect);
    },
    GetActiveCell: ({ book, range }) => {
      const { sheetId, rect } = book.selection;
      return range(sheetById(book, sheetId), { ...rect, rows: 1, columns: 1 });
    },
    _GetRangeForEventByReferenceId: ({ book, range }, reference) => {
      const [sheetId = '', address = ''] = text(reference).split('|');
      const parsed = parseAddress(address);
      const sheet = findSheet(book, sheetId);
      if (!parsed || !sheet) throw hostError('ItemNotFound');
      return range(sheet, parsed.rect);
    },
  },
};

export const applicationType: HostType<Workbook> = {
  name: 'Application',
  scalars: {
    CalculationMode: () => 'Automatic',
    CalculationState: () => 'Done',
  },
  methods: {
    Calculate: (book) => announce(book, { kind: 'recalculate', sheet: null, rect: null }),
    // The grid draws once a frame and formulas once a request: there is nothing to suspend.
    SuspendApiCalculationUntilNextSync: () => null,
    SuspendScreenUpdatingUntilNextSync: () => null,
  },
};

interface NameSelf {
  readonly objects: Objects;
  readonly name: DefinedName;
}

export const namesType: HostType<Objects> = {
  name: 'NamedItemCollection',
  methods: {
    Add: (objects, name, reference, comment) => {
      const target = isHostObject(reference) ? targetOf(objects, reference) : text(reference);
      const made = addName(objects.book, text(name), target, optionalText(comment) ?? '');
      return bind(nameType, { objects, name: made });
    },
    GetCount: ({ book }) => book.names.size,
    GetItem: (objects, key) => {
      const name = findName(objects.book, text(key));
      if (!name) throw hostError('ItemNotFound');
      return bind(nameType, { objects, name });
    },
  },
  items: (objects) =>
    [...objects.book.names.values()].map((name) => bind(nameType, { objects, name })),
};

function targetOf(objects: Objects, reference: HostObject) {
  const { sheet, rect } = toRange(objects, activeSheet(objects.book), reference);
  return { sheetId: sheet.id, rect };
}

export const nameType: HostType<NameSelf> = {
  name: 'NamedItem',
  id: ({ name }) => name.name,
  scalars: {
    Comment: ({ name }) => name.comment,
    Formula: ({ objects: { book }, name }) => nameFormula(book, name),
    Name: ({ name }) => name.name,
    Scope: () => 'Workbook',
    Type: ({ name }) => (name.target ? 'Range' : 'String'),
    Value: ({ objects: { book }, name }) => nameValue(book, name),
    Visible: ({ name }) => name.visible,
  },
  setters: {
    Comment: ({ name }, value) => {
      name.comment = text(value);
    },
    Formula: ({ objects: { book }, name }, value) => setNameFormula(book, name, text(value)),
    Visible: ({ name }, value) => {
      name.visible = flag(value);
    },
  },
  methods: {
    Delete: ({ objects: { book }, name }) => removeName(book, name.name),
    GetRange: ({ objects, name }) => {
      if (!name.target) throw hostError('ItemNotFound');
      const sheet = sheetById(objects.book, name.target.sheetId);
      return objects.range(sheet, name.target.rect);
    },
  },
};

/** A reference reads as its text, as in Excel; the cell's value comes from getRange(). */
const nameValue = (book: Workbook, name: DefinedName): string => nameFormula(book, name).slice(1);

interface SettingSelf {
  readonly book: Workbook;
  readonly key: string;
}

export const settingsType: HostType<Workbook> = {
  name: 'SettingCollection',
  methods: {
    Add: (book, key, value) => {
      book.settings.set(text(key), value);
      announce(book, { kind: 'settings' });
      return bind(settingType, { book, key: text(key) });
    },
    GetCount: (book) => book.settings.size,
    GetItem: (book, key) => {
      if (!book.settings.has(text(key))) throw hostError('ItemNotFound');
      return bind(settingType, { book, key: text(key) });
    },
  },
  items: (book) => [...book.settings.keys()].map((key) => bind(settingType, { book, key })),
};

export const settingType: HostType<SettingSelf> = {
  name: 'Setting',
  id: ({ key }) => key,
  scalars: {
    Key: ({ key }) => key,
    Value: ({ book, key }) => book.settings.get(key) ?? null,
  },
  setters: {
    Value: ({ book, key }, value) => {
      book.settings.set(key, value);
      announce(book, { kind: 'settings' });
    },
  },
  methods: {
    Delete: ({ book, key }) => {
      book.settings.delete(key);
      announce(book, { kind: 'settings' });
    },
  },
};
