/**
 * The functions of the namespace MCC. Their doc texts are what Excel shows; functions.json is
 * made from them in the build. No zod, React or sign-in library may come in here.
 */
import { AppError } from '../src/core/errors.ts';
import { asof, count, delta, prev, status, type Told } from './cells.ts';
import { plainAddress, type CellAnswer } from './registry.ts';
import { runtime } from './runtime.ts';

type Invocation = CustomFunctions.CancelableInvocation;
type Formula = CellAnswer['formula'];
type Answering = (of: typeof runtime, args: readonly unknown[], preview: boolean) => Promise<Told>;

/**
 * How many of a service a client has, as its vendor counts them. The number belongs to a snapshot: it changes with Refresh only.
 * @customfunction MCCCOUNT COUNT
 * @param client Name or code of the client, as in the books.
 * @param service Name or code of the service, for example "M365". A group is the sum of its members.
 * @param [asOf] MCC_AsOf, a month such as "2026-10", or a date. Empty: the month of this workbook.
 * @param [basis] billable, assigned, bought, active or peak. Empty: the basis this service is billed by.
 * @param invocation Given by Excel.
 * @requiresAddress
 * @cancelable
 */
export function countCell(
  client: unknown,
  service: unknown,
  asOf: unknown,
  basis: unknown,
  invocation: CustomFunctions.CancelableInvocation,
): Promise<unknown> {
  return answer('COUNT', count, [client, service, asOf, basis], asOf, invocation);
}

/**
 * The quantity of a service that was last posted for a client.
 * @customfunction MCCPREV PREV
 * @param client Name or code of the client, as in the books.
 * @param service Name or code of the service, for example "M365".
 * @param [back] How many posted months back, 1 to 24. Empty: the last one.
 * @param invocation Given by Excel.
 * @requiresAddress
 * @cancelable
 */
export function prevCell(
  client: unknown,
  service: unknown,
  back: unknown,
  invocation: CustomFunctions.CancelableInvocation,
): Promise<unknown> {
  return answer('PREV', prev, [client, service, back], null, invocation);
}

/**
 * The count of a service minus the quantity that was last posted.
 * @customfunction MCCDELTA DELTA
 * @param client Name or code of the client, as in the books.
 * @param service Name or code of the service, for example "M365".
 * @param [asOf] MCC_AsOf, a month such as "2026-10", or a date. Empty: the month of this workbook.
 * @param invocation Given by Excel.
 * @requiresAddress
 * @cancelable
 */
export function deltaCell(
  client: unknown,
  service: unknown,
  asOf: unknown,
  invocation: CustomFunctions.CancelableInvocation,
): Promise<unknown> {
  return answer('DELTA', delta, [client, service, asOf], asOf, invocation);
}

/**
 * When the counts of a source or service were last taken, as a date and time. Format the cell as date and time.
 * @customfunction MCCASOF ASOF
 * @param source Name of the source, for example "Pax8", or of a service.
 * @param invocation Given by Excel.
 * @requiresAddress
 * @cancelable
 */
export function asofCell(
  source: unknown,
  invocation: CustomFunctions.CancelableInvocation,
): Promise<unknown> {
  return answer('ASOF', asof, [source], null, invocation);
}

/**
 * What became of a client's invoice, in words: ready, checking, needs you, posted with its number, held.
 * @customfunction MCCSTATUS STATUS
 * @param client Name or code of the client, as in the books.
 * @param [asOf] A month such as "2026-10", or a date. Empty: the month of this workbook.
 * @param invocation Given by Excel.
 * @requiresAddress
 * @cancelable
 */
export function statusCell(
  client: unknown,
  asOf: unknown,
  invocation: CustomFunctions.CancelableInvocation,
): Promise<unknown> {
  return answer('STATUS', status, [client, asOf], asOf, invocation);
}

CustomFunctions.associate('MCCCOUNT', countCell);
CustomFunctions.associate('MCCPREV', prevCell);
CustomFunctions.associate('MCCDELTA', deltaCell);
CustomFunctions.associate('MCCASOF', asofCell);
CustomFunctions.associate('MCCSTATUS', statusCell);
runtime.readWorkbookWith(readWorkbook);

/** The one edge: every trouble becomes #VALUE! (mend the formula) or #N/A (no data now). */
async function answer(
  formula: Formula,
  answering: Answering,
  args: readonly unknown[],
  asOf: unknown,
  invocation: Invocation,
): Promise<unknown> {
  runtime.registry.started();
  const unpinned = !(typeof asOf === 'string' && asOf.includes('|'));
  const cell = {
    cell: plainAddress(invocation.address ?? ''),
    formula,
    client: text(args[0]),
    service: text(args[1]),
    unpinned,
  };
  try {
    const told = await answering(runtime, args, Boolean(invocation.isInValuePreview));
    runtime.registry.settled({ ...cell, value: told.value, error: null, words: told.words });
    return told.value;
  } catch (error) {
    const { isInput, words } = inWords(error);
    const code = isInput
      ? CustomFunctions.ErrorCode.invalidValue
      : CustomFunctions.ErrorCode.notAvailable;
    runtime.registry.settled({ ...cell, value: null, error: isInput ? '#VALUE!' : '#N/A', words });
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- Excel's own class; a plain Error loses its words
    throw new CustomFunctions.Error(code, words);
  }
}

function inWords(error: unknown): { readonly isInput: boolean; readonly words: string } {
  if (error instanceof AppError)
    return { isInput: error.code === 'INPUT_INVALID', words: error.message };
  return {
    isInput: false,
    words: 'This is a defect of MCC. Refresh in the MCC pane, and report it if it stays.',
  };
}

const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** Two round trips: which of the names are there, then their cells. */
async function readWorkbook(): Promise<{ asOf: unknown; period: unknown }> {
  await Office.onReady();
  return Excel.run(async (context) => {
    const names = ['MCC_AsOf', 'MCC_Period'].map((name) =>
      context.workbook.names.getItemOrNullObject(name),
    );
    await context.sync();
    const ranges = names.map((name) => (name.isNullObject ? null : name.getRange().load('values')));
    await context.sync();
    const [asOf, period] = ranges.map((range): unknown => range?.values[0]?.[0] ?? null);
    return { asOf, period };
  });
}
