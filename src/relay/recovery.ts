/** In recovery mode everything can be read and nothing can reach the books (F12). */
import { AppError } from '../core/errors.ts';
import type { PostingHandlers, PostingRouteName } from './handlers.ts';

const READS: ReadonlySet<PostingRouteName> = new Set(['status', 'batch', 'inBooks', 'books', 'beside']);

/** The handlers as they are, or with every writing one refused by the reason. */
export function guardRecovery(handlers: PostingHandlers, recovery: string | null): PostingHandlers {
  if (recovery === null) return handlers;
  const refuse = (): Promise<never> =>
    Promise.reject(
      new AppError('RECOVERY', `This database is not the one the relay wrote last. ${recovery}`),
    );
  const names = Object.keys(handlers) as PostingRouteName[];
  const guarded = names.map((name) => [name, READS.has(name) ? handlers[name] : refuse] as const);
  return Object.fromEntries(guarded) as unknown as PostingHandlers;
}
