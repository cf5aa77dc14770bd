/** Vendor files by profile: what is counted, and what is said of a file that is not to be trusted. */
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { parsePeriod } from '../../src/core/billing-period.ts';
import type { AppError } from '../../src/core/errors.ts';
import { createHttp } from '../../src/relay/http.ts';
import { PROFILES } from '../../src/relay/sources/import-file/profiles.ts';
import { fileImport } from '../../src/relay/sources/registry.ts';
import type { VendorCounts } from '../../src/relay/sources/source.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(60_000);

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcc-import-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const http = createHttp();
const PERIOD = parsePeriod('2026-10');
type Settings = Readonly<Record<string, unknown>>;

function put(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const take = (content: string | Buffer, settings: Settings = {}, name = 'export.csv'): Promise<VendorCounts> =>
  fileImport.count({ path: put(name, content), ...settings }, PERIOD, http); // prettier-ignore

async function tally(content: string | Buffer, settings?: Settings): Promise<string[]> {
  const { counts } = await take(content, settings);
  return counts.map(({ clientName, sku, basis, quantity }) => `${clientName}/${sku}/${basis}=${quantity}`);
} // prettier-ignore

const failure = (work: Promise<unknown>): Promise<AppError> =>
  work.then(
    () => Promise.reject(new Error('the file was taken')),
    (error: unknown) => error as AppError,
  );

const refusal = (content: string | Buffer, settings?: Settings, name?: string): Promise<AppError> =>
  failure(take(content, settings, name));

const INVOICE = 'Customer,SKU,Product,Charge Type,Quantity,Unit Cost,Period Start,Period End\n';
const line = (client: string, charge: string, quantity: string, from = '2026-10-01', to = '2026-10-31'): string =>
  `${client},BB,Basic,${charge},${quantity},5.76,${from},${to}\n`; // prettier-ignore
const DEVICES = 'Organization,Device Class,Serial,Status,Last Contact\n';

describe('each profile counts what its vendor bills', () => {
  const rows: Readonly<Record<string, readonly [string, readonly string[]]>> = {
    'partner-center-new-commerce': [
      'ProductQualifiers,CustomerName,CustomerId,ProductId,SkuId,SkuName,ChargeType,Quantity,BillableQuantity,SubscriptionId,ChargeStartDate,ChargeEndDate,EffectiveUnitPrice,MeterDescription\n' +
        ',A,a,P,1,Basic,cycleFee,10,10,s1,10/1/2026,10/31/2026,5.76,\n' +
        // Seats added: refund of the old, charge of the new, both with the whole Quantity.
        ',A,a,P,1,Basic,addQuantity,12,-10,s1,10/20/2026,10/31/2026,2.1,\n' +
        ',A,a,P,1,Basic,addQuantity,12,12,s1,10/20/2026,10/31/2026,2.1,\n' +
        // Another subscription of the same product, monthly beside yearly, and its renewal.
        ',A,a,P,1,Basic,renew,3,3,s2,9/15/2026,10/14/2026,5.76,\n' +
        ',A,a,P,1,Basic,cycleFee,4,4,s2,10/15/2026,11/14/2026,5.76,\n' +
        '"[""Trial""]",A,a,P,1,Basic,new,25,25,s3,10/1/2026,10/31/2026,0,\n' +
        ',B,b,Z,9,Azure,New,1,0.005001,s4,10/1/2026,10/31/2026,0.04,GB stored\n',
      ['A/P:1/bought=14', 'A/Z:9/bought=0', 'B/P:1/bought=0', 'B/Z:9/bought=0'],
    ],
    'partner-center-legacy': [
      'CustomerName,CustomerId,OfferId,DurableOfferId,OfferName,SubscriptionId,ChargeType,UnitPrice,Quantity,ChargeStartDate,ChargeEndDate\n' +
        'A,a,o1,d1,Plan E3,s1,Cycle fee,6.82,2,10/1/2026 0:00,10/31/2026 23:59\n' +
        'A,a,o1,d1,Plan E3,s1,Prorate fees when cancel,6.82,5,10/2/2026 0:00,10/31/2026 23:59\n',
      ['A/o1/bought=2'],
    ],
    'pax8-invoice': [
      'company_id,company_name,type,description,sku,quantity,cost,start_period,invoice_date\n' +
        '1,A,subscription,Basic,BB,7,5.76,2026-10-01,2026-10-04\n1,A,prorate,Basic,BB,2,1.1,2026-10-20,2026-10-28\n',
      ['A/BB/bought=7'],
    ],
    'ingram-invoice': [
      'End Customer,MPN,Product Name,Charge Type,Quantity,Unit Price\nA,BB,Basic,Recurring,7,5.76\nA,BB,Basic,Credit,-2,5.76\n',
      ['A/BB/bought=7'],
    ],
    'connectwise-additions': [
      'Company,Product ID,Description,Quantity,Less Included,Bill,Addition Status,Effective,Cancelled,Cost\n' +
        'A,WS,Workstation,10.00,2.50,Billable,Active,10/1/2025,,4\n' +
        'A,WS,Workstation,5.00,,Do Not Bill,Active,10/13/2025,,4\n' +
        'A,WS,Workstation,6.00,,Billable,Active,11/1/2026,,4\n' +
        'A,WS,Workstation,7.00,,Billable,Active,10/1/2025,9/30/2026,4\n',
      ['A/WS/billable=7.5', 'A/WS/bought=10'],
    ],
    'sonicwall-licences': [
      'Billing Month,Snapshot Date,Tenant,Friendly Name,Serial,Product,Service,SKU#,SKU Description,Billed Quantity\n' +
        'October 2026,2026-11-01,A,fw,S1,TZ,Essential,02-SSC,Essential,1\nOctober 2026,2026-11-01,A,fw2,S2,TZ,Essential,02-SSC,Essential,1\n',
      ['A/02-SSC/billable=2'],
    ],
    'huntress-agents': [
      'Account,Active Agents,Inactive Agents,Last Sync\nA,5,1,2026-10-31\nB,0,1,2026-10-12\n',
      ['A/agents/active=5', 'B/agents/active=0'],
    ],
    'distributor-invoice': [
      INVOICE + line('A', 'Cycle fee', '12') + line('A', 'Proration', '3') + line('B', 'Credit', '-1'),
      ['A/BB/bought=12', 'B/BB/bought=0'],
    ],
    'tenant-licences': [
      'tenantDefaultDomain,skuPartNumber,prepaidUnitsEnabled,consumedUnits\na.example,SPB,9,7\n',
      ['a.example/SPB/bought=9', 'a.example/SPB/assigned=7'],
    ],
    mailboxes: [
      'Primary Domain,Active Mailboxes,Shared Mailboxes\na.example,4,2\n',
      ['a.example/mailboxes/active=4'],
    ],
    'backup-units': [
      'Client Name,Product,Code,Protected Units,Storage GB\nA,Server,SRV,2,40\nA,Server,SRV,1,40\n',
      ['A/SRV/active=3'],
    ],
    'device-list': [
      DEVICES +
        'A,Workstation,x1,Active,2026-10-31\nA,Workstation,X1,active,2026-10-30\nA,Workstation,x2,Retired,2026-10-31\n' +
        'A,Server,To be filled by O.E.M.,Active,2026-10-31\nA,Server,to be filled by O.E.M.,Active,2026-10-31\n',
      ['A/Workstation/active=1', 'A/Server/active=2'],
    ],
    'seat-list': ['Kunde;Artikel;Anzahl\nA;Basic;12\n', ['A/Basic/bought=12']],
  }; // prettier-ignore

  it('has a file of each', () => {
    expect(Object.keys(rows).sort()).toEqual(PROFILES.map(({ id }) => id).sort());
  });

  it.each(Object.entries(rows))('%s', async (id, [content, counts]) => {
    expect(await tally(content)).toEqual(counts);
    const { file } = await take(content);
    expect(file).toMatchObject({ profile: id, name: 'export.csv' });
    expect(file?.reason).toContain('recognised as');
    expect((await take(content, { profile: id })).file?.reason).toContain('set to');
  });
});

describe('the profile', () => {
  it('is found whatever the order, case and punctuation of the headings, below a report title', async () => {
    const text = 'Usage report\n\nQTY;product;note;CUSTOMER_NAME;Serial_\n4;Basic;x;A;\n';
    expect(await tally(text.replace(';Serial_', '').replace('A;\n', 'A\n'))).toEqual(['A/Basic/bought=4']);
  }); // prettier-ignore

  it('takes headings of its own, and whose rows they are', async () => {
    const columns = { sku: 'Ware', quantity: 'Stk' };
    const settings = { profile: 'seat-list', columns, client: 'A' };
    const error = await refusal('Ware,Stk\nBasic,4\n', settings);
    expect(error.message).toContain('"Client" or "Client Name"');
    expect(await tally('Ware,Stk,Client\nBasic,4,\n', settings)).toEqual(['A/Basic/bought=4']);
  });

  it('asks whose the additions of one agreement are', async () => {
    const text = 'Product ID,Description,Quantity,Bill,Addition Status,Effective,Cancelled\nWS,Work,2,Billable,Active,,\n'; // prettier-ignore
    expect((await refusal(text)).message).toContain('set "client"');
    expect(await tally(text, { client: 'A' })).toEqual(['A/WS/billable=2', 'A/WS/bought=2']);
  });

  it('of a file that fits two is refused with both names', async () => {
    const error = await refusal('Account,Active Agents,Active Mailboxes\nA,1,2\n');
    expect(error.message).toContain('Huntress agents by account');
    expect(error.message).toContain('Mailboxes by domain');
    const settings = { profile: 'mailboxes' };
    expect(await tally('Account,Active Agents,Active Mailboxes\nA,1,2\n', settings)).toEqual([
      'A/mailboxes/active=2',
    ]);
  });

  it('of another vendor is named', async () => {
    const error = await refusal(DEVICES + 'A,WS,x,Active,2026-10-31\n', { profile: 'pax8-invoice' });
    expect(error.message).toContain('it is not Pax8 invoice: its columns are those of Device list');
  }); // prettier-ignore

  it('that is none is told from the nearest', async () => {
    const error = await refusal('tenantDefaultDomain,skuPartNumber,consumed\na,b,1\n');
    expect(error.message).toContain('no known kind of file');
    expect(error.message).toContain('Microsoft 365 licences by tenant');
  });

  it('refuses a charge nobody knows, until a person says what it is', async () => {
    const text = INVOICE + line('A', 'Cycle fee', '2') + line('A', 'True-up', '3');
    const error = await refusal(text);
    expect(error.message).toContain('row 3: "True-up" (charge)');
    expect(await tally(text, { count: ['true-up'] })).toEqual(['A/BB/bought=5']);
    expect(await tally(text, { leave: ['True-up'] })).toEqual(['A/BB/bought=2']);
  });

  it('keeps a price only where all rows agree', async () => {
    const one = INVOICE + line('A', 'Cycle fee', '2') + line('A', 'Cycle fee', '3');
    expect((await take(one)).counts[0]?.unitCost).toBe('5.76');
    expect((await take(one.replace('3,5.76', '3,6.20'))).counts[0]?.unitCost).toBeUndefined();
  });
});

describe('numbers and days as the file writes them', () => {
  const seats = (...quantities: string[]): string =>
    `Client;Product;Seats;Unit Cost\n${quantities.map((one) => `A;Basic;${one}\n`).join('')}`;
  const taken: readonly (readonly [string, string, string, Settings])[] = [
    ['1,234 beside 5.76', seats('1,234;5.76'), '1234', {}],
    ['1.234 beside 5,76', seats('1.234;5,76'), '1234', {}],
    ['1 234 beside 5,76 €', seats('1\u00a0234;5,76 €'), '1234', {}],
    ["1'234 beside 5,76", seats("1'234;5,76"), '1234', {}],
    ['12.00', seats('12.00;$5.76'), '12', {}],
    ['1.234 set to European', seats('1.234;'), '1234', { numbers: 'eu' }],
    ['1,234 set to English', seats('1,234;'), '1234', { numbers: 'en' }],
  ];
  it.each(taken)('%s', async (_what, content, quantity, settings) => {
    expect(await tally(content, settings)).toEqual([`A/Basic/bought=${quantity}`]);
  });

  const refused: readonly (readonly [string, string, string])[] = [
    ['1.234 alone', seats('1.234;'), '"1.234" in row 2 can be read in two ways'],
    ['1,234 alone', seats('1,234;'), 'set "numbers"'],
    ['both forms', seats('1;5.76', '2;5,76'), 'mixes two ways to write numbers'],
    ['a part of a seat', seats('1.5;5.76'), 'row 2: quantity "1.5" is not a whole number'],
    ['a negative', seats('-1;'), 'never negative'],
    ["an accountant's negative", seats('(1);'), '"(1)" is not a count'],
    ['a typographic minus', seats('−1;'), 'is not a count'],
    ['nothing', seats(';5.76'), '"" is not a count'],
    ['an exponent', seats('1e3;'), 'is not a count'],
    ['full-width digits', seats('１２;'), 'is not a count'],
    ['a percentage', seats('5%;'), 'is not a count'],
    ['too many', seats('99999999999;'), 'is not a count'],
    ['a price that is none', seats('1;n/a'), 'unitCost "n/a" is not a price'],
  ];
  it.each(refused)('%s is refused', async (_what, content, words) => {
    const error = await refusal(content);
    expect(error).toMatchObject({ code: 'SOURCE_MALFORMED' });
    expect(error.message).toContain(words);
  });

  const agents = (...days: string[]): string =>
    `Account,Active Agents,Last Sync\n${days.map((day) => `A,1,"${day}"\n`).join('')}`;
  it.each([
    [['10/05/2026', '10/31/2026'], '2026-10-31'],
    [['05/10/2026', '31/10/2026'], '2026-10-31'],
    [['5.10.2026', '31.10.2026 23:59'], '2026-10-31'],
    [['2026-10-05T10:00:00Z', '2026/10/31'], '2026-10-31'],
    [['Oct 5, 2026', '31 October 2026'], '2026-10-31'],
    [['10/10/2026'], '2026-10-10'],
  ])('days %j', async (days, newest) => {
    expect((await take(agents(...days))).asOf).toBe(`${newest}T00:00:00.000Z`);
  });

  it.each([
    [['10/05/2026'], '"10/05/2026" in row 2 can be read in two ways'],
    [['10/31/2026', '31/10/2026'], 'mixes two ways to write days'],
    [['2026-02-30'], '"2026-02-30" is not a day'],
    [['46326'], '"46326" is not a day'],
    [['31/10/26'], '"31/10/26" is not a day'],
  ])('days %j are refused', async (days, words) => {
    expect((await refusal(agents(...days))).message).toContain(words);
  });

  it('a day that can be read in two ways is read as it is set', async () => {
    const text = agents('05/10/2026');
    expect((await take(text, { days: 'dmy' })).asOf).toBe('2026-10-05T00:00:00.000Z');
    expect((await refusal(text, { days: 'mdy' })).message).toContain('it is an older file');
  });
});

describe('a file that is not of this month, not whole or not new', () => {
  const whole = INVOICE + line('A', 'Cycle fee', '12') + line('B', 'Proration', '3');
  const bad: readonly (readonly [string, string, string])[] = [
    ['charges of the month before', INVOICE + line('A', 'Cycle fee', '1', '2026-09-01', '2026-09-30'), 'row 2: it ends on 2026-09-30, before 2026-10'],
    ['charges of the next month', INVOICE + line('A', 'Cycle fee', '1', '2026-11-01', '2026-11-30'), 'it begins on 2026-11-01'],
    ['devices last seen in September', `${DEVICES}A,WS,x,Active,2026-09-30\n`, 'it is an older file'],
    ['devices of December', `${DEVICES}A,WS,x,Active,2026-12-01\n`, 'it is a later file'],
    ['a licence report of September', 'Billing Month,Tenant,SKU#,SKU Description,Billed Quantity\n2026-09,A,1,x,2\n', 'it is of 2026-09, not of 2026-10'],
    ['a licence report of no month', 'Billing Month,Tenant,SKU#,SKU Description,Billed Quantity\nsoon,A,1,x,2\n', '"soon" is not a month'],
    ['a last line that is cut', `${whole}C,BB,Ba`, 'row 4 has 3 values where the first row names 8 columns; it ends there and may have been cut'],
    ['fewer rows than it says', `${whole}Rows: 3,,,,,,,\n`, 'closing row 4 says 3 rows, but there are 2'],
    ['a total that is not reached', `${whole}Total,,,,19,,,\n`, 'says 19, but the rows above it add up to 12'],
    ['rows below its total', `${whole}Total,,,,12,,,\n${line('C', 'Cycle fee', '1')}`, 'row 5 stands below the closing row 4'],
    ['a header alone', INVOICE, 'no rows below its first'],
    ['nothing', '', 'it is empty'],
    ['one subscription with two counts', 'CustomerName,CustomerId,OfferId,DurableOfferId,OfferName,SubscriptionId,ChargeType,Quantity,ChargeStartDate,ChargeEndDate\nA,a,o,d,n,s,Cycle fee,1,10/1/2026,10/31/2026\nA,a,o,d,n,s,Cycle fee,2,10/1/2026,10/31/2026\n', 'row 3: subscription s has two counts'],
  ]; // prettier-ignore
  it.each(bad)('%s', async (_what, content, words) => {
    const error = await refusal(content);
    expect(error).toMatchObject({ code: 'SOURCE_MALFORMED' });
    expect(error.message).toContain('export.csv');
    expect(error.message).toContain(words);
  });

  it.each(['Total,,,,12,,,\n', 'Total,,,,15,,,\n', 'Rows: 2,,,,,,,\n', 'Record count,2\n', 'End of report\n'])(
    'a closing row %j that is right is no client',
    async (trailer) => {
      expect(await tally(whole + trailer)).toEqual(['A/BB/bought=12', 'B/BB/bought=0']);
    },
  ); // prettier-ignore

  it('a client called Total is a client', async () => {
    expect(await tally(INVOICE + line('Total', 'Cycle fee', '1'))).toEqual(['Total/BB/bought=1']);
  });

  it('a name of another month is refused with the name it would have', async () => {
    const error = await refusal(whole, { profile: 'distributor-invoice' }, 'Invoice_2026-09.csv');
    expect(error.message).toContain('its name says 2026-09, not 2026-10');
    expect(error.message).toContain('DISTRIBUTOR_2026-10.csv');
    expect((await take(whole, {}, 'Invoice Oct 2026.csv')).counts.length).toBe(2);
  });

  it("last month's file over again is refused", async () => {
    const seats = 'Client,Product,Seats\nA,Basic,4\n';
    put('SEATS_2026-09.csv', seats);
    const error = await refusal(seats, {}, 'SEATS_2026-10.csv');
    expect(error.message).toContain('it is the file of 2026-09 (SEATS_2026-09.csv) over again');
    const { file } = await take(`${seats}B,Basic,1\n`, {}, 'SEATS_2026-10.csv');
    expect(file?.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it('of a folder the newest file of the month and the vendor is taken', async () => {
    const at = (day: number): Date => new Date(Date.UTC(2026, 9, day));
    const seats = (count: number): string => `Client,Product,Seats\nA,Basic,${String(count)}\n`;
    utimesSync(put('SEATS_2026-10.csv', seats(1)), at(1), at(1));
    utimesSync(put('Seats_2026-10 (2).csv', seats(2)), at(2), at(2));
    utimesSync(put('SEATS_2026-11.csv', seats(3)), at(3), at(3));
    utimesSync(put('OTHER_2026-10.csv', seats(4)), at(4), at(4));
    const settings = { folder, profile: 'seat-list' };
    const { counts } = await fileImport.count(settings, PERIOD, http);
    expect(counts.map(({ quantity }) => quantity)).toEqual(['2']);
    const none = await failure(fileImport.count(settings, parsePeriod('2026-12'), http));
    expect(none).toMatchObject({ code: 'SOURCE_DOWN' });
    expect(none.message).toContain('Save it as SEATS_2026-12.csv');
    utimesSync(join(folder, 'SEATS_2026-10.csv'), at(2), at(2));
    const both = await failure(fileImport.count(settings, PERIOD, http));
    expect(both.message).toContain('was written at the same moment');
  });
});
