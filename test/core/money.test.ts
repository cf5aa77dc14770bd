import { describe, expect, test } from '@jest/globals';
import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import {
  absoluteAmount, addMoney, addQuantities, amountFromCell, compareDecimals, isNegative, isZero, lineAmount, minorDigits, minorUnits, negateAmount, parseAmount, parseCurrency, parseQuantity, parseUnitPrice, quantityFromCell, subtractAmounts, subtractPrices, subtractQuantities, sumAmounts, unitPriceFromCell, zeroAmount,
} from '../../src/core/money.ts'; // prettier-ignore
import { USD } from './make.ts';
import { property } from './property.ts';

Decimal.set({ precision: 60, rounding: Decimal.ROUND_HALF_UP });
const [JPY, KWD, EUR] = [parseCurrency('JPY'), parseCurrency('KWD'), parseCurrency('EUR')];

const decimalText = (digits: number, scale: number) =>
  fc
    .tuple(
      fc.boolean(),
      fc.bigInt({ min: 0n, max: 10n ** BigInt(digits) - 1n }),
      fc.nat({ max: scale }),
      fc.nat(),
    )
    .map(([minus, whole, places, fraction]) => {
      const tail = places === 0 ? '' : `.${String(fraction % 10 ** places).padStart(places, '0')}`;
      return `${minus ? '-' : ''}${whole}${tail}`;
    });
const quantities = decimalText(6, 4);
const prices = decimalText(5, 7);
const currencies = fc.constantFrom(USD, JPY, KWD);

describe('rounding', () => {
  property(
    'is that of decimal.js, half away from zero, for any quantity and price',
    [quantities, prices, currencies],
    (q, p, currency) => {
      const right = new Decimal(q).times(p).toFixed(minorDigits(currency));
      expect(lineAmount(parseQuantity(q), parseUnitPrice(p), currency)).toBe(
        new Decimal(right).isZero() ? right.replace('-', '') : right,
      );
    },
  );

  property(
    'a line and its credit cancel exactly',
    [quantities, prices, currencies],
    (q, p, currency) => {
      const [plus, price] = [parseQuantity(q), parseUnitPrice(p)];
      const credit = lineAmount(subtractQuantities(parseQuantity('0'), plus), price, currency);
      expect(sumAmounts([lineAmount(plus, price, currency), credit], currency)).toBe(
        zeroAmount(currency),
      );
    },
  );

  test.each([
    ['1', '0.125', '0.13'],
    ['1', '0.135', '0.14'],
    ['1', '2.345', '2.35'],
    ['-1', '0.125', '-0.13'],
    ['3', '1.005', '3.02'],
    ['1', '1.005', '1.01'],
    ['-1', '0.004', '0.00'],
  ])('%s times %s is %s', (q, p, amount) =>
    expect(lineAmount(parseQuantity(q), parseUnitPrice(p), USD)).toBe(amount),
  );

  test('yen have no decimals and dinars three', () => {
    expect(lineAmount(parseQuantity('3'), parseUnitPrice('1.5'), JPY)).toBe('5');
    expect(lineAmount(parseQuantity('3'), parseUnitPrice('1.0005'), KWD)).toBe('3.002');
    expect([zeroAmount(JPY), zeroAmount(KWD)]).toEqual(['0', '0.000']);
  });

  test('what is too large to bill is refused by name', () => {
    expect(() =>
      lineAmount(parseQuantity('999999999'), parseUnitPrice('999999999999'), USD),
    ).toThrow(/999999999 × 999999999999 USD is too large/);
  });
});

describe('sums', () => {
  const cents = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });
  const amount = (n: number) => parseAmount(new Decimal(n).div(100).toFixed(2), USD);

  property(
    'are those of whole cents, in any order',
    [fc.array(cents, { maxLength: 40 })],
    (list) => {
      const total = list.reduce((a, b) => a + b, 0);
      expect(minorUnits(sumAmounts(list.map(amount), USD), USD)).toBe(BigInt(total));
      expect(sumAmounts([...list].reverse().map(amount), USD)).toBe(
        sumAmounts(list.map(amount), USD),
      );
    },
  );

  property(
    'subtracting undoes adding; comparing agrees with the numbers',
    [cents, cents],
    (a, b) => {
      expect(subtractAmounts(sumAmounts([amount(a), amount(b)], USD), amount(b), USD)).toBe(
        amount(a),
      );
      expect(compareDecimals(amount(a), amount(b))).toBe(Math.sign(a - b));
      expect(negateAmount(negateAmount(amount(a)))).toBe(amount(a));
      expect(isNegative(absoluteAmount(amount(a)))).toBe(false);
    },
  );

  property(
    'quantities and prices subtract as in decimal.js',
    [quantities, quantities, prices, prices],
    (a, b, p, q) => {
      expect(subtractQuantities(parseQuantity(a), parseQuantity(b))).toBe(
        plain(new Decimal(a).minus(b)),
      );
      expect(subtractPrices(parseUnitPrice(p), parseUnitPrice(q))).toBe(
        plain(new Decimal(p).minus(q)),
      );
      expect(addQuantities([parseQuantity(a), parseQuantity(b)])).toBe(
        plain(new Decimal(a).plus(b)),
      );
    },
  );

  test('currencies are never added to each other', () => {
    expect(() =>
      addMoney(
        { amount: parseAmount('1.00', USD), currency: USD },
        { amount: parseAmount('1.00', EUR), currency: EUR },
      ),
    ).toThrow('USD is never added to EUR');
  });
});

