/**
 * Pairing: a one-time code, printed at the start, is traded for a token of 256 bits that is kept
 * as its hash. Other programs of the same person can read the token; that limit is said openly
 * (posting-safety 6.2).
 */
import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { AppError } from '../core/errors.ts';
import { millisecondsBetween, type Clock } from './clock.ts';
import type { Store } from './store/database.ts';
import type { Instant } from '../core/billing-period.ts';

export interface Auth {
  /** The code of this start; works once. */
  readonly code: string;
  /** Trades the code for a token; `person` is who sits there, else the configured person. */
  pair(code: string, person: string | undefined): Promise<string>;
  /** Whose token it is; null when it is unknown or was idle for too long. */
  whoHas(token: string): Promise<string | null>;
}

interface AuthOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly person: string;
  readonly codeLifeMs: number;
  /** Of a lab: it works for ever and as often as it is offered. */
  readonly labCode?: string | undefined;
}

/** Crockford's alphabet has no I, L, O, U; ten of 32 are 50 bits. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_LENGTH = 10;
const TRIES_MAX = 5;
const IDLE_MS = 30 * 86_400_000;
/** Use is written down at most this often: a read must not cost a commit. */
const TOUCH_MS = 3_600_000;

export function createAuth({ store, clock, person, codeLifeMs, labCode }: AuthOptions): Auth {
  const code = labCode ?? makeCode();
  // Pairing is measured on the machine's own steady clock: moving ours must not renew a code.
  const madeAt = performance.now();
  let wrongTries = 0;
  let isUsed = false;
  return {
    code,
    async pair(offered, who) {
      const isOver = isUsed || wrongTries >= TRIES_MAX || performance.now() - madeAt > codeLifeMs;
      if (isOver && labCode === undefined) {
        throw new AppError(
          'NOT_ALLOWED',
          'This pairing code no longer works. Restart the relay for a new one.',
        );
      }
      if (!isSame(normalise(offered), code)) {
        wrongTries += 1;
        throw new AppError('NOT_ALLOWED', wrongWords(TRIES_MAX - wrongTries));
      }
      isUsed = true;
      const token = randomBytes(32).toString('base64url');
      const now = clock.now();
      const row = { hash: sha256(token), person: who ?? person, created_at: now, used_at: now };
      await store.insertInto('token').values(row).execute();
      return token;
    },
    async whoHas(token) {
      const hash = sha256(token);
      const row = await store
        .selectFrom('token')
        .selectAll()
        .where('hash', '=', hash)
        .executeTakeFirst();
      if (!row || !isSame(row.hash, hash)) return null;
      const idleMs = millisecondsBetween(row.used_at as Instant, clock.now());
      if (idleMs > IDLE_MS) return null;
      if (idleMs > TOUCH_MS) {
        await store
          .updateTable('token')
          .set({ used_at: clock.now() })
          .where('hash', '=', hash)
          .execute();
      }
      return row.person;
    },
  };
}

const wrongWords = (left: number): string =>
  left > 0
    ? `This is not the pairing code; ${String(left)} tries are left. Copy the whole link again.`
    : 'This is not the pairing code. It is locked now: restart the relay for a new one.';

const makeCode = (): string =>
  Array.from({ length: CODE_LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');

/** As Crockford reads what a person typed: any case, I and L are 1, O is 0, hyphens are nothing. */
const normalise = (text: string): string =>
  text.trim().toUpperCase().replace(/[IL]/g, '1').replace(/O/g, '0').replace(/[- ]/g, '');

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Compares in constant time, whatever the lengths. */
const isSame = (a: string, b: string): boolean =>
  timingSafeEqual(Buffer.from(sha256(a)), Buffer.from(sha256(b)));
