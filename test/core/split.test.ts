import fc from 'fast-check';
import type { Split } from '../../src/core/model.ts';
import { addQuantities, isNegative, isWhole, parseQuantity, type Quantity } from '../../src/core/money.ts'; // prettier-ignore
import { clientsOfSplit, splitQuantity } from '../../src/core/split.ts';

const quantity = (text: string): Quantity => parseQuantity(text);

const shared = (...shares: number[]): Split => ({
  by: 'shares',
  parts: shares.map((share, index) => ({ clientId: `C${String(index)}`, shares: share })),
});

const fixed: Split = {
  by: 'quantities',
  parts: [
    { clientId: 'parks', sku: 'BP', quantity: quantity('12') },
    { clientId: 'works', sku: 'BP', quantity: quantity('5') },
    { clientId: 'parks', sku: 'BS', quantity: quantity('1') },
  ],
  rest: 'city',
};

const partsOf = (split: Split, whole: string, sku = 'BP'): [string, string][] | undefined =>
  splitQuantity(split, sku, quantity(whole))?.map((part) => [part.clientId, part.quantity]);

describe('by shares', () => {
  it.each<[string, number[], string[]]>([
    ['31', [2, 1], ['21', '10']], ['10', [1, 1, 1], ['4', '3', '3']], ['1', [1, 1], ['1', '0']],
    ['0', [1, 2], ['0', '0']], ['7', [1, 6], ['1', '6']], ['2', [1, 1, 1], ['1', '1', '0']],
    ['2.5', [1, 1], ['1.3', '1.2']], ['0.0001', [1, 1], ['0.0001', '0']], ['100', [999_999, 1], ['100', '0']],
  ])('%s over %j is %j', (whole, shares, expected) => {
    expect(partsOf(shared(...shares), whole)?.map(([, part]) => part)).toEqual(expected);
  }); // prettier-ignore

  it('sums to the whole, whatever the shares, and cuts no unit', () => {
    const shares = fc.array(fc.integer({ min: 1, max: 1_000_000 }), {
      minLength: 2,
      maxLength: 20,
    });
    const whole = fc
      .tuple(fc.nat(999_999_999), fc.constantFrom('', '.5', '.25', '.0001'))
      .map(([units, rest]) => quantity(`${String(units)}${rest}`));
    fc.assert(
      fc.property(shares, whole, (list, all) => {
        const parts = splitQuantity(shared(...list), 'BP', all)!.map((part) => part.quantity);
        expect(addQuantities(parts)).toBe(addQuantities([all]));
        expect(parts.some(isNegative)).toBe(false);
        if (isWhole(all)) expect(parts.every(isWhole)).toBe(true);
      }),
    );
  });

  it('gives more shares never less, and equal shares never more than one apart', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 2, maxLength: 9 }), fc.nat(5000), (list, all) => {
        const parts = partsOf(shared(...list), String(all))!.map(([, part]) => Number(part));
        for (const [a, share] of list.entries()) {
          for (const [b, other] of list.entries()) {
            if (share > other) expect(parts[a]! + 1).toBeGreaterThanOrEqual(parts[b]!);
            if (share === other) expect(Math.abs(parts[a]! - parts[b]!)).toBeLessThanOrEqual(1);
          }
        }
      }),
    );
  }); // prettier-ignore

  it('says the rule', () => {
    expect(splitQuantity(shared(2, 1), 'BP', quantity('9'))?.[0]?.rule).toBe('2 of 3 shares');
  });
});

describe('by quantities', () => {
  it('gives the fixed ones and leaves the rest', () => {
    expect(partsOf(fixed, '31')).toEqual([['parks', '12'], ['works', '5'], ['city', '14']]);
    expect(partsOf(fixed, '17')).toEqual([['parks', '12'], ['works', '5'], ['city', '0']]);
    expect(partsOf(fixed, '4', 'E3')).toEqual([['city', '4']]);
  }); // prettier-ignore

  it('knows nobody’s part when more is given away than was counted', () => {
    expect(partsOf(fixed, '16')).toBeUndefined();
    expect(partsOf(fixed, '0')).toBeUndefined();
  });

  it('names each client once', () => {
    expect(clientsOfSplit(fixed)).toEqual(['parks', 'works', 'city']);
  });
});
