/** How each way of Backup Units would be described in a configuration. */
import type { SIGN_INS } from '../../../src/sim/vendors/generic-http.ts';
import { BACKUP_UNITS_CREDENTIALS as OURS } from '../../../src/sim/vendors/generic-http.ts';
import type { PAGINGS } from '../../../src/sim/vendors/generic-http-pages.ts';

export type SignIn = (typeof SIGN_INS)[number];
export type Paging = (typeof PAGINGS)[number];

const oauth = (signIn: SignIn, more: object): object => ({
  kind: 'oauth2', path: `/${signIn}/token`, clientId: OURS.clientId, clientSecret: OURS.clientSecret, fields: { scope: 'usage.read' }, ...more,
}); // prettier-ignore

export const authOf = (signIn: SignIn): object =>
  ({
    none: { kind: 'none' },
    key: { kind: 'header', name: 'X-Backup-Key', apiKey: OURS.apiKey },
    basic: { kind: 'basic', user: OURS.user, password: OURS.password },
    bearer: { kind: 'bearer', token: OURS.token },
    oauth2: oauth(signIn, {}),
    'oauth2-json': oauth(signIn, { body: 'json' }),
    'oauth2-basic': oauth(signIn, { credentials: 'basic' }),
  })[signIn];

const sized = { sizeParameter: 'size', size: 100 };

export const pagingOf = (paging: Paging): object =>
  ({
    all: { rows: '/data' },
    page0: { rows: '/data', total: '/meta/total', paging: { kind: 'page', parameter: 'page', first: 0, pages: '/meta/pages', ...sized } },
    page1: { rows: '', paging: { kind: 'page', parameter: 'page', first: 1, ...sized } },
    offset: { rows: '/data', paging: { kind: 'offset', parameter: 'offset', more: '/meta/more', ...sized } },
    'last-id': { rows: '', paging: { kind: 'last-id', parameter: 'after', id: '/id', ...sized } },
    cursor: { rows: '/data', total: '/meta/total', paging: { kind: 'cursor', parameter: 'cursor', next: '/meta/next', ...sized } },
    'cursor-absent': { rows: '/data', paging: { kind: 'cursor', parameter: 'cursor', next: '/meta/next', endsBy: 'absent', ...sized } },
    link: { rows: '/data', paging: { kind: 'link', next: '/links/next' } },
    'link-header': { rows: '', paging: { kind: 'link-header' } },
  })[paging]; // prettier-ignore

const COUNTED = { at: '/state', in: ['protected', 'paused'] };
const BY_PRODUCT = { skuAt: '/product/code', skuNameAt: '/product/title' };

/** Customers, and the units of all of them in one list. */
export const unitsSettings = (url: string, signIn: SignIn, paging: Paging): Record<string, unknown> => ({
  baseUrl: `${url}/generic-http`,
  auth: authOf(signIn),
  clients: {
    path: `/${signIn}/${paging}/customers`, ...pagingOf(paging),
    where: [{ at: '/closed', equals: false }], client: { id: '/id', name: '/name' },
  },
  items: {
    path: `/${signIn}/${paging}/units`, ...pagingOf(paging),
    client: { id: '/customer/id' }, ids: '/serial', distinct: '/serial', unitCost: '/price/each',
    where: [COUNTED], counts: [BY_PRODUCT],
  },
}); // prettier-ignore

export const change = (settings: Record<string, unknown>, items: object): Record<string, unknown> => ({
  ...settings,
  items: { ...(settings['items'] as object), ...items },
}); // prettier-ignore

/** Bought and used, both in one row of the usage report. */
export const usageSettings = (url: string): Record<string, unknown> =>
  change(unitsSettings(url, 'key', 'cursor'), {
    path: '/key/cursor/usage', query: { from: '{from}', to: '{to}' }, ids: undefined, distinct: undefined, unitCost: undefined, where: [],
    counts: [
      { ...BY_PRODUCT, basis: 'bought', quantityAt: '/bought' },
      { ...BY_PRODUCT, basis: 'assigned', quantityAt: '/used' },
    ],
  }); // prettier-ignore

/** The same units asked for by a question put by POST, with its page in the body. */
export const searchSettings = (url: string): Record<string, unknown> =>
  change(unitsSettings(url, 'bearer', 'cursor'), {
    path: '/bearer/cursor/units/search', question: { filter: { states: ['protected', 'paused'] } },
    paging: { kind: 'cursor', parameter: 'cursor', in: 'body', next: '/meta/next', ...sized },
  }); // prettier-ignore

/** Each customer asked for by itself: in the path, in the query or in a question. */
export const eachSettings = (
  url: string,
  way: 'path' | 'query' | 'question',
): Record<string, unknown> => {
  const base = unitsSettings(url, 'basic', 'cursor');
  if (way === 'path') return change(base, { path: '/basic/cursor/customers/{clientId}/units', client: undefined }); // prettier-ignore
  if (way === 'query') return change(base, { query: { customer: '{clientId}' } });
  return change(base, {
    path: '/basic/cursor/units/search',
    question: { filter: { states: ['protected', 'paused'], customer: '{clientId}' } },
    paging: { kind: 'cursor', parameter: 'cursor', in: 'body', next: '/meta/next', ...sized },
  });
};
