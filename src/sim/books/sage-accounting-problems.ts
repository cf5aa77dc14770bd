/** How Sage Accounting says no: a list of problems, as on its page of frequent errors (read 2026-11-22). */
import { answerJson, type SimAnswer } from '../exchange.ts';

export function problem(
  status: number,
  code: string,
  message: string,
  source = '',
  headers: Readonly<Record<string, string>> = {},
): SimAnswer {
  const one = { $severity: 'error', $dataCode: code, $message: message, $source: source };
  return answerJson(status, [one], headers);
}

export const invalid = (message: string, source = 'base'): SimAnswer =>
  problem(422, 'RecordInvalid', message, source);

export const notFound = (): SimAnswer =>
  problem(404, 'RecordNotFound', 'The record does not exist.');

export const notPlayed = (): SimAnswer =>
  problem(404, 'ResourceNotFound', 'There is no such resource.');
