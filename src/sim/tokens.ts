/** Bearer tokens of a client-credentials sign-in, which expire by the stand-ins' clock. */
import { randomUUID } from 'node:crypto';

export interface TokenStore {
  issue(nowMs: number): string;
  isValid(authorization: string | undefined, nowMs: number): boolean;
  /** Ends every token at once, as a change of credentials does. */
  revokeAll(): void;
}

const KEPT_MAX = 1000;

export function createTokenStore(lifetimeSeconds: number): TokenStore {
  const expiry = new Map<string, number>();
  return {
    issue(nowMs) {
      const token = randomUUID();
      if (expiry.size >= KEPT_MAX) expiry.clear();
      expiry.set(token, nowMs + lifetimeSeconds * 1000);
      return token;
    },
    isValid(authorization, nowMs) {
      const [scheme, token] = (authorization ?? '').split(' ');
      const until = scheme?.toLowerCase() === 'bearer' ? expiry.get(token ?? '') : undefined;
      return until !== undefined && nowMs < until;
    },
    revokeAll: () => expiry.clear(),
  };
}
