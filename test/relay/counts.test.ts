import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { BillingPeriod, Instant } from '../../src/core/billing-period.ts';
import { AppError } from '../../src/core/errors.ts';
import type { PostedMonth } from '../../src/core/model.ts';
import type { Currency, Quantity } from '../../src/core/money.ts';
import type { BooksCustomer } from '../../src/relay/accounting/accounting.ts';
import { conductor } from '../../src/relay/accounting/conductor.ts';
import { startMovableClock, type MovableClock } from '../../src/relay/clock.ts';
import { parseConfig } from '../../src/relay/config.ts';
import { periodAt } from '../../src/relay/clock.ts';
import { createCounting, type Counting } from '../../src/relay/counts/counting.ts';
import { itemOf } from '../../src/relay/counts/catalogue.ts';
import { customerOf } from '../../src/relay/counts/clients.ts';
import { countHandlers } from '../../src/relay/counts/handlers.ts';
import type { CountingPorts } from '../../src/relay/counts/ports.ts';
import { hashedId, plainWords } from '../../src/relay/counts/words.ts';
import type { Books } from '../../src/relay/handlers.ts';
import { createLog } from '../../src/relay/log.ts';
import type { CountSource, VendorCount, VendorCounts } from '../../src/relay/sources/source.ts';
import { openStore, type Store } from '../../src/relay/store/database.ts';
import { makeFolder } from './fixture.ts';

const OCTOBER = '2026-10' as BillingPeriod;
const ACME = 'C-1';
const BETA = 'C-2';

let folder: string;
let store: Store;
let clock: MovableClock;
let ports: CountingPorts;
let counting: Counting;
/** What the vendor would answer now; each test changes it. */
let answer: () => Promise<VendorCounts>;
let customers: BooksCustomer[];
let sealed: Set<string>;
let posted: PostedMonth[];
let batches: Map<string, { id: string; snapshotId: string | null }>;

beforeEach(async () => {
  folder = makeFolder();
  store = await openStore(folder);
  clock = startMovableClock(folder, '2026-10-31T10:00:00.000Z' as Instant);
  customers = [customer(ACME, 'Acme Limited', 'A01'), customer(BETA, 'Beta Dental', 'B02')];
  sealed = new Set();
  posted = [];
  batches = new Map();
  answer = () =>
    Promise.resolve(
      rows(
        ['7', 'ACME, Ltd.', 'WKS', '12'],
        ['8', 'Beta Dental', 'WKS', '3'],
        ['8', 'Beta Dental', 'SVR', '1'],
      ),
    );
  const { config } = parseConfig(
    {
      profile: 'lab', currency: 'USD', timeZone: 'America/Chicago',
      connections: [{ id: 'rmm', adapter: 'rmm', services: { WKS: 'WS' } }],
      books: { adapter: 'conductor' },
      services: [
        { id: 'WS', name: 'Managed workstation', basis: 'active', unit: 'device', item: 'Workstation' },
        { id: 'SRV', name: 'Managed server', basis: 'active', unit: 'device', item: 'Server' },
      ],
    },
    {},
  ); // prettier-ignore
  const adapter: CountSource = {
    id: 'rmm', title: 'Acme RMM', kind: 'api', skus: {},
    parseSettings: (settings) => settings,
    destinations: () => [],
    takesFiles: () => false,
    count: () => answer(),
  }; // prettier-ignore
  const [connection] = config.connections;
  ports = {
    config, store, clock, log: createLog('/dev/null', []),
    http: { service: () => { throw new Error('not asked'); } },
    connections: [{ config: connection!, adapter, title: 'Acme RMM' }],
    books: booksOf(),
    closed: {
      postedMonths: (before, limit) =>
        Promise.resolve(posted.filter(({ period }) => before === null || period < before).slice(0, limit)),
      isSealed: (period) => Promise.resolve(sealed.has(period)),
      batchOf: (period) => Promise.resolve(batches.get(period) ?? null),
    },
  }; // prettier-ignore
  counting = createCounting(ports);
  await counting.syncBooks();
});

afterEach(async () => {
  clock.stop();
  await store.destroy();
  rmSync(folder, { recursive: true, force: true });
});

const refresh = () => counting.refresh({ period: OCTOBER });
const latest = () => counting.snapshot(OCTOBER, 'latest');
const health = async () => (await counting.health(OCTOBER))[0]!;
const link = (kind: 'client' | 'service', ref: string, target: string | null) =>
  counting.confirm({ source: 'rmm', kind, ref, target, person: 'Dana', requestId: 'r1' }, [
    OCTOBER,
  ]);

