import type { FileProfile } from '../profile.ts';
import { CYCLE_CHARGES, MONEY_CHARGES, QUANTITY_NAMES } from './names.ts';

export const ingramInvoice: FileProfile = {
  id: 'ingram-invoice',
  title: 'Ingram Micro Cloud invoice (unverified)',
  fileName: 'INGRAM',
  known: 'words of the marketplace interface, read 2026-11-22; no billing export is public',
  columns: {
    client: { names: ['End Customer', 'End Customer Name', 'Customer Name', 'Customer'] },
    clientRef: { names: ['Customer ID', 'End Customer ID'], optional: true },
    sku: { names: ['MPN', 'Manufacturer Part Number', 'Vendor Part Number'] },
    skuName: { names: ['Product Name', 'Product', 'Description'] },
    quantity: { names: QUANTITY_NAMES },
    charge: { names: ['Charge Type', 'Transaction Type', 'Type'] },
    unitCost: { names: ['Unit Price', 'Unit Cost'], optional: true },
    start: { names: ['Billing Period Start', 'Period Start', 'Start Date'], optional: true },
    end: { names: ['Billing Period End', 'Period End', 'End Date'], optional: true },
  },
  without: ['BillableQuantity', 'DurableOfferId', 'MeterId', 'UsageDate'],
  measures: [{ basis: 'bought', of: 'quantity' }],
  rows: [{ role: 'charge', count: CYCLE_CHARGES, leave: MONEY_CHARGES }],
};
