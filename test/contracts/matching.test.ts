/** The matcher against labelled names: no wrong link is allowed, recall is printed. */
import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import Papa from 'papaparse';
import { scoreFolder } from '../../bench/matching/files.ts';
import { readFolder } from '../../bench/matching/folder.ts';
import { buildNameIndex, type Named, type NameIndex } from '../../src/matching/link.ts';
import { buildProductIndex } from '../../src/matching/products.ts';
import { buildSuggester } from '../../src/matching/suggest.ts';
import { describeShared, shared } from './shared.ts';

type Row = Readonly<Record<string, string>>;

const read = (...path: string[]): Row[] =>
  Papa.parse<Row>(readFileSync(shared('data', ...path), 'utf8').replace(/^\uFEFF/, ''), {
    header: true,
    skipEmptyLines: true,
  }).data;

interface Case {
  readonly text: string;
  /** Null: belongs to nobody and must stay open. */
  readonly id: string | null;
}

/** Former clients may be hit, and are shown as such: that is no link to a current one. */
function score(what: string, index: NameIndex, cases: readonly Case[], former = new Set<string>()) {
  const wrong: string[] = [];
  let right = 0;
  for (const { text, id } of cases) {
    const link = index.link(text);
    if (link.verdict !== 'linked' || former.has(link.id)) continue;
    if (link.id === id) right += 1;
    else wrong.push(`${text} -> ${link.id}, not ${id ?? 'nobody'}`);
  }
  const answerable = cases.filter(({ id }) => id !== null).length;
  const recall = ((100 * right) / answerable).toFixed(1);
  console.info(`${what}: ${String(right)} of ${String(answerable)} linked (${recall} %), ${String(wrong.length)} wrong`);
  return { right, answerable, wrong };
} // prettier-ignore

describeShared('matching', () => {
  it('links account names of twelve providers to their clients, and none wrongly', () => {
    const worlds = Map.groupBy(read('matching', 'client_names_dev.csv'), (row) => row.world ?? '');
    let right = 0;
    let answerable = 0;
    for (const [world, rows] of worlds) {
      const clients = rows.filter(({ kind }) => kind === 'client').map(toNamed);
      const accounts = rows.filter(({ kind }) => kind === 'account').map(({ name = '', client_id: id }) => ({ text: name, id: id || null }));
      const result = score(world, buildNameIndex(clients), accounts);
      expect(result.wrong).toEqual([]);
      right += result.right;
      answerable += result.answerable;
    }
    expect(worlds.size).toBe(12);
    expect(right / answerable).toBeGreaterThan(0.8);
  });

  it('links the vendor exports of one provider to its clients, and none wrongly', () => {
    const companies = read('vendors', 'psa_companies.csv');
    const clients = companies.map(({ company_id: id = '', company_name: name = '' }) => ({ id, name }));
    const former = companies.filter(({ status }) => status !== 'Active').map(({ company_id: id = '' }) => id);
    const accounts = read('vendors', 'truth_accounts.csv').filter(({ source }) => source !== 'psa');
    const cases = accounts.map(({ source_name: text = '', client_id: id }) => ({ text, id: id || null }));
    const result = score('vendor exports', buildNameIndex(clients), cases, new Set(former));
    expect(result.wrong).toEqual([]);
    expect(result.right / result.answerable).toBeGreaterThan(0.8);
  });

  it('links public company names, and none wrongly', () => {
    const index = buildNameIndex(read('matching', 'company_catalogue.csv').map(({ cik = '', name = '' }) => ({ id: cik, name })));
    const pairs = read('matching', 'company_pairs_dev.csv').map(({ name_in_other_list: text = '', cik = '' }) => ({ text, id: cik }));
    const result = score('company pairs', index, pairs);
    expect(result.wrong).toEqual([]);
    expect(result.right / result.answerable).toBeGreaterThan(0.7);
    // A name that another company bears today cannot be told from the text.
    const renames = read('matching', 'company_renames_dev.csv').map(({ former_name: text = '', cik = '' }) => ({ text, id: cik }));
    const taken = new Set(read('matching', 'company_catalogue.csv').map(({ name = '' }) => name.toLowerCase()));
    expect(score('renamed companies', index, renames.filter(({ text }) => !taken.has(text.toLowerCase()))).wrong).toEqual([]);
  });

  it('never links two organisations that only look alike', () => {
    const pairs = read('matching', 'company_hard_pairs_dev.csv');
    const linked = pairs.filter(({ name_a: a = '', name_b: b = '' }) => buildNameIndex([{ id: 'b', name: b }]).link(a).verdict === 'linked');
    console.info(`hard pairs: ${String(linked.length)} of ${String(pairs.filter(({ same }) => same === '1').length)} linked`);
    expect(linked.filter(({ same }) => same !== '1')).toEqual([]);
    expect(linked.length).toBeGreaterThan(20);
  });

  it('links product spellings by id and alias, and never across an edition', () => {
    const rows = read('matching', 'sku_spellings_dev.csv');
    const names = new Set(rows.flatMap(({ expected_product: a = '', must_not_be: b = '' }) => [a, b]).filter((name) => name !== ''));
    const cases = rows.map(({ query = '', expected_product: id }) => ({ text: query, id: id || null }));
    const result = score('product spellings', buildProductIndex([...names].map((name) => ({ id: name, name }))), cases);
    expect(result.wrong).toEqual([]);
    expect(result.right / result.answerable).toBeGreaterThan(0.55);
  });

  it('puts the right client among five for what it leaves open, and is never wrongly strong', () => {
    const worlds = Map.groupBy(read('matching', 'client_names_dev.csv'), (row) => row.world ?? '');
    let [open, first, five] = [0, 0, 0];
    const wrong: string[] = [];
    for (const rows of worlds.values()) {
      const clients = rows.filter(({ kind }) => kind === 'client').map(toNamed);
      const [index, suggester] = [buildNameIndex(clients), buildSuggester(clients)];
      for (const { name = '', client_id: id = '', category } of rows.filter(({ kind }) => kind === 'account')) {
        if (index.link(name).verdict === 'linked') continue;
        const found = suggester.suggest(name);
        wrong.push(...found.filter((one) => one.strong && one.id !== id).map((one) => `${name} -> ${one.id}`));
        // An old company name shares no word with the new one: only a person knows.
        if (id === '' || category === 'former') continue;
        open += 1;
        first += Number(found[0]?.id === id);
        five += Number(found.some((one) => one.id === id));
      }
    }
    console.info(`candidates: first ${String(first)}, among five ${String(five)}, of ${String(open)} left open`);
    expect(wrong).toEqual([]);
    expect(first / open).toBeGreaterThan(0.85);
    expect(five / open).toBeGreaterThan(0.95);
  });

  it('has no wrong link in any file of the folder, as the bench counts them', () => {
    const figures = new Map(scoreFolder(readFolder(shared('data', 'matching'))).map(({ figure, value }) => [figure, value]));
    expect(figures.get('all files: wrong automatic links')).toBe(0);
    expect(figures.get('ms_names_2022_dev.csv: automatic links, recall')).toBeGreaterThan(85);
    expect(figures.get('client_names_dev.csv: confident suggestions, precision')).toBe(100);
    expect(figures.get('client_names_dev.csv: confident suggestions, recall of what is left open')).toBeGreaterThan(15);
  });
}); // prettier-ignore

const toNamed = ({ client_id: id = '', name = '' }: Row): Named => ({ id, name });
