/** A store that asks two and takes no answer on which they differ. */
import { deepStrictEqual } from 'node:assert/strict';
import type { PostingReader, PostingStore, PostingTransaction } from '../../src/relay/posting/store-port.ts'; // prettier-ignore

export function mirror(one: PostingStore, other: PostingStore): PostingStore {
  return {
    ...(both(one, other) as unknown as PostingReader),
    transaction: (work) =>
      one.transaction((first) =>
        other.transaction((second) => work(both(first, second) as unknown as PostingTransaction)),
      ),
  };
}

type Ask = (...given: unknown[]) => Promise<unknown>;

function both(one: object, other: object): Record<string, Ask> {
  const questions = Object.entries(one).filter(
    ([name, value]) => typeof value === 'function' && !['transaction', 'crash'].includes(name),
  ) as [string, Ask][];
  const others = other as Record<string, Ask>;
  return Object.fromEntries(
    questions.map(([name, ask]) => [
      name,
      async (...given: unknown[]) => {
        const [first, second] = await Promise.allSettled([ask(...given), others[name]?.(...given)]);
        deepStrictEqual(second.status, first.status, `${name}: one refuses it, the other does not`);
        if (first.status === 'rejected') throw first.reason;
        if (second.status === 'fulfilled') {
          deepStrictEqual(
            plain(second.value),
            plain(first.value),
            `${name} is answered differently`,
          );
        }
        return first.value;
      },
    ]),
  );
}

/** Row numbers are each store's own, and a head without its long texts is a head all the same. */
function plain(value: unknown): unknown {
  if (value instanceof Map) return plain([...value]);
  // Rows of the native driver may be arrays of another realm.
  if (Array.isArray(value)) return Array.from(value as unknown[], plain);
  if (typeof value !== 'object' || value === null) return value;
  const own = ['seq', 'transition', 'draft', 'invoices', 'totals'];
  const entries = Object.entries(value).filter(([name]) => !own.includes(name));
  return Object.fromEntries(entries.map(([name, inner]) => [name, plain(inner)]));
}
