/** Defined names: `MCC_AsOf` and the like. A name that is a reference follows no moves. */
import { formatRect, parseAddress, quoteSheet, type Rect } from './a1.ts';
import { hostError } from './errors.ts';
import { announce, type DefinedName, type Workbook } from './workbook.ts';

const NAME = /^[\p{L}_\\][\p{L}\p{N}_.\\?]*$/u;

export function findName(workbook: Workbook, name: string): DefinedName | null {
  return workbook.names.get(name.toLowerCase()) ?? null;
}

export function addName(
  workbook: Workbook,
  name: string,
  target: { sheetId: string; rect: Rect } | string,
  comment = '',
): DefinedName {
  if (!NAME.test(name) || parseAddress(name) !== null) throw hostError('InvalidArgument');
  if (findName(workbook, name)) throw hostError('ItemAlreadyExists');
  const made: DefinedName = { name, formula: '', comment, visible: true, target: null };
  if (typeof target === 'string') setNameFormula(workbook, made, target);
  else setNameTarget(workbook, made, target);
  workbook.names.set(name.toLowerCase(), made);
  announce(workbook, { kind: 'names' });
  return made;
}

export function removeName(workbook: Workbook, name: string): void {
  if (workbook.names.delete(name.toLowerCase())) announce(workbook, { kind: 'names' });
}

export function setNameFormula(workbook: Workbook, name: DefinedName, formula: string): void {
  const text = formula.startsWith('=') ? formula : `=${formula}`;
  const address = parseAddress(text.slice(1));
  const wanted = address?.sheet?.toLowerCase();
  const sheet = workbook.sheets.find((one) => one.name.toLowerCase() === wanted);
  name.formula = text;
  name.target = address && sheet ? { sheetId: sheet.id, rect: address.rect } : null;
  announce(workbook, { kind: 'names' });
}

function setNameTarget(
  workbook: Workbook,
  name: DefinedName,
  target: { sheetId: string; rect: Rect },
): void {
  name.target = target;
  const sheet = workbook.sheets.find((one) => one.id === target.sheetId);
  name.formula = `=${quoteSheet(sheet?.name ?? '')}!${absolute(target.rect)}`;
}

const absolute = (rect: Rect): string =>
  formatRect(rect).replaceAll(/([A-Z]+)?(\d+)?/g, (_all, letters?: string, digits?: string) => {
    return `${letters ? `$${letters}` : ''}${digits ? `$${digits}` : ''}`;
  });

/** The reference as it reads now, so that a renamed sheet is followed. */
export function nameFormula(workbook: Workbook, name: DefinedName): string {
  if (!name.target) return name.formula;
  const { sheetId, rect } = name.target;
  const sheet = workbook.sheets.find((one) => one.id === sheetId);
  return sheet ? `=${quoteSheet(sheet.name)}!${absolute(rect)}` : '=#REF!';
}

/** A removed sheet leaves its names behind as #REF!, as in Excel. */
export function forgetSheetNames(workbook: Workbook, sheetId: string): void {
  for (const name of workbook.names.values()) {
    if (name.target?.sheetId !== sheetId) continue;
    name.target = null;
    name.formula = '=#REF!';
  }
}
