/** Where requests go: the base address of a service, checked once, and the paths under it. */
import { AppError } from '../../core/errors.ts';
import type { Query } from './answer.ts';
import type { Destinations } from './destination.ts';

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** Without its closing slashes; SETUP_MISSING for an address that credentials may not go to. */
export function checkBaseUrl(title: string, baseUrl: string, destinations: Destinations): string {
  const url = URL.parse(baseUrl);
  const plain = url && !url.username && !url.password && !url.search && !url.hash;
  const loopback = url?.protocol === 'http:' && LOOPBACK.has(url.hostname);
  const isRefused = url !== null && destinations.isRefusedLiteral(url.hostname);
  if (
    plain &&
    !isRefused &&
    (url.protocol === 'https:' || (loopback && destinations.allowLoopback))
  )
    return baseUrl.replace(/\/+$/, '');
  const why = loopback
    ? 'a loopback address serves the sample and lab profiles only'
    : 'an address is https without user name and public, or leave it out and name the region';
  throw new AppError('SETUP_MISSING', `${title}: baseUrl: ${why}.`);
}

export function toUrl(base: string, path: string, query: Query = {}): URL {
  const url = new URL(`${base}${path}`);
  for (const [name, value] of Object.entries(query)) {
    const values = Array.isArray(value) ? value : [value];
    for (const one of values) if (one !== null) url.searchParams.append(name, String(one));
  }
  return url;
}
