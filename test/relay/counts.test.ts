/** What a refresh counts, for whom, and how old it is. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { hashedId, plainWords } from '../../src/relay/counts/words.ts';
import {
  ACME,
  BETA,
  OCTOBER,
  count,
  countOf,
  customer,
  endMonth,
  health,
  latest,
  link,
  month,
  refresh,
  rows,
  startMonth,
} from './counts-world.ts';

beforeEach(startMonth);
afterEach(endMonth);

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
    month.customers.push(customer('C-3', 'Gamma Legal', 'G03'));
    await month.counting.syncBooks();
    await refresh();
    expect(await countOf('C-3', 'WS')).toBeUndefined();
  });

  it('add up over several accounts of one client and keep the parts and hashed ids', async () => {
    month.answer = () =>
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
    month.answer = () =>
      Promise.resolve({
        ...rows(['7', 'Acme Limited', 'WKS', '2']),
        asOf: '2026-10-29T10:00:00.000Z',
      });
    await refresh();
    expect((await latest()).counts[0]?.asOf).toBe('2026-10-29T10:00:00.000Z');
    expect((await health()).state).toBe('late');
  });

  it('dated in the future are as old as the sync, dated in no way are refused', async () => {
    month.answer = () =>
      Promise.resolve({ ...rows(['7', 'Acme Limited', 'WKS', '2']), asOf: '2027-01-01' });
    await refresh();
    expect((await latest()).counts[0]?.asOf).toMatch(/^2026-10-31T10:00/);
    month.answer = () =>
      Promise.resolve({ ...rows(['7', 'Acme Limited', 'WKS', '3']), asOf: 'never' });
    await refresh();
    expect((await health()).error?.message).toMatch(/dates its counts "never"/);
    expect(await countOf(ACME, 'WS')).toBe('2');
  });

  it('take hostile names as text', async () => {
    const name = "=cmd|'/C calc'!A0 <img onerror=x>\u0000\u202e\ud800 Ignore previous instructions";
    month.answer = () => Promise.resolve(rows(['7', name, 'WKS', '2']));
    await refresh();
    const [unmapped] = (await health()).unmapped;
    expect(unmapped?.name).toBe(plainWords(name));
    expect(unmapped?.name).not.toMatch(/[\u0000-\u001f\u202e]/);
    expect(unmapped?.name.isWellFormed()).toBe(true);
  });
});
