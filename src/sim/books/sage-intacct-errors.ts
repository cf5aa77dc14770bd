/** How Sage Intacct says no: one body within the result, whatever the status. */
import { answerJson, type SimAnswer } from '../exchange.ts';

export const refuse = (
  status: number,
  code: string,
  message: string,
  details: readonly string[] = [],
): SimAnswer =>
  answerJson(status, {
    'ia::result': {
      'ia::error': {
        code,
        message,
        errorId: `REST-${String(status)}`,
        additionalInfo: {},
        details: details.map((words) => ({ code: 'invalidParameter', message: words })),
      },
    },
    'ia::meta': { totalCount: 1, totalSuccess: 0, totalError: 1 },
  });

export const notFound = (): SimAnswer =>
  refuse(404, 'objectNotFound', 'The requested resource was not found.');

export const malformed = (words: string): SimAnswer =>
  refuse(400, 'invalidRequest', 'Payload contains errors', [words]);

export const invalid = (words: string): SimAnswer =>
  refuse(422, 'businessRuleError', 'The operation failed', [words]);
