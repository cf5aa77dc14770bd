/** Intuit's sign-in: a refresh token is good once, an access token for an hour. */
import { randomUUID } from 'node:crypto';
import { answerJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { createTokenStore } from '../tokens.ts';

const LIFETIME_SECONDS = 3600;
const REFRESH_LIFETIME_SECONDS = 8_726_400;
const PATH = '/oauth2/v1/tokens/bearer';

interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Of the first sign-in of a person. */
  readonly refreshToken: string;
}

export interface Login {
  /** Null when the request is for another address. */
  signIn(request: SimRequest): SimAnswer | null;
  isSignedIn(request: SimRequest): boolean;
  revokeTokens(): void;
}

export function createIntuitLogin(client: Client, ledger: Ledger): Login {
  const tokens = createTokenStore(LIFETIME_SECONDS);
  const basic = Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64');
  const current = (): string => ledger.get('grant', client.clientId)?.token ?? client.refreshToken;

  return {
    signIn(request) {
      if (request.path !== PATH) return null;
      if (request.method !== 'POST') return answerJson(405, { error: 'invalid_request' });
      if (request.headers['authorization'] !== `Basic ${basic}`) {
        return answerJson(401, { error: 'invalid_client' });
      }
      const form = new URLSearchParams(request.body);
      const isForm = request.headers['content-type']?.startsWith(
        'application/x-www-form-urlencoded',
      );
      if (!isForm || form.get('grant_type') !== 'refresh_token') {
        return answerJson(400, { error: 'unsupported_grant_type' });
      }
      if (form.get('refresh_token') !== current()) {
        return answerJson(400, { error: 'invalid_grant' });
      }
      const token = randomUUID();
      ledger.put('grant', client.clientId, { id: client.clientId, token });
      return answerJson(200, {
        token_type: 'bearer',
        access_token: tokens.issue(request.nowMs),
        expires_in: LIFETIME_SECONDS,
        refresh_token: token,
        x_refresh_token_expires_in: REFRESH_LIFETIME_SECONDS,
      });
    },
    isSignedIn: ({ headers, nowMs }) => tokens.isValid(headers['authorization'], nowMs),
    revokeTokens: () => tokens.revokeAll(),
  };
}
