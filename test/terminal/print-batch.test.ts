/** What is said of a batch at the end, by the kind of books it went to. */
import { expect, test } from '@jest/globals';
import type { Batch } from '../../src/contract/contract.ts';
import { printBatch } from '../../src/terminal/post-month.ts';

const posting = { ref: 'MC2610-0001', clientName: 'Acme', total: { amount: '12.00', currency: 'USD' }, reason: '' }; // prettier-ignore
const batch = {
  approvedBy: 'Kim Ostrander',
  postings: [
    { ...posting, state: 'POSTED' },
    { ...posting, state: 'REJECTED' },
  ],
} as Batch;

test('invoices in books are posted', () => {
  const text = printBatch(batch);
  expect(text).toMatch(/^Approved by Kim Ostrander: 2 invoices, 1 posted\.\n/);
  expect(text).toMatch(/POSTED\n.*REJECTED\n$/);
});

test('invoices in a file are exported, and the file is imported once', () => {
  const text = printBatch(batch, 'file');
  expect(text).toMatch(/^Approved by Kim Ostrander: 2 invoices, 1 exported\.\n/);
  expect(text).toMatch(/EXPORTED\n.*REJECTED\nImport the file into your books, once\.\n$/);
  expect(text).not.toMatch(/\bposted\b/i);
});
