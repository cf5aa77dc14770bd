/** Vendor exports as CSV sources, mapped by the matcher and the truth, against the counted truth. */
import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import Papa from 'papaparse';
import { parsePeriod } from '../../src/core/billing-period.ts';
import { createHttp } from '../../src/relay/http.ts';
import { csvFile } from '../../src/relay/sources/registry.ts';
import { describeShared, shared } from './shared.ts';

type Row = Readonly<Record<string, string>>;

const read = (name: string): Row[] =>
  Papa.parse<Row>(readFileSync(shared('data', 'vendors', name), 'utf8').replace(/^\uFEFF/, ''), {
    header: true,
    skipEmptyLines: true,
  }).data;

/** What each client has of a service by the source, its accounts added up. */
async function countByClient(source: string, settings: object, services: Readonly<Record<string, string>>) {
  const accounts = new Map(
    read('truth_accounts.csv').filter((row) => row.source === source).map((row) => [row.source_name?.replace(/\s+/g, ' ').trim(), row.client_id ?? '']),
  );
  const { counts } = await csvFile.count(settings, parsePeriod('2026-10'), createHttp());
  const sums = new Map<string, number>();
  const strangers: string[] = [];
  for (const { clientName, sku, quantity } of counts) {
    const id = accounts.get(clientName);
    if (id === undefined) strangers.push(clientName);
    if (!id) continue;
    const key = `${id} ${services[sku] ?? sku}`;
    sums.set(key, (sums.get(key) ?? 0) + Number(quantity));
  }
  expect(strangers).toEqual([]);
  return sums;
} // prettier-ignore

const truthOf = (service: string): Map<string, number> =>
  new Map(
    read('truth_reconciliation.csv')
      .filter((row) => row.service_id === service && row.vendor_count !== '')
      .map((row) => [`${row.client_id ?? ''} ${service}`, Number(row.vendor_count)]),
  );

function compare(sums: ReadonlyMap<string, number>, truth: ReadonlyMap<string, number>): void {
  expect(truth.size).toBeGreaterThan(20);
  expect(Object.fromEntries([...truth.keys()].map((key) => [key, sums.get(key)]))).toEqual(
    Object.fromEntries(truth),
  );
}

describeShared('vendor exports', () => {
  it('rmm_devices.csv: active devices, one serial number is one device, by class', async () => {
    const settings = {
      path: shared('data', 'vendors', 'rmm_devices.csv'),
      clientColumn: 'Organization',
      skuColumn: 'Device Class',
      filter: { column: 'Status', values: ['Active'] },
      distinctColumn: 'Serial',
    };
    const sums = await countByClient('rmm', settings, { Workstation: 'WS', Server: 'SRV' });
    compare(sums, new Map([...truthOf('WS'), ...truthOf('SRV')]));
    // C036 is exported twice over: 163 rows, 95 devices.
    const all = await countByClient('rmm', { ...settings, distinctColumn: undefined }, { Workstation: 'WS', Server: 'SRV' });
    expect(all.get('C036 WS')).toBeGreaterThan(sums.get('C036 WS') ?? 0);
  });

  it('edr_accounts.csv: active agents', async () => {
    const settings = {
      path: shared('data', 'vendors', 'edr_accounts.csv'),
      clientColumn: 'Account',
      sku: 'EDR',
      quantityColumn: 'Active Agents',
      dateColumn: 'Last Sync',
    };
    compare(await countByClient('edr', settings, {}), truthOf('EDR'));
    const { asOf } = await csvFile.count(settings, parsePeriod('2026-10'), createHttp());
    expect(asOf).toBe('2026-10-31T00:00:00.000Z');
  });

  it('distributor_invoice.csv: the cycle fee alone, credits and prorations are money', async () => {
    const skus = read('truth_skus.csv').filter((row) => row.source === 'distributor');
    const services = Object.fromEntries(skus.map((row) => [row.source_sku_code ?? '', row.service_id || 'none']));
    const sums = await countByClient(
      'distributor',
      {
        path: shared('data', 'vendors', 'distributor_invoice.csv'),
        clientColumn: 'Customer',
        skuColumn: 'SKU',
        quantityColumn: 'Quantity',
        filter: { column: 'Charge Type', values: ['Cycle fee'] },
        basis: 'bought',
      },
      services,
    );
    compare(sums, new Map(['M365BB', 'M365BS', 'M365BP', 'EXO1'].flatMap((one) => [...truthOf(one)])));
  });
}); // prettier-ignore
