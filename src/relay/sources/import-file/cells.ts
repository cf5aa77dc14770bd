// The cells of a row by what they mean.

import { bareNumber, readNumber } from './numbers.ts';
import type { Measure, Role } from './profile.ts';
import { readDay } from './days.ts';
import type { BillingPeriod } from '../../../core/billing-period.ts';
import type { Chosen } from './choose.ts';
import type { OwnValues } from './row-rules.ts';
import type { Forms } from './survey.ts';

export interface TallyQuestion {
  readonly name: string;
  readonly chosen: Chosen;
  readonly forms: Forms;
  readonly period: BillingPeriod;
  /** Whose rows these are, where the file has no column for it. */
  readonly client: string | undefined;
  readonly own: OwnValues;
}

type Values = readonly string[];
type Fail = (words: string) => Error;

export interface CellReader {
  readonly clientRef: (values: Values) => string;
  readonly clientName: (values: Values) => string;
  readonly sku: (values: Values) => string;
  readonly skuName: (values: Values) => string;
  /** What the quantity column says of a row, counted or not; null when it is no number. */
  readonly stated: (values: Values) => string | null;
  /** One decimal text for each measure of the profile; throws what `fail` makes. */
  readonly amounts: (values: Values, fail: Fail) => readonly string[];
  readonly unitCost: (values: Values, fail: Fail) => string | null;
  /** Null where rows are not told apart by it, or the machine has none. */
  readonly serial: (values: Values) => string | null;
  readonly subscription: (values: Values) => string | null;
  /** Sortable. */
  readonly start: (values: Values) => string;
}

export function countCells({ chosen, forms, client }: TallyQuestion): CellReader {
  const { profile, roles } = chosen;
  const places = new Map(roles.map((role, at) => [role, at]));
  const has = (role: Role): boolean => places.has(role);
  const cell = (values: Values, role: Role): string => values[places.get(role) ?? -1] ?? '';
  const clientName = (values: Values): string => cell(values, 'client') || (client ?? '(no client)');

  const read = (values: Values, role: Role, measure: Measure, fail: Fail): string => {
    const text = cell(values, role);
    const number = readNumber(text, forms.numbers);
    const where = `${role} "${text.slice(0, 40)}"`;
    if (number === null || !/^-?\d{1,9}(\.\d{1,4})?$/.test(number)) {
      throw fail(`${where} is not a count such as 12`);
    }
    if (number.startsWith('-')) throw fail(`${where}: a count is never negative`);
    // Hours come in parts; devices and seats do not.
    if (number.includes('.') && measure.basis !== 'billable') {
      throw fail(`${where} is not a whole number`);
    }
    return number;
  };
  const amount = (values: Values, measure: Measure, fail: Fail): string => {
    if (measure.of === 'rows') return '1';
    if (!has(measure.of)) return '0';
    const whole = read(values, measure.of, measure, fail);
    if (!measure.less || !has(measure.less) || cell(values, measure.less) === '') return whole;
    return subtract(whole, read(values, measure.less, measure, fail), fail);
  };

  return {
    clientName,
    clientRef: (values) => cell(values, 'clientRef') || clientName(values),
    sku: (values) => {
      const sku = profile.sku?.id ?? (cell(values, 'sku') || '(no SKU)');
      return has('skuPart') ? `${sku}:${cell(values, 'skuPart')}` : sku;
    },
    skuName: (values) => profile.sku?.name ?? cell(values, 'skuName'),
    stated: (values) => {
      const number = has('quantity') ? readNumber(cell(values, 'quantity'), forms.numbers) : '1';
      return number !== null && /^-?\d{1,9}(\.\d{1,4})?$/.test(number) ? number : null;
    },
    amounts: (values, fail) => profile.measures.map((measure) => amount(values, measure, fail)),
    unitCost: (values, fail) => {
      const text = cell(values, 'unitCost');
      if (text === '') return null;
      const number = readNumber(bareNumber(text), forms.numbers);
      if (number === null || !/^-?\d{1,12}(\.\d{1,7})?$/.test(number)) {
        throw fail(`unitCost "${text.slice(0, 40)}" is not a price such as 12.50`);
      }
      return number;
    },
    serial: (values) => {
      if (profile.once === undefined) return null;
      const serial = cell(values, profile.once);
      return NO_SERIAL.test(serial) ? null : serial;
    },
    subscription: (values) =>
      profile.newest === undefined ? null : cell(values, profile.newest) || null,
    start: (values) => readDay(cell(values, 'start'), forms.days) ?? '',
  };
} // prettier-ignore

/** What machines say that were never given a serial number: no two of them are one device. */
const NO_SERIAL =
  /^(|0+|x+|-+|n\/?a|none|null|unknown|default string|system serial number|not (available|applicable|specified)|to be filled by o\.?e\.?m\.?|chassis serial number|123456789?0?)$/i;

function subtract(whole: string, less: string, fail: Fail): string {
  const [a, b] = [toUnits(whole), toUnits(less)];
  if (b > a) throw fail(`${less} are included, but there are only ${whole}`);
  const units = String(a - b).padStart(5, '0');
  const text = `${units.slice(0, -4)}.${units.slice(-4)}`;
  return text.replace(/0+$/, '').replace(/\.$/, '');
}

/** Ten-thousandths. */
function toUnits(text: string): bigint {
  const [whole = '0', part = ''] = text.split('.');
  return BigInt(whole + part.padEnd(4, '0'));
}
