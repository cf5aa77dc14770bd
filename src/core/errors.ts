/** The one error class and the one catalogue: what a person can do about each kind of trouble. */
export const ERRORS = {
  INPUT_INVALID: { http: 400, remedy: 'Correct the value named in the message and try again.' },
  NOT_ALLOWED: { http: 403, remedy: 'Open the pane with a fresh pairing code from the relay.' },
  NOT_FOUND: { http: 404, remedy: 'Refresh the pane: what you asked for is no longer there.' },
  SETUP_MISSING: { http: 424, remedy: 'Complete the connection in the configuration file.' },
  SOURCE_REFUSED: { http: 424, remedy: 'Renew the credentials of this connection.' },
  SOURCE_BUSY: { http: 503, remedy: 'The service asks us to slow down. Try again later.' },
  SOURCE_DOWN: { http: 502, remedy: 'The service does not answer. Try again later.' },
  SOURCE_MALFORMED: {
    http: 502,
    remedy: 'The answer of the service has changed. Nothing was taken over; report it.',
  },
  VERSION_STALE: { http: 409, remedy: 'Load it again, look, and go by the state it has now.' },
  TOO_EARLY: { http: 409, remedy: 'Wait until the time named in the message, then decide.' },
  KEY_REUSED: { http: 422, remedy: 'Reload the pane: it sent another request under a used key.' },
  APPROVAL_STALE: { http: 409, remedy: 'Review the named line and approve it again.' },
  POSTING_REJECTED: { http: 422, remedy: 'Correct the invoice or the customer in the books.' },
  POSTING_UNKNOWN: {
    http: 504,
    remedy: 'Do not enter the invoice by hand yet: the relay looks for it first.',
  },
  LEDGER_CONFLICT: { http: 409, remedy: 'Look at what the message names and settle it first.' },
  RECOVERY: {
    http: 409,
    remedy: 'Wait until the relay has looked everything up in the books, or end the recovery.',
  },
  LIMIT_REACHED: { http: 429, remedy: 'Too many requests. Wait a moment and try again.' },
  INTERNAL: { http: 500, remedy: 'This is a defect of MCC. Nothing was posted; report it.' },
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** A trouble that a person can act on: the message says what happened to what. */
export class AppError extends Error {
  readonly code: ErrorCode;
  /** The one of the catalogue, unless this trouble has a better one. */
  readonly remedy: string;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown; remedy?: string }) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
    this.remedy = options?.remedy ?? ERRORS[code].remedy;
  }
}

/** A promise between our own functions; breaking it is a defect, never a user's mistake. */
export function assert(condition: unknown, words: string): asserts condition {
  if (!condition) throw new Error(`Broken promise: ${words}`);
}
