/** The nearest of many texts by their character 3-grams, rare ones weighing more (TF-IDF). */

export interface Near {
  /** Place in the list the index was built from. */
  readonly at: number;
  /** 0 to 1. */
  readonly cosine: number;
}

export interface GramIndex {
  /** Best first; equal ones in the order of the list. */
  readonly nearest: (text: string, limit: number) => readonly Near[];
}

interface Posting {
  readonly at: Int32Array;
  /** Each already divided by the length of its own text's vector. */
  readonly weight: Float64Array;
}

export function buildGramIndex(texts: readonly string[]): GramIndex {
  const counted = texts.map(countGrams);
  const seen = new Map<string, number>();
  for (const grams of counted)
    for (const gram of grams.keys()) seen.set(gram, (seen.get(gram) ?? 0) + 1);
  const rarity = (gram: string): number => Math.log(1 + texts.length / (1 + (seen.get(gram) ?? 0)));
  const postings = toPostings(counted, seen, rarity);
  const sums = new Float64Array(texts.length);
  return {
    nearest(text, limit) {
      const weights = weigh(countGrams(text), rarity);
      const touched = addUp(postings, weights, sums);
      const norm = lengthOf(weights);
      const best = pickBest(touched, sums, limit);
      const near = best.map((at) => ({ at, cosine: (sums[at] ?? 0) / (norm || 1) }));
      for (const at of touched) sums[at] = 0;
      return near;
    },
  };
}

/** Of the text with a mark at both ends, so that first and last letters count more. */
function countGrams(text: string): ReadonlyMap<string, number> {
  const marked = `^${text}$`;
  const grams = new Map<string, number>();
  for (let at = 0; at + 3 <= marked.length; at += 1) {
    const gram = marked.slice(at, at + 3);
    grams.set(gram, (grams.get(gram) ?? 0) + 1);
  }
  return grams;
}

type Weights = ReadonlyMap<string, number>;

const weigh = (counts: ReadonlyMap<string, number>, rarity: (gram: string) => number): Weights =>
  new Map([...counts].map(([gram, count]) => [gram, (1 + Math.log(count)) * rarity(gram)]));

function lengthOf(weights: Weights): number {
  let sum = 0;
  for (const weight of weights.values()) sum += weight * weight;
  return Math.sqrt(sum);
}

function toPostings(
  counted: readonly ReadonlyMap<string, number>[],
  seen: ReadonlyMap<string, number>,
  rarity: (gram: string) => number,
): ReadonlyMap<string, Posting> {
  const postings = new Map<string, Posting & { filled: number }>();
  for (const [gram, many] of seen) {
    postings.set(gram, { at: new Int32Array(many), weight: new Float64Array(many), filled: 0 });
  }
  for (const [at, counts] of counted.entries()) {
    const weights = weigh(counts, rarity);
    const norm = lengthOf(weights);
    for (const [gram, weight] of weights) {
      const posting = postings.get(gram);
      if (!posting) continue;
      posting.at[posting.filled] = at;
      posting.weight[posting.filled] = weight / norm;
      posting.filled += 1;
    }
  }
  return postings;
}

/** Adds into `sums`; answers which places it touched. */
function addUp(
  postings: ReadonlyMap<string, Posting>,
  weights: Weights,
  sums: Float64Array,
): readonly number[] {
  const touched: number[] = [];
  for (const [gram, weight] of weights) {
    const posting = postings.get(gram);
    if (!posting) continue;
    for (let index = 0; index < posting.at.length; index += 1) {
      const at = posting.at[index] ?? 0;
      const sum = sums[at] ?? 0;
      if (sum === 0) touched.push(at);
      sums[at] = sum + weight * (posting.weight[index] ?? 0);
    }
  }
  return touched;
}

/** The places of the largest sums; a short list kept in order while going through all. */
function pickBest(touched: readonly number[], sums: Float64Array, limit: number): number[] {
  const best: number[] = [];
  const isBefore = (a: number, b: number): boolean => {
    const [first, second] = [sums[a] ?? 0, sums[b] ?? 0];
    return first > second || (first === second && a < b);
  };
  for (const at of touched) {
    const last = best[best.length - 1];
    if (best.length === limit && last !== undefined && !isBefore(at, last)) continue;
    let place = best.length;
    while (place > 0 && isBefore(at, best[place - 1] ?? at)) place -= 1;
    best.splice(place, 0, at);
    if (best.length > limit) best.pop();
  }
  return best;
}
