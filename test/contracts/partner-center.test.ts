/** Our adapter reads the one answer that Microsoft's own documentation shows. */
import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from '@jest/globals';
import { parsePeriod } from '../../src/core/billing-period.ts';
import { createHttp } from '../../src/relay/http.ts';
import { partnerCenter } from '../../src/relay/sources/partner-center.ts';
import type { VendorCounts } from '../../src/relay/sources/source.ts';
import { startServer, type Server } from '../relay/replay-server.ts';
import { describeShared, shared } from './shared.ts';

const TENANT = '00000000-0000-4000-8000-00000000000a';
const CUSTOMER = { id: TENANT, companyProfile: { companyName: 'Pinecrest Dental PC' } };

describeShared('the documented list of subscriptions', () => {
  let server: Server | null = null;
  afterEach(() => server?.close());

  const readSample = (change: object): Promise<VendorCounts> => countFrom({ ...sample(), ...change });
  const sample = (): object =>
    JSON.parse(
      readFileSync(shared('contracts/microsoft/samples/partnercenter-customer-subscriptions.json'), 'utf8'),
    ) as object;

  async function countFrom(answer: object): Promise<VendorCounts> {
    server = await startServer(({ path }) => {
      if (path.startsWith('/login/')) return { body: { access_token: 'sample-token' } };
      if (path === '/v1/customers') return { body: { totalCount: 1, items: [CUSTOMER] } };
      return { body: answer };
    });
    const settings = { baseUrl: server.url, tenantId: TENANT, clientId: 'sample', clientSecret: 'sample' };
    return partnerCenter.count(settings, parsePeriod('2026-10'), createHttp({ allowLoopback: true }));
  }

  it('is one seat of the offer it links, in the form without an offer id', async () => {
    const { counts } = await readSample({ totalCount: 1 });
    expect(counts).toMatchObject([
      { sku: '0cca44d6-68e9-4762-94ee-31ece98783b9', quantity: '1', basis: 'bought' },
    ]);
  });

  it('is refused as it stands: it says 37 and shows one', async () => {
    await expect(readSample({})).rejects.toMatchObject({ code: 'SOURCE_MALFORMED' });
  });
}); // prettier-ignore
