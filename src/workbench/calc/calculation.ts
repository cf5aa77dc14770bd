/** Keeps every formula cell right: what changed, what hangs on it, what waits for a function. */
import { contains, formatRect, quoteSheet, type Rect } from '../model/a1.ts';
import { putResult } from '../model/edit.ts';
import { touched } from '../model/sheets.ts';
import { peek, type Change, type Sheet, type Workbook } from '../model/workbook.ts';
import type {
  CustomFunctions,
  FunctionMetadata,
  FunctionResult,
  Invocation,
} from './custom-functions.ts';
import { cellId, createDependencies, type Reads } from './dependencies.ts';
import { BUSY, createEvaluator, type AskFunction } from './evaluator.ts';

export interface Calculation {
  /** Calculates what is due now; changes do so by themselves. */
  flush(): void;
  /** True while the cell waits for a custom function; its old value stands meanwhile. */
  isBusy(sheet: Sheet, row: number, column: number): boolean;
  /** A rule of a conditional format at a cell; custom functions are not asked. */
  readonly holds: (formula: string, sheet: Sheet, row: number, column: number) => boolean;
  /** Resolves when nothing is due any more but answers of functions. */
  idle(): Promise<void>;
}

interface Call {
  readonly invocation: Invocation;
  result: FunctionResult | null;
}

interface Wanted {
  readonly metadata: FunctionMetadata;
  readonly args: readonly unknown[];
}

interface Node {
  readonly sheet: Sheet;
  readonly row: number;
  readonly column: number;
  formula: string;
  calls: Map<string, Call>;
  busy: boolean;
  /** Read from a file and not yet calculated: its saved value outlives a function we lack. */
  saved: boolean;
}

const UNKNOWN = 'The workbench does not know a function or a name in this formula.';

/** A chain longer than this is taken for a circle. */
const PASSES_MAX = 50;

