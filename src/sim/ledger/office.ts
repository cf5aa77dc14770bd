/** /_sim/ledgers/:system: the truth of a ledger, and what people do in it behind our back. */
import * as z from 'zod';
import { changeDocument } from './documents.ts';
import type { Ledger, LedgerCustomer } from './ledger.ts';

const Day = z.iso.date();
const Decimal = z.string().regex(/^-?\d+(\.\d+)?$/);
const Id = z.string().min(1);

export const OfficeSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('deactivate customer'), id: Id }),
  z.strictObject({ do: z.literal('rename customer'), id: Id, name: z.string().min(1) }),
  z.strictObject({ do: z.literal('merge customers'), id: Id, into: Id }),
  z.strictObject({ do: z.literal('set currency'), id: Id, currency: z.string().length(3) }),
  z.strictObject({ do: z.literal('deactivate item'), id: Id }),
  z.strictObject({ do: z.literal('delete document'), id: Id }),
  z.strictObject({ do: z.literal('void document'), id: Id }),
  z.strictObject({
    do: z.literal('change document'),
    id: Id,
    customerId: Id.optional(),
    number: z.string().optional(),
    firstAmount: Decimal.optional(),
  }),
  /** A person types the invoice anew: another id, the same content, none of our keys. */
  z.strictObject({ do: z.literal('copy document'), id: Id, withKeys: z.boolean().default(false) }),
  z.strictObject({ do: z.literal('close period'), through: Day.nullable() }),
  z.strictObject({ do: z.literal('set tax'), percent: Decimal }),
]);
export type OfficeWork = z.output<typeof OfficeSchema>;

/** Everything that stands in the ledger, in its own words. */
export const truthOf = (ledger: Ledger) => ({
  settings: ledger.settings(),
  customers: ledger.all('customer'),
  items: ledger.all('item'),
  documents: ledger.all('document').filter(({ status }) => status !== 'deleted'),
  deleted: ledger.all('document').filter(({ status }) => status === 'deleted'),
});

/** False when there is nothing of that id. */
export function workInOffice(ledger: Ledger, work: OfficeWork, nowMs: number): boolean {
  if (isOnDocument(work)) return workOnDocument(ledger, work, nowMs);
  switch (work.do) {
    case 'deactivate customer':
      return changeCustomer(ledger, work.id, { active: false }, nowMs);
    case 'rename customer':
      return changeCustomer(ledger, work.id, { name: work.name }, nowMs);
    case 'merge customers':
      return changeCustomer(ledger, work.id, { active: false, mergedInto: work.into }, nowMs);
    case 'set currency':
      return changeCustomer(ledger, work.id, { currency: work.currency }, nowMs);
    case 'deactivate item':
      return deactivateItem(ledger, work.id);
    case 'close period':
      ledger.set({ closedThrough: work.through });
      return true;
    case 'set tax':
      ledger.set({ taxPercent: work.percent });
      return true;
  }
}

type DocumentWork = Extract<OfficeWork, { do: `${string} document` }>;

const isOnDocument = (work: OfficeWork): work is DocumentWork => work.do.endsWith(' document');

function workOnDocument(ledger: Ledger, work: DocumentWork, nowMs: number): boolean {
  const document = ledger.get('document', work.id);
  if (!document) return false;
  switch (work.do) {
    case 'delete document':
      changeDocument(ledger, document, { status: 'deleted' }, nowMs);
      return true;
    case 'void document':
      changeDocument(ledger, document, { status: 'voided' }, nowMs);
      return true;
    case 'copy document': {
      const id = `${document.id}-copy`;
      const keys = work.withKeys ? {} : { memo: null, reference: null, externalId: null };
      ledger.put('document', id, { ...document, ...keys, id });
      return true;
    }
    case 'change document': {
      const { customerId, number, firstAmount } = work;
      const lines = document.lines.map((line, index) =>
        index === 0 && firstAmount !== undefined ? { ...line, amount: firstAmount } : line,
      );
      const change = {
        lines,
        ...(customerId === undefined ? {} : { customerId }),
        ...(number === undefined ? {} : { number }),
      };
      changeDocument(ledger, document, change, nowMs);
      return true;
    }
  }
}

function changeCustomer(
  ledger: Ledger,
  id: string,
  change: Partial<LedgerCustomer>,
  nowMs: number,
): boolean {
  const customer = ledger.get('customer', id);
  if (!customer) return false;
  const updatedAt = new Date(nowMs).toISOString();
  const version = customer.version + 1;
  ledger.put('customer', id, { ...customer, ...change, id, updatedAt, version });
  return true;
}

function deactivateItem(ledger: Ledger, id: string): boolean {
  const item = ledger.get('item', id);
  if (!item) return false;
  ledger.put('item', id, { ...item, active: false });
  return true;
}
