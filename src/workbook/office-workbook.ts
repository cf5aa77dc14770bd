/**
 * The workbook port over Office.js. Reading takes two round trips a sheet; every write stands in
 * the pane's list "What MCC writes" and goes through one queue. Nothing here decides anything.
 */
import { AppError } from '../core/errors.ts';
import { localAddress, splitAddress } from './address.ts';
import { createEditQueue } from './edit-queue.ts';
import { hiddenIn, splitHidden, toCells, toMerged, type Rectangle } from './office-cells.ts';
import type { PaneWorkbook } from './pane-workbook.ts';
import { asCellText } from './safe-text.ts';
import type { CellWrite, Highlight, Sheet } from './workbook.ts';

type Context = Excel.RequestContext;

const OWN_SHEET = 'MCC';
const REVIEW_SHEET = 'MCC Review';
const AUDIT_SHEET = 'MCC Audit';
const NAMES = ['MCC_Period', 'MCC_AsOf'] as const;
const AUDIT_HEAD = [
  'When',
  'Who',
  'What',
  'Month',
  'Invoices',
  'Decisions',
  'Held',
  'Snapshot',
  'Reference',
];
const BLOCK_SETTING = 'mcc.block';
/** Amber for flagged, blue for changed; the sheet "MCC Review" says the same in words. */
const FILLS = { flagged: '#FFE3A3', changed: '#D6E8FA' } as const;
const PLACE = ['rowIndex', 'columnIndex', 'rowCount', 'columnCount'];
/** Beyond this a formula of a whole block is recalculated in parts (office-js issue 6662). */
const RECALCULATE_MAX = 500;

export interface OfficeOptions {
  readonly title: () => string;
  readonly delay: (ms: number) => Promise<void>;
}

export function createOfficeWorkbook(options: OfficeOptions): PaneWorkbook {
  const queue = createEditQueue(options.delay);
  const run = <T>(task: (context: Context) => Promise<T>): Promise<T> =>
    queue
      .run(() => Excel.run(task))
      .catch((error: unknown) => {
        throw inWords(error);
      });
  return {
    title: options.title,
    onWaiting: (listener) => queue.onWaiting(listener),
    sheetNames: () => run(sheetNames),
    readSheet: (name) => run((context) => readSheet(context, name)),
    readName: (name) => run((context) => readName(context, name)),
    activeSheet: () =>
      run(async (context) => {
        const sheet = context.workbook.worksheets.getActiveWorksheet().load('name');
        await context.sync();
        return sheet.name;
      }),
    select: (cell) =>
      run(async (context) => {
        const range = rangeOf(context, cell);
        range.worksheet.activate();
        range.select();
        await context.sync();
      }),
    show: (sheet) =>
      run(async (context) => {
        context.workbook.worksheets.getItem(sheet).activate();
        await context.sync();
      }),
    writeName: (name, value) => run((context) => writeName(context, name, value)),
    writeCells: (writes) => run((context) => writeCells(context, writes)),
    highlight: (block, highlights) => run((context) => highlight(context, block, highlights)),
    clearHighlights: () => run(clearHighlights),
    appendAudit: (rows) => run((context) => appendAudit(context, rows)),
    readSettings: () => run(readSettings),
    writeSettings: (settings) =>
      run(async (context) => {
        for (const [key, value] of Object.entries(settings))
          context.workbook.settings.add(key, value);
        await context.sync();
      }),
    recalculate: (cells) => run((context) => recalculate(context, cells)),
    onEdited: (listener) => run((context) => onEdited(context, listener)),
    onSelected: (listener) => run((context) => onSelected(context, listener)),
  };
}

async function sheetNames(context: Context): Promise<{ name: string; visible: boolean }[]> {
  const sheets = context.workbook.worksheets.load('items/name,items/visibility');
  await context.sync();
  return sheets.items.map((sheet) => ({
    name: sheet.name,
    visible: sheet.visibility === 'Visible',
  }));
}

