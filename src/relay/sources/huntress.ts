// Huntress: agents per organisation, and its other counts where the account has any.
// API: Huntress API v1 (organizations), read 2026-11-21. One call gives every count; 60 requests
// a minute, so no second call is made.

import { z } from 'zod';
import { quantityFromCell } from '../../core/money.ts';
import { collectPages, credential, loopbackUrl, refuseEmpty } from '../http.ts';
import { defineCountSource, type VendorCount } from './source.ts';

const TITLE = 'Huntress';
const BASE_URL = 'https://api.huntress.io';
const PAGE_SIZE = 500;

const Settings = z.strictObject({
  baseUrl: loopbackUrl.optional(),
  apiKey: credential.refine((key) => !key.includes(':'), 'holds a colon'),
  apiSecret: credential,
});

const Count = z.int().nonnegative();
const Organisation = z.object({
  id: z.int(),
  name: z.string().min(1),
  agents_count: Count,
  billable_identity_count: Count.optional(),
  logs_sources_count: Count.optional(),
  sat_learner_count: Count.optional(),
});
type Organisation = z.infer<typeof Organisation>;

const OrganisationPage = z.object({
  organizations: z.array(Organisation),
  pagination: z.object({ next_page_token: z.string().nullish() }),
});

const skus = {
  agents: 'Endpoint agents',
  identities: 'Protected identities',
  log_sources: 'Log sources',
  learners: 'Training learners',
};
type Sku = keyof typeof skus;

const countOf = (one: Organisation, sku: Sku): number | undefined =>
  ({
    agents: one.agents_count,
    identities: one.billable_identity_count,
    log_sources: one.logs_sources_count,
    learners: one.sat_learner_count,
  })[sku];

export const huntress = defineCountSource({
  id: 'huntress',
  title: TITLE,
  kind: 'api',
  skus,
  settings: Settings,

  async count({ baseUrl, apiKey, apiSecret }, _period, http) {
    const basic = Buffer.from(`${apiKey}:${apiSecret}`).toString('base64');
    const api = http.service({
      title: TITLE,
      baseUrl: baseUrl ?? BASE_URL,
      headers: { authorization: `Basic ${basic}` },
      rate: { calls: 60, perSeconds: 60 },
    });
    const organisations = await collectPages(TITLE, async (token) => {
      const query = { limit: PAGE_SIZE, page_token: token };
      const page = await api.get('/v1/organizations', OrganisationPage, { query });
      return { rows: page.organizations, next: page.pagination.next_page_token || null };
    });
    return { counts: countAll(refuseEmpty(TITLE, 'organisation', organisations)), asOf: null };
  },
});

/** Agents always; another product only where the account has it, so that it asks for no mapping. */
function countAll(organisations: readonly Organisation[]): VendorCount[] {
  const used = (Object.keys(skus) as Sku[]).filter(
    (sku) => sku === 'agents' || organisations.some((one) => (countOf(one, sku) ?? 0) > 0),
  );
  return organisations.flatMap((one) =>
    used.flatMap((sku) => {
      const count = countOf(one, sku);
      if (count === undefined) return [];
      return [
        {
          clientRef: String(one.id),
          clientName: one.name,
          sku,
          skuName: skus[sku],
          basis: 'active' as const,
          quantity: quantityFromCell(count),
        },
      ];
    }),
  );
}
