/**
 * What each cell was last told. Excel does not show the text of an error everywhere (office-js
 * issues 4971 and 4813, read 2026-11-21), so the pane shows it from here for the selected cell.
 */
export type Shown = number | string;

export interface CellAnswer {
  /** "Oct 2026!C8", as the workbook port writes addresses. */
  readonly cell: string;
  readonly formula: 'COUNT' | 'PREV' | 'DELTA' | 'ASOF' | 'STATUS';
  readonly client: string;
  readonly service: string;
  readonly value: Shown | null;
  readonly error: '#VALUE!' | '#N/A' | null;
  /** Why there is no number, or why to be careful with it; empty when there is nothing to say. */
  readonly words: string;
  /** Addressed to no snapshot: Refresh has to recalculate it. */
  readonly unpinned: boolean;
}

export interface Registry {
  started(): void;
  settled(answer: CellAnswer | null): void;
  at(cell: string): CellAnswer | null;
  problems(): readonly CellAnswer[];
  unpinned(): readonly string[];
  /** How many cells still wait for their value. */
  inFlight(): number;
  onChange(listener: () => void): () => void;
}

const CELLS_MAX = 40_000;

export function createRegistry(): Registry {
  const answers = new Map<string, CellAnswer>();
  const listeners = new Set<() => void>();
  let running = 0;
  const tell = (): void => listeners.forEach((listener) => listener());
  return {
    started: () => {
      running += 1;
      if (running === 1) tell();
    },
    settled: (answer) => {
      running -= 1;
      if (answer && (answers.size < CELLS_MAX || answers.has(answer.cell)))
        answers.set(answer.cell, answer);
      if (running === 0) tell();
    },
    at: (cell) => answers.get(cell) ?? null,
    problems: () => [...answers.values()].filter((answer) => answer.error !== null),
    unpinned: () =>
      [...answers.values()].filter((answer) => answer.unpinned).map((answer) => answer.cell),
    inFlight: () => running,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Excel gives "'Oct 2026'!$C$8" or with a book name before it; the port writes "Oct 2026!C8". */
export function plainAddress(address: string): string {
  const at = address.lastIndexOf('!');
  const sheet = address
    .slice(0, at)
    .replace(/^'|'$/g, '')
    .replaceAll("''", "'")
    .replace(/^\[[^\]]*\]/, '');
  return `${sheet}!${address.slice(at + 1).replaceAll('$', '')}`;
}
