/** What every action of the pane works with: the outside, the state, and one way to run. */
import type { Runtime } from '../functions/runtime.ts';
import type { TokenKeeper } from '../functions/token.ts';
import type { Client } from '../src/client/client.ts';
import { AppError } from '../src/core/errors.ts';
import type { PaneWorkbook } from '../src/workbook/pane-workbook.ts';
import { BEGINNING, nextState, type CloseEvent, type CloseState } from './close-state.ts';

export interface Outside {
  readonly client: Client;
  readonly workbook: PaneWorkbook;
  readonly runtime: Runtime;
  readonly keeper: TokenKeeper;
  /** What the person decided so far, per month; survives a reload, never in the workbook. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>;
  readonly pairingCode: string | null;
  readonly delay: (ms: number) => Promise<void>;
  readonly sha256: (text: string) => Promise<string>;
}

export interface Pane {
  readonly outside: Outside;
  readonly get: () => CloseState;
  readonly tell: (event: CloseEvent) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

export function createPane(outside: Outside): Pane {
  let state = BEGINNING;
  const listeners = new Set<() => void>();
  return {
    outside,
    get: () => state,
    tell: (event) => {
      state = nextState(state, event);
      listeners.forEach((listener) => listener());
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** One action at a time: a second press while one runs does nothing. Troubles are shown. */
export async function work(
  pane: Pane,
  words: string,
  action: () => Promise<string>,
): Promise<boolean> {
  if (pane.get().busy) return false;
  pane.tell({ type: 'working', busy: { words } });
  try {
    pane.tell({ type: 'done', announced: await action() });
    return true;
  } catch (error) {
    pane.tell({ type: 'failed', error: toAppError(error) });
    return false;
  }
}

/**
 * Work that nobody pressed for: it waits for what a person does, and leaves their trouble standing.
 */
export async function workBeside(
  pane: Pane,
  words: string,
  action: () => Promise<void>,
): Promise<boolean> {
  while (pane.get().busy) await changed(pane);
  pane.tell({ type: 'learned', news: { busy: { words } } });
  try {
    await action();
    pane.tell({ type: 'learned', news: { busy: null } });
    return true;
  } catch (error) {
    pane.tell({ type: 'failed', error: toAppError(error) });
    return false;
  }
}

const changed = (pane: Pane): Promise<void> =>
  new Promise((done) => {
    const end = pane.subscribe(() => {
      end();
      done();
    });
  });

/** Says what goes on now, inside a running action. */
export const progress = (pane: Pane, words: string, done?: number, of?: number): void =>
  pane.tell({
    type: 'learned',
    news: {
      busy: { words, ...(done === undefined ? {} : { done }), ...(of === undefined ? {} : { of }) },
    },
  });

/** What was known stays while the relay is away; anything else must be seen. */
export function unlessAway(error: unknown): void {
  if (toAppError(error).code !== 'SOURCE_DOWN') throw error;
}

export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const words = error instanceof Error ? error.message : String(error);
  return new AppError('INTERNAL', `Something went wrong: ${words.replace(/\.$/, '')}.`, {
    cause: error,
  });
}