async function readSheet(context: Context, name: string): Promise<Sheet> {
  const sheet = context.workbook.worksheets.getItem(name).load('name,visibility');
  const used = sheet.getUsedRangeOrNullObject(true);
  used.load([
    'values',
    'valueTypes',
    'formulas',
    'numberFormat',
    'rowHidden',
    'columnHidden',
    ...PLACE,
  ]);
  await context.sync();
  const visible = sheet.visibility === 'Visible';
  const nothing = { cells: [], merged: [], hiddenRows: [], filteredRows: [], hiddenColumns: [] };
  if (used.isNullObject) return { name: sheet.name, visible, ...nothing };
  const merged = used.getMergedAreasOrNullObject();
  merged.areas.load(PLACE.map((field) => `items/${field}`));
  const filter = sheet.autoFilter.getRangeOrNullObject().load(PLACE);
  const shown = mayHide(used) ? used.getSpecialCellsOrNullObject('Visible') : null;
  shown?.areas.load(PLACE.map((field) => `items/${field}`));
  await context.sync();
  const areas: readonly Rectangle[] = !shown ? [used] : shown.isNullObject ? [] : shown.areas.items;
  const rows = hiddenIn(used, areas, 'row');
  return {
    name: sheet.name,
    visible,
    cells: toCells(used),
    merged: merged.isNullObject ? [] : merged.areas.items.map(toMerged),
    hiddenColumns: hiddenIn(used, areas, 'column'),
    ...splitHidden(rows, filter.isNullObject ? null : filter),
  };
}

/** False: none is hidden. True or null: all or some are, and it is worth asking which. */
const mayHide = (used: Excel.Range): boolean =>
  (used.rowHidden as boolean | null) !== false || (used.columnHidden as boolean | null) !== false;

async function readName(context: Context, name: string): Promise<string | number | null> {
  const item = context.workbook.names.getItemOrNullObject(name);
  await context.sync();
  if (item.isNullObject) return null;
  const range = item.getRange().load('values');
  await context.sync();
  const value: unknown = range.values[0]?.[0];
  return typeof value === 'number' || (typeof value === 'string' && value !== '') ? value : null;
}

/** W1: "2026-10" must stay a text, so the format comes before the value. */
async function writeName(
  context: Context,
  name: (typeof NAMES)[number],
  value: string,
): Promise<void> {
  const item = context.workbook.names.getItemOrNullObject(name);
  const own = context.workbook.worksheets.getItemOrNullObject(OWN_SHEET);
  await context.sync();
  const range = item.isNullObject ? newName(context, own, name) : item.getRange();
  range.numberFormat = [['@']];
  range.values = [[value]];
  await context.sync();
}

function newName(
  context: Context,
  own: Excel.Worksheet,
  name: (typeof NAMES)[number],
): Excel.Range {
  const sheet = own.isNullObject ? context.workbook.worksheets.add(OWN_SHEET) : own;
  const row = NAMES.indexOf(name) + 1;
  sheet.getRange(`A${row}`).values = [[name]];
  const range = sheet.getRange(`B${row}`);
  context.workbook.names.add(name, range);
  return range;
}

/**
 * W2 and W5: one write a cell, so that a filter cannot shift them (office-js issue 224), then
 * read back and compared.
 */
