/** Errors as Excel words and codes them; the rich API hands them to the add-in by code. */

const MESSAGES = {
  ItemNotFound: [404, "The requested resource doesn't exist."],
  ItemAlreadyExists: [409, 'A resource with the same name or identifier already exists.'],
  InvalidArgument: [400, 'The argument is invalid or missing or has an incorrect format.'],
  InvalidReference: [400, 'This reference is not valid for the current operation.'],
  InvalidOperation: [400, 'This operation is not permitted for the current object.'],
  AccessDenied: [403, 'You cannot perform the requested operation.'],
  ApiNotFound: [404, 'The API is not found.'],
  ResponsePayloadSizeLimitExceeded: [
    413,
    'The response payload size has exceeded the limit. Please refer to the documentation.',
  ],
  InvalidOperationInCellEditMode: [
    400,
    'Excel is in cell-editing mode. Please exit the edit mode by pressing ENTER or TAB or selecting another cell, and then try again.',
  ],
  TooManyRequests: [429, 'The add-in sent too many requests; try again in a moment.'],
  GeneralException: [500, 'There was an internal error while processing the request.'],
} as const satisfies Record<string, readonly [number, string]>;

export type HostErrorCode = keyof typeof MESSAGES;

const MARK = Symbol('host error');

export interface HostError extends Error {
  readonly [MARK]: true;
  readonly code: string;
  readonly status: number;
}

/** A code of Excel's own; the detail takes the place of Excel's sentence. */
export function hostError(code: HostErrorCode, detail?: string): HostError {
  const [status, message] = MESSAGES[code];
  return codedError(code, status, detail ?? message);
}

/** For fault switches, which may use any code. */
export function codedError(code: string, status: number, message: string): HostError {
  return Object.assign(new Error(message), { [MARK]: true as const, code, status });
}

export function isHostError(error: unknown): error is HostError {
  return error instanceof Error && MARK in error;
}
