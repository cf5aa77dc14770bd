/** Each format of the folder as spellings with their right answer, asked of our matcher. */
import { buildNameIndex, type Named } from '../../src/matching/link.ts';
import { buildProductIndex } from '../../src/matching/products.ts';
import { buildSuggester, type Suggester } from '../../src/matching/suggest.ts';
import { measure, type Measure } from '../report.ts';
import type { DataFile, Folder, Format, Row } from './folder.ts';
import { figuresOf, outcomesOf, wrongLinks, type Case, type Matcher, type Outcome } from './score.ts'; // prettier-ignore

type Scorer = (file: DataFile, folder: Folder) => readonly Outcome[];

const SCORERS: Partial<Record<Format, Scorer>> = {
  clients: scoreClients,
  spellings: scoreSpellings,
  renamedProducts: (file, folder) => scoreProducts(file, folder, 'older_name', 'name_2026_01'),
  olderNames: (file, folder) => scoreProducts(file, folder, 'name_2022_11', 'name_2022_11'),
  companyPairs: (file, folder) =>
    scoreCompanies(file, folder, 'name_in_other_list', 'name_in_catalogue'),
  renamedCompanies: (file, folder) => scoreCompanies(file, folder, 'former_name', 'current_name'),
  hardPairs: scoreHardPairs,
};

export function scoreFolder(folder: Folder): Measure[] {
  const all: Outcome[] = [];
  const measures = [...folder].flatMap(([format, files]) =>
    files.flatMap((file) => {
      const outcomes = SCORERS[format]?.(file, folder) ?? [];
      all.push(...outcomes);
      return outcomes.length === 0 ? [] : figuresOf(file.name, outcomes);
    }),
  );
  return [...measures, ...borneToday(folder), wrongLinks(all)];
}

const byNames = (named: readonly Named[]): Matcher => ({
  index: buildNameIndex(named),
  suggester: buildSuggester(named),
});

/** Guesses are shown for products too, but none is ever a confident one. */
const byProducts = (named: readonly Named[]): Matcher => {
  const { suggest } = buildSuggester(named);
  const shown: Suggester = {
    suggest: (text, limit) => suggest(text, limit).map((one) => ({ ...one, strong: false })),
  };
  return { index: buildProductIndex(named), suggester: shown };
};

/** One list of clients for each provider ("world"), and how its other systems spell them. */
function scoreClients({ rows }: DataFile): Outcome[] {
  const worlds = [...Map.groupBy(rows, ({ world = '' }) => world).values()];
  return worlds.flatMap((own) => {
    const of = (kind: string): Row[] => own.filter((row) => row.kind === kind);
    const clients = of('client').map(({ client_id: id = '', name = '' }) => ({ id, name }));
    const cases = of('account').map(
      ({ name: text = '', client_id: id = '', category = '' }): Case => ({
        ...{ text, id: id === '' ? null : id },
        category,
      }),
    );
    return outcomesOf(byNames(clients), cases);
  });
}

/** Against a price list of everything that is right or tempting in the file. */
function scoreSpellings({ rows }: DataFile): Outcome[] {
  const names = rows.flatMap(({ expected_product: right = '', must_not_be: tempting = '' }) => [
    right,
    tempting,
  ]);
  const priceList = [...new Set(names)].filter((name) => name !== '');
  const matcher = byProducts(priceList.map((name) => ({ id: name, name })));
  const cases = rows.map(({ query: text = '', expected_product: id = '', category = '' }) => ({
    ...{ text, id: id === '' ? null : id },
    category,
  }));
  return outcomesOf(matcher, cases);
}

/** Names only, against the whole licensing table; without the table against the file's own. */
function scoreProducts(file: DataFile, folder: Folder, asked: string, own: string): Outcome[] {
  const table = folder.get('products')?.flatMap(({ rows }) => rows) ?? [];
  const listed = table.map(({ guid = '', product_name: name = '' }) => ({ id: guid, name }));
  const spare = file.rows.map((row) => ({ id: row.guid ?? '', name: row[own] ?? '' }));
  const matcher = byProducts(onePerId(listed.length > 0 ? listed : spare));
  const cases = file.rows.map((row) => ({
    ...{ text: row[asked] ?? '', id: row.guid ?? '' },
    category: row.seen_in ?? '',
  }));
  return outcomesOf(matcher, cases);
}

function scoreCompanies(file: DataFile, folder: Folder, asked: string, own: string): Outcome[] {
  const catalogue = catalogueOf(folder, file.rows, own);
  const taken = new Set(catalogue.map(({ name }) => name.toLowerCase()));
  const isRename = asked === 'former_name';
  const cases = file.rows
    .map((row) => ({ text: row[asked] ?? '', id: row.cik ?? '', category: '' }))
    .filter(({ text }) => !isRename || !taken.has(text.toLowerCase()));
  return outcomesOf(byNames(catalogue), cases);
}

/** A former name that another company bears today cannot be told from the text; it is counted. */
function borneToday(folder: Folder): Measure[] {
  return (folder.get('renamedCompanies') ?? []).map(({ name: file, rows }) => {
    const names = catalogueOf(folder, rows, 'current_name').map(({ name }) => name.toLowerCase());
    const taken = new Set(names);
    const many = rows.filter(({ former_name: name = '' }) => taken.has(name.toLowerCase())).length;
    const figure = `${file}: left out, another company bears the former name today`;
    return measure('matching', figure, many, 'spellings');
  });
}

function catalogueOf(folder: Folder, rows: readonly Row[], own: string): Named[] {
  const listed = folder.get('companies')?.flatMap((file) => file.rows) ?? [];
  const named =
    listed.length > 0
      ? listed.map(({ cik = '', name = '' }) => ({ id: cik, name }))
      : rows.map((row) => ({ id: row.cik ?? '', name: row[own] ?? '' }));
  return onePerId(named);
}

/** Two organisations at a time: are they taken for one. */
function scoreHardPairs({ rows }: DataFile): Outcome[] {
  return rows.flatMap(({ name_a: text = '', name_b: name = '', same, group = '' }) =>
    outcomesOf(byNames([{ id: 'b', name }]), [
      { text, id: same === '1' ? 'b' : null, category: group },
    ]),
  );
}

const onePerId = (named: readonly Named[]): Named[] => [
  ...new Map(named.map((one) => [one.id, one])).values(),
];
