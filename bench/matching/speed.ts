/** 10,000 names against 10,000: ours whole; the two libraries for ten seconds each, then scaled. */
import Fuse from 'fuse.js';
import { extract, token_sort_ratio } from 'fuzzball';
import { buildNameIndex } from '../../src/matching/link.ts';
import { buildSuggester } from '../../src/matching/suggest.ts';
import { measure, type Measure } from '../report.ts';
import { madeNames, respelled } from './made-names.ts';

const NAMES = 10_000;
const BUDGET_MS = 10_000;
const SHOWN = 5;

export function measureSpeed(): Measure[] {
  const names = madeNames(NAMES);
  const queries = respelled(names);
  return [
    measure('matching', '10,000 names by 10,000: MCC, links and suggestions', ours(names, queries), 'ms'),
    scaled('fuse.js', queries, () => {
      const fuse = new Fuse(names, { ignoreLocation: true, threshold: 0.6 });
      return (query) => fuse.search(query, { limit: SHOWN });
    }),
    scaled('fuzzball token_sort_ratio', queries, () => (query) =>
      extract(query, names, { scorer: token_sort_ratio, limit: SHOWN }),
    ),
  ];
} // prettier-ignore

function ours(names: readonly string[], queries: readonly string[]): number {
  const start = performance.now();
  const named = names.map((name, id) => ({ id: String(id), name }));
  const [index, suggester] = [buildNameIndex(named), buildSuggester(named)];
  for (const query of queries) {
    if (index.link(query).verdict !== 'linked') suggester.suggest(query, SHOWN);
  }
  return performance.now() - start;
}

/** As many queries as fit the budget; the figure says of how many it was scaled. */
function scaled(
  library: string,
  queries: readonly string[],
  prepare: () => (query: string) => unknown,
): Measure {
  const start = performance.now();
  const ask = prepare();
  const built = performance.now() - start;
  let asked = 0;
  while (asked < queries.length && performance.now() - start < BUDGET_MS) {
    ask(queries[asked] ?? '');
    asked += 1;
  }
  const each = (performance.now() - start - built) / asked;
  const how = asked === queries.length ? '' : `, scaled from ${asked.toLocaleString('en-US')} queries`;
  const figure = `10,000 names by 10,000: ${library}${how}`;
  return measure('matching', figure, built + each * queries.length, 'ms');
} // prettier-ignore
