/** Excel.AutoFilter: filters by values; other criteria fail loudly by name. */
import { displayText } from '../model/display.ts';
import { hostError } from '../model/errors.ts';
import { announce, peek, type AutoFilter, type Sheet } from '../model/workbook.ts';
import { bind, missing, type HostObject, type HostType } from '../richapi/host-object.ts';
import { whole } from './arguments.ts';
import type { SheetSelf } from './objects.ts';
import { toRange } from './range-address.ts';

export const autoFilter = (self: SheetSelf): HostObject => bind(filterType, self);

const active = (filter: AutoFilter | null): boolean =>
  filter?.criteria.some((one) => one !== null && one !== undefined) ?? false;

export const filterType: HostType<SheetSelf> = {
  name: 'AutoFilter',
  scalars: {
    Criteria: ({ sheet }) => sheet.autoFilter?.criteria ?? [],
    Enabled: ({ sheet }) => sheet.autoFilter !== null,
    IsDataFiltered: ({ sheet }) => active(sheet.autoFilter),
  },
  methods: {
    Apply: ({ objects, sheet }, target, columnIndex, criteria) => {
      const { rect } = toRange(objects, sheet, target);
      const kept = sheet.autoFilter?.criteria ?? [];
      const list = Array.from({ length: rect.columns }, (_item, index) => kept[index] ?? null);
      if (columnIndex !== undefined && columnIndex !== null) {
        list[whole(columnIndex)] = criteria ?? null;
      }
      show(sheet);
      sheet.autoFilter = { rect, criteria: list };
      hide(sheet, sheet.autoFilter);
      announce(objects.book, { kind: 'structure', sheet });
    },
    ClearCriteria: ({ objects: { book }, sheet }) => {
      show(sheet);
      if (sheet.autoFilter) sheet.autoFilter = { ...sheet.autoFilter, criteria: [] };
      announce(book, { kind: 'structure', sheet });
    },
    Remove: ({ objects: { book }, sheet }) => {
      show(sheet);
      sheet.autoFilter = null;
      announce(book, { kind: 'structure', sheet });
    },
    GetRange: ({ objects, sheet }) => {
      if (!sheet.autoFilter) throw hostError('ItemNotFound');
      return objects.range(sheet, sheet.autoFilter.rect);
    },
  },
};

/** Below the header row of the filter. */
function* filterRows({ rect }: AutoFilter): Generator<number> {
  for (let row = rect.row + 1; row < rect.row + rect.rows; row += 1) yield row;
}

function show(sheet: Sheet): void {
  if (!sheet.autoFilter || !active(sheet.autoFilter)) return;
  for (const row of filterRows(sheet.autoFilter)) sheet.hiddenRows.delete(row);
}

function hide(sheet: Sheet, filter: AutoFilter): void {
  filter.criteria.forEach((criteria, index) => {
    if (criteria === null) return;
    const { filterOn, values } = criteria as { filterOn?: unknown; values?: unknown };
    if (filterOn !== 'Values' || !Array.isArray(values)) {
      missing('AutoFilter', `Apply(filterOn ${String(filterOn)})`);
    }
    const shown = new Set(values.map(String));
    for (const row of filterRows(filter)) {
      const text = displayText(peek(sheet, row, filter.rect.column + index));
      if (!shown.has(text)) sheet.hiddenRows.add(row);
    }
  });
}