async function writeCells(context: Context, writes: readonly CellWrite[]): Promise<void> {
  const ranges = writes.map((write) => {
    const range = rangeOf(context, write.cell);
    if (write.as === 'formula') range.formulas = [[write.value]];
    else if (typeof write.value === 'number') range.values = [[write.value]];
    else {
      range.numberFormat = [['@']];
      range.values = [[asCellText(write.value)]];
    }
    return range.load('formulas');
  });
  await context.sync();
  const missed = writes.filter((write, index) => {
    const now: unknown = ranges[index]?.formulas[0]?.[0];
    return write.as === 'formula'
      ? now === ''
      : String(now).replace(/^'/, '') !== plainText(write.value);
  });
  const [first] = missed;
  if (first)
    throw new AppError(
      'INPUT_INVALID',
      `Cell ${first.cell} did not take what MCC wrote. Clear the filter and try again.`,
    );
}

const plainText = (value: string | number): string =>
  typeof value === 'number' ? String(value) : asCellText(value).replace(/^'/, '');

/** W3 and W4: one write of the matrix; the two rules are set when the block is another. */
async function highlight(
  context: Context,
  block: string,
  highlights: readonly Highlight[],
): Promise<void> {
  const { sheet, local, first, rows, columns } = blockOf(block);
  const setting = context.workbook.settings.getItemOrNullObject(BLOCK_SETTING).load('value');
  const review = context.workbook.worksheets.getItemOrNullObject(REVIEW_SHEET);
  await context.sync();
  const target = review.isNullObject ? context.workbook.worksheets.add(REVIEW_SHEET) : review;
  const matrix = Array.from({ length: rows }, () => Array.from({ length: columns }, () => ''));
  for (const { cell, kind } of highlights) {
    const at = splitAddress(cell);
    const row = at?.sheet === sheet ? matrix[at.row - first.row] : undefined;
    if (at && row && at.column - first.column < columns) row[at.column - first.column] = kind;
  }
  if (!review.isNullObject) target.getRange().clear('Contents');
  target.getRange(local).values = matrix;
  if (setting.isNullObject || setting.value !== block) {
    if (!setting.isNullObject) await removeRules(context, String(setting.value));
    addRules(context.workbook.worksheets.getItem(sheet).getRange(local), localAddress(first));
    context.workbook.settings.add(BLOCK_SETTING, block);
  }
  await context.sync();
}

/** The same cell of the review sheet says which: plain references, no function of ours. */
function addRules(range: Excel.Range, corner: string): void {
  for (const kind of ['changed', 'flagged'] as const) {
    const rule = range.conditionalFormats.add('Custom');
    rule.custom.rule.formula = `='${REVIEW_SHEET}'!${corner}="${kind}"`;
    rule.custom.format.fill.color = FILLS[kind];
  }
}

/** Only our own rules: those that point at the review sheet. */
async function removeRules(context: Context, block: string): Promise<void> {
  const { sheet, local } = blockOf(block);
  const owner = context.workbook.worksheets.getItemOrNullObject(sheet);
  await context.sync();
  if (owner.isNullObject) return;
  const formats = owner.getRange(local).conditionalFormats.load('items/type');
  await context.sync();
  const custom = formats.items.filter((format) => format.type === 'Custom');
  custom.forEach((format) => format.custom.rule.load('formula'));
  await context.sync();
  custom
    .filter((format) => format.custom.rule.formula.includes(REVIEW_SHEET))
    .forEach((format) => format.delete());
}

async function clearHighlights(context: Context): Promise<void> {
  const setting = context.workbook.settings.getItemOrNullObject(BLOCK_SETTING).load('value');
  await context.sync();
  if (setting.isNullObject) return;
  await removeRules(context, String(setting.value));
  setting.delete();
  await context.sync();
}

/** W6: below the last row; the sheet and its head are made when they are not there. */
async function appendAudit(context: Context, rows: readonly (readonly string[])[]): Promise<void> {
  if (rows.length === 0) return;
  const known = context.workbook.worksheets.getItemOrNullObject(AUDIT_SHEET);
  const used = known.getUsedRangeOrNullObject(true).load('rowIndex,rowCount');
  await context.sync();
  const sheet = known.isNullObject ? context.workbook.worksheets.add(AUDIT_SHEET) : known;
  const isEmpty = known.isNullObject || used.isNullObject;
  const all = (isEmpty ? [AUDIT_HEAD, ...rows] : rows).map((row) =>
    AUDIT_HEAD.map((_, index) => asCellText(row[index] ?? '')),
  );
  const top = isEmpty ? 0 : used.rowIndex + used.rowCount;
  const range = sheet.getRangeByIndexes(top, 0, all.length, AUDIT_HEAD.length);
  range.numberFormat = all.map((row) => row.map(() => '@'));
  range.values = all;
  await context.sync();
}

async function readSettings(context: Context): Promise<Record<string, string>> {
  const settings = context.workbook.settings.load('items/key,items/value');
  await context.sync();
  const own = settings.items.filter((item) => item.key.startsWith('mcc.'));
  return Object.fromEntries(own.map((item) => [item.key, String(item.value)]));
}

async function recalculate(context: Context, cells: readonly string[]): Promise<void> {
  for (let start = 0; start < cells.length; start += RECALCULATE_MAX) {
    cells
      .slice(start, start + RECALCULATE_MAX)
      .forEach((cell) => rangeOf(context, cell).calculate());
    // eslint-disable-next-line office-addins/no-context-sync-in-loop -- in parts on purpose, issue 6662
    await context.sync();
  }
}

async function onEdited(
  context: Context,
  listener: (cell: string) => void,
): Promise<() => Promise<void>> {
  const registered = context.workbook.worksheets.onChanged.add((event) =>
    reported(event, listener),
  );
  await context.sync();
  return () => removed(registered);
}

async function onSelected(
  context: Context,
  listener: (cell: string) => void,
): Promise<() => Promise<void>> {
  const registered = context.workbook.worksheets.onSelectionChanged.add((event) =>
    reported(event, listener),
  );
  await context.sync();
  return () => removed(registered);
}

/** The event knows the sheet's id; people know its name. Our own sheets are no edits of a person. */
async function reported(
  event: { readonly worksheetId: string; readonly address: string },
  listener: (cell: string) => void,
): Promise<void> {
  await Excel.run(async (context) => {
    const sheet = context.workbook.worksheets.getItemOrNullObject(event.worksheetId).load('name');
    await context.sync();
    if (
      sheet.isNullObject ||
      sheet.name === OWN_SHEET ||
      sheet.name === REVIEW_SHEET ||
      sheet.name === AUDIT_SHEET
    )
      return;
    const address = event.address.slice(event.address.lastIndexOf('!') + 1);
    listener(`${sheet.name}!${address.replaceAll('$', '')}`);
  });
}

async function removed(registered: {
  readonly context: OfficeExtension.ClientRequestContext;
  remove(): void;
}): Promise<void> {
  registered.remove();
  await registered.context.sync();
}

function rangeOf(context: Context, cell: string): Excel.Range {
  const at = splitAddress(cell);
  if (!at) throw new AppError('INPUT_INVALID', `"${cell}" is no cell of this workbook.`);
  return context.workbook.worksheets.getItem(at.sheet).getRange(localAddress(at));
}

function blockOf(block: string): {
  sheet: string;
  local: string;
  first: { row: number; column: number };
  rows: number;
  columns: number;
} {
  const local = block.slice(block.lastIndexOf('!') + 1);
  const sheet = block.slice(0, block.lastIndexOf('!'));
  const [from = '', to = from] = local.split(':');
  const [first, last] = [splitAddress(`x!${from}`), splitAddress(`x!${to}`)];
  if (!first || !last) throw new AppError('INPUT_INVALID', `"${block}" is no block of cells.`);
  return {
    sheet,
    local,
    first,
    rows: last.row - first.row + 1,
    columns: last.column - first.column + 1,
  };
}

/** Excel's own codes, in words that say what to do. */
function inWords(error: unknown): Error {
  const code: unknown =
    typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : null;
  switch (code) {
    case 'ItemNotFound':
      return new AppError('NOT_FOUND', 'The sheet or cell is not in this workbook any more.', {
        cause: error,
      });
    case 'AccessDenied':
      return new AppError(
        'INPUT_INVALID',
        'The sheet is protected. Take the protection off, then repeat.',
        { cause: error },
      );
    case 'InvalidOperationInCellEditMode':
      return new AppError(
        'INPUT_INVALID',
        'A cell is still being typed in. Finish it, then repeat.',
        { cause: error },
      );
    default:
      return error instanceof Error ? error : new Error(String(error));
  }
}
