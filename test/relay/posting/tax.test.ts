// Items and tax codes come from the configuration; what they were is part of what was approved.
import { afterEach, describe, expect, it } from '@jest/globals';
import { parseConfig } from '../../../src/relay/config.ts';
import { findBrokenLimit } from '../../../src/relay/accounting/limits.ts';
import type { InvoiceContent } from '../../../src/core/model.ts';
import { taxCodeOf } from '../../../src/relay/counts/catalogue.ts';
import { openMemoryStore } from '../../../src/relay/store/database.ts';
import { plainConfig } from '../fixture.ts';
import { plainDraft, startEngine, type World } from './fake-ports.ts';
import { actions, closeWorlds, makeWorld, only, posted, stateOf } from './world.ts';

afterEach(closeWorlds);

async function taxed(codes: Record<string, string>): Promise<World> {
  const world = await makeWorld();
  return { ...world, directory: { ...world.directory, taxCodes: new Map(Object.entries(codes)) } };
}

const codesOf = (body: string): (string | undefined)[] =>
  (JSON.parse(body) as InvoiceContent).lines.map(({ taxCodeId }) => taxCodeId);

describe('a tax code of the configuration', () => {
  it('stands on every line of its customer, and is left out where none is configured', async () => {
    const world = await taxed({ c1: 'ZERO', default: 'STD' });
    const running = await startEngine(world);
    await posted(running, plainDraft(2));
    await running.worker.tick();
    expect(world.books.creates.map(({ body }) => codesOf(body))).toEqual([['ZERO', 'ZERO'], ['STD', 'STD']]); // prettier-ignore
    const plain = await makeWorld();
    const other = await startEngine(plain);
    await posted(other, plainDraft(1));
    await other.worker.tick();
    expect(codesOf(plain.books.creates[0]?.body ?? '')).toEqual([undefined, undefined]);
  });

  it('that was changed before the approval refuses it, and after it blocks the invoice', async () => {
    const world = await taxed({ default: 'STD' });
    const running = await startEngine(world);
    const act = actions(running);
    const batch = await act.submit(plainDraft(2));
    world.directory.taxCodes?.set('c2', 'REDUCED');
    await expect(act.approve(batch)).rejects.toThrow(/Client 2: its tax code was changed/);
    world.directory.taxCodes?.delete('c2');
    await act.approve(batch);
    world.directory.taxCodes?.set('c2', 'REDUCED');
    await act.post(batch);
    await running.worker.tick();
    const done = await act.look(batch);
    expect(stateOf(done)).toEqual(['POSTED', 'BLOCKED']);
    expect(only(done, 'c2').reason).toMatch(/tax code of Client 2 was changed after the approval/);
  });

  it('is asked for where the books take no line without one', () => {
    const limits = {
      ref: { length: 11, alphabet: 'A-Z 0-9 -' }, descriptionLength: null, memoLength: null, idLength: null, linesPerInvoice: null,
      quantityDecimals: 4, priceDecimals: 4, amountIsProduct: true, documents: ['invoice'], tax: 'code per line', currency: 'customer',
    } as const; // prettier-ignore
    const line = { lineId: 'l', serviceId: 'WS', itemId: 'i', kind: 'recurring', description: 'd', quantity: '2', unitPrice: '5', amount: '10.00' }; // prettier-ignore
    const content = { document: 'invoice', customerId: 'c', invoiceDate: '2026-10-31', currency: 'USD', total: '10.00', lines: [line] }; // prettier-ignore
    const keys = { postingKey: 'k', providerKey: 'k', ref: 'MC2610-0001', marker: '[rly:x]' };
    const broken = (change: object): string | null =>
      findBrokenLimit({ title: 'Acme Books', limits }, { ...content, lines: [{ ...line, ...change }] } as never, keys); // prettier-ignore
    expect(broken({})).toBe('line 1, tax code: Acme Books needs one on each line: name it in books.tax.default'); // prettier-ignore
    expect(broken({ taxCodeId: 'STD' })).toBeNull();
    expect(broken({ taxCodeId: 'STD', amount: '10.01' })).toMatch(/quantity × price only, which is 10.00/); // prettier-ignore
  });
});

describe('the tax codes of the books', () => {
  const CODES = [
    { id: '7', name: 'Standard rate', active: 1 },
    { id: '8', name: 'Old rate', active: 0 },
    { id: '9', name: 'Twice', active: 1 },
    { id: '10', name: 'twice', active: 1 },
  ];
  const ask = async (tax: object | undefined, clientName = 'Acme'): Promise<unknown> => {
    const raw = plainConfig();
    const { config } = parseConfig({ ...raw, books: { ...(raw['books'] as object), tax } }, {});
    const store = await openMemoryStore();
    try {
      await store.insertInto('tax_code').values(CODES).execute();
      return await taxCodeOf(store, config, { customerId: 'C-1', clientName });
    } catch (error) {
      return error instanceof Error ? error.message : error;
    } finally {
      await store.destroy();
    }
  };
  const cases: [string, object | undefined, unknown][] = [
    ['none configured', undefined, null],
    ['by name, whatever the case', { default: 'standard rate' }, { id: '7', name: 'Standard rate' }],
    ['by id', { default: '9' }, { id: '9', name: 'Twice' }],
    ['of the customer by name', { default: '9', customers: { acme: '7' } }, { id: '7', name: 'Standard rate' }],
    ['of the customer by id', { customers: { 'C-1': '7' } }, { id: '7', name: 'Standard rate' }],
    ['of another customer', { customers: { 'C-2': '7' } }, null],
    ['unknown', { default: 'VAT 19' }, 'Acme: no tax code "VAT 19" in the books (there is none). Correct books.tax.default or create it there.'],
    ['of two of one name', { default: 'TWICE' }, 'Acme: no tax code "TWICE" in the books (2 have this name). Correct books.tax.default or create it there.'],
    ['inactive', { customers: { 'C-1': 'Old rate' } }, 'Acme: the tax code "Old rate" is inactive in the books. Activate it there or correct books.tax.customers."C-1".'],
  ]; // prettier-ignore

  it.each(cases)('%s', async (_name, tax, expected) => {
    expect(await ask(tax)).toEqual(expected);
  });
});
