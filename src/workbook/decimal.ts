/** Exact decimals of any size, for formulas: prices and constants are multiplied before rounding. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

/** Quotients that do not end are cut here; far below the cent of any invoice. */
const QUOTIENT_SCALE = 18;
/** A formula that multiplies on and on must not grow without end. */
const SCALE_MAX = 60;

export const NOTHING: Decimal = { units: 0n, scale: 0 };
export const ONE: Decimal = { units: 1n, scale: 0 };

/** Reads "12", "-0.5", "1e-7"; null when it is not one plain number. */
export function decimalOf(text: string): Decimal | null {
  const match = /^([+-]?)(\d{0,40})(?:\.(\d{0,40}))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text);
  if (!match) return null;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  if (whole + fraction === '') return null;
  const units = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
  const scale = fraction.length - Number(exponent);
  if (Math.abs(scale) > SCALE_MAX) return units === 0n ? NOTHING : null;
  return trimmed(
    scale >= 0 ? { units, scale } : { units: units * 10n ** BigInt(-scale), scale: 0 },
  );
}

/** A double's shortest text is what the person typed. */
export const decimalOfNumber = (number: number): Decimal | null => decimalOf(String(number));

export function plus(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return trimmed({ units: widened(a, scale) + widened(b, scale), scale });
}

export const negated = (a: Decimal): Decimal => ({ units: -a.units, scale: a.scale });
export const minus = (a: Decimal, b: Decimal): Decimal => plus(a, negated(b));

export function times(a: Decimal, b: Decimal): Decimal {
  return rounded(trimmed({ units: a.units * b.units, scale: a.scale + b.scale }), SCALE_MAX);
}

export function dividedBy(a: Decimal, b: Decimal): Decimal | null {
  if (b.units === 0n) return null;
  const shift = BigInt(QUOTIENT_SCALE + b.scale);
  const units = (a.units * 10n ** shift) / b.units;
  return trimmed({ units, scale: QUOTIENT_SCALE + a.scale });
}

/** Half away from zero, as everywhere in MCC. */
export function rounded(value: Decimal, scale: number): Decimal {
  if (value.scale <= scale) return value;
  const divisor = 10n ** BigInt(value.scale - scale);
  const magnitude = value.units < 0n ? -value.units : value.units;
  const units = (magnitude * 2n + divisor) / (divisor * 2n);
  return trimmed({ units: value.units < 0n ? -units : units, scale });
}

export const isNothing = (value: Decimal): boolean => value.units === 0n;
export const isSame = (a: Decimal, b: Decimal): boolean => minus(a, b).units === 0n;

export function decimalText({ units, scale }: Decimal): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return units < 0n ? `-${text}` : text;
}

function trimmed(value: Decimal): Decimal {
  let { units, scale } = value;
  while (scale > 0 && units % 10n === 0n) {
    units /= 10n;
    scale -= 1;
  }
  return { units, scale };
}

const widened = (value: Decimal, scale: number): bigint =>
  value.units * 10n ** BigInt(scale - value.scale);
