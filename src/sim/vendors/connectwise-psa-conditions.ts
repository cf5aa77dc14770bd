/** The part of ConnectWise's conditions that is played: comparisons joined by "and". */

export type Row = { readonly id: number } & Record<string, unknown>;

const COMPARISON =
  /^(\w+)\s*(>=|<=|!=|=|>|<)\s*(\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\]|"[^"]*"|-?\d+|true|false)$/;

/** Null when the text is none of it: a field or operator misspelt must not find everything. */
export function conditionsOf(text: string): ((row: Row) => boolean) | null {
  const parts =
    text === '' ? [] : text.split(/\s+and\s+/i).map((part) => COMPARISON.exec(part.trim()));
  const tests = parts.map((match) => (match ? toTest(match) : null));
  if (tests.some((test) => test === null)) return null;
  return (row) => tests.every((test) => test?.(row));
}

function toTest([, field = '', operator = '', value = '']: RegExpExecArray): (row: Row) => boolean {
  const wanted = value.startsWith('[') ? Date.parse(value.slice(1, -1)) : value.replaceAll('"', '');
  return (row) => {
    const found = row[field];
    const own = value.startsWith('[') ? Date.parse(String(found)) : String(found);
    return HOLDS[operator]?.(own < wanted ? -1 : own > wanted ? 1 : 0) ?? false;
  };
}

const HOLDS: Readonly<Record<string, (order: number) => boolean>> = {
  '>=': (order) => order >= 0,
  '<=': (order) => order <= 0,
  '!=': (order) => order !== 0,
  '=': (order) => order === 0,
  '>': (order) => order > 0,
  '<': (order) => order < 0,
};
