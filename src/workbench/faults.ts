/** Switches for tests and for trying failure paths: a thing real Excel cannot give on demand. */

/** Office error codes (excel-web-16.00.debug.js 1.1.110, lines 1820-1834, read 2026-11-21). */
export const refusals = {
  cellEdit: {
    officeCode: 5004,
    status: 400,
    code: 'InvalidOperationInCellEditMode',
    message:
      'Excel is in cell-editing mode. Please exit the edit mode by pressing ENTER or TAB or selecting another cell, and then try again.',
  },
  throttled: {
    officeCode: 5102,
    status: 429,
    code: 'ActivityLimitReached',
    message: 'Activity limit has been reached.',
  },
} as const;

export type RefusalName = keyof typeof refusals;
export type Refusal = (typeof refusals)[RefusalName];

export interface Faults {
  /** Added to every request. */
  latencyMs: number;
  /** Every write is refused with AccessDenied. */
  readOnly: boolean;
  /** The next requests of the add-in are refused, one each. */
  readonly refuseNext: RefusalName[];
}

export const noFaults = (): Faults => ({ latencyMs: 0, readOnly: false, refuseNext: [] });
