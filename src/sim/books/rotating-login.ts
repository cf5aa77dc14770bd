/** An OAuth sign-in that rotates: a refresh token is good once, an access token for a while. */
import { randomUUID } from 'node:crypto';
import { answerJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { createTokenStore } from '../tokens.ts';

interface Client {
  readonly path: string;
  readonly lifetimeSeconds: number;
  /** What else stands in the answer. */
  readonly more: Readonly<Record<string, unknown>>;
  /** Where the client says who it is; the header where it is left out. */
  readonly clientIn?: 'header' | 'form';
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

export function createRotatingLogin(client: Client, ledger: Ledger): Login {
  const tokens = createTokenStore(client.lifetimeSeconds);
  const current = (): string => ledger.get('grant', client.clientId)?.token ?? client.refreshToken;

  return {
    signIn(request) {
      if (request.path !== client.path) return null;
      if (request.method !== 'POST') return answerJson(405, { error: 'invalid_request' });
      const form = new URLSearchParams(request.body);
      if (!isClient(client, request, form)) return answerJson(401, { error: 'invalid_client' });
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
        ...client.more,
        access_token: tokens.issue(request.nowMs),
        expires_in: client.lifetimeSeconds,
        refresh_token: token,
      });
    },
    isSignedIn: ({ headers, nowMs }) => tokens.isValid(headers['authorization'], nowMs),
    revokeTokens: () => tokens.revokeAll(),
  };
}

function isClient(
  { clientIn = 'header', clientId, clientSecret }: Client,
  { headers }: SimRequest,
  form: URLSearchParams,
): boolean {
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  return clientIn === 'header'
    ? headers['authorization'] === `Basic ${basic}`
    : form.get('client_id') === clientId && form.get('client_secret') === clientSecret;
}
