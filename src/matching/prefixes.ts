/** Which of many texts begin alike: sorted once, then asked by halving. */

export interface PrefixIndex {
  /** The ids of texts that begin so, at most `limit` different ones. */
  readonly ownersOf: (start: string, limit: number) => readonly string[];
}

export function buildPrefixIndex(
  texts: readonly { readonly id: string; readonly text: string }[],
): PrefixIndex {
  const sorted = [...texts].sort((a, b) => compare(a.text, b.text));
  return {
    ownersOf(start, limit) {
      const owners = new Set<string>();
      for (let at = firstFrom(sorted, start); at < sorted.length; at += 1) {
        const entry = sorted[at];
        if (!entry?.text.startsWith(start) || owners.size >= limit) break;
        owners.add(entry.id);
      }
      return [...owners];
    },
  };
}

function firstFrom(sorted: readonly { readonly text: string }[], start: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((sorted[middle]?.text ?? '') < start) low = middle + 1;
    else high = middle;
  }
  return low;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