export function createCalculation(book: Workbook, functions: CustomFunctions): Calculation {
  const evaluator = createEvaluator(book, functions.all());
  const dependencies = createDependencies<Node>();
  const nodes = new Map<string, Node>();
  /** Due from the start, and due again with the answers they already have. */
  let fresh = new Set<Node>();
  let answered = new Set<Node>();
  const known = { sheets: new Set<string>(), names: new Map<string, string>() };

  function due(node: Node): void {
    fresh.add(node);
  }

  function spread(readers: Iterable<Node>): void {
    const queue = [...readers];
    for (let node = queue.pop(); node; node = queue.pop()) {
      if (fresh.has(node)) continue;
      fresh.add(node);
      queue.push(...dependencies.readersOfCell(node.sheet.id, node.row, node.column));
    }
  }

  function drop(id: string, node: Node): void {
    for (const { invocation } of node.calls.values()) invocation.cancel();
    dependencies.remove(node);
    fresh.delete(node);
    answered.delete(node);
    nodes.delete(id);
  }

  /** The known formulas of a rectangle, by the shorter way round. */
  function* within(sheet: Sheet, rect: Rect): Generator<[string, Node]> {
    if (rect.rows * rect.columns > nodes.size) {
      for (const [id, node] of nodes) {
        if (node.sheet === sheet && contains(rect, node.row, node.column)) yield [id, node];
      }
      return;
    }
    for (let row = rect.row; row < rect.row + rect.rows; row += 1) {
      for (let column = rect.column; column < rect.column + rect.columns; column += 1) {
        const id = cellId(sheet.id, row, column);
        const node = nodes.get(id);
        if (node) yield [id, node];
      }
    }
  }

  /** Makes the formulas of a rectangle known; returns them. */
  function register(sheet: Sheet, rect: Rect): Node[] {
    for (const [id, node] of within(sheet, rect)) {
      if (peek(sheet, node.row, node.column).formula === null) drop(id, node);
    }
    const found: Node[] = [];
    for (const [row, column, cell] of touched(sheet, rect)) {
      if (cell.formula === null) continue;
      const id = cellId(sheet.id, row, column);
      const node = nodes.get(id) ?? newNode(sheet, row, column);
      node.formula = cell.formula;
      nodes.set(id, node);
      found.push(node);
    }
    return found;
  }

  function edited(change: Extract<Change, { kind: 'cells' }>): void {
    const found = register(change.sheet, change.rect);
    if (change.source === 'file') {
      opened(found);
      return;
    }
    found.forEach(due);
    found.forEach((node) => {
      spread(dependencies.readersOfCell(node.sheet.id, node.row, node.column));
    });
    spread(dependencies.readersOfRect(change.sheet, change.rect));
    flush();
  }

  /** Excel asks no custom function when a file is opened; saved numbers stand. */
  function opened(found: readonly Node[]): void {
    for (const node of found) {
      const { value } = peek(node.sheet, node.row, node.column);
      const saved = value !== '' && !String(value).startsWith('#');
      node.saved = saved;
      if (saved && isCustom(node.formula, functions)) dependencies.set(node, dryRun(node));
      else due(node);
    }
  }

  const dryRun = (node: Node): Reads => evaluator.evaluate(node.formula, node, () => null).reads;

  function flush(): void {
    for (let pass = 0; fresh.size + answered.size > 0 && pass < PASSES_MAX; pass += 1) {
      const batch = [...fresh, ...answered];
      for (const node of fresh) forgetCalls(node);
      const open = new Set(batch);
      fresh = new Set();
      answered = new Set();
      for (const node of batch) calculate(node, open, new Set());
    }
  }

  /** First whatever the formula reads and is itself due; then the formula. */
  function calculate(node: Node, open: Set<Node>, path: Set<Node>): void {
    if (!open.has(node) || path.has(node)) return;
    path.add(node);
    for (let round = 0; round < PASSES_MAX; round += 1) {
      const wanted = new Map<string, Wanted>();
      const result = evaluator.evaluate(node.formula, node, asking(node, wanted));
      const before = open.size > 1 ? openAmong(result.reads, open, path) : [];
      if (before.length === 0) {
        settle(node, result);
        askAll(node, wanted);
        break;
      }
      for (const one of before) calculate(one, open, path);
    }
    path.delete(node);
    open.delete(node);
  }

  function openAmong(reads: Reads, open: ReadonlySet<Node>, path: ReadonlySet<Node>): Node[] {
    const found = [...reads.cells].flatMap((cell) => nodes.get(cell) ?? []);
    for (const { sheetId, rect } of reads.ranges) {
      for (const node of open) {
        if (node.sheet.id === sheetId && contains(rect, node.row, node.column)) found.push(node);
      }
    }
    return found.filter((node) => open.has(node) && !path.has(node));
  }

  function settle(node: Node, result: ReturnType<typeof evaluator.evaluate>): void {
    dependencies.set(node, result.reads);
    node.busy = result.busy;
    const { row, column, sheet } = node;
    const old = peek(sheet, row, column).value;
    const standing = old !== '' && !String(old).startsWith('#');
    const unknown = !result.busy && result.value === '#NAME?';
    const kept = standing && (result.busy || (unknown && node.saved));
    node.saved = false;
    if (kept) return;
    const value = result.busy ? BUSY : result.value;
    const message = unknown ? UNKNOWN : result.message;
    putResult(book, sheet, { row, column }, { value, message });
  }

  /** Answers what is known and notes the rest: only the last pass over a cell really asks. */
  const asking =
    (node: Node, wanted: Map<string, Wanted>): AskFunction =>
    (metadata, args) => {
      const key = `${metadata.id}${JSON.stringify(args)}`;
      wanted.set(key, { metadata, args });
      return node.calls.get(key)?.result ?? null;
    };

  function askAll(node: Node, wanted: ReadonlyMap<string, Wanted>): void {
    for (const [key, call] of node.calls) {
      if (wanted.has(key)) continue;
      call.invocation.cancel();
      node.calls.delete(key);
    }
    for (const [key, { metadata, args }] of wanted) {
      if (!node.calls.has(key)) ask(node, key, { metadata, args });
    }
  }

  function ask(node: Node, key: string, { metadata, args }: Wanted): void {
    const rect = { row: node.row, column: node.column, rows: 1, columns: 1 };
    const address = `${quoteSheet(node.sheet.name)}!${formatRect(rect)}`;
    const invocation = functions.invoke(metadata, { args, address }, (result) => {
      const call = node.calls.get(key);
      if (call?.invocation !== invocation) return;
      call.result = result;
      answered.add(node);
      scheduleAnswers();
    });
    node.calls.set(key, { invocation, result: null });
  }

  let scheduled = false;
  function scheduleAnswers(): void {
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(() => {
      scheduled = false;
      for (const node of answered) {
        spread(dependencies.readersOfCell(node.sheet.id, node.row, node.column));
      }
      for (const node of answered) fresh.delete(node);
      flush();
    });
  }

  function structure(): void {
    const sheets = new Set(book.sheets.map((sheet) => sheet.id));
    for (const gone of [...known.sheets].filter((id) => !sheets.has(id))) {
      for (const [id, node] of nodes) if (node.sheet.id === gone) drop(id, node);
      spread(dependencies.readersOfSheet(gone));
    }
    if ([...sheets].some((id) => !known.sheets.has(id))) {
      spread(dependencies.readersOfMissingSheets());
    }
    known.sheets = sheets;
    // A renamed sheet has new formula texts for the same values.
    for (const node of nodes.values()) {
      node.formula = peek(node.sheet, node.row, node.column).formula ?? node.formula;
    }
    flush();
  }

  function renamed(): void {
    const names = new Map([...book.names].map(([key, name]) => [key, JSON.stringify(name)]));
    for (const key of new Set([...names.keys(), ...known.names.keys()])) {
      if (names.get(key) !== known.names.get(key)) spread(dependencies.readersOfName(key));
    }
    known.names = names;
    flush();
  }

  function recalculate(sheet: Sheet | null, rect: Rect | null): void {
    for (const node of nodes.values()) {
      const wanted = sheet === null || node.sheet === sheet;
      if (wanted && (rect === null || contains(rect, node.row, node.column))) {
        due(node);
        spread(dependencies.readersOfCell(node.sheet.id, node.row, node.column));
      }
    }
    flush();
  }

  book.listeners.add((change) => {
    if (change.kind === 'cells' && change.source !== 'calculation') edited(change);
    if (change.kind === 'sheets') structure();
    if (change.kind === 'names') renamed();
    if (change.kind === 'recalculate') recalculate(change.sheet, change.rect);
  });
  return {
    flush,
    isBusy: (sheet, row, column) => nodes.get(cellId(sheet.id, row, column))?.busy ?? false,
    holds: (formula, sheet, row, column) => {
      const { value } = evaluator.evaluate(formula, { sheet, row, column }, () => null);
      return value === true || (typeof value === 'number' && value !== 0);
    },
    idle: async () => {
      await Promise.resolve();
      flush();
    },
  };
}

function newNode(sheet: Sheet, row: number, column: number): Node {
  return { sheet, row, column, formula: '', calls: new Map(), busy: false, saved: false };
}

function forgetCalls(node: Node): void {
  for (const { invocation } of node.calls.values()) invocation.cancel();
  node.calls = new Map();
}

function isCustom(formula: string, functions: CustomFunctions): boolean {
  const text = formula.toUpperCase();
  return [...functions.all().keys()].some((name) => text.includes(`${name}(`));
}