async function countOf(clientId: string, serviceId: string): Promise<string | undefined> {
  const { counts } = await latest();
  return counts.find((count) => count.clientId === clientId && count.serviceId === serviceId)
    ?.quantity;
}

describe('counts of a refresh', () => {
  it('are linked by equal names and by the configuration; the rest waits for a person', async () => {
    await refresh();
    const snapshot = await latest();
    expect(snapshot).toMatchObject({ period: OCTOBER, sealed: false, previous: null });
    expect(await countOf(ACME, 'WS')).toBe('12');
    expect(await countOf(BETA, 'WS')).toBe('3');
    // "SVR" is nobody's SKU yet: no count of servers, for nobody, not even zero.
    expect(await countOf(BETA, 'SRV')).toBeUndefined();
    expect(snapshot.sources).toMatchObject([
      {
        id: 'rmm',
        state: 'fresh',
        clients: [ACME, BETA],
        services: ['WS'],
        unmapped: [{ kind: 'service', ref: 'SVR', quantity: '1' }],
      },
    ]);
  });

  it('of a linked client without a row are a true zero, of an unlinked client nothing', async () => {
    await refresh();
    await link('service', 'SVR', 'SRV');
    expect(await countOf(BETA, 'SRV')).toBe('1');
    expect(await countOf(ACME, 'SRV')).toBe('0');
    customers.push(customer('C-3', 'Gamma Legal', 'G03'));
    await counting.syncBooks();
    await refresh();
    expect(await countOf('C-3', 'WS')).toBeUndefined();
  });

  it('add up over several accounts of one client and keep the parts and hashed ids', async () => {
    answer = () =>
      Promise.resolve({
        asOf: null,
        counts: [
          count('7', 'ACME, Ltd.', 'WKS', '12', ['d2', 'd1']),
          count('9', 'Acme East', 'WKS', '5'),
        ],
      });
    await refresh();
    await link('client', '9', ACME);
    const found = (await latest()).counts.find(({ clientId }) => clientId === ACME);
    expect(found).toMatchObject({ quantity: '17', source: 'rmm', basis: 'active' });
    expect(found?.parts.map(({ account, quantity }) => [account, quantity])).toEqual([
      ['7', '12'],
      ['9', '5'],
    ]);
    expect(found?.parts[0]?.ids).toEqual([hashedId('rmm', 'd1'), hashedId('rmm', 'd2')].sort());
  });

  it('of an account that is answered "never" are neither counted nor asked about', async () => {
    await refresh();
    await link('client', '8', null);
    expect(await countOf(BETA, 'WS')).toBeUndefined();
    expect((await health()).unmapped).toEqual([]);
  });

  it('carry the age the vendor says, and are late by it', async () => {
    answer = () =>
      Promise.resolve({
        ...rows(['7', 'Acme Limited', 'WKS', '2']),
        asOf: '2026-10-29T10:00:00.000Z',
      });
    await refresh();
    expect((await latest()).counts[0]?.asOf).toBe('2026-10-29T10:00:00.000Z');
    expect((await health()).state).toBe('late');
  });

  it('dated in the future are as old as the sync, dated in no way are refused', async () => {
    answer = () =>
      Promise.resolve({ ...rows(['7', 'Acme Limited', 'WKS', '2']), asOf: '2027-01-01' });
    await refresh();
    expect((await latest()).counts[0]?.asOf).toMatch(/^2026-10-31T10:00/);
    answer = () => Promise.resolve({ ...rows(['7', 'Acme Limited', 'WKS', '3']), asOf: 'never' });
    await refresh();
    expect((await health()).error?.message).toMatch(/dates its counts "never"/);
    expect(await countOf(ACME, 'WS')).toBe('2');
  });

  it('take hostile names as text', async () => {
    const name = "=cmd|'/C calc'!A0 <img onerror=x>\u0000\u202e\ud800 Ignore previous instructions";
    answer = () => Promise.resolve(rows(['7', name, 'WKS', '2']));
    await refresh();
    const [unmapped] = (await health()).unmapped;
    expect(unmapped?.name).toBe(plainWords(name));
    expect(unmapped?.name).not.toMatch(/[\u0000-\u001f\u202e]/);
    expect(unmapped?.name.isWellFormed()).toBe(true);
  });
});

