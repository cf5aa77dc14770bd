/** Arguments come from the wire untyped; what does not fit is InvalidArgument, as in Excel. */
import { hostError } from '../model/errors.ts';

export function text(value: unknown): string {
  if (typeof value !== 'string') throw hostError('InvalidArgument');
  return value;
}

export function optionalText(value: unknown): string | null {
  return value === undefined || value === null ? null : text(value);
}

export function whole(value: unknown): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) throw hostError('InvalidArgument');
  return value;
}

export function flag(value: unknown): boolean {
  if (typeof value !== 'boolean') throw hostError('InvalidArgument');
  return value;
}

export function oneOf<T extends string>(value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw hostError('InvalidArgument');
  return found;
}

/** A colour as Excel takes it: #RRGGBB, or null for none. */
export function colour(value: unknown): string {
  const given = text(value);
  if (/^#[0-9a-f]{6}$/i.test(given)) return given.toUpperCase();
  const named = NAMED[given.toLowerCase()];
  if (named === undefined) throw hostError('InvalidArgument');
  return named;
}

const NAMED: Readonly<Record<string, string>> = {
  black: '#000000',
  white: '#FFFFFF',
  red: '#FF0000',
  green: '#008000',
  blue: '#0000FF',
  yellow: '#FFFF00',
  orange: '#FFA500',
};
