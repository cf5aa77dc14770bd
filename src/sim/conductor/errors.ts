/**
 * Conductor's one error shape, and QuickBooks' own codes inside it. A request that QuickBooks
 * refuses comes back as 502 INTEGRATION_ERROR with the qbXML status as integrationCode
 * (docs.conductor.is, error handling; Intuit, status codes in response messages; read 2026-11-21).
 */
import { randomUUID } from 'node:crypto';
import { answerJson, type SimAnswer } from '../exchange.ts';

interface Trouble {
  readonly status: number;
  readonly type:
    | 'INTEGRATION_ERROR'
    | 'INTEGRATION_CONNECTION_ERROR'
    | 'INVALID_REQUEST_ERROR'
    | 'AUTHENTICATION_ERROR';
  readonly code: string;
  readonly message: string;
  readonly integrationCode?: string;
}

export const requestId = (): string => `req_${randomUUID().replaceAll('-', '').slice(0, 14)}`;

function errorAnswer(trouble: Trouble): SimAnswer {
  const { status, type, code, message, integrationCode } = trouble;
  const id = requestId();
  const error = {
    message,
    userFacingMessage: `The books could not do this: ${message}`,
    type,
    code,
    httpStatusCode: status,
    ...(integrationCode === undefined ? {} : { integrationCode }),
    requestId: id,
  };
  return answerJson(status, { error }, { 'conductor-request-id': id });
}

export const invalidRequest = (message: string): SimAnswer =>
  errorAnswer({ status: 400, type: 'INVALID_REQUEST_ERROR', code: 'INVALID_REQUEST', message });

export const notFound = (message: string): SimAnswer =>
  errorAnswer({ status: 404, type: 'INVALID_REQUEST_ERROR', code: 'RESOURCE_MISSING', message });

export const unauthorised = (): SimAnswer =>
  errorAnswer({
    status: 401,
    type: 'AUTHENTICATION_ERROR',
    code: 'API_KEY_INVALID',
    message: 'The secret key is missing or not valid.',
  });

/** QuickBooks itself said no; nothing was written. */
export const refusedByBooks = (qbxmlStatus: number, message: string): SimAnswer =>
  errorAnswer({
    status: 502,
    type: 'INTEGRATION_ERROR',
    code: 'QBD_REQUEST_ERROR',
    message: `QBD Request Error (${String(qbxmlStatus)}): ${message}`,
    integrationCode: String(qbxmlStatus),
  });

export const timedOut = (): SimAnswer =>
  errorAnswer({
    status: 504,
    type: 'INTEGRATION_CONNECTION_ERROR',
    code: 'QBD_REQUEST_TIMEOUT',
    message: 'QuickBooks Desktop did not answer in time.',
  });

/** A filter named something that is not there: an error, never an empty list. */
export const missingElement = (value: string): SimAnswer =>
  refusedByBooks(
    500,
    `The query request has not been fully completed. There was a required element ("${value}") that could not be found in QuickBooks.`,
  );
