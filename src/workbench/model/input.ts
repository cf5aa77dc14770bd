/**
 * What Excel makes of something typed or written through the API (US English): a number, a
 * percentage, an amount, a month or a day becomes a number with a format; "TRUE" a boolean.
 */
import type { Scalar } from './workbook.ts';

const ERRORS = /^#(N\/A|VALUE!|REF!|DIV\/0!|NUM!|NAME\?|NULL!|SPILL!|CALC!|BUSY!)$/;
const NUMBER = /^[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?(e[+-]?\d+)?$/i;
const MS_PER_DAY = 86_400_000;
/** Day 0 of Excel's calendar; right from 1 March 1900 on. */
const EPOCH = Date.UTC(1899, 11, 30);
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

export interface Entered {
  readonly value: Scalar;
  /** The format Excel gives a cell that has none yet. */
  readonly format: string | null;
}

export const isErrorText = (value: unknown): boolean =>
  typeof value === 'string' && ERRORS.test(value);

/** A cell formatted as text ("@") keeps what was typed. */
export function readEntry(text: string, numberFormat: string): Entered {
  if (numberFormat === '@') return { value: text, format: null };
  if (text.startsWith("'")) return { value: text.slice(1), format: null };
  const trimmed = text.trim();
  if (isErrorText(trimmed.toUpperCase())) return { value: trimmed.toUpperCase(), format: null };
  if (/^(true|false)$/i.test(trimmed)) return { value: /^t/i.test(trimmed), format: null };
  return readAmount(trimmed) ?? readDate(trimmed) ?? { value: text, format: null };
}

function readAmount(text: string): Entered | null {
  const bracketed = /^\((.*)\)$/.exec(text);
  const [, sign = '', dollar = '', digits = '', percent = ''] =
    /^([+-]?)(\$?)([^$%]*?)(%?)$/.exec(bracketed?.[1] ?? text) ?? [];
  if (!/\d/.test(digits) || !NUMBER.test(sign + digits)) return null;
  if (bracketed && /^[+-]/.test(bracketed[1] ?? '')) return null;
  const size = Number((sign + digits).replaceAll(',', ''));
  if (!Number.isFinite(size)) return null;
  const value = bracketed ? -size : size;
  if (percent) return { value: value / 100, format: digits.includes('.') ? '0.00%' : '0%' };
  if (dollar) return { value, format: digits.includes('.') ? '$#,##0.00' : '$#,##0' };
  if (digits.includes(',')) return { value, format: digits.includes('.') ? '#,##0.00' : '#,##0' };
  return { value, format: null };
}

function readDate(text: string): Entered | null {
  const iso = /^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?$/.exec(text);
  if (iso) return dated(Number(iso[1]), Number(iso[2]), iso[3]);
  const us = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text);
  if (us) return dated(Number(us[3]), Number(us[1]), us[2]);
  const monthYear = /^([a-z]{3,9})[ -](\d{4})$/i.exec(text);
  const month = MONTHS.indexOf((monthYear?.[1] ?? '').slice(0, 3).toLowerCase());
  return month < 0 ? null : dated(Number(monthYear?.[2]), month + 1, undefined);
}

/** A month without a day is its first day, shown as Oct-26. */
function dated(year: number, month: number, day: string | undefined): Entered | null {
  const at = new Date(Date.UTC(year, month - 1, Number(day ?? 1)));
  if (at.getUTCMonth() !== month - 1 || year < 1900) return null;
  return { value: dateSerial(at), format: day === undefined ? 'mmm-yy' : 'm/d/yyyy' };
}

export const dateSerial = (at: Date): number => (at.getTime() - EPOCH) / MS_PER_DAY;