describe('a source that fails', () => {
  const down = () =>
    Promise.reject(new AppError('SOURCE_REFUSED', 'Acme RMM refused our credentials (401).'));

  it('keeps its last good counts, with time, reason and remedy', async () => {
    await refresh();
    const before = await health();
    answer = down;
    clock.set('2026-10-31T12:00:00.000Z' as Instant);
    await refresh();
    expect(await countOf(ACME, 'WS')).toBe('12');
    expect(await health()).toMatchObject({
      state: 'failed',
      lastGoodAt: before.lastGoodAt,
      error: {
        code: 'SOURCE_REFUSED',
        message: 'Acme RMM refused our credentials (401).',
        remedy: 'Renew the credentials of this connection.',
      },
    });
    clock.set('2026-11-01T04:00:00.000Z' as Instant);
    expect((await health()).state).toBe('failed');
    clock.set('2026-11-01T12:00:00.000Z' as Instant);
    expect(await health()).toMatchObject({ state: 'late', error: { code: 'SOURCE_REFUSED' } });
  });

  it('and never answered has no counts at all', async () => {
    answer = down;
    await refresh();
    expect((await latest()).counts).toEqual([]);
    expect(await health()).toMatchObject({
      state: 'failed',
      lastGoodAt: null,
      // What the configuration says it owes: a service of two sources is not one source's alone.
      services: ['WS'],
      clients: [],
    });
  });

  it('is never before it was asked', async () => {
    expect(await health()).toMatchObject({ state: 'never', lastTriedAt: null, error: null });
  });

  it('with a mistake of ours blames nobody else', async () => {
    answer = () => Promise.reject(new TypeError('x is not a function'));
    await refresh();
    const { error } = await health();
    expect(error?.code).toBe('INTERNAL');
    expect(error?.message).not.toContain('not a function');
  });

  it.each([
    ['an empty list', (): VendorCounts => rows()],
    [
      'nothing but zeros',
      () => rows(['7', 'Acme Limited', 'WKS', '0'], ['8', 'Beta Dental', 'WKS', '0']),
    ],
  ])(
    'and answers %s after a full one is not believed until a person confirms it',
    async (_name, empty) => {
      await refresh();
      answer = () => Promise.resolve(empty());
      await refresh();
      expect(await countOf(ACME, 'WS')).toBe('12');
      expect((await health()).error?.message).toMatch(
        /had 2 accounts before. The last good counts are kept/,
      );
      await counting.refresh({ period: OCTOBER, confirmEmpty: ['rmm'] });
      expect(await countOf(ACME, 'WS')).toBe('0');
      expect((await health()).state).toBe('fresh');
    },
  );

  it('and answers a negative count takes over nothing and names the account', async () => {
    await refresh();
    answer = () =>
      Promise.resolve(rows(['7', 'Acme Limited', 'WKS', '20'], ['8', 'Beta Dental', 'WKS', '-1']));
    await refresh();
    expect(await countOf(ACME, 'WS')).toBe('12');
    expect((await health()).error?.message).toMatch(/Beta Dental has -1 of WKS/);
  });
});

