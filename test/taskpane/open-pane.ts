/** The whole pane in jsdom: memory workbook, fake relay, real client code, core, reader. */
import { hash } from 'node:crypto';
import { createRuntime } from '../../functions/runtime.ts';
import { createSnapshots } from '../../functions/snapshot.ts';
import type { Snapshot } from '../../src/core/model.ts';
import {
  memoryWorkbook,
  type CellInput,
  type MemoryWorkbook,
} from '../../src/workbook/memory-workbook.ts';
import type { PaneWorkbook } from '../../src/workbook/pane-workbook.ts';
import { createPane, type Pane } from '../../taskpane/pane.ts';
import { fakeRelay, type FakeRelay } from './fake-relay.ts';
import { monthInSheet } from './month.ts';

/** Time in the pane goes by so much faster. */
const FASTER = 100;

export interface OpenPane {
  readonly pane: Pane;
  readonly relay: FakeRelay;
  readonly workbook: MemoryWorkbook;
  readonly recalculated: string[];
  /** What this browser keeps. */
  readonly kept: Map<string, string>;
}

export function openPane(
  snapshot: Snapshot,
  rows: readonly (readonly CellInput[])[] = monthInSheet,
  relay: FakeRelay = fakeRelay(snapshot),
  /** Opened again: in the same workbook and browser. */
  before: OpenPane | null = null,
): OpenPane {
  const workbook = before?.workbook ?? memoryWorkbook({ sheets: [{ name: 'Oct 2026', rows }] });
  const recalculated: string[] = [];
  const host: PaneWorkbook = {
    ...workbook,
    title: () => 'Billing 2026.xlsx',
    show: () => Promise.resolve(),
    recalculate: (cells) => Promise.resolve(void recalculated.push(...cells)),
    onSelected: () => Promise.resolve(() => Promise.resolve()),
    onWaiting: () => () => undefined,
  };
  const kept = before?.kept ?? new Map<string, string>();
  let token: string | null = 'token';
  const snapshots = createSnapshots({
    url: '', token: () => token, isOnline: () => true, nowMs: () => 0, delay: () => Promise.resolve(),
    fetch: () => Promise.resolve(new Response(JSON.stringify(snapshot), { status: 200 })),
  }); // prettier-ignore
  const pane = createPane({
    client: relay.client,
    workbook: host,
    runtime: createRuntime(snapshots),
    keeper: { token: () => token, keep: (next) => (token = next) },
    storage: {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => kept.set(key, value),
    },
    pairingCode: null,
    delay: (ms) => new Promise((done) => setTimeout(done, ms / FASTER)),
    sha256: (text) => Promise.resolve(hash('sha256', text)),
  });
  return { pane, relay, workbook, recalculated, kept };
}
