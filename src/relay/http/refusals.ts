/** Answers nobody can use, as errors that name the service and the path, in its own words where it has some. */
import { AppError } from '../../core/errors.ts';
import type { Answer } from './answer.ts';

interface Named {
  readonly title: string;
  /** The service's own words for a refusal; null: none there. */
  readonly explain?: (answer: Answer) => string | null;
}

/** What no caller can use is an error here; what is left is 2xx and plain 4xx. */
export function refuseUnusable(
  service: Named,
  path: string,
  answer: Answer,
  redact: (text: string) => string,
): Answer {
  const { title } = service;
  const { status } = answer;
  const says = `${title} answered ${path} with ${String(status)}`;
  const words = status >= 400 ? wordsOf(service, answer, redact) : '';
  if (status === 401 || status === 403) throw refused(title, path, status, words);
  if (status === 429) throw new AppError('SOURCE_BUSY', `${says}: too many requests.${words}`);
  if (status === 408 || status >= 500) throw new AppError('SOURCE_DOWN', `${says}.${words}`);
  if (status < 200 || (status >= 300 && status < 400)) {
    throw new AppError(
      'SOURCE_MALFORMED',
      `${says}: it sends us elsewhere, which is never followed.`,
    );
  }
  return answer;
}

export function wordsOf(
  { explain }: Named,
  answer: Answer,
  redact: (text: string) => string,
): string {
  const own = explain?.(answer);
  return own ? ` ${redact(own)}` : '';
}

export const isDown = (error: unknown): boolean =>
  error instanceof AppError && error.code === 'SOURCE_DOWN';

export const refused = (title: string, path: string, status: number, words = ''): AppError =>
  new AppError(
    'SOURCE_REFUSED',
    `${title} refused our credentials or their rights for ${path} (${String(status)}).${words}`,
  );

/** An answer that no caller of get or post expects: a refusal in the service's words, or a changed one. */
export function unexpected(
  { title, explain }: Named,
  path: string,
  answer: Answer,
  redact: (text: string) => string,
): AppError {
  const status = String(answer.status);
  if (answer.status < 400) {
    return new AppError('SOURCE_MALFORMED', `${title} answered ${path} with ${status}.`);
  }
  const words = explain?.(answer) ?? '';
  return new AppError(
    'SOURCE_REFUSED',
    redact(`${title} refused ${path} (${status}). ${words}`.trim()),
  );
}