describe('snapshots', () => {
  it('keep their id while nothing changes but are new when a count is', async () => {
    const first = await refresh();
    expect(first.changed).toBe(2);
    const again = await counting.publish(OCTOBER);
    expect(again.id).toBe(first.snapshotId);
    answer = () =>
      Promise.resolve(rows(['7', 'ACME, Ltd.', 'WKS', '13'], ['8', 'Beta Dental', 'WKS', '3']));
    const second = await refresh();
    expect(second.changed).toBe(1);
    expect(second.snapshotId).not.toBe(first.snapshotId);
    const old = await counting.snapshot(OCTOBER, first.snapshotId);
    expect(old.counts.find(({ clientId }) => clientId === ACME)?.quantity).toBe('12');
  });

  it('never change, not even by hand', async () => {
    const { snapshotId } = await refresh();
    const change = store
      .updateTable('snapshot')
      .set({ content: '{}' })
      .where('id', '=', snapshotId)
      .execute();
    await expect(change).rejects.toThrow(/never changes/);
  });

  it('of a sealed month are those its batch was made from, whatever is refreshed', async () => {
    const { snapshotId } = await refresh();
    answer = () => Promise.resolve(rows(['7', 'ACME, Ltd.', 'WKS', '99']));
    await refresh();
    batches.set(OCTOBER, { id: 'b1', snapshotId });
    sealed.add(OCTOBER);
    expect(await latest()).toMatchObject({ id: snapshotId, sealed: true });
    expect(await refresh()).toMatchObject({ snapshotId, changed: 0 });
    await link('client', '7', null);
    expect(await countOf(ACME, 'WS')).toBe('12');
  });

  it('of a month posted without counts say what was billed', async () => {
    const line = {
      clientId: ACME,
      serviceId: 'WS',
      kind: 'recurring',
      description: 'x',
      quantity: '4',
      unitPrice: '1',
      amount: '4.00',
      source: null,
      parts: [],
    };
    posted = [
      {
        period: '2026-09',
        origin: 'posted',
        lines: [line, { ...line, quantity: '2' }],
      } as unknown as PostedMonth,
    ];
    sealed.add('2026-09');
    const september = await counting.snapshot('2026-09' as BillingPeriod, 'latest');
    expect(september.counts).toMatchObject([{ clientId: ACME, quantity: '6' }]);
    await refresh();
    expect((await latest()).previous?.period).toBe('2026-09');
  });

  it('of another month, a future month or nobody are refused by name', async () => {
    const { snapshotId } = await refresh();
    await expect(counting.snapshot('2026-09' as BillingPeriod, snapshotId)).rejects.toThrow(
      /no snapshot .* of 2026-09/,
    );
    await expect(counting.snapshot('2026-08' as BillingPeriod, 'latest')).rejects.toThrow(
      /no counts of 2026-08 yet/,
    );
    await expect(counting.refresh({ period: '2026-11' as BillingPeriod })).rejects.toThrow(
      /2026-11 has not started/,
    );
    await expect(counting.refresh({ period: OCTOBER, sources: ['nope'] })).rejects.toThrow(
      /no source "nope"/,
    );
  });

  it('come from one sync however many ask at once', async () => {
    let asked = 0;
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    answer = async () => {
      asked += 1;
      await held;
      return rows(['7', 'Acme Limited', 'WKS', '1']);
    };
    const refreshes = Array.from({ length: 20 }, () => refresh());
    release();
    const ids = new Set((await Promise.all(refreshes)).map(({ snapshotId }) => snapshotId));
    expect(asked).toBe(1);
    expect(ids.size).toBe(1);
  });
});

describe('links', () => {
  it('keep who, when and what before, in the trail too', async () => {
    await refresh();
    await link('service', 'SVR', 'SRV');
    const handlers = countHandlers(ports, counting);
    const { mappings } = await handlers.mappings({ ...asked, query: { source: 'rmm' } });
    expect(mappings.find(({ ref }) => ref === 'SVR')).toMatchObject({
      state: 'confirmed',
      target: 'SRV',
      by: 'Dana',
    });
    const [entry] = await store.selectFrom('audit').selectAll().execute();
    expect(entry).toMatchObject({
      person: 'Dana',
      action: 'confirmed mapping',
      words: 'SVR (SVR) at rmm is Managed server; before: open.',
      request_id: 'r1',
    });
  });

  it('of a person stand against names and configuration', async () => {
    await refresh();
    await link('client', '8', ACME);
    await link('service', 'WKS', 'SRV');
    await refresh();
    expect(await countOf(ACME, 'SRV')).toBe('15');
    expect(await countOf(BETA, 'WS')).toBeUndefined();
  });

  it('stay with the account when it is renamed at the vendor', async () => {
    await refresh();
    answer = () => Promise.resolve(rows(['7', 'Beta Dental', 'WKS', '12']));
    await refresh();
    expect(await countOf(ACME, 'WS')).toBe('12');
    expect(await countOf(BETA, 'WS')).toBe('0');
  });

  it('are refused to a client, service or account that is not there', async () => {
    await refresh();
    await expect(link('client', '7', 'C-99')).rejects.toThrow(/no client "C-99" in the books/);
    await expect(link('service', 'SVR', 'NOPE')).rejects.toThrow(/no service "NOPE"/);
    await expect(link('client', '4711', ACME)).rejects.toThrow(
      /rmm has reported no account "4711"/,
    );
  });

  it('of the sheet become spellings of the client', async () => {
    const sheet = {
      source: 'sheet',
      kind: 'client' as const,
      ref: 'The Acme shop',
      target: ACME,
      person: 'Dana',
      requestId: '',
    };
    await counting.confirm(sheet, [OCTOBER]);
    expect((await latest()).clients.find(({ id }) => id === ACME)?.aliases).toEqual([
      'The Acme shop',
    ]);
  });

  it('are guessed for a person who misspelt, best first', async () => {
    const handlers = countHandlers(ports, counting);
    const body = { kind: 'client' as const, names: ['Beta Dentel'] };
    const { mappings } = await handlers.suggest({ ...asked, body });
    expect(mappings[0]).toMatchObject({ source: 'sheet', state: 'open', target: null });
    expect(mappings[0]?.suggestions[0]?.target).toBe(BETA);
  });

  it('are never made between two equals', async () => {
    customers.push(customer('C-4', 'Beta Dental', 'B03'));
    await counting.syncBooks();
    await refresh();
    expect(await countOf(BETA, 'WS')).toBeUndefined();
    expect(await countOf('C-4', 'WS')).toBeUndefined();
    expect((await health()).unmapped.map(({ ref }) => ref)).toEqual(['8', 'SVR']);
  });
});

