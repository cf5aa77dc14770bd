/** The workbench page: a grid and a task pane in which the real office.js finds its Excel. */
import type { FunctionMetadata } from './calc/custom-functions.ts';
import { createHost, REQUIREMENTS, type ExcelHost } from './host.ts';
import { createBar } from './page/bar.ts';
import { createFaultMenu } from './page/fault-menu.ts';
import { createGrid, type Grid } from './page/grid.ts';
import { createPaneFrame } from './page/pane-frame.ts';
import { createTabs } from './page/tabs.ts';
import { createXdmHost, type SettingPairs, type XdmHost } from './wire/xdm.ts';
import type { OpenedFile } from './xlsx/read.ts';

const PANE = '/taskpane.html';
const FUNCTIONS = '/functions.json';
const SAMPLE = '/sample/billing.xlsx';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

declare global {
  interface Window {
    /** For tests and for looking inside from the console. */
    workbench?: { readonly host: ExcelHost; readonly ready: boolean };
  }
}

function element<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`the page has no ${kind.name} "${id}"`);
}

const status = element('status', HTMLElement);

function say(words: string, problem = false): void {
  status.textContent = words;
  status.classList.toggle('problem', problem);
}

const complain = (error: unknown): void =>
  say(error instanceof Error ? error.message : String(error), true);

/** Tab past the pane's last element goes on at the top of the page, past its first one goes back. */
function leavePane(way: 'forward' | 'backward'): void {
  const stops =
    way === 'forward' ? ['open', 'save', 'toggle'] : ['width', 'split', 'toggle', 'formula'];
  const next = stops.map((id) => element(id, HTMLElement)).find((one) => one.checkVisibility());
  next?.focus();
}

/** exceljs is large; it comes when a file is opened or saved. */
const xlsx = async () => {
  const [{ openXlsx }, { saveXlsx }] = await Promise.all([
    import('./xlsx/read.ts'),
    import('./xlsx/write.ts'),
  ]);
  return { openXlsx, saveXlsx };
};

async function readFunctions(): Promise<readonly FunctionMetadata[]> {
  const response = await fetch(FUNCTIONS);
  if (!response.ok) {
    say(
      `${FUNCTIONS} is not there (${response.status}); formulas with MCC functions show #NAME?`,
      true,
    );
    return [];
  }
  const { functions } = (await response.json()) as { functions: readonly FunctionMetadata[] };
  return functions;
}

async function start(): Promise<void> {
  let wire: XdmHost | null = null;
  let opened: OpenedFile | null = null;
  let grid: Grid | null = null;
  let settings: SettingPairs = [];
  const host = createHost({
    functions: await readFunctions(),
    send: (entries) => wire?.send(entries),
    onSelectionChanged: () => wire?.selectionChanged(),
    isEditing: () => grid?.editor.isEditing() ?? false,
    onBug: complain,
  });
  const { book, calculation } = host;

  async function load(bytes: ArrayBuffer, name: string): Promise<void> {
    const { openXlsx } = await xlsx();
    opened = await openXlsx(book, bytes, name);
    settings = [];
    calculation.flush();
    document.title = `${name} - MCC workbench, an emulated Excel`;
    say(`${name} is open`);
  }

  /** Excel starts an add-in anew with every workbook; the pairing code goes along once. */
  function startPane(fragment: string): void {
    wire?.close();
    const url = new URL(PANE, location.href);
    url.hash = fragment;
    wire = createXdmHost({
      url,
      title: 'MCC task pane',
      requirements: REQUIREMENTS,
      documentName: () => book.name,
      settings: { read: () => settings, write: (pairs) => (settings = pairs) },
      process: host.process,
      onStart: host.addInStarts,
      onTabExit: leavePane,
      onProblem: complain,
    });
    element('task-pane', HTMLElement).append(wire.frame);
  }

  async function save(): Promise<void> {
    const { saveXlsx } = await xlsx();
    const bytes = await saveXlsx(book, opened);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([bytes as BlobPart], { type: XLSX }));
    link.download = book.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    say(`${book.name} was saved`);
  }

  const sample = await fetch(SAMPLE);
  if (sample.ok) await load(await sample.arrayBuffer(), 'billing.xlsx').catch(complain);
  const open = element('open', HTMLInputElement);
  open.addEventListener('change', () => {
    const [file] = open.files ?? [];
    if (!file) return;
    void file
      .arrayBuffer()
      .then((bytes) => load(bytes, file.name))
      .then(() => startPane(''))
      .catch(complain)
      .finally(() => (open.value = ''));
  });
  element('save', HTMLButtonElement).addEventListener('click', () => void save().catch(complain));

  const formula = element('formula', HTMLInputElement);
  const drawBar = createBar(book, () => grid ?? never(), {
    name: element('name', HTMLInputElement),
    formula,
  });
  grid = createGrid({
    book,
    calculation,
    container: element('sheet', HTMLElement),
    onSelection: () => {
      if (grid) drawBar();
    },
    onProblem: complain,
  });
  grid.editor.attachBar(formula, grid.active);
  book.listeners.add((change) => {
    if (change.kind === 'cells') drawBar();
  });
  createTabs(book, element('tabs', HTMLElement));
  createFaultMenu(host.faults, element('fault-menu', HTMLElement), element('faults', HTMLElement));
  createPaneFrame({
    body: document.body,
    toggle: element('toggle', HTMLButtonElement),
    width: element('width', HTMLSelectElement),
    split: element('split', HTMLElement),
    aside: element('task-pane', HTMLElement),
  });
  drawBar();
  const fragment = location.hash;
  // The code works once; it does not stay in the address bar or the history.
  if (fragment !== '') history.replaceState(null, '', location.pathname + location.search);
  startPane(fragment);
  watchFunctions(host);
  window.workbench = { host, ready: true };
}

function never(): never {
  throw new Error('the grid is used before it is there');
}

const WATCH_MS = 250;

/** Says how many functions are under way, and when they have all answered. */
function watchFunctions({ functions }: ExcelHost): void {
  let was = 0;
  setInterval(() => {
    const count = functions.inFlight();
    if (count > 0) say(functions.isReady() ? `${count} counts under way` : 'Waiting for MCC');
    else if (was > 0) say('All counts are in');
    was = count;
  }, WATCH_MS);
}

void start().catch(complain);
