/**
 * The real pane on a page of its own, with a month of any size at hand. Only the bench builds it;
 * it never reaches dist.
 */
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { createRuntime } from '../../functions/runtime.ts';
import { createSnapshots } from '../../functions/snapshot.ts';
import { memoryWorkbook } from '../../src/workbook/memory-workbook.ts';
import type { PaneWorkbook } from '../../src/workbook/pane-workbook.ts';
import { App } from '../../taskpane/App.tsx';
import { reading } from '../../taskpane/actions/reading.ts';
import { createPane, type Pane } from '../../taskpane/pane.ts';
import { largeMonth } from '../large-month.ts';

export interface Painted {
  /** From the month at hand (sheet read, snapshot here) to the dry-run on the screen. */
  readonly paintedMs: number;
  /** The part of it in which core made the dry-run. */
  readonly madeMs: number;
  readonly nodes: number;
}

const SHEET = 'Oct 2026';
/** Less than any refresh takes. */
const ASKING_MS = 500;
const nothing = (): Promise<never> => Promise.reject(new Error('Nobody is asked in a bench.'));

async function paint(lines: number): Promise<Painted> {
  const { rows, snapshot, history } = largeMonth(lines);
  const { period } = snapshot;
  const workbook = memoryWorkbook({ sheets: [{ name: SHEET, rows }] });
  const pane = openPane({ ...workbook, ...IDLE });
  const choices = { period, history, decisions: [], held: [], taken: new Map() };
  pane.tell({
    type: 'learned',
    news: {
      phase: 'ready',
      period,
      started: true,
      sheet: SHEET,
      sheets: [SHEET],
      snapshot,
      history,
    },
  });
  const { readReview, decideAgain } = await reading();
  // What stands before the dry-run in a refresh: the sheet is read, spellings are looked up.
  const read = await readReview({ workbook, sheet: SHEET, snapshot, ...choices });
  // A refresh asks the sources meanwhile; the pane fetches its next step in that time.
  await new Promise((resolve) => setTimeout(resolve, ASKING_MS));
  await nextFrame();
  const start = performance.now();
  const review = decideAgain(read, choices);
  const made = performance.now();
  pane.tell({ type: 'learned', news: { review } });
  pane.tell({ type: 'went', step: 'review' });
  await until(() => document.querySelector('[role=treegrid] [role=row]') !== null);
  const painted = performance.now();
  const nodes = document.querySelectorAll('*').length;
  return { paintedMs: painted - start, madeMs: made - start, nodes };
}

const IDLE: Omit<PaneWorkbook, keyof ReturnType<typeof memoryWorkbook>> = {
  title: () => 'Billing.xlsx',
  show: () => Promise.resolve(),
  recalculate: () => Promise.resolve(),
  onSelected: () => Promise.resolve(() => Promise.resolve()),
  onWaiting: () => () => undefined,
};

function openPane(workbook: PaneWorkbook): Pane {
  const snapshots = createSnapshots({
    url: '', token: () => null, isOnline: () => true, nowMs: () => 0, delay: nothing, fetch: nothing,
  }); // prettier-ignore
  const pane = createPane({
    client: { call: nothing },
    workbook,
    runtime: createRuntime(snapshots),
    keeper: { token: () => null, keep: () => undefined },
    storage: { getItem: () => null, setItem: () => undefined },
    pairingCode: null,
    delay: nothing,
    sha256: nothing,
  });
  const element = document.getElementById('pane');
  if (!element) throw new Error('The page of the bench has no place for the pane.');
  createRoot(element).render(createElement(App, { pane, dark: null }));
  return pane;
}

/** Resolves when the frame that shows it has been handed to the screen. */
async function until(isThere: () => boolean): Promise<void> {
  for (;;) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    if (isThere()) break;
  }
  await afterPaint();
}

async function nextFrame(): Promise<void> {
  await new Promise((resolve) => requestAnimationFrame(resolve));
  await afterPaint();
}

/** A message posted in a frame callback is handled when that frame has been painted. */
function afterPaint(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

Object.assign(globalThis, { paintDryRun: paint });
