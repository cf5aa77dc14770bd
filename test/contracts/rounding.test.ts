/** The worked sums of ../shared/data/close that are about rounding alone. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { lineAmount, parseCurrency, parseQuantity, parseUnitPrice } from '../../src/core/money.ts';
import { describeShared, shared } from './shared.ts';

interface Vector {
  readonly id: string;
  readonly input: { readonly values?: readonly string[] };
  readonly expect: { readonly half_up?: readonly string[] };
}

describeShared('rounding vectors', () => {
  test('half a cent is rounded away from zero', () => {
    const text = readFileSync(shared('data', 'close', 'vectors.json'), 'utf8');
    const vector = (JSON.parse(text) as Vector[]).find(({ id }) => id === 'vR2');
    const usd = parseCurrency('USD');
    const rounded = vector?.input.values?.map((value) =>
      lineAmount(parseQuantity('1'), parseUnitPrice(value), usd),
    );
    expect(rounded).toHaveLength(4);
    expect(rounded).toEqual(vector?.expect.half_up);
  });
});
