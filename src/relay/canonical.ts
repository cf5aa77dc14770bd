/** Canonical JSON (RFC 8785): what every hash of the relay is taken over. */
import * as library from 'canonicalize';
import { assert } from '../core/errors.ts';

// The package exports its function the CommonJS way; its types say otherwise (2.1.0).
const serialize = library.default as unknown as (value: unknown) => string | undefined;

export function canonicalJson(value: unknown): string {
  const text = serialize(value);
  assert(text !== undefined, 'only plain JSON has a canonical text');
  return text;
}
