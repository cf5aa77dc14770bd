/** Which formula reads which cells, so that a change finds everything that hangs on it. */
import { contains, intersect, type Rect } from '../model/a1.ts';
import { cellKey, type Sheet } from '../model/workbook.ts';

export interface Reads {
  /** Single cells as "sheet id|key"; ranges as rectangles; names in small letters. */
  readonly cells: Set<string>;
  readonly ranges: { readonly sheetId: string; readonly rect: Rect }[];
  readonly names: Set<string>;
  /** Sheets that a formula names and that do not exist. */
  readonly missingSheets: Set<string>;
}

export const noReads = (): Reads => ({
  cells: new Set(),
  ranges: [],
  names: new Set(),
  missingSheets: new Set(),
});

export const cellId = (sheetId: string, row: number, column: number): string =>
  `${sheetId}|${cellKey(row, column)}`;

export interface Dependencies<Node> {
  set(node: Node, reads: Reads): void;
  remove(node: Node): void;
  readersOfCell(sheetId: string, row: number, column: number): Iterable<Node>;
  readersOfRect(sheet: Sheet, rect: Rect): Iterable<Node>;
  readersOfName(name: string): Iterable<Node>;
  readersOfMissingSheets(): Iterable<Node>;
  readersOfSheet(sheetId: string): Iterable<Node>;
}

export function createDependencies<Node>(): Dependencies<Node> {
  const reads = new Map<Node, Reads>();
  const byCell = new Map<string, Set<Node>>();
  const byRange = new Map<string, Map<Node, Rect[]>>();
  const byName = new Map<string, Set<Node>>();

  function link<K>(index: Map<K, Set<Node>>, key: K, node: Node): void {
    const set = index.get(key);
    if (set) set.add(node);
    else index.set(key, new Set([node]));
  }

  function remove(node: Node): void {
    const old = reads.get(node);
    if (!old) return;
    for (const cell of old.cells) byCell.get(cell)?.delete(node);
    for (const { sheetId } of old.ranges) byRange.get(sheetId)?.delete(node);
    for (const name of old.names) byName.get(name)?.delete(node);
    reads.delete(node);
  }

  function set(node: Node, fresh: Reads): void {
    remove(node);
    reads.set(node, fresh);
    for (const cell of fresh.cells) link(byCell, cell, node);
    for (const name of fresh.names) link(byName, name, node);
    for (const { sheetId, rect } of fresh.ranges) {
      const nodes = byRange.get(sheetId) ?? new Map<Node, Rect[]>();
      byRange.set(sheetId, nodes);
      nodes.set(node, [...(nodes.get(node) ?? []), rect]);
    }
  }

  function* readersOfCell(sheetId: string, row: number, column: number): Generator<Node> {
    yield* byCell.get(cellId(sheetId, row, column)) ?? [];
    for (const [node, rects] of byRange.get(sheetId) ?? []) {
      if (rects.some((rect) => contains(rect, row, column))) yield node;
    }
  }

  function* readersOfRect(sheet: Sheet, rect: Rect): Generator<Node> {
    for (let row = rect.row; row < rect.row + rect.rows; row += 1) {
      for (let column = rect.column; column < rect.column + rect.columns; column += 1) {
        yield* byCell.get(cellId(sheet.id, row, column)) ?? [];
      }
    }
    for (const [node, rects] of byRange.get(sheet.id) ?? []) {
      if (rects.some((one) => intersect(one, rect))) yield node;
    }
  }

  function* readersOfSheet(sheetId: string): Generator<Node> {
    for (const [node, one] of reads) {
      const single = [...one.cells].some((cell) => cell.startsWith(`${sheetId}|`));
      if (single || one.ranges.some((range) => range.sheetId === sheetId)) yield node;
    }
  }

  function* readersOfMissingSheets(): Generator<Node> {
    for (const [node, one] of reads) if (one.missingSheets.size > 0) yield node;
  }

  const readersOfName = (name: string): Iterable<Node> => byName.get(name) ?? [];
  return {
    set,
    remove,
    readersOfCell,
    readersOfRect,
    readersOfName,
    readersOfMissingSheets,
    readersOfSheet,
  };
}
