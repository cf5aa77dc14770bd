/**
 * Microsoft's sign-in for applications (client credentials, v2.0), as its stand-ins share it. From
 * the published protocol and its list of error codes, read 2026-11-22.
 */
import { answerJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import { createTokenStore, type TokenStore } from '../tokens.ts';

const TOKEN_SECONDS = 3599;
const TOKEN_PATH = /^\/login\/([^/]+)\/oauth2\/v2\.0\/token$/;

export interface LoginRules {
  readonly clientId: string;
  readonly clientSecret: string;
  /** "https://graph.microsoft.com/.default" */
  readonly scope: string;
  /** Whether the tenant is there, and whether it has let the application in. */
  readonly consentOf: (tenantId: string, nowMs: number) => 'given' | 'missing' | 'no tenant';
}

export interface MicrosoftLogin {
  /** Null when the request is no sign-in. */
  signIn(request: SimRequest): SimAnswer | null;
  /** The tenant a bearer token is for, or null. */
  tenantOf(request: SimRequest): string | null;
  revokeTokens(): void;
}

export function createMicrosoftLogin(rules: LoginRules): MicrosoftLogin {
  const stores = new Map<string, TokenStore>();
  return {
    signIn(request) {
      const tenantId = TOKEN_PATH.exec(request.path)?.[1];
      if (request.method !== 'POST' || tenantId === undefined) return null;
      const refusal = refusalOf(request, tenantId, rules);
      if (refusal) return refusal;
      const store = stores.get(tenantId) ?? createTokenStore(TOKEN_SECONDS);
      stores.set(tenantId, store);
      return answerJson(200, {
        token_type: 'Bearer',
        expires_in: TOKEN_SECONDS,
        ext_expires_in: TOKEN_SECONDS,
        access_token: store.issue(request.nowMs),
      });
    },
    tenantOf({ headers, nowMs }) {
      const found = [...stores].find(([, store]) => store.isValid(headers['authorization'], nowMs));
      return found?.[0] ?? null;
    },
    revokeTokens() {
      for (const store of stores.values()) store.revokeAll();
    },
  };
}

function refusalOf(request: SimRequest, tenantId: string, rules: LoginRules): SimAnswer | null {
  if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    return refusal(400, 'invalid_request', 900144, 'The body must be a form.');
  }
  const form = new URLSearchParams(request.body);
  if (form.get('grant_type') !== 'client_credentials') {
    return refusal(400, 'unsupported_grant_type', 70003, 'This grant is not supported.');
  }
  if (form.get('scope') !== rules.scope) {
    return refusal(400, 'invalid_scope', 70011, 'The scope is not valid.');
  }
  const consent = rules.consentOf(tenantId, request.nowMs);
  if (consent === 'no tenant') {
    return refusal(400, 'invalid_request', 90002, 'The tenant was not found.');
  }
  if (consent === 'missing' || form.get('client_id') !== rules.clientId) {
    return refusal(400, 'unauthorized_client', 700016, 'The application was not found here.');
  }
  if (form.get('client_secret') !== rules.clientSecret) {
    return refusal(401, 'invalid_client', 7000215, 'The client secret is not valid.');
  }
  return null;
}

const refusal = (status: number, error: string, code: number, words: string): SimAnswer =>
  answerJson(status, {
    error,
    error_description: `AADSTS${String(code)}: ${words}`,
    error_codes: [code],
    timestamp: '2026-10-31 10:00:00Z',
    trace_id: '00000000-0000-4000-8000-000000000001',
    correlation_id: '00000000-0000-4000-8000-000000000002',
  });
