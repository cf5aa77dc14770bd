/** What Sage Accounting makes of a document beside its content: its lengths, and that it was sent. */
import { describe, expect, it, jest } from '@jest/globals';
import { SAGE_CREDENTIALS } from '../../../src/sim/books/sage-accounting.ts';
import type { RunningSim } from '../../../src/sim/start-sim.ts';
import type { Seen } from '../replay-server.ts';
import { booksWorld, created } from './books-world.ts';
import { keysOf } from './case.ts';
import { bearerOf } from './rotating-bearer.ts';
import { sageAccountingCase, sageSignIn } from './sage-accounting.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(120_000);

/** As the business has it under its invoices. */
let note = '';
const { openSim, replay } = booksWorld({
  ...sageAccountingCase,
  prelude: (seen) =>
    seen.path.endsWith('/invoice_settings')
      ? { body: { default_note_on_invoice: note } }
      : sageAccountingCase.prelude(seen),
});
const { businessId } = SAGE_CREDENTIALS;

async function ask(sim: RunningSim, path: string, invoice?: object): Promise<Response> {
  const headers = { ...(await bearerOf(sim, sageSignIn)), 'x-business': businessId };
  const url = `${sim.url}/sage-accounting/v3.1/sales_invoices${path}`;
  if (!invoice) return fetch(url, { headers });
  const body = JSON.stringify({ sales_invoice: invoice });
  const type = { 'content-type': 'application/json' };
  return fetch(url, { method: 'POST', headers: { ...headers, ...type }, body });
}

describe('the mark that an invoice was sent', () => {
  it('is not set by anything we ask', async () => {
    const { sim, company, content, ledger } = await openSim();
    const id = await created(company, content, 1);
    expect(await company.read('invoice', id)).toMatchObject({ id });
    const credit = await created(company, { ...content, document: 'credit memo' }, 2);
    expect(await company.read('credit memo', credit)).toMatchObject({ id: credit });
    await company.lookup(content, keysOf(1));
    await company.list({ from: '2026-09-01', to: '2026-09-30' });
    expect(ledger.all('document').map(({ sent }) => sent ?? false)).toEqual([false, false]);
    const shown = await ask(sim, `/${id}?attributes=all&mark_as_sent=false`);
    expect(await shown.json()).toMatchObject({ id, sent: false });
  });

  it('is set by whoever reads an invoice and does not say no: the trap that the parameter closes', async () => {
    const { sim, company, content } = await openSim();
    const id = await created(company, content, 1);
    expect(await (await ask(sim, `/${id}?attributes=all`)).json()).toMatchObject({
      id,
      sent: true,
    });
  });
});

describe('lengths', () => {
  const REFUSED = { verdict: 'rejected', reason: expect.stringMatching(/2000 characters.*invoice settings/) };
  const posts = (seen: readonly Seen[]): readonly Seen[] =>
    seen.filter(({ method, path }) => method === 'POST' && path.includes('/sales_'));

  it('a note of the business that leaves no room for our mark is named before anything goes out', async () => {
    const { content } = await openSim();
    note = 'x'.repeat(1967);
    const { company, seen } = await replay(() => ({ body: {} }));
    expect(await company.create(content, keysOf(1))).toMatchObject(REFUSED);
    expect(posts(seen)).toEqual([]);
    note = 'x'.repeat(1966);
    expect((await company.create(content, keysOf(1))).verdict).toBe('unknown');
    expect(posts(seen)).toHaveLength(1);
  });

  it('are refused by Sage: notes of more than 2000, a reference of more than 25', async () => {
    const { sim, content, ledger } = await openSim();
    const line = { description: 'x', ledger_account_id: content.lines[0]?.itemId, unit_price: 1 };
    const one = { contact_id: content.customerId, date: '2026-09-30', invoice_lines: [line] };
    for (const [field, length] of [['notes', 2000], ['reference', 25]] as const) {
      const long = await ask(sim, '', { ...one, [field]: 'x'.repeat(length + 1) });
      expect([long.status, await long.json()]).toMatchObject([422, [{ $source: field }]]);
      expect((await ask(sim, '', { ...one, [field]: 'x'.repeat(length) })).status).toBe(201);
    }
    expect(ledger.all('document')).toHaveLength(2);
  });
}); // prettier-ignore