describe('the books', () => {
  it('give clients whose version grows with every change, in the trail by name', async () => {
    expect(await customerOf(store, ACME)).toMatchObject({
      customerId: ACME,
      version: 1,
      active: true,
      currency: 'USD',
    });
    customers[0] = customer(ACME, 'Acme Holdings', 'A01');
    customers.pop();
    await counting.syncBooks();
    expect(await customerOf(store, ACME)).toMatchObject({
      clientName: 'Acme Holdings',
      version: 2,
    });
    expect(await customerOf(store, BETA)).toMatchObject({ active: false, version: 2 });
    await counting.syncBooks();
    expect(await customerOf(store, ACME)).toMatchObject({ version: 2 });
    const words = (await store.selectFrom('audit').select('words').execute()).map(
      (row) => row.words,
    );
    expect(words).toEqual([
      'Acme Limited changed in the books: name (version 2).',
      'Beta Dental is gone from the books (version 2).',
    ]);
  });

  it('that suddenly list nobody change nothing', async () => {
    customers.length = 0;
    await expect(counting.syncBooks()).rejects.toThrow(/list no customer at all; 2 are known/);
    expect(await customerOf(store, ACME)).toMatchObject({ active: true });
  });

  it('name the item of a service, or what is missing', async () => {
    expect(await itemOf(store, ports.config, 'WS')).toEqual({ id: 'I-1', name: 'Workstation' });
    await expect(itemOf(store, ports.config, 'SRV')).rejects.toThrow(
      /Managed server: the item "Server" is inactive/,
    );
    await expect(itemOf(store, ports.config, 'X')).rejects.toThrow(/no service "X"/);
  });

  it('name themselves', async () => {
    expect(await counting.companyName()).toBe('Alder Street IT');
  });
});

describe('the month of an instant', () => {
  it.each([
    ['2026-11-01T04:59:59.000Z', 'America/Chicago', '2026-10'],
    ['2026-11-01T05:00:00.000Z', 'America/Chicago', '2026-11'],
    ['2026-10-31T10:30:00.000Z', 'Pacific/Kiritimati', '2026-11'],
  ])('%s in %s is %s', (now, zone, period) => {
    expect(periodAt(now, zone)).toBe(period);
  });
});

const asked = { params: {}, query: {}, body: {}, person: 'Dana', requestId: '' };

const count = (clientRef: string, clientName: string, sku: string, quantity: string, ids?: string[]): VendorCount => ({
  clientRef, clientName, sku, skuName: sku, basis: 'active', quantity: quantity as Quantity,
  ...(ids ? { ids } : {}),
}); // prettier-ignore

const rows = (...of: [string, string, string, string][]): VendorCounts => ({
  asOf: null,
  counts: of.map(([ref, name, sku, quantity]) => count(ref, name, sku, quantity)),
});

const customer = (id: string, name: string, code: string): BooksCustomer => ({
  id, name, code, active: true, currency: 'USD' as Currency,
}); // prettier-ignore

function booksOf(): Books {
  const refuse = (): never => {
    throw new Error('not asked here');
  };
  return {
    connection: 'books',
    system: {
      ...conductor, id: 'ledger', title: 'Acme Books', promise: 'none',
      parseSettings: (settings) => settings,
      connect: refuse,
    },
    company: {
      identity: () => Promise.resolve({ id: 'company-1', name: 'Alder Street IT' }),
      customers: () => Promise.resolve([...customers]),
      items: () => Promise.resolve([
        { id: 'I-1', name: 'Workstation', active: true },
        { id: 'I-2', name: 'Server', active: false },
      ]),
      checkHealth: refuse, customer: refuse, checkLimits: refuse, create: refuse, lookup: refuse,
      read: refuse, list: refuse,
    },
  }; // prettier-ignore
}
