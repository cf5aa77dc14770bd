/** How QuickBooks Online says no: Intuit's list of common errors, read 2026-11-22. */
import { answerJson, type SimAnswer } from '../exchange.ts';

export type FaultType = 'ValidationFault' | 'AuthenticationFault' | 'AuthorizationFault';

export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly detail: string;
  readonly element?: string;
}

export function fault(
  status: number,
  problem: Problem,
  nowMs: number,
  type: FaultType = 'ValidationFault',
  headers: Readonly<Record<string, string>> = {},
): SimAnswer {
  const { code, message, detail, element = '' } = problem;
  const body = {
    Fault: { Error: [{ Message: message, Detail: detail, code, element }], type },
    time: new Date(nowMs).toISOString(),
  };
  return answerJson(status, body, headers);
}

const problem =
  (code: string, message: string) =>
  (detail: string, element = ''): Problem => ({ code, message, detail, element });

export const notFound = problem('610', 'Object Not Found');
export const badProperty = problem('2010', 'Request has invalid or unsupported property');
export const missing = problem('2020', 'Required param missing, need to supply the required value');
export const badReference = problem('2500', 'Invalid Reference Id');
export const badQuery = problem('4000', 'Error parsing query');
export const wrongAmount = problem('6070', 'Amount calculation incorrect in the request');
export const usedNumber = problem('6140', 'Duplicate Document Number Error');
export const periodClosed = problem('6210', 'Account Period Closed');
export const noSuchCompany = problem('3100', 'message=ApplicationAuthenticationFailed');
export const badToken = problem('3200', 'message=AuthenticationFailed; errorCode=003200');
export const tooMany = problem('3001', 'message=ThrottleExceeded; errorCode=003001');