const plain = (value: Decimal): string => (value.isZero() ? '0' : value.toFixed());

describe('reading texts', () => {
  property('a quantity and a price are their own shortest text', [quantities, prices], (q, p) => {
    expect(parseQuantity(q)).toBe(plain(new Decimal(q)));
    expect(parseUnitPrice(p)).toBe(plain(new Decimal(p)));
    expect(parseQuantity(parseQuantity(q))).toBe(parseQuantity(q));
  });

  test.each([
    '',
    ' ',
    ' 5',
    '5 ',
    '+5',
    '1e3',
    '0x10',
    'NaN',
    'Infinity',
    '1,234.50',
    '1.234,50',
    '１２',
    '−5',
    '(5.00)',
    '5%',
    '.5',
    '5.',
    '--1',
    '1.23456',
    '1000000000',
    '12345678901234567890',
    'TRUE',
    '1_000',
    '0,5',
  ])('refuses %j as a quantity and quotes it', (text) =>
    expect(() => parseQuantity(text)).toThrow(`"${text}"`),
  );

  test.each(['1.12345678', '1000000000000', 'abc', '1e-7'])('refuses %j as a unit price', (text) =>
    expect(() => parseUnitPrice(text)).toThrow(`"${text}"`),
  );

  test('minus zero is zero', () => {
    expect([parseQuantity('-0'), parseUnitPrice('-0.00'), parseAmount('-0.00', USD)]).toEqual([
      '0',
      '0',
      '0.00',
    ]);
    expect([quantityFromCell(-0), amountFromCell(-0.001, USD)]).toEqual(['0', '0.00']);
    expect(isZero(negateAmount(zeroAmount(USD)))).toBe(true);
    expect(negateAmount(zeroAmount(USD))).toBe('0.00');
  });

  test('an amount keeps the decimals of its currency; more are refused', () => {
    expect([
      parseAmount('5', USD),
      parseAmount('5.5', USD),
      parseAmount('5.500', USD),
      parseAmount('7.00', JPY),
    ]).toEqual(['5.00', '5.50', '5.50', '7']);
    expect(() => parseAmount('5.001', USD)).toThrow('more decimals than USD knows');
    expect(() => parseAmount('5.5', JPY)).toThrow('more decimals than JPY knows');
  });

  test.each(['usd', 'US$', 'XXX', 'BTC', 'XAU', 'CLF', '', 'EURO'])(
    'refuses the currency %j',
    (text) => expect(() => parseCurrency(text)).toThrow(`"${text}" is not a currency`),
  );
});

describe('reading cells', () => {
  test('what arithmetic left behind is rounded away', () => {
    expect([
      quantityFromCell(0.1 + 0.2),
      unitPriceFromCell(0.1 + 0.2),
      unitPriceFromCell(1.005),
      unitPriceFromCell(1e-7),
      quantityFromCell(1e-7),
    ]).toEqual(['0.3', '0.3', '1.005', '0.0000001', '0']);
    expect([
      amountFromCell(1.005, USD),
      amountFromCell(-1.005, USD),
      amountFromCell(2.675, USD),
      amountFromCell(1234.5, JPY),
    ]).toEqual(['1.01', '-1.01', '2.68', '1235']);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 1e21, -1e15, 9007199254740993])(
    'refuses %d as a quantity',
    (value) => expect(() => quantityFromCell(value)).toThrow(String(value)),
  );

  property(
    'any number a person can type comes back as typed',
    [fc.integer({ min: -99_999_999, max: 99_999_999 }), fc.nat({ max: 4 })],
    (units, scale) => {
      const text = new Decimal(units).div(new Decimal(10).pow(scale));
      expect(quantityFromCell(Number(text.toString()))).toBe(plain(text));
      expect(unitPriceFromCell(Number(text.toString()))).toBe(plain(text));
    },
  );
});
