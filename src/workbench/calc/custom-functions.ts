/**
 * Custom functions over the richApiMessage channel, as the runtime inside excel-web-16.00.js
 * expects them (debug file 1.1.110, lines 61994-63060, read 2026-11-21): invoke in batches,
 * results, cancellation, streaming. Metadata is functions.json and is read by the host.
 */
import type { Scalar } from '../model/workbook.ts';
import type { MessageEntry } from '../objects/events.ts';
import { bind, type HostObject, type HostType } from '../richapi/host-object.ts';

const CATEGORY = 1;
const INVOKE = 1000;
const CANCEL = 1001;
const FLAGS = { cancelable: 1, streaming: 2, errorsIn: 4 } as const;

const ERRORS: Readonly<Record<number, string>> = {
  1: '#N/A',
  5: '#DIV/0!',
  6: '#NUM!',
  7: '#VALUE!',
  8: '#NULL!',
  9: '#NAME?',
  10: '#NAME?',
};

export interface FunctionMetadata {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly optional?: boolean;
    readonly dimensionality?: string;
  }[];
  readonly options?: {
    readonly stream?: boolean;
    readonly cancelable?: boolean;
    readonly requiresAddress?: boolean;
    readonly volatile?: boolean;
  };
}

/** A value, or a table of values for a spill. */
export interface FunctionResult {
  readonly value: Scalar | readonly (readonly Scalar[])[];
  readonly message: string | null;
}

export interface Invocation {
  readonly id: number;
  cancel(): void;
}

export interface CustomFunctions {
  /** Sent with all others of the same turn as one message. */
  invoke(
    metadata: FunctionMetadata,
    call: { args: readonly unknown[]; address: string },
    settle: (result: FunctionResult) => void,
  ): Invocation;
  /** By the name in a formula in capitals, "MCC.COUNT". */
  all(): ReadonlyMap<string, FunctionMetadata>;
  inFlight(): number;
  isReady(): boolean;
  /** The runtime can take calls; until then they wait. In a browser it says so itself. */
  start(): void;
  stop(): void;
  readonly service: HostObject;
}

interface Pending {
  readonly streaming: boolean;
  readonly entry: MessageEntry;
  readonly settle: (result: FunctionResult) => void;
}

export interface CustomFunctionOptions {
  readonly namespace: string;
  readonly metadata: readonly FunctionMetadata[];
  readonly send: (entries: readonly MessageEntry[]) => void;
  readonly cancel: (entries: readonly MessageEntry[]) => void;
}

export function createCustomFunctions(options: CustomFunctionOptions): CustomFunctions {
  const byName = new Map(
    options.metadata.map((one) => [`${options.namespace}.${one.name}`.toUpperCase(), one] as const),
  );
  const pending = new Map<number, Pending>();
  let queue: { id: number; entry: MessageEntry }[] = [];
  let sequence = 0;
  let isReady = false;
  let scheduled = false;

  function flush(): void {
    scheduled = false;
    if (!isReady) return;
    const entries = queue.filter(({ id }) => pending.has(id)).map(({ entry }) => entry);
    queue = [];
    if (entries.length > 0) options.send(entries);
  }

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setTimeout(flush, 0);
  }

  const invoke: CustomFunctions['invoke'] = (metadata, call, settle) => {
    sequence += 1;
    const id = sequence;
    const streaming = metadata.options?.stream === true;
    const entry = invokeEntry(id, metadata, call);
    pending.set(id, { streaming, entry, settle });
    queue.push({ id, entry });
    schedule();
    const cancel = (): void => {
      if (!pending.delete(id)) return;
      const unsent = queue.some((one) => one.id === id);
      if (unsent) queue = queue.filter((one) => one.id !== id);
      else options.cancel([cancelEntry(id)]);
    };
    return { id, cancel };
  };

  const settle = (id: number, result: FunctionResult): void => {
    const waiting = pending.get(id);
    if (!waiting) return;
    if (!waiting.streaming) pending.delete(id);
    waiting.settle(result);
  };
  // A second time means that the pane was loaded anew: whatever it had taken on is lost.
  const ready = (): void => {
    isReady = true;
    queue = [...pending].map(([id, { entry }]) => ({ id, entry }));
    schedule();
  };
  return {
    invoke,
    all: () => byName,
    inFlight: () => [...pending.values()].filter((one) => !one.streaming).length,
    isReady: () => isReady,
    start: ready,
    stop: () => void (isReady = false),
    service: bind(serviceType, { settle, ready }),
  };
}

function invokeEntry(
  id: number,
  metadata: FunctionMetadata,
  call: { args: readonly unknown[]; address: string },
): MessageEntry {
  const { stream, cancelable, requiresAddress } = metadata.options ?? {};
  const flags = (cancelable || stream ? FLAGS.cancelable : 0) | (stream ? FLAGS.streaming : 0);
  // An omitted optional argument arrives as null, never as undefined.
  const count = Math.max(metadata.parameters.length, call.args.length);
  const values = Array.from({ length: count }, (_item, index) => call.args[index] ?? null);
  const address = requiresAddress ? call.address : null;
  const message = JSON.stringify([id, metadata.id, values, address, flags, null]);
  return [CATEGORY, INVOKE, '', message, id, false];
}

function cancelEntry(id: number): MessageEntry {
  return [CATEGORY, CANCEL, '', JSON.stringify({ invocationId: id }), id, false];
}

interface ServiceSelf {
  readonly settle: (id: number, result: FunctionResult) => void;
  readonly ready: () => void;
}

const serviceType: HostType<ServiceSelf> = {
  name: 'CustomFunctions',
  methods: {
    _SetOsfControlContainerReadyForCustomFunctions: ({ ready }) => ready(),
    _GetEnabledFeatures: () => [],
    SetInvocationArrayResults: ({ settle }, results) => settleAll(settle, results),
    SetInvocationResults: ({ settle }, results) => settleAll(settle, results),
  },
};

/** [id, true, value, [ms]] or [id, false, message, code, [ms]]. */
function settleAll(settle: ServiceSelf['settle'], results: unknown): void {
  if (!Array.isArray(results)) return;
  for (const result of results as readonly unknown[]) {
    if (!Array.isArray(result)) continue;
    const [id, succeeded, value, code] = result as readonly unknown[];
    settle(Number(id), succeeded === true ? toResult(value) : toError(value, Number(code)));
  }
}

function toError(message: unknown, code: number): FunctionResult {
  const said = typeof message === 'string' && message !== '' ? message : null;
  return { value: ERRORS[code] ?? '#VALUE!', message: said };
}

/** A returned CustomFunctions.Error or a number with a card carries its plain value inside. */
function toResult(value: unknown): FunctionResult {
  if (Array.isArray(value)) return { value: toTable(value), message: null };
  if (typeof value !== 'object' || value === null) return { value: toScalar(value), message: null };
  const { basicValue, message, code } = value as Record<string, unknown>;
  const said = typeof message === 'string' && message !== '' ? message : null;
  return { value: toScalar(basicValue ?? code ?? '#VALUE!'), message: said };
}

function toTable(rows: readonly unknown[]): FunctionResult['value'] {
  return rows.map((row) =>
    Array.isArray(row) ? row.map((one) => toScalar(one)) : [toScalar(row)],
  );
}

/** Null and undefined become 0 in a cell, as in Excel. */
function toScalar(value: unknown): Scalar {
  if (typeof value === 'object' && value !== null && 'basicValue' in value) {
    return toScalar(value.basicValue);
  }
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') {
    return value;
  }
  return 0;
}
