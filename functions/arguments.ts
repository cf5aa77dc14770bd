/**
 * What a cell passes in. An empty cell arrives as 0 on desktop and as null on the web
 * (office-js issues 1951 and 4702, read 2026-11-21), so 0, null and "" mean the same thing.
 */
import { periodOfSerial, readPeriod, type BillingPeriod } from '../src/core/billing-period.ts';
import { AppError } from '../src/core/errors.ts';
import { BASES, type Basis } from '../src/core/model.ts';
import { sentence, short } from './words.ts';

/** Which counts a formula is addressed to; nulls stand for the workbook's own month and stamp. */
export interface Address {
  readonly period: BillingPeriod | null;
  readonly snapshotId: string | null;
}

const ERROR_TEXT =
  /^#(REF!|VALUE!|N\/A|NAME\?|NUM!|DIV\/0!|NULL!|CALC!|SPILL!|BUSY!|GETTING_DATA)$/;
const BACK_MAX = 24;

/** The spelling of a client or service; a number is a code ("17"). */
export function parseName(value: unknown, which: 'client' | 'service'): string {
  refuseError(value, which);
  if (isEmpty(value)) {
    const help =
      which === 'client'
        ? 'Client is empty. Point the first argument at the client name or code.'
        : 'Service is empty. Point the second argument at the service name.';
    throw new AppError('INPUT_INVALID', help);
  }
  if (typeof value === 'string' || typeof value === 'number') return String(value).trim();
  throw new AppError('INPUT_INVALID', `The ${which} is not a text. Use its name or code.`);
}

/** MCC_AsOf's stamp, a month in words, a date, or nothing for the workbook's month. */
export function parseAddress(value: unknown): Address {
  refuseError(value, 'month');
  if (isEmpty(value)) return { period: null, snapshotId: null };
  if (typeof value === 'number')
    return { period: periodOr(periodOfSerial(value), value), snapshotId: null };
  if (typeof value !== 'string') throw unreadableMonth(value);
  const [month = '', snapshotId] = value.trim().split('|');
  return { period: periodOr(readPeriod(month), value), snapshotId: snapshotId || null };
}

export function parseBasis(value: unknown): Basis | null {
  refuseError(value, 'basis');
  if (isEmpty(value)) return null;
  const basis = BASES.find((name) => name === String(value).trim().toLowerCase());
  if (basis) return basis;
  const given = short(String(value));
  throw new AppError('INPUT_INVALID', sentence(`No basis "${given}". Use ${BASES.join(', ')}.`));
}

/** How many posted months back; nothing means the last one. */
export function parseBack(value: unknown): number {
  refuseError(value, 'number of months');
  if (isEmpty(value)) return 1;
  const back = Number(value);
  if (Number.isInteger(back) && back >= 1 && back <= BACK_MAX) return back;
  const given = short(String(value));
  throw new AppError(
    'INPUT_INVALID',
    `"${given}" is no number of months back. Use 1 to ${BACK_MAX}.`,
  );
}

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === 0 ||
  (typeof value === 'string' && value.trim() === '');

/** An error in an argument arrives as its text, or as an object where the host allows errors in. */
function refuseError(value: unknown, which: string): void {
  const text = errorText(value);
  if (text) {
    throw new AppError('INPUT_INVALID', `The ${which} cell contains ${text}. Fix that cell first.`);
  }
}

function errorText(value: unknown): string | null {
  if (typeof value === 'string') return ERROR_TEXT.test(value.trim()) ? value.trim() : null;
  if (typeof value !== 'object' || value === null) return null;
  const fields = Object.values(value).filter((field) => typeof field === 'string');
  return fields.find((field) => ERROR_TEXT.test(field)) ?? null;
}

function periodOr(period: BillingPeriod | null, given: string | number): BillingPeriod {
  if (!period) throw unreadableMonth(given);
  return period;
}

const unreadableMonth = (given: unknown): AppError =>
  new AppError(
    'INPUT_INVALID',
    `Month not understood: "${short(String(given))}". Use 2026-09 or a date.`,
  );
