/**
 * Limits on what changes the books: distinct effects, not calls. Pressing Post a thousand times
 * on one batch is one effect and is always answered (rulings 19).
 */
import type { FastifyRequest } from 'fastify';
import { AppError } from '../core/errors.ts';
import type { RouteName } from '../contract/contract.ts';

export interface EffectLimit {
  readonly perMinute: number;
  /** Milliseconds of a steady clock. */
  readonly now: () => number;
  readonly seen: Map<string, Map<string, number>>;
}

const MINUTE_MS = 60_000;
const LIMITED: ReadonlySet<RouteName> = new Set(['approve', 'post']);

export const createEffectLimit = (perMinute: number, now: () => number): EffectLimit => ({
  perMinute,
  now,
  seen: new Map(),
});

export function checkEffects(limit: EffectLimit, name: RouteName, request: FastifyRequest): void {
  if (!LIMITED.has(name)) return;
  const now = limit.now();
  const own = limit.seen.get(request.person) ?? new Map<string, number>();
  limit.seen.set(request.person, own);
  for (const [effect, at] of own) if (now - at > MINUTE_MS) own.delete(effect);
  const effect = `${name} ${effectOf(request)}`;
  if (!own.has(effect) && own.size >= limit.perMinute) {
    const words = `More than ${String(limit.perMinute)} approvals and posts in one minute.`;
    throw new AppError('LIMIT_REACHED', words);
  }
  if (!own.has(effect)) own.set(effect, now);
}

/** What a call is about: the batch in its path, else the key the caller chose. */
function effectOf(request: FastifyRequest): string {
  const { batch } = request.params as { batch?: string };
  const { key } = (request.body ?? {}) as { key?: string };
  return batch ?? key ?? '';
}
