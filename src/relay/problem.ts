/** What a refused request gets: RFC 9457 problem JSON with our code and what to do. */
import * as z from 'zod/mini';
import { AppError, ERRORS, type ErrorCode } from '../core/errors.ts';

export const ProblemDocument = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
  requestId: z.string(),
});
export type Problem = z.infer<typeof ProblemDocument>;

/** Refusals by HTTP itself carry their own status beside our code. */
interface Trouble {
  readonly code: ErrorCode;
  readonly status: number;
  readonly message: string;
  readonly remedy: string;
}

interface HttpError {
  readonly statusCode?: number;
  readonly code?: string;
  readonly validationContext?: string | undefined;
  readonly validation?: readonly { readonly instancePath: string; readonly message?: string }[];
}

const MESSAGE_MAX = 2000;

/** What the body of a route is on the wire. */
export type Carries = 'json' | 'bytes';
interface BodyWords {
  readonly tooLarge: string;
  readonly otherKind: string;
}
const WORDS: Readonly<Record<Carries, BodyWords>> = {
  json: {
    tooLarge: 'The request is larger than 1 MB.',
    otherKind: 'The request must be plain JSON (content-type: application/json).',
  },
  bytes: {
    tooLarge:
      'The file is larger than the limit of 10 MB. Save it where the relay runs and name it in the settings of the source, as "path" in place of "upload": there it may have 500 MB.',
    otherKind: 'The request must be the bytes of a file (content-type: application/octet-stream).',
  },
};

export function toProblem(error: unknown, requestId: string, carries: Carries = 'json'): Problem {
  const { code, status, message, remedy } = troubleOf(error, carries);
  const title = code.toLowerCase().replaceAll('_', ' ');
  const words = message.slice(0, MESSAGE_MAX);
  return { type: `urn:mcc:${code}`, title, status, code, message: words, remedy, requestId };
}

/** True for what is our own defect: it is logged with its stack, the caller gets a number. */
export const isDefect = (error: unknown): boolean => troubleOf(error, 'json').code === 'INTERNAL';

function troubleOf(error: unknown, carries: Carries): Trouble {
  if (error instanceof AppError) {
    return {
      code: error.code,
      status: ERRORS[error.code].http,
      message: error.message,
      remedy: error.remedy,
    };
  }
  const known = httpTrouble(error as HttpError, WORDS[carries]);
  if (known) return known;
  const { http, remedy } = ERRORS.INTERNAL;
  return { code: 'INTERNAL', status: http, message: 'Something went wrong inside MCC.', remedy };
}

function httpTrouble(error: HttpError, words: BodyWords): Trouble | null {
  if (error.validation) return input(400, fieldWords(error));
  if (error.code === 'FST_ERR_BAD_URL') {
    return input(400, 'The address cannot be read: what follows a % sign is no UTF-8.');
  }
  switch (error.statusCode) {
    case 400:
      return input(400, 'The request is not complete: a JSON body is expected.');
    case 403:
    case 404:
      return input(404, 'There is nothing at this address.');
    case 413:
      return input(413, words.tooLarge);
    case 414:
    case 431:
      return input(error.statusCode, 'The address or the headers of the request are too long.');
    case 415:
      return input(415, words.otherKind);
    case 429:
      return {
        code: 'LIMIT_REACHED',
        status: 429,
        message: 'Too many requests.',
        remedy: ERRORS.LIMIT_REACHED.remedy,
      };
    case undefined:
    default:
      return null;
  }
}

const input = (status: number, message: string): Trouble => ({
  code: 'INPUT_INVALID',
  status,
  message,
  remedy: ERRORS.INPUT_INVALID.remedy,
});

/** "body invoices.3.lines.2.amount: Invalid input: expected string", one sentence per field. */
function fieldWords(error: HttpError): string {
  const part =
    error.validationContext === 'querystring' ? 'query' : (error.validationContext ?? 'body');
  return (error.validation ?? [])
    .slice(0, 5)
    .map(({ instancePath, message }) => {
      const field = instancePath.slice(1).replaceAll('/', '.');
      return `${part}${field ? ` ${field}` : ''}: ${message ?? 'is not valid'}.`;
    })
    .join(' ');
}
