/** Somebody else at work: in the books, in the mapping, behind the relay's back. */
import type { InvoiceContent } from '../../src/core/model.ts';
import { toInvoice } from './ledger.ts';
import { keysOf } from '../../src/relay/posting/engine.ts';
import type { World } from './world-model.ts';

export const WAYS = ['mapping', 'inactive', 'renamed', 'tampered', 'removed', 'edited', 'voided', 'unmarked', 'stranger', 'closed'] as const; // prettier-ignore

export type Meddling = (typeof WAYS)[number];

export function meddle(world: World, way: Meddling): void {
  const { chance, ledger, directory, memory } = world;
  const row = chance.pick([...memory.tables.postings.values()]);
  world.trace.push(`meddling: ${way} ${row.ref}`);
  const link = directory.links.get(row.client_id);
  const customer = ledger.customers.get(row.customer_id);
  const content = JSON.parse(row.content) as InvoiceContent;
  switch (way) {
    case 'closed':
      ledger.closed = true;
      return;
    case 'mapping':
      if (link) directory.links.set(row.client_id, { ...link, customerId: 'elsewhere', version: link.version + 1 });
      return;
    case 'inactive':
      if (customer) ledger.customers.set(row.customer_id, { ...customer, active: false });
      return;
    case 'renamed':
      if (customer) ledger.customers.set(row.customer_id, { ...customer, name: 'Somebody Else' });
      return;
    case 'tampered':
      if (row.state !== 'READY' || row.sent_at !== null) return;
      memory.tables.postings.set(row.key, { ...row, content: JSON.stringify({ ...content, lines: content.lines.map((line) => ({ ...line, quantity: '999' })) }) });
      return;
    case 'removed':
    case 'edited':
    case 'voided':
      if (row.state !== 'POSTED' || row.invoice_id === null) return;
      world.touched.add(row.invoice_id);
      if (way === 'removed') ledger.remove(row.invoice_id);
      else if (way === 'voided') ledger.edit(row.invoice_id, { voided: true });
      else ledger.edit(row.invoice_id, { customerId: 'elsewhere' });
      return;
    case 'unmarked':
      // Its content stays: a mark that somebody wrote over is no divergence.
      if (row.state === 'POSTED' && row.invoice_id !== null && !world.doubled.has(row.key)) ledger.edit(row.invoice_id, { marker: null });
      return;
    case 'stranger':
      if (row.state !== 'READY') return;
      ledger.typeByHand({ ...toInvoice(content, keysOf(row), 900), marker: null });
      return;
  }
} // prettier-ignore
