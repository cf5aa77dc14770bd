/** Which account is which client, and who said so. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { countHandlers } from '../../src/relay/counts/handlers.ts';
import {
  ACME,
  BETA,
  OCTOBER,
  asked,
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

describe('links', () => {
  it('keep who, when and what before, in the trail too', async () => {
    await refresh();
    await link('service', 'SVR', 'SRV');
    const handlers = countHandlers(month.ports, month.counting);
    const { mappings } = await handlers.mappings({ ...asked, query: { source: 'rmm' } });
    expect(mappings.find(({ ref }) => ref === 'SVR')).toMatchObject({
      state: 'confirmed',
      target: 'SRV',
      by: 'Dana',
    });
    const [entry] = await month.store.selectFrom('audit').selectAll().execute();
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
    month.answer = () => Promise.resolve(rows(['7', 'Beta Dental', 'WKS', '12']));
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
    await month.counting.confirm(sheet, [OCTOBER]);
    expect((await latest()).clients.find(({ id }) => id === ACME)?.aliases).toEqual([
      'The Acme shop',
    ]);
  });

  it('are guessed for a person who misspelt, best first', async () => {
    const handlers = countHandlers(month.ports, month.counting);
    const body = { kind: 'client' as const, names: ['Beta Dentel'] };
    const { mappings } = await handlers.suggest({ ...asked, body });
    expect(mappings[0]).toMatchObject({ source: 'sheet', state: 'open', target: null });
    expect(mappings[0]?.suggestions[0]?.target).toBe(BETA);
  });

  it('are never made between two equals', async () => {
    month.customers.push(customer('C-4', 'Beta Dental', 'B03'));
    await month.counting.syncBooks();
    await refresh();
    expect(await countOf(BETA, 'WS')).toBeUndefined();
    expect(await countOf('C-4', 'WS')).toBeUndefined();
    expect((await health()).unmapped.map(({ ref }) => ref)).toEqual(['8', 'SVR']);
  });
});
