/** Values out of an answer, by pointer; what is not there or not of its kind names both. */
import { createHash } from 'node:crypto';
import { AppError } from '../../core/errors.ts';
import { parseQuantity, parseUnitPrice, type Quantity } from '../../core/money.ts';
import type { FilterSettings } from './list-settings.ts';

/** One row and how a message names it: the service, the list, the number of the row. */
export interface Row {
  readonly value: unknown;
  readonly place: string;
}

type Scalar = string | number | boolean | null;

const TEXT_MAX = 255;
const MISSING = Symbol('missing');

export const malformedAt = (place: string, pointer: string, what: string): AppError =>
  new AppError('SOURCE_MALFORMED', `${place} cannot be used: ${pointer || 'the whole'} ${what}.`);

/** What a pointer finds (RFC 6901); own members only, so "constructor" finds nothing. */
export function valueAt({ value, place }: Row, pointer: string): unknown {
  const found = follow(value, pointer);
  if (found === MISSING) throw malformedAt(place, pointer, 'finds nothing');
  return found;
}

function follow(value: unknown, pointer: string): unknown {
  const parts = pointer.split('/').slice(1);
  return parts.reduce<unknown>((at, part) => {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return MISSING;
    if (Array.isArray(at) && !/^(0|[1-9]\d*)$/.test(name)) return MISSING;
    return (at as Readonly<Record<string, unknown>>)[name];
  }, value);
}

/** Null for null, "" and, where the end may be a key left out, for nothing. */
export function nextAt(row: Row, pointer: string, mayBeAbsent: boolean): string | null {
  const found = follow(row.value, pointer);
  if (found === MISSING && mayBeAbsent) return null;
  const next = valueAt(row, pointer);
  if (next === null || next === '') return null;
  if (typeof next === 'string') return next;
  if (typeof next === 'number' && Number.isSafeInteger(next)) return String(next);
  throw malformedAt(row.place, pointer, 'is no cursor or link');
}

export function listAt(row: Row, pointer: string): readonly unknown[] {
  const list = valueAt(row, pointer);
  if (Array.isArray(list)) return list;
  throw malformedAt(row.place, pointer, 'is not a list');
}

export function wholeAt(row: Row, pointer: string): number {
  const value = valueAt(row, pointer);
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw malformedAt(row.place, pointer, 'is not a whole number');
}

export function truthAt(row: Row, pointer: string): boolean {
  const value = valueAt(row, pointer);
  if (typeof value === 'boolean') return value;
  throw malformedAt(row.place, pointer, 'is neither true nor false');
}

/** An id, SKU or name. A whole number beyond 2^53 has lost digits on the way and is refused. */
export function textAt(row: Row, pointer: string): string {
  const value = valueAt(row, pointer);
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text !== 'string') throw malformedAt(row.place, pointer, 'is neither text nor an id');
  if (text.trim() === '') throw malformedAt(row.place, pointer, 'is empty');
  if (text.length > TEXT_MAX) throw malformedAt(row.place, pointer, 'is longer than 255 letters');
  return text;
}

/** Devices and seats are whole; only what is billed by the hour comes in parts. */
export function quantityAt(
  row: Row,
  pointer: string,
  { as, isWhole }: { readonly as: 'number' | 'text'; readonly isWhole: boolean },
): Quantity {
  const value = valueAt(row, pointer);
  const text = typeof value === (as === 'text' ? 'string' : 'number') ? String(value) : '';
  if (!/^\d{1,9}(\.\d{1,9})?$/.test(text)) {
    throw malformedAt(row.place, pointer, `is not a count (a ${as} such as 12)`);
  }
  const plain = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  if (isWhole && plain.includes('.'))
    throw malformedAt(row.place, pointer, 'is not a whole number');
  if (/\.\d{5}/.test(plain)) throw malformedAt(row.place, pointer, 'has more than four decimals');
  return parseQuantity(plain);
}

export function costAt(row: Row, pointer: string): string {
  const value = valueAt(row, pointer);
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  if (/^\d{1,12}(\.\d{1,7})?$/.test(text)) return parseUnitPrice(text);
  throw malformedAt(row.place, pointer, 'is not a cost such as 1.25');
}

export function isWanted(row: Row, filters: readonly FilterSettings[]): boolean {
  return filters.every((filter) => {
    const value = scalarAt(row, filter);
    if (filter.in) return filter.in.includes(value);
    if (filter.notIn) return !filter.notIn.includes(value);
    return filter.equals === value;
  });
}

function scalarAt(row: Row, { at, optional }: FilterSettings): Scalar {
  if (optional && follow(row.value, at) === MISSING) return null;
  const value = valueAt(row, at);
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value as Scalar; // prettier-ignore
  throw malformedAt(row.place, at, 'is no single value');
}

/** Hashed, as it may name a person or a machine. */
export const toId = (text: string): string =>
  createHash('sha256').update(`generic-http:${text}`).digest('hex').slice(0, 24);
