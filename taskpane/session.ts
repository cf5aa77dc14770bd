/** Who is asking: the pairing code of the address becomes a token, the token a session. */
import type { Client } from '../src/client/client.ts';
import { routes } from '../src/contract/contract.ts';
import type { BillingPeriod, Instant } from '../src/core/billing-period.ts';

export interface Session {
  readonly person: string;
  readonly profile: 'sample' | 'local' | 'team' | 'lab';
  readonly now: Instant;
  readonly currentPeriod: BillingPeriod;
  readonly books: {
    readonly id: string;
    readonly title: string;
    readonly company: string;
    readonly promise: string;
    readonly kind?: 'file' | undefined;
  };
  readonly twoPersons: boolean;
  readonly lateAfterHours: number;
}

/** "#K7Q2M-9XBCD" at the end of the address; anything with other signs is not a code. */
export function codeInAddress(hash: string): string | null {
  const code = hash.replace(/^#/, '');
  return /^[0-9A-Za-z-]{6,20}$/.test(code) ? code : null;
}

export async function pair(client: Client, code: string): Promise<string> {
  const { token } = await client.call(routes.pair, { body: { code: code.trim() } });
  return token;
}
