import { expect, test } from '@jest/globals';
import { indexNames, isSameName } from '../../src/core/names.ts';
import { client, service } from './make.ts';

const names = indexNames(
  [
    client('1', { code: 'C017', name: 'Acme Limited', aliases: ['Acme', 'The mill'] }),
    client('2', { code: '0042', name: 'Café Oslo', aliases: ['Mill', 'C017'] }),
    client('3', { name: 'Twin' }),
    client('4', { name: 'Twin', aliases: ['mill'] }),
  ],
  [service('WS', { name: 'Workstation', aliases: ['PC'] })],
);

test.each([
  ['c017', '1'],
  [' acme  limited ', '1'],
  ['THE MILL', '1'],
  ['Cafe\u0301 Oslo', '2'],
  ['0042', '2'],
  ['42', null],
  ['4', '4'],
  ['Twin', null],
  ['Mill', null],
  ['Acme Ltd', null],
  ['', null],
])('client %j is %j', (text, id) => expect(names.client(text)).toBe(id));

test('services are found by id, name and alias', () => {
  expect(['ws', 'Workstation', 'pc', 'WSX'].map((text) => names.service(text))).toEqual([
    'WS',
    'WS',
    'WS',
    null,
  ]);
});

test('full-width and doubled blanks make no other name', () =>
  expect(isSameName('Ａcme\u00a0 Ltd', 'acme ltd')).toBe(true));
