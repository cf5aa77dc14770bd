import type { z } from 'zod';
import { AppError } from '../../core/errors.ts';

/** What a service answered, before anybody has judged it. */
export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | null>>;
export type Headers = Readonly<Record<string, string>>;

/** More than the largest page of any vendor we know, by a factor of ten. */
export const ANSWER_BYTES_MAX = 32 * 1024 * 1024;

/** Text to a typed value, or SOURCE_MALFORMED in words; what it holds is never repeated. */
export function parseAnswer<Schema extends z.ZodType>(
  title: string,
  path: string,
  answer: Answer,
  schema: Schema,
): z.infer<Schema> {
  const result = schema.safeParse(parseJson(title, path, answer));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue?.path.map(String).join('.') || 'the whole answer';
  throw malformed(title, path, `${field}: ${issue?.message ?? 'does not fit'}`);
}

function parseJson(title: string, path: string, { text }: Answer): unknown {
  const start = text.trimStart();
  if (start === '') throw malformed(title, path, 'it is empty');
  if (start.startsWith('<')) throw malformed(title, path, 'it is a web page and not data');
  try {
    return JSON.parse(text);
  } catch {
    throw malformed(title, path, 'it is cut short or is not JSON');
  }
}

export const malformed = (title: string, path: string, what: string): AppError =>
  new AppError('SOURCE_MALFORMED', `${title}: the answer to ${path} cannot be used: ${what}.`);
