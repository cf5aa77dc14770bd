/**
 * The emulated Excel: workbook, rich API, events, calculation and custom functions, joined. It
 * knows nothing of how messages travel; wire/xdm.ts and wire/node-bridge.ts bring them.
 */
import { createCalculation, type Calculation } from './calc/calculation.ts';
import { createCustomFunctions, type CustomFunctions } from './calc/custom-functions.ts';
import type { FunctionMetadata } from './calc/custom-functions.ts';
import { noFaults, refusals, type Faults, type Refusal } from './faults.ts';
import { hostError } from './model/errors.ts';
import { addSheet } from './model/sheets.ts';
import { createWorkbook, type Workbook } from './model/workbook.ts';
import { createEvents, type MessageEntry } from './objects/events.ts';
import { createRoot } from './objects/root.ts';
import { bind } from './richapi/host-object.ts';
import { actionTypes, pathTypes } from './richapi/protocol.ts';
import type { RichApiRequest, RichApiResponse } from './richapi/protocol.ts';
import { createRichApiServer } from './richapi/server.ts';

/** The highest sets office.js 1.1.110 knows; versions are texts ("1.10" is not 1.1). */
export const REQUIREMENTS = {
  ExcelApi: '1.15',
  CustomFunctions: '1.9',
  CustomFunctionsRuntime: '1.4',
  SharedRuntime: '1.2',
  RichApiRuntimeFlag: '1.2',
  DelayForCellEdit: '1.1',
  Settings: '1.1',
} as const;

/** Request flag of Excel.run({ delayForCellEdit: true }): wait until the cell is left. */
const DELAY_FOR_CELL_EDIT = 64;
const EDIT_POLL_MS = 50;

const CUSTOM_FUNCTIONS_SERVICE = 'Microsoft.ExcelServices.CustomFunctions';

export type Outcome =
  | { readonly kind: 'answered'; readonly response: RichApiResponse }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export interface Counters {
  /** Requests of the add-in for the workbook; results of custom functions are counted apart. */
  requests: number;
  actions: number;
  functionResults: number;
  functionCalls: number;
  functionBatches: number;
}

export interface ExcelHost {
  readonly book: Workbook;
  readonly calculation: Calculation;
  readonly functions: CustomFunctions;
  readonly faults: Faults;
  readonly counters: Counters;
  readonly process: (request: RichApiRequest, flags: number) => Promise<Outcome>;
  readonly referenceCount: () => number;
  /** The add-in's page is loaded (again): its listeners are gone, its functions not ready. */
  readonly addInStarts: () => void;
}

export interface HostOptions {
  /** Brings events and function calls to the add-in. */
  readonly send: (entries: readonly MessageEntry[]) => void;
  readonly onSelectionChanged?: () => void;
  readonly namespace?: string;
  readonly functions?: readonly FunctionMetadata[];
  readonly onBug?: (error: unknown) => void;
  /** False until somebody is typing into a cell; then writes are refused, as in Excel. */
  readonly isEditing?: () => boolean;
}

export function createHost(options: HostOptions): ExcelHost {
  const book = createWorkbook();
  const faults = noFaults();
  const counters: Counters = {
    requests: 0,
    actions: 0,
    functionResults: 0,
    functionCalls: 0,
    functionBatches: 0,
  };
  const functions = createCustomFunctions({
    namespace: options.namespace ?? 'MCC',
    metadata: options.functions ?? [],
    send: (entries) => {
      counters.functionBatches += 1;
      counters.functionCalls += entries.length;
      options.send(entries);
    },
    cancel: options.send,
  });
  const calculation = createCalculation(book, functions);
  addSheet(book, 'Sheet1');
  const events = createEvents(book, options.send);
  if (options.onSelectionChanged) {
    const { onSelectionChanged } = options;
    book.listeners.add((change) => {
      if (change.kind === 'selection') onSelectionChanged();
    });
  }
  const server = createRichApiServer({
    root: createRoot(book, events),
    services: {
      [CUSTOM_FUNCTIONS_SERVICE]: functions.service,
      'Microsoft.InternalService.AddinInternalService': bind(addinService, null),
    },
    ...(options.onBug ? { onBug: options.onBug } : {}),
  });

  async function process(request: RichApiRequest, flags: number): Promise<Outcome> {
    if (faults.latencyMs > 0) await later(faults.latencyMs);
    if (isInternal(request)) {
      counters.functionResults += 1;
      return { kind: 'answered', response: server.process(request) };
    }
    counters.requests += 1;
    counters.actions += request.Actions.length;
    const delays = (flags & DELAY_FOR_CELL_EDIT) !== 0;
    while (delays && options.isEditing?.()) await later(EDIT_POLL_MS);
    const refusal = faults.refuseNext.shift() ?? (options.isEditing?.() ? 'cellEdit' : undefined);
    if (refusal) return { kind: 'refused', refusal: refusals[refusal] };
    return { kind: 'answered', response: asAddIn(request) };
  }

  function asAddIn(request: RichApiRequest): RichApiResponse {
    book.source = 'add-in';
    try {
      if (faults.readOnly && writes(request)) return denied();
      return server.process(request);
    } finally {
      book.source = 'person';
      calculation.flush();
    }
  }

  const { referenceCount } = server;
  const addInStarts = (): void => {
    events.clear();
    functions.stop();
  };
  return { book, calculation, functions, faults, counters, process, referenceCount, addInStarts };
}

const later = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Answers of the function runtime and the start handshake: never refused, never counted. */
function isInternal(request: RichApiRequest): boolean {
  return Object.values(request.ObjectPaths).some(
    (path) => path.ObjectPathType === pathTypes.newObject && path.Name.startsWith('Microsoft.'),
  );
}

function writes(request: RichApiRequest): boolean {
  const kinds: readonly number[] = [actionTypes.setProperty, actionTypes.update];
  return request.Actions.some((action) => kinds.includes(action.ActionType));
}

function denied(): RichApiResponse {
  const { code, message, status } = hostError('AccessDenied', 'This workbook is read-only.');
  const error = { Code: code, Message: message, Location: 'workbook', ActionIndex: 0 };
  return { Results: [], TraceIds: [], Error: { ...error, HttpStatusCode: status } };
}

const addinService = {
  name: 'AddinInternalService',
  methods: { NotifyActionHandlerReady: () => null },
};
