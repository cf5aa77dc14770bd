/** The scores of the matching bench on a small folder of our own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scoreFolder } from '../../bench/matching/files.ts';
import { readFolder } from '../../bench/matching/folder.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'mcc-matching-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, ...lines: string[]): void =>
  writeFileSync(join(folder, name), `\uFEFF${lines.join('\r\n')}\r\n`);

const figures = (): ReadonlyMap<string, number> =>
  new Map(scoreFolder(readFolder(folder)).map(({ figure, value }) => [figure, value]));

const CLIENTS = [
  'world,kind,source,name,client_id,category',
  'W1,client,psa,Harbor Dental Group LLC,C1,canonical',
  'W1,client,psa,Ostervane Pediatrics,C2,canonical',
  'W2,client,psa,Harbor Dental Group LLC,X1,canonical',
];

test('each world is its own list; what is linked, guessed and left open is told apart', () => {
  write(
    'any name.csv',
    ...CLIENTS,
    'W1,account,rmm,HARBOR DENTAL GROUP,C1,upper',
    'W2,account,rmm,Harbor Dental Group,X1,nosuffix',
    'W1,account,rmm,Ostervane Peds,C2,abbr',
    'W1,account,rmm,Default Site,,nil_default',
  );
  const found = figures();
  expect(found.get('any name.csv: spellings')).toBe(4);
  expect(found.get('any name.csv: automatic links, recall')).toBe(66.67);
  expect(found.get('any name.csv [upper]: automatic links, recall')).toBe(100);
  expect(found.get('any name.csv [abbr]: right one first')).toBe(100);
  expect(found.has('any name.csv [nil_default]: right one first')).toBe(false);
  expect(found.get('all files: wrong automatic links')).toBe(0);
});

test('a link to another client than the label says is a wrong one', () => {
  write('clients.csv', ...CLIENTS, 'W1,account,rmm,Harbor Dental Group,C2,nosuffix', 'W1,account,rmm,Ostervane Pediatrics,,nil'); // prettier-ignore
  expect(figures().get('clients.csv: wrong automatic links')).toBe(2);
  expect(figures().get('all files: wrong automatic links')).toBe(2);
});

test('products are scored against the price list of the file, and a trap is no link', () => {
  write(
    'skus.csv',
    'query,expected_product,verdict,must_not_be,category',
    'O365_BUSINESS_PREMIUM,Microsoft 365 Business Standard,match,,string id trap',
    'Microsoft 365 Business Premium (no Teams),,no_match,Microsoft 365 Business Premium,own price',
  );
  expect(figures().get('skus.csv: automatic links, recall')).toBe(100);
  expect(figures().get('skus.csv: wrong automatic links')).toBe(0);
  expect(figures().has('skus.csv: confident suggestions, precision')).toBe(false);
});

test('a former name that another company bears today is left out and counted', () => {
  write('list.csv', 'cik,name', '1,NEW HARBOR AG', '2,OLD HARBOR CORP.');
  write('renames.csv', 'former_name,cik,current_name', 'OLD HARBOR CORP.,1,New Harbor AG');
  const figure = 'renames.csv: left out, another company bears the former name today';
  expect(figures().get(figure)).toBe(1);
});

test('a folder that is missing, empty or broken is refused in words', () => {
  expect(() => readFolder(join(folder, 'none'))).toThrow('there is no such folder');
  expect(() => readFolder(folder)).toThrow('no CSV file with labelled names');
  write('broken.csv', 'query,expected_product,verdict,must_not_be,category', 'a,b');
  expect(() => readFolder(folder)).toThrow(/^broken\.csv: row 0: /);
});
