/** Clients and items as the books give them. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError } from '../../src/core/errors.ts';
import { itemOf } from '../../src/relay/counts/catalogue.ts';
import { customerOf } from '../../src/relay/counts/clients.ts';
import { ACME, BETA, customer, endMonth, month, OCTOBER, startMonth } from './counts-world.ts';

beforeEach(startMonth);
afterEach(endMonth);

describe('the books', () => {
  it('give clients whose version grows with every change, in the trail by name', async () => {
    expect(await customerOf(month.store, ACME)).toMatchObject({
      customerId: ACME,
      version: 1,
      active: true,
      currency: 'USD',
    });
    month.customers[0] = customer(ACME, 'Acme Holdings', 'A01');
    month.customers.pop();
    await month.counting.syncBooks();
    expect(await customerOf(month.store, ACME)).toMatchObject({
      clientName: 'Acme Holdings',
      version: 2,
    });
    expect(await customerOf(month.store, BETA)).toMatchObject({ active: false, version: 2 });
    await month.counting.syncBooks();
    expect(await customerOf(month.store, ACME)).toMatchObject({ version: 2 });
    const words = (await month.store.selectFrom('audit').select('words').execute()).map(
      (row) => row.words,
    );
    expect(words).toEqual([
      'Acme Limited changed in the books: name (version 2).',
      'Beta Dental is gone from the books (version 2).',
    ]);
  });

  it('are read again by a refresh, so that who was renamed or added is known at once', async () => {
    month.customers[0] = customer(ACME, 'Acme Holdings', 'A01');
    month.customers.push(customer('C-3', 'Gamma Legal', 'G03'));
    const { snapshotId, books } = await month.counting.refresh({
      period: OCTOBER,
      withBooks: true,
    });
    expect(books).toBeUndefined();
    const { clients } = await month.counting.snapshot(OCTOBER, snapshotId);
    expect(clients.map(({ name }) => name)).toEqual([
      'Acme Holdings',
      'Beta Dental',
      'Gamma Legal',
    ]);
  });

  it('that are away keep their customers, and a refresh says so', async () => {
    const { company } = month.ports.books;
    const away = () => Promise.reject(new AppError('SOURCE_DOWN', 'Acme Books does not answer.'));
    Object.assign(company, { identity: away });
    const { sources, books } = await month.counting.refresh({ period: OCTOBER, withBooks: true });
    expect(books).toBe(
      'The customers of the books are those of before: Acme Books does not answer.',
    );
    expect(sources.map(({ state }) => state)).toEqual(['fresh']);
    expect(await customerOf(month.store, ACME)).toMatchObject({ active: true });
  });

  it('that suddenly list nobody change nothing', async () => {
    month.customers.length = 0;
    await expect(month.counting.syncBooks()).rejects.toThrow(
      /list no customer at all; 2 are known/,
    );
    expect(await customerOf(month.store, ACME)).toMatchObject({ active: true });
  });

  it('name the item of a service, or what is missing', async () => {
    expect(await itemOf(month.store, month.ports.config, 'WS')).toEqual({
      id: 'I-1',
      name: 'Workstation',
    });
    await expect(itemOf(month.store, month.ports.config, 'SRV')).rejects.toThrow(
      /Managed server: the item "Server" is inactive/,
    );
    await expect(itemOf(month.store, month.ports.config, 'X')).rejects.toThrow(/no service "X"/);
  });

  it('name themselves', async () => {
    expect(await month.counting.companyName()).toBe('Alder Street IT');
  });
});
