/** A person imports a file: which bytes are taken, where they are kept, and what is answered. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Currency } from '../../src/core/money.ts';
import { storeBooks } from '../../src/relay/counts/clients.ts';
import { inTransaction } from '../../src/relay/store/database.ts';
import { plainConfig, startTestRelay, type Answer, type TestRelay } from './fixture.ts';

jest.setTimeout(60_000);

const upload = { adapter: 'file-import', settings: { upload: true } };
const CONNECTIONS = [
  { id: 'files', ...upload },
  { id: '..', ...upload },
  { id: 'by-path', adapter: 'file-import', settings: { path: '/nowhere/export.csv' } },
];
const SEATS = (quantity: number): string => `Client,Product,Seats\nAcme Limited,Basic,${String(quantity)}\n`; // prettier-ignore
const OCTETS = { 'content-type': 'application/octet-stream' };

let relay: TestRelay;
beforeAll(async () => {
  relay = await startTestRelay({ ...plainConfig(), connections: CONNECTIONS });
  const { store, clock } = relay.core;
  const customers = [{ id: 'C-1', name: 'Acme Limited', code: 'A01', active: true, currency: 'USD' as Currency }]; // prettier-ignore
  await inTransaction(store, (transaction) =>
    storeBooks(transaction, clock, { customers, items: [] }, 'USD' as Currency),
  );
});
afterAll(() => relay.remove());

let asked = '';
beforeEach(() => {
  asked = '/api/imports/files?period=2026-10&name=seats.csv';
});

const bring = (body: string | Buffer, path = asked, headers = {}): Promise<Answer> =>
  relay.asked({ method: 'POST', path, body, headers: { ...OCTETS, ...headers } });
const kept = (period = '2026-10', source = 'files'): string[] =>
  readdirSync(join(relay.data, 'imports', source, period));

describe('a file that is brought', () => {
  it('is kept whole, counted at once, answered with the health, and noted in the trail', async () => {
    const { status, json } = await bring(SEATS(4));
    expect(status).toBe(200);
    expect(json).toMatchObject({ id: 'files', state: 'fresh', error: null, takesFiles: true });
    expect(json.file).toMatchObject({ name: 'seats.csv', profile: 'seat-list' });
    expect(kept()).toEqual(['seats.csv']);
    const path = join(relay.data, 'imports', 'files', '2026-10', 'seats.csv');
    expect(readFileSync(path, 'utf8')).toBe(SEATS(4));
    const { json: trail } = await relay.asked({ path: '/api/audit?period=2026-10' });
    expect(trail).toMatchObject({ verified: true });
    expect(trail.entries[0].words).toBe('Dana Whitfield imported seats.csv for 2026-10.');
  });

  it('replaces the one before, also when many come at once', async () => {
    const names = ['a.csv', 'b.csv', 'c.csv', 'd.csv'];
    const answers = await Promise.all(
      names.map((name, index) => bring(SEATS(10 + index), asked.replace('seats.csv', name))),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const [last] = kept();
    expect(kept()).toEqual([last]);
    const { json } = await bring(SEATS(20), asked.replace('seats.csv', 'e.csv'));
    expect(json.file.name).toBe('e.csv');
    expect(kept()).toEqual(['e.csv']);
  });

  it('that cannot be used leaves the last good counts, and says why', async () => {
    await bring(SEATS(4));
    const { status, json } = await bring('no,such\ntable,1\n');
    expect(status).toBe(200);
    expect(json).toMatchObject({ state: 'failed', error: { code: 'SOURCE_MALFORMED' } });
    expect(json.file.name).toBe('seats.csv');
    const { json: october } = await relay.asked({ path: '/api/periods/2026-10/snapshots/latest' });
    expect(october.sources[0].file.profile).toBe('seat-list');
  });

  it('of another kind is taken once it is confirmed', async () => {
    await bring(SEATS(4));
    const boxes = 'Primary Domain,Active Mailboxes,Shared Mailboxes\nAcme Limited,4,2\n';
    expect((await bring(boxes)).json.error.message).toContain('"mailboxes"');
    expect((await bring(boxes, `${asked}&confirmProfile=yes`)).json.state).toBe('fresh');
    await bring(SEATS(4), `${asked}&confirmProfile=yes`);
  });

  it('may be up to 10 MB, and not a byte more', async () => {
    const row = 'Acme Limited,Basic,1\n';
    const rows = row.repeat(Math.floor((10 * 1024 * 1024 - 30) / row.length));
    const most = `Client,Product,Seats\n${rows}`.padEnd(10 * 1024 * 1024, '\n');
    expect((await bring(most)).json).toMatchObject({ state: 'fresh' });
    const { status, json } = await bring(`${most}\n`);
    expect([status, json.message]).toEqual([413, expect.stringMatching(/10 MB\. .*"path"/)]);
  });
});

describe('where a file is kept', () => {
  it.each<[string, string]>([
    ['seats.csv', 'seats.csv'],
    ['Sitze Österreich (2).CSV', 'Sitze Österreich (2).csv'],
    ['a;b|c*d?.csv', 'a_b_c_d_.csv'],
    ['..csv', '_..csv'],
    ['...csv', '_...csv'],
    ['-rf.csv', '_-rf.csv'],
    ['con.csv', '_con.csv'],
    [`${'x'.repeat(200)}.csv`, `${'x'.repeat(60)}.csv`],
  ])('is never a path: %s', async (name, found) => {
    const path = `/api/imports/files?period=2026-11&name=${encodeURIComponent(name)}`;
    const { status } = await bring(SEATS(Math.floor(name.length * 7)), path);
    expect([status, kept('2026-11')]).toEqual([200, [found]]);
  });

  it.each(['../seats.csv', '/etc/seats.csv', 'a\\b.csv', 'C:seats.csv', 'seats.exe', '.csv', 'seats'])(
    'no name is taken such as %s',
    async (name) => {
      const path = `/api/imports/files?period=2026-11&name=${encodeURIComponent(name)}`;
      const { status, json } = await bring(SEATS(1), path);
      expect([status, json.code]).toEqual([400, 'INPUT_INVALID']);
    },
  ); // prettier-ignore

  it('lies below the folder of imports whatever the source is called', async () => {
    const { status } = await bring(SEATS(77), '/api/imports/%2e%2e?period=2026-10&name=seats.csv');
    expect(status).toBe(200);
    expect(readdirSync(relay.data)).not.toContain('2026-10');
    expect(kept('2026-10', '%2E.')).toEqual(['seats.csv']);
  });
});

describe('what is no file of a month', () => {
  const refusals: [string, () => Promise<Answer>, number, RegExp][] = [
    ['JSON', () => bring('{}', asked, { 'content-type': 'application/json' }), 415, /bytes of a file/],
    ['a form', () => bring('x', asked, { 'content-type': 'multipart/form-data; boundary=x' }), 415, /bytes of a file/],
    ['a compressed body', () => bring('x', asked, { 'content-encoding': 'gzip' }), 415, /bytes of a file/],
    ['nothing', () => bring(''), 400, /seats\.csv is empty/],
    ['a foreign origin', () => bring('x', asked, { origin: 'https://evil.example' }), 403, /foreign page/],
    ['a missing own header', () => bring('x', asked, { 'x-mcc': null }), 403, /X-MCC/],
    ['an unknown question', () => bring('x', `${asked}&path=x`), 400, /path/],
    ['a month that is none', () => bring('x', asked.replace('2026-10', '2026-13')), 400, /period/],
    ['a month to come', () => bring('x', asked.replace('2026-10', '2099-01')), 400, /has not started/],
    ['an unknown source', () => bring('x', asked.replace('files', 'nobody')), 404, /no source "nobody"/],
    ['a source with a path', () => bring('x', asked.replace('files', 'by-path')), 400, /"upload" to true/],
    ['bytes for any other route', () => bring('{}', '/api/periods/2026-10/refresh'), 415, /plain JSON/],
  ]; // prettier-ignore
  it.each(refusals)('%s', async (_what, ask, status, words) => {
    const answer = await ask();
    expect([answer.status, answer.json.message]).toEqual([status, expect.stringMatching(words)]);
  });
});
