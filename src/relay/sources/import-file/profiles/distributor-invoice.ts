import type { FileProfile } from '../profile.ts';
import {
  CLIENT_NAMES, CYCLE_CHARGES, MONEY_CHARGES, PRODUCT_NAMES, QUANTITY_NAMES, SKU_NAMES,
} from './names.ts'; // prettier-ignore

export const distributorInvoice: FileProfile = {
  id: 'distributor-invoice',
  title: 'Distributor invoice',
  fileName: 'DISTRIBUTOR',
  known: 'common headings; set "columns" for others',
  columns: {
    client: { names: CLIENT_NAMES },
    sku: { names: SKU_NAMES },
    skuName: { names: PRODUCT_NAMES },
    quantity: { names: QUANTITY_NAMES },
    charge: { names: ['Charge Type', 'Line Type', 'Transaction Type'] },
    unitCost: { names: ['Unit Cost', 'Unit Price', 'Cost'], optional: true },
    start: { names: ['Period Start', 'Start Date', 'Billing Period Start'], optional: true },
    end: { names: ['Period End', 'End Date', 'Billing Period End'], optional: true },
  },
  without: [
    'BillableQuantity', 'DurableOfferId', 'MeterId', 'UsageDate', 'MPN', 'Vendor Part Number',
    'Manufacturer Part Number', 'partner_subtotal',
  ], // prettier-ignore
  measures: [{ basis: 'bought', of: 'quantity' }],
  rows: [{ role: 'charge', count: CYCLE_CHARGES, leave: MONEY_CHARGES }],
};
