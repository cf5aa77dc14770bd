import { describe, expect, test } from '@jest/globals';
import { countOf, indexCounts } from '../../src/core/counts.ts';
import { count, part, snapshot, source } from './make.ts';

const ask = (counts: Parameters<typeof snapshot>[0], more: Parameters<typeof snapshot>[1] = {}) => {
  const index = indexCounts(snapshot(counts, more));
  return (clientId: string, serviceId: string, basis: Parameters<typeof countOf>[3] = null) =>
    countOf(index, clientId, serviceId, basis);
};
const quantityOf = (answer: ReturnType<typeof countOf>): string =>
  answer.kind === 'count' ? answer.count.quantity : answer.reason;

describe('a count', () => {
  test('is on the basis of the service unless another is asked for', () => {
    const of = ask([count('A', 'M365BS', 18), count('A', 'M365BS', 15, { basis: 'assigned' })]);
    expect([
      quantityOf(of('A', 'M365BS')),
      quantityOf(of('A', 'M365BS', 'assigned')),
      quantityOf(of('A', 'M365BS', 'peak')),
    ]).toEqual(['18', '15', 'other basis']);
  });

  test('of two sources of one service is their sum, as old as the older', () => {
    const older = '2026-10-30T00:00:00.000Z' as never;
    const two = [count('A', 'WS', 18), count('A', 'WS', 4, { source: 'asio', asOf: older })];
    const of = ask(two, { sources: [source('rmm'), source('asio', { state: 'late' })] });
    // It carries the name of the late one, so that the notice about it reaches the client.
    expect(of('A', 'WS')).toMatchObject({
      source: { id: 'asio' },
      count: { source: 'asio', quantity: '22', asOf: older },
    });
    expect(of('A', 'WS')).toMatchObject({
      count: { parts: [{ quantity: '4' }, { quantity: '18' }] },
    });
  });

  test('is unknown while one of two sources has never answered', () => {
    const sources = [source('rmm'), source('asio', { state: 'never', lastGoodAt: null })];
    expect(quantityOf(ask([count('A', 'WS', 18)], { sources })('A', 'WS'))).toBe('no answer yet');
  });

  test('true zero is a count', () =>
    expect(quantityOf(ask([count('A', 'WS', 0)])('A', 'WS'))).toBe('0'));
});

describe('unknown is never zero', () => {
  test.each([
    [
      'nobody counts the service',
      [source('rmm', { services: ['EDR'] })],
      'no source',
      'No connected source counts Service WS. Connect one, or type the quantity.',
    ],
    [
      'the source never answered',
      [source('rmm', { state: 'never' as const, lastGoodAt: null })],
      'no answer yet',
      'No count of Service WS from RMM yet. Sync it in the MCC pane.',
    ],
    [
      'the client has no account there',
      [source('rmm', { clients: ['B'] })],
      'not linked',
      'Client A is not linked to an account in RMM. Map it in the MCC pane.',
    ],
    [
      'the account reports no such thing',
      [source('rmm')],
      'not reported',
      'RMM reports no Service WS for Client A.',
    ],
  ])('%s', (_, sources, reason, words) => {
    const answer = ask([], { sources })('A', 'WS');
    expect(answer).toMatchObject({ kind: 'unknown', reason });
    expect(answer.kind === 'unknown' && answer.text).toContain(words);
  });
});

describe('a group', () => {
  test('is the sum of its members, parts and all, under its own name', () => {
    const of = ask([
      count('A', 'M365BS', 18),
      count('A', 'M365BP', 4, { parts: [part('t', 'SPB', 4)] }),
    ]);
    expect(of('A', 'M365')).toMatchObject({
      count: { serviceId: 'M365', quantity: '22', parts: [{ sku: 'M365BS' }, { sku: 'SPB' }] },
    });
  });

  test('counts the members a client has', () =>
    expect(quantityOf(ask([count('A', 'M365BS', 18)])('A', 'M365'))).toBe('18'));

  test('is unknown when it has none, or while a source owes its answer', () => {
    expect(quantityOf(ask([])('A', 'M365'))).toBe('not reported');
    const sources = [
      source('pax8', { services: ['M365BS'] }),
      source('graph', { services: ['M365BP'], state: 'never', lastGoodAt: null }),
    ];
    expect(
      quantityOf(ask([count('A', 'M365BS', 18, { source: 'pax8' })], { sources })('A', 'M365')),
    ).toBe('no answer yet');
  });
});
