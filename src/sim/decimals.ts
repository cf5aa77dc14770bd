/** Decimal texts as books compute with them: exact, rounded half away from zero. */

interface Fixed {
  readonly units: bigint;
  readonly scale: number;
}

export const MONEY_SCALE = 2;
export const RATE_SCALE = 5;
const FORM = /^(-?)(\d+)(?:\.(\d+))?$/;

export function multiply(a: string, b: string): string {
  const [left, right] = [parse(a), parse(b)];
  const product = { units: left.units * right.units, scale: left.scale + right.scale };
  return format(round(product, MONEY_SCALE));
}

/** A rate from an amount and a quantity; null where there is none (a quantity of 0). */
export function divide(amount: string, quantity: string): string | null {
  const [top, bottom] = [parse(amount), parse(quantity)];
  if (bottom.units === 0n) return null;
  const precision = RATE_SCALE + 1;
  const power = BigInt(precision + bottom.scale - top.scale + 12);
  const scaled = (top.units * 10n ** power) / bottom.units;
  return money(round({ units: scaled, scale: precision + 12 }, RATE_SCALE));
}

export function sum(amounts: readonly string[]): string {
  const units = amounts.reduce((total, text) => total + round(parse(text), MONEY_SCALE).units, 0n);
  return format({ units, scale: MONEY_SCALE });
}

export const percentOf = (amount: string, percent: string): string => {
  const [base, share] = [parse(amount), parse(percent)];
  return format(
    round({ units: base.units * share.units, scale: base.scale + share.scale + 2 }, MONEY_SCALE),
  );
};

export const isNegative = (text: string): boolean => parse(text).units < 0n;

/** A number of JSON as plain decimal text, without an exponent. */
export const plain = (value: number): string =>
  Number.isInteger(value) ? String(value) : value.toFixed(RATE_SCALE).replace(/0+$/, '');

/** At least two decimals, as QuickBooks writes rates: "65.00", "0.0375". */
export function toRate(text: string): string {
  return money(round(parse(text), RATE_SCALE));
}

function money(value: Fixed): string {
  const [whole = '0', fraction = ''] = format(value).split('.');
  return `${whole}.${fraction.replace(/0+$/, '').padEnd(MONEY_SCALE, '0')}`;
}

function parse(text: string): Fixed {
  const match = FORM.exec(text);
  if (!match) throw new Error(`Broken promise: "${text}" is a decimal`);
  const fraction = match[3] ?? '';
  const units = BigInt(`${match[2] ?? '0'}${fraction}`);
  return { units: match[1] ? -units : units, scale: fraction.length };
}

function round({ units, scale }: Fixed, to: number): Fixed {
  if (scale <= to) return { units: units * 10n ** BigInt(to - scale), scale: to };
  const divisor = 10n ** BigInt(scale - to);
  const magnitude = units < 0n ? -units : units;
  const rounded = (magnitude * 2n + divisor) / (divisor * 2n);
  return { units: units < 0n ? -rounded : rounded, scale: to };
}

function format({ units, scale }: Fixed): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return units < 0n ? `-${text}` : text;
}
