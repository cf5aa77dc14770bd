/** Vendor exports as file sources, mapped by the matcher and the truth, against the counted truth. */
import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import Papa from 'papaparse';
import { reconcile } from '../../bench/vendors/reconcile.ts';
import { parsePeriod } from '../../src/core/billing-period.ts';
import { createHttp } from '../../src/relay/http.ts';
import { chooseProfile } from '../../src/relay/sources/import-file/choose.ts';
import { csvFile, fileImport } from '../../src/relay/sources/registry.ts';
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

  it('all of them by profiles recognised from their headings: 212 counts, $1,664.10', async () => {
    const found = await reconcile(shared('data', 'vendors'));
    expect(found.wrong).toEqual([]);
    expect([found.right, found.expected, found.rightRaw]).toEqual([212, 212, 212]);
    expect(found.discrepancy).toEqual({ found: '1664.10', truth: '1664.10', missed: '0.00' });
    expect(found.doubled).toEqual({ expected: 1, found: 1, wrong: 0 });
    expect(found.drops).toEqual({ expected: 1, found: 1, wrong: 0 });
    expect(found.second.right).toBe(found.second.expected);
    expect([...found.accounts.wrong, ...found.skus.wrong]).toEqual([]);
    expect(found.accounts.names).toBe(332);
    expect(found.accounts.linked).toBeGreaterThan(255);
  });
}); // prettier-ignore

/** Folder, file, and the profile its headings are. */
const COLUMNS = [
  ['microsoft', 'new-commerce-invoice-reconciliation.csv', 'partner-center-new-commerce'],
  ['microsoft', 'legacy-license-based-reconciliation.csv', 'partner-center-legacy'],
  ['pax8', 'pax8-invoice-csv-observed-columns.csv', 'pax8-invoice'],
  ['sonicwall', 'msw-monthly-license-report-columns.csv', 'sonicwall-licences'],
  ['connectwise-psa', 'agreement-additions-list-view-columns.csv', 'connectwise-additions'],
] as const;

describeShared('documented columns of vendor files', () => {
  it.each(COLUMNS)('%s %s is recognised', (folder, file, profile) => {
    const header = readFileSync(shared('contracts', folder, 'csv', file), 'utf8').split(/\r?\n/)[0] ?? '';
    const titles = Papa.parse<string[]>(header).data[0] ?? [];
    expect(chooseProfile(titles, undefined, {}, file)?.profile.id).toBe(profile);
  });

  it('of daily usage are no kind that counts seats', () => {
    const file = 'new-commerce-daily-rated-usage-columns.csv';
    const header = readFileSync(shared('contracts', 'microsoft', 'csv', file), 'utf8');
    expect(chooseProfile(header.trim().split(','), undefined, {}, file)).toBeNull();
  });

  it("Microsoft's sample rows: a bought seat counts, usage and trials do not", async () => {
    const path = shared('contracts', 'microsoft', 'csv', 'new-commerce-invoice-reconciliation.csv');
    const { counts } = await fileImport.count({ path }, parsePeriod('2021-05'), createHttp());
    const some = counts.filter(({ quantity }) => quantity !== '0');
    expect(some.map(({ clientName, skuName, quantity }) => [clientName, skuName, quantity])).toEqual([
      ['TEST_TEST Test Promotions 01', 'Power BI Premium Per User', '50'],
    ]);
  });
}); // prettier-ignore
