import type { FileProfile } from '../profile.ts';
import { CLIENT_NAMES, PRODUCT_NAMES, QUANTITY_NAMES, SKU_NAMES } from './names.ts';

/** Seats by client and product, every row counted: only where the file names no kind of charge. */
export const seatList: FileProfile = {
  id: 'seat-list',
  title: 'Seat list',
  fileName: 'SEATS',
  known: 'common headings; set "columns" for others',
  columns: {
    client: { names: CLIENT_NAMES },
    sku: { names: [...SKU_NAMES, ...PRODUCT_NAMES] },
    skuName: { names: PRODUCT_NAMES, optional: true },
    quantity: { names: QUANTITY_NAMES },
    assigned: { names: ['Assigned', 'Assigned Seats', 'Used', 'In use'], optional: true },
    unitCost: { names: ['Unit Cost'], optional: true },
    start: { names: ['Period Start'], optional: true },
    end: { names: ['Period End'], optional: true },
    asOf: { names: ['Report Date', 'As Of', 'Date'], optional: true },
  },
  without: [
    'Charge Type', 'ChargeType', 'Line Type', 'Transaction Type', 'Type', 'Bill', 'Status',
    'Billed Quantity', 'BillableQuantity', 'Serial', 'Serial Number', 'Less Included', 'MeterId', 'UsageDate',
  ],
  measures: [
    { basis: 'bought', of: 'quantity' },
    { basis: 'assigned', of: 'assigned' },
  ],
}; // prettier-ignore
