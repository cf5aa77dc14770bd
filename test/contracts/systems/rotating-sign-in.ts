/** The sign-in of books whose refresh token rotates: what a request and an answer always hold. */
import type { Exchange } from '../../../src/sim/exchange.ts';

type Json = Record<string, unknown>;

const NAMES = ['access_token', 'refresh_token', 'expires_in', 'token_type'];

/** `more`: what this service's page names beside them. */
export const signInCheck =
  (more: readonly string[] = []) =>
  ({ requestBody, answer, status }: Exchange): readonly string[] => {
    const body = requestBody as Json | null;
    if (body?.['grant_type'] !== 'refresh_token') return ['the sign-in names no grant.'];
    if (status !== 200) return [];
    return [...NAMES, ...more]
      .filter((name) => !(name in (answer as Json)))
      .map((name) => `it has no ${name}.`);
  };
