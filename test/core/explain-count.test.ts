import { compareIds, countedByBasis, nameGaps } from '../../src/core/explain-count.ts';
import { indexCounts } from '../../src/core/counts.ts';
import { idKey, idWords } from '../../src/core/ids.ts';
import type { Basis } from '../../src/core/model.ts';
import { parseQuantity } from '../../src/core/money.ts';
import { count, part, snapshot } from './make.ts';

const counts = (known: Partial<Record<Basis, number>>) =>
  Object.entries(known).map(([basis, quantity]) =>
    count('A', 'WS', quantity, { basis: basis as Basis }),
  );
const gaps = (known: Partial<Record<Basis, number>>, billed: number): readonly string[] =>
  nameGaps(counts(known), parseQuantity(String(billed)));

test('each gap is named by what is there and what is not', () => {
  expect(gaps({ bought: 42, assigned: 36, active: 34 }, 42)).toEqual([
    '6 bought but not assigned',
    '2 assigned but not active',
  ]);
  expect(gaps({ bought: 30, assigned: 31 }, 28)).toEqual([
    '2 bought but not billed',
    '1 assigned but not bought',
  ]);
  expect(gaps({ active: 12 }, 14)).toEqual(['2 billed but not active']);
  expect(gaps({ bought: 5, assigned: 5, active: 5 }, 5)).toEqual([]);
  expect(gaps({}, 5)).toEqual([]);
});

test('every basis a source knows stands beside the others', () => {
  const index = indexCounts(snapshot(counts({ bought: 42, assigned: 36, active: 34 })));
  expect(countedByBasis(index, 'A', 'WS').map((one) => [one.basis, one.quantity])).toEqual([
    ['assigned', '36'],
    ['bought', '42'],
    ['active', '34'],
  ]);
});

test('who joined and who left, by the ids of both months', () => {
  const before = [part('acc', 'WS', 3, ['a', 'b', 'c'])];
  const now = [part('acc', 'WS', 2, ['b', 'd']), part('acc', 'OLD', 0)];
  expect(compareIds(before, now)).toEqual({ joined: ['d'], left: ['a', 'c'], stayed: 1 });
});

test('nobody is said to have joined or left where ids are missing', () => {
  expect(compareIds([part('acc', 'WS', 3)], [part('acc', 'WS', 2, ['b', 'd'])])).toBeNull();
  expect(compareIds([], [])).toBeNull();
});

test('a source that lists its ids instead of hashing them moves nobody', () => {
  const hash = '0123456789abcdef';
  expect(compareIds([part('acc', 'WS', 1, [hash])], [part('acc', 'WS', 1, [`${hash}:PC-7`])])).toEqual({ joined: [], left: [], stayed: 1 });
  expect([idKey(`${hash}:PC-7`), idWords(`${hash}:PC-7`), idWords(hash)]).toEqual([hash, 'PC-7', '01234567']);
}); // prettier-ignore
