import type { FileProfile } from '../profile.ts';
import { CYCLE_CHARGES, MONEY_CHARGES } from './names.ts';

export const pax8Invoice: FileProfile = {
  id: 'pax8-invoice',
  title: 'Pax8 invoice',
  fileName: 'PAX8',
  known: 'headings that public importers read, read 2026-11-22; no file of a tenant was seen',
  columns: {
    client: { names: ['company_name'] },
    clientRef: { names: ['company_id'] },
    sku: { names: ['sku'] },
    skuName: { names: ['description'] },
    quantity: { names: ['quantity'] },
    charge: { names: ['type'] },
    unitCost: { names: ['cost'], optional: true },
    start: { names: ['start_period'] },
    end: { names: ['end_period'], optional: true },
    asOf: { names: ['invoice_date'] },
  },
  without: ['Charge Type', 'BillableQuantity'],
  measures: [{ basis: 'bought', of: 'quantity' }],
  rows: [{ role: 'charge', count: CYCLE_CHARGES, leave: MONEY_CHARGES }],
};
